import { createWooCommerceSource } from '../../src/connectors/woocommerce/woocommerce-source.ts';
import { openGovernor } from '../../src/connectors/http/open-governor.ts';
import type { Source } from '../../src/connectors/source.ts';
import type { FaultRuleInput } from '../../src/sandbox/shared/fault-rules.ts';
import { sandboxCredentials } from '../../src/sandbox/woocommerce/options.ts';
import { createWooCommerceSandbox } from '../../src/sandbox/woocommerce/server.ts';
import { sourceContract, trashContract } from './source.suite.ts';
import type { ContractStore } from './source.suite.ts';

const FAULTS: Record<'html' | 'no-route' | 'truncated' | 'flaky', FaultRuleInput[]> = {
  html: [{ fault: { kind: 'html' } }],
  'no-route': [
    {
      fault: {
        kind: 'status',
        code: 404,
        body: { code: 'rest_no_route', message: 'No route was found.', data: { status: 404 } },
      },
    },
  ],
  truncated: [{ fault: { kind: 'truncate' } }],
  flaky: [
    { rate: 0.1, fault: { kind: 'status', code: 500 } },
    { rate: 0.1, fault: { kind: 'status', code: 429, headers: { 'retry-after': '0' } } },
    { rate: 0.1, fault: { kind: 'drop' } },
  ],
};

async function makeStore(): Promise<ContractStore> {
  const sandbox = await createWooCommerceSandbox({});
  const { controls } = sandbox;
  const connect = (secret: string, allowPrivate: boolean): Source =>
    createWooCommerceSource({
      baseUrl: sandbox.url,
      ...sandboxCredentials,
      consumerSecret: secret,
      network: { allowPrivate },
      governor: openGovernor(),
      timeoutMs: 5000,
      concurrency: 4,
      // Enough tries that one fault in four does not end a walk by chance.
      retry: { baseMs: 1, tries: 12 },
    });
  const basic = Buffer.from(`${sandboxCredentials.applicationUser}:${sandboxCredentials.applicationPassword}`);
  const send = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const reply = await fetch(sandbox.url + path, {
      method,
      headers: { authorization: `Basic ${basic.toString('base64')}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
    return (await reply.json()) as Record<string, unknown>;
  };
  const seed = async (products: object[]): Promise<string[]> => {
    const { made } = await send('POST', '/__admin/seed', { records: { products } });
    return ((made as { products?: number[] }).products ?? []).map(String);
  };
  let sku = 0;
  const goods = (): object => ({ sku: `SKU-${++sku}`, regular_price: '9.95', manage_stock: true, stock_quantity: 5 });
  return {
    source: connect(sandboxCredentials.consumerSecret, true),
    stranger: connect(`cs_${'0'.repeat(40)}`, true),
    guarded: connect(sandboxCredentials.consumerSecret, false),
    // Names are kept encoded (fidelity T1).
    add: (names) => seed(names.map((name) => ({ name: name.replaceAll('&', '&amp;'), ...goods() }))),
    async addWithVariants(name) {
      const options = ['S', 'M', 'L'];
      const attributes = [{ name: 'Size', variation: true, visible: true, options }];
      const variations = options.map((option) => ({ ...goods(), attributes: [{ name: 'Size', option }] }));
      const [id = ''] = await seed([{ name, type: 'variable', sku: `SKU-${++sku}`, attributes, variations }]);
      return id;
    },
    rename: async (id, name) => void (await send('PUT', `/wp-json/wc/v3/products/${id}`, { name })),
    trash: async (id) => void (await send('DELETE', `/wp-json/wc/v3/products/${id}`)),
    remove: async (id) => void (await send('DELETE', `/wp-json/wc/v3/products/${id}?force=true`)),
    clear: async () => void (await send('POST', '/__admin/reset')),
    now: () => new Date(controls.clock.now()).toISOString(),
    tick: (ms) => Promise.resolve(controls.clock.step(ms)),
    break: (how) => {
      controls.faults.remove();
      if (how !== 'none') controls.faults.add(FAULTS[how]);
      return Promise.resolve();
    },
    requests: () => controls.journal.counts().total,
    close: () => sandbox.close(),
  };
}

sourceContract('WooCommerce', makeStore);
trashContract('WooCommerce', makeStore);
