import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BigCommerceSandboxOptions } from '../../src/sandbox/bigcommerce/options.ts';
import type { Reference } from '../../src/domain/record.ts';
import { product, stock, stockPolicy } from '../connectors/bigcommerce/forms.ts';
import { customer } from '../connectors/bigcommerce/people-forms.ts';
import { line, order } from '../connectors/bigcommerce/orders/order-form.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

/** What no document settles about the target goes well whichever way it is (bigcommerce-api, [U] and [K]). */
const WAYS: readonly (readonly [string, BigCommerceSandboxOptions])[] = [
  [
    'one way',
    {
      listLagMs: 0,
      switches: {
        emptyListStatus: 204,
        orderCreateStatus: 201,
        archivedOrdersListed: false,
        ordersMoveStock: false,
        customerBatchPartly: false,
      },
    },
  ],
  [
    'the other way',
    {
      listLagMs: 250,
      switches: {
        emptyListStatus: 200,
        orderCreateStatus: 200,
        archivedOrdersListed: true,
        ordersMoveStock: true,
        customerBatchPartly: true,
        overLimitStatus: 413,
        categoryDuplicateStatus: 409,
      },
    },
  ],
];

const refer = (entity: 'product' | 'customer', sourceId: string): Reference => ({
  entity,
  sourceId,
  kind: 'hard',
  field: entity,
});

describe.each(WAYS)('with what is not known of the target %s', (_way, options) => {
  let bench: ApplyBench;
  beforeAll(async () => {
    bench = await openApplyBench(options);
  });
  afterAll(() => bench.close());

  async function bringAll(): Promise<void> {
    const tracked = stockPolicy({ managed: 'own' });
    await bench.read('product', '7', product({ name: 'Tea', sku: 'TEA', stock: tracked }));
    const level = stock({ product: '7', managed: 'own', quantity: '9', anySiblingManaged: true });
    await bench.read('stock', '7', level, { references: [refer('product', '7')] });
    for (let n = 1; n <= 14; n += 1) {
      // The target refuses one in the middle of a batch.
      const email = n === 6 ? `${'x'.repeat(260)}@example.test` : `shopper${n}@example.test`;
      await bench.read('customer', String(n), customer({ email, firstName: `Shopper ${n}` }));
    }
    for (let n = 1; n <= 6; n += 1) {
      const more = { customer: String(n), lines: [line('1', { product: '7', quantity: '1' })] };
      const references = [refer('customer', String(n)), refer('product', '7')];
      await bench.read('order', String(n), order(more), { references });
    }
    await bench.drain();
  }
  const orders = () => [...bench.store.sandbox.store.orders.values()].filter((row) => !row.is_deleted);
  const emails = () => new Set([...bench.store.sandbox.store.customers.values()].map(({ email }) => email));

  it('nothing is lost or doubled, though replies are; levels are the source’s', async () => {
    await bench.renew('both-ways');
    const fault = { kind: 'drop', applied: 'now' } as const;
    bench.store.sandbox.controls.faults.add([
      { method: 'POST', route: '^/v2/orders$', times: 2, fault },
      { method: 'POST', route: '^/v3/customers$', times: 1, fault },
    ]);
    await bringAll();
    expect(orders()).toHaveLength(6);
    expect(bench.store.sandbox.store.customers.size).toBe(emails().size);
    expect(emails().size).toBeGreaterThanOrEqual(13);
    await expect.poll(() => bench.store.product().inventory_level).toBe(9);
    expect(bench.store.sandbox.store.outbox).toEqual([]);
    expect(await bench.audit()).toBe(0);
  });

  it('an archived order is gone, and a second project doubles nothing', async () => {
    await bench.gone('order', ['6']);
    await bench.drain();
    expect(orders()).toHaveLength(5);
    await expect
      .poll(async () => (await bench.store.driver.target.survey(new AbortController().signal)).existing.order)
      .toBe(5);
    const before = bench.store.sandbox.store.customers.size;
    await bench.anotherProject('both-ways-again');
    await bringAll();
    // What was archived by the first project is made again by one that knows nothing of it.
    expect(orders()).toHaveLength(6);
    expect(bench.store.sandbox.store.customers.size).toBe(before);
    expect(bench.store.sandbox.store.products.size).toBe(1);
  });
});
