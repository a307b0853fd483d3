import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { call } from '../../../contract/target-driver.ts';
import type { WriteItem } from '../../../../src/connectors/target.ts';
import type { CanonicalOrder } from '../../../../src/domain/order.ts';
import { openStore, type SandboxStore } from '../sandbox-store.ts';
import { note, order } from './order-form.ts';

/** How an archived order is brought back, whatever a store makes of it: that it can be is not confirmed (bigcommerce-api §5.1). */

let store: SandboxStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const ref = { entity: 'order', sourceId: '9' } as const;
const ONE = '^/v2/orders/\\d+$';
const FIELDS = '^/v3/orders/\\d+/metafields$';
let id: number;
const row = () => {
  const found = store.sandbox.store.orders.get(id);
  if (found === undefined) throw new Error(`expected the order ${id}`);
  return found;
};
const fault = (method: string, route: string, what: object, more: object = {}) =>
  store.sandbox.controls.faults.add([{ method, route, times: 1, fault: what, ...more } as never]);
/** What a store says of the order to whoever asks next; what was asked for is done before. */
const saying = (method: string, said: object) => {
  const { id: own, external_source, external_order_id, status_id } = row();
  const body = { id: own, external_source, external_order_id, status_id, ...said };
  fault(method, ONE, { kind: 'status', code: 200, when: 'after', body });
};
const restoring = async (more: Partial<CanonicalOrder> = {}): Promise<WriteItem> => ({
  ...(await store.driver.createItem('order', '9', order(more))),
  formerTargetId: String(id),
});
const write = async (item: WriteItem) => {
  const [outcome] = await store.driver.target.entity('order').write('core', [item], call);
  return outcome;
};
const made = () => store.requests().filter((request) => request.startsWith('POST'));

beforeEach(async () => {
  store.sandbox.controls.faults.remove();
  await store.renew();
  await store.driver.bring('order', '9', order({ notes: [note('5')] }));
  await store.driver.remove(ref);
  id = Number(store.driver.heldOf(ref).targetId);
  store.requests();
});

describe('an archived order', () => {
  it('is there again with what differs, and with all that it holds of us', async () => {
    const fields = [...store.sandbox.store.metafields.values()];
    fields[0]!.permission_set = 'read';
    expect(await write(await restoring({ status: 'completed', notes: [note('5')] }))).toEqual({
      id: '9',
      outcome: 'written',
      targetId: String(id),
      modifiedAt: expect.any(String),
      bases: { core: expect.objectContaining({ status_id: 10 }) },
      children: fields.slice(1).map(({ key, id: at }) => ({
        kind: 'metafield',
        sourceId: `storeferry/${key}`,
        targetId: String(at),
      })),
      unsettled: [],
    });
    expect(row()).toMatchObject({ is_deleted: false, status_id: 10 });
    expect(store.requests()).toEqual(['GET /v:n/orders/:n', 'GET /v:n/orders/:n/metafields', 'PUT /v:n/orders/:n']);
  });

  it.each([
    ['says what was before', { is_deleted: true }],
    ['says nothing of it', {}],
  ])('is looked at once more when the reply %s', async (_what, said) => {
    saying('PUT', said);
    expect(await write(await restoring())).toMatchObject({ outcome: 'written', targetId: String(id) });
    expect(made()).toEqual([]);
  });

  it('is not known to be there when that look fails: nothing is made beside it', async () => {
    const item = await restoring();
    saying('PUT', { is_deleted: true });
    fault('GET', ONE, { kind: 'status', code: 503 }, { skip: 1, times: 9 });
    expect(await write(item)).toMatchObject({ outcome: 'uncertain' });
    expect(made()).toEqual([]);
  });

  it('is left alone by a store that does not say whether it is archived', async () => {
    saying('GET', {});
    const outcome = await write(await restoring());
    expect(outcome).toMatchObject({ outcome: 'written', targetId: expect.not.stringMatching(`^${id}$`) });
    expect(store.requests()).toEqual(['GET /v:n/orders/:n', 'POST /v:n/orders']);
    expect(row().is_deleted).toBe(true);
  });

  it.each([
    ['before it is read', 'GET', ONE, 503, 'not-sent'],
    ['before its metafields are read', 'GET', FIELDS, 503, 'not-sent'],
    ['before it is written', 'PUT', ONE, 429, 'not-sent'],
  ] as const)('stays so when the store is busy %s', async (_when, method, route, code, outcome) => {
    fault(method, route, { kind: 'status', code }, { times: 9 });
    expect(await write(await restoring())).toMatchObject({ outcome });
    expect(row().is_deleted).toBe(true);
    expect(made()).toEqual([]);
  });

  it('may be there when the reply is lost: it is found by its id, with what it holds', async () => {
    const item = await restoring();
    fault('PUT', ONE, { kind: 'drop', applied: 'now' });
    expect(await write(item)).toMatchObject({ outcome: 'uncertain' });
    store.requests();
    const [hit] = await store.driver.target.entity('order').lookUp([item], call);
    expect(hit).toMatchObject({
      id: '9',
      agrees: true,
      state: { targetId: String(id) },
      marker: row().external_order_id,
    });
    expect(hit?.state.children.map(({ sourceId }) => sourceId)).toContain('storeferry/notes');
    expect(store.requests()).toEqual(['GET /v:n/orders/:n', 'GET /v:n/orders/:n/metafields']);
  });

  it('is not found while it is archived, though a list may be late and show it', async () => {
    const item = await restoring();
    const { id: own, external_source, external_order_id, status_id } = row();
    const late = [{ id: own, external_source, external_order_id, status_id, is_deleted: false }];
    fault('GET', '^/v2/orders$', { kind: 'status', code: 200, when: 'after', body: late });
    expect(await store.driver.target.entity('order').lookUp([item], call)).toEqual([]);
  });
});

describe('an order that somebody has brought back', () => {
  beforeEach(() => {
    row().is_deleted = false;
  });

  it('is brought up to date, and asked for nothing that a store may refuse', async () => {
    fault('PUT', ONE, { kind: 'status', code: 400, body: [{ status: 400, message: 'no' }] });
    expect(await write(await restoring({ status: 'completed' }))).toMatchObject({ outcome: 'rejected' });
    expect(made()).toEqual([]);
    store.requests();
    expect(await write(await restoring({ status: 'completed' }))).toMatchObject({ outcome: 'written' });
    expect(row().status_id).toBe(10);
  });

  it('is written no more when nothing differs', async () => {
    expect(await write(await restoring({ notes: [note('5')] }))).toMatchObject({ targetId: String(id) });
    expect(store.requests()).toEqual(['GET /v:n/orders/:n', 'GET /v:n/orders/:n/metafields']);
  });
});
