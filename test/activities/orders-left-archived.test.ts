import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { order } from '../connectors/bigcommerce/orders/order-form.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';
import { conflictDesk } from './conflict-desk.ts';
import { trashedOrder } from './trashed-order.ts';

let bench: ApplyBench;
const { history } = conflictDesk(() => bench);
const { there, living, read, fields, lose, paired, trashed } = trashedOrder(() => bench);
const events = async () => (await history()).map(({ event }) => event);

async function expectAnew(former: number): Promise<void> {
  const [row, ...others] = living();
  expect(others).toEqual([]);
  expect(row?.id).not.toBe(former);
  expect(row).toMatchObject({ status_id: 10, external_order_id: expect.stringMatching(/:1$/) });
  expect(await paired()).toEqual([String(row?.id)]);
  expect(fields(row?.id ?? 0)).toMatchObject({ order_number: '1001' });
  expect(there()).toHaveLength(2);
}

describe.each(['ignored', 'refused'] as const)('a store that leaves orders archived (%s)', (archivedOrderRestore) => {
  beforeAll(async () => {
    bench = await openApplyBench({
      switches: { archivedOrderRestore, archivedOrdersListed: archivedOrderRestore === 'refused' },
    });
  });
  afterAll(() => bench.close());

  it('makes an order that comes back anew, and follows the source from then on', async () => {
    const former = await trashed(`${archivedOrderRestore}-anew`);
    await read({ status: 'completed' });
    await bench.drain();
    await expectAnew(former);
    expect((await events()).at(-1)).toBe('created');
    bench.store.requests();
    await bench.read('order', '1', order({ status: 'completed' }), { reason: 'resync' });
    await bench.drain();
    expect(bench.store.requests().filter((request) => !request.startsWith('GET'))).toEqual([]);
    await bench.gone('order', ['1']);
    await bench.drain();
    expect(living()).toEqual([]);
  });

  it.each([
    ['PUT', 'now'],
    ['PUT', 'never'],
    ['POST', 'now'],
    ['POST', 'never'],
  ] as const)('makes it once when the reply to its %s is lost (applied: %s)', async (method, applied) => {
    const former = await trashed(`${archivedOrderRestore}-${method.toLowerCase()}-${applied}`);
    lose(method, '^/v2/orders(/\\d+)?$', applied);
    await read({ status: 'completed' });
    await bench.drain();
    await expectAnew(former);
    expect(await bench.audit()).toBe(0);
  });

  it('makes it once when the worker dies on the next line', async () => {
    const former = await trashed(`${archivedOrderRestore}-dies`);
    await read({ status: 'completed' });
    await bench.die();
    expect(living()).toHaveLength(1);
    await bench.drain();
    await expectAnew(former);
  });
});
