import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { call } from '../../../contract/target-driver.ts';
import { openStore, type SandboxStore } from '../sandbox-store.ts';
import { order } from './order-form.ts';

let store: SandboxStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

/** Orders of these ids, and nothing else. */
async function hold(ids: readonly number[]): Promise<void> {
  await store.renew();
  const { orders } = store.sandbox.store;
  for (const [at, id] of ids.entries()) {
    await store.driver.bring('order', String(at), order({}));
    const held = Number(store.driver.heldOf({ entity: 'order', sourceId: String(at) }).targetId);
    const row = orders.get(held);
    if (row === undefined) throw new Error(`expected the order ${held}`);
    orders.delete(held);
    orders.set(id, { ...row, id });
  }
  store.requests();
}

const read = (ids: readonly number[], signal = call.signal) =>
  store.driver.target.entity('order').read(ids.map(String), { ...call, signal });

describe('orders that are read by id', () => {
  beforeEach(() => hold([5_001, 5_002, 5_250, 6_000, 9_000, 9_100]));

  it('come in one request where they lie close together, and only those that were asked for', async () => {
    const found = await read([9_000, 5_002, 5_250, 6_000, 5_002, 7_777]);
    expect(found.map(({ targetId }) => targetId).toSorted()).toEqual(['5002', '5250', '6000', '9000']);
    expect(store.requests().toSorted()).toEqual([
      'GET /v:n/orders',
      'GET /v:n/orders/:n',
      'GET /v:n/orders/:n',
      'GET /v:n/orders/:n',
    ]);
    expect(await read([])).toEqual([]);
    expect(store.requests()).toEqual([]);
  });

  it('are asked for side by side: none waits for the answer to another', async () => {
    store.sandbox.controls.faults.add([{ method: 'GET', route: '/orders/6000$', times: 1, fault: { kind: 'hang' } }]);
    const broken = new AbortController();
    const reading = read([6_000, 9_000, 9_100], broken.signal);
    reading.catch(() => undefined);
    await vi.waitFor(() => expect(store.requests()).toContain('GET /v:n/orders'));
    broken.abort(new Error('seen enough'));
    await expect(reading).rejects.toThrow('seen enough');
    store.sandbox.controls.faults.remove();
  });
});
