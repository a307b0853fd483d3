import { createBigCommerceTarget } from '../../src/connectors/bigcommerce/bigcommerce-target.ts';
import { openGovernor } from '../../src/connectors/http/open-governor.ts';
import type { Target } from '../../src/connectors/target.ts';
import type { MovedEntity } from '../../src/domain/record.ts';
import type { FaultRuleInput } from '../../src/sandbox/shared/fault-rules.ts';
import { createBigCommerceSandbox } from '../../src/sandbox/bigcommerce/server.ts';
import { targetContract } from './target.suite.ts';
import type { ContractTarget } from './target.suite.ts';

const TOKEN = 'sandbox-access-token';
const FAULTS: Record<Parameters<ContractTarget['breakNextWrite']>[0], FaultRuleInput['fault']> = {
  'lost-before': { kind: 'drop', applied: 'never' },
  'lost-after': { kind: 'drop', applied: 'now' },
  busy: { kind: 'status', code: 429, headers: { 'retry-after': '60' } },
  'broken-after': { kind: 'status', code: 502, when: 'after' },
};

const PATHS: Partial<Record<MovedEntity, string>> = {
  category: '/v3/catalog/trees/categories',
  brand: '/v3/catalog/brands',
  product: '/v3/catalog/products',
};

/** A reply of the API, of which the suite wants ids only. */
interface Reply {
  readonly data?: { readonly id?: number } & { readonly [at: number]: { readonly category_id?: number } };
}

async function makeTarget(): Promise<ContractTarget> {
  const sandbox = await createBigCommerceSandbox({ inventoryDelayMs: 5 });
  const { controls } = sandbox;
  const connect = (accessToken: string): Target =>
    createBigCommerceTarget({
      baseUrl: sandbox.url,
      storeHash: 'sandbox',
      accessToken,
      network: { allowPrivate: true },
      governor: openGovernor(),
      timeoutMs: 5_000,
      concurrency: 4,
      retry: { baseMs: 1, tries: 3, maxWaitMs: 100 },
    });
  const send = async (method: string, path: string, body?: unknown): Promise<Reply> => {
    const url = path.startsWith('/__admin') ? sandbox.url + path : `${sandbox.url}/stores/sandbox${path}`;
    const reply = await fetch(url, {
      method,
      headers: { 'x-auth-token': TOKEN, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
    return (reply.status === 204 ? {} : await reply.json()) as Reply;
  };
  return {
    target: connect(TOKEN),
    stranger: connect('nobody'),
    async breakNextWrite(how) {
      controls.faults.add([{ method: 'POST,PUT,DELETE', times: how === 'busy' ? 3 : 1, fault: FAULTS[how] }]);
    },
    async mend() {
      controls.faults.remove();
    },
    async editByMerchant(entity, targetId, field) {
      const body = { [field]: `By the merchant ${targetId}` };
      const path = PATHS[entity] ?? '';
      if (entity === 'category') await send('PUT', path, [{ category_id: Number(targetId), ...body }]);
      else await send('PUT', `${path}/${targetId}`, body);
    },
    async createByMerchant(entity, name) {
      const path = PATHS[entity] ?? '';
      if (entity === 'category')
        return String((await send('POST', path, [{ name, tree_id: 1 }])).data?.[0]?.category_id);
      const body = entity === 'brand' ? { name } : { name, type: 'physical', weight: 0, price: 0 };
      return String((await send('POST', path, body)).data?.id);
    },
    requests: (method) =>
      controls.journal.entries().filter((entry) => method === undefined || entry.method === method).length,
    tick: (ms) => controls.clock.step(ms),
    async clear() {
      await send('POST', '/__admin/reset', {});
    },
    close: () => sandbox.close(),
  };
}

targetContract('BigCommerce', makeTarget);
