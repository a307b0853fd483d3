import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CanonicalOrder } from '../../src/domain/order.ts';
import type { Reference } from '../../src/domain/record.ts';
import { attribute, pricing, product, stock, stockPolicy, variant } from '../connectors/bigcommerce/forms.ts';
import { customer } from '../connectors/bigcommerce/people-forms.ts';
import { line, note, order, refund } from '../connectors/bigcommerce/orders/order-form.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench({ switches: { ordersMoveStock: true } });
});
afterAll(() => bench.close());

const there = () => [...bench.store.sandbox.store.orders.values()];
const fieldsOf = (id: number) =>
  [...bench.store.sandbox.store.metafields.values()].filter(
    (row) => row.resource === 'orders' && row.resource_id === id,
  );
const writes = () => bench.store.requests().filter((request) => !request.startsWith('GET'));
const hard = (entity: 'product' | 'customer', sourceId: string): Reference => ({
  entity,
  sourceId,
  kind: 'hard',
  field: entity,
});
const read = (id: string, more: Partial<CanonicalOrder> = {}, references: readonly Reference[] = []) =>
  bench.read('order', id, order(more), { references });

describe('orders', () => {
  it('are made in one request and one for their metafields; a second read writes nothing; no mail goes out', async () => {
    await bench.renew('orders');
    await read('1', { notes: [note('5')], refunds: [refund('6', '3.00', 'damaged')], status: 'completed' });
    await bench.drain();
    const [made] = there();
    expect(made).toMatchObject({
      external_source: 'M-MIG',
      external_order_id: expect.stringMatching(/:1$/),
      status_id: 14,
      total_inc_tax: '27.5000',
      products: [{ name: 'Green tea', product_id: 0, quantity: 2, price_ex_tax: '10.0000' }],
    });
    expect(made?.date_created).toBe('2025-03-04T05:06:07Z');
    expect(fieldsOf(made?.id ?? 0).map(({ key }) => key)).toEqual(
      expect.arrayContaining(['order_number', 'origin', 'lines', 'refunds', 'refund_total', 'notes']),
    );
    expect(writes()).toEqual(['POST /v:n/orders', 'POST /v:n/orders/metafields']);
    await read('1', { notes: [note('5')], refunds: [refund('6', '3.00', 'damaged')], status: 'completed' });
    await bench.drain();
    expect(writes()).toEqual([]);
    expect(bench.store.sandbox.store.outbox).toEqual([]);
  });

  it('follow their status, totals and notes; their lines stay as they were placed, and that is said', async () => {
    await bench.renew('orders-changed');
    await read('1');
    await bench.drain();
    const [made] = there();
    bench.store.requests();
    await read('1', {
      status: 'completed',
      total: { incTax: '30.00', tax: '2.50' },
      notes: [note('5')],
      lines: [line('2', { quantity: '3' })],
    });
    await bench.drain();
    expect(there()).toHaveLength(1);
    expect(made).toMatchObject({ status_id: 10, total_inc_tax: '30.0000', total_ex_tax: '27.5000' });
    expect(made?.staff_notes).toContain('Call first');
    expect(made?.products).toMatchObject([{ quantity: 2 }]);
    const adjusted = await bench.db
      .selectFrom('adjustments')
      .select(['key', 'before', 'after'])
      .where('entity', '=', 'order')
      .execute();
    expect(adjusted).toContainEqual({
      key: 'order-lines-frozen',
      before: expect.objectContaining({ products: [expect.objectContaining({ quantity: 3 })] }),
      after: { products: [{ name: 'Green tea', quantity: 2, price_ex_tax: '10.0000', price_inc_tax: '11.0000' }] },
    });
  });

  it.each(['now', 'never', 'later'] as const)(
    'are there once when the reply to their create is lost (applied: %s)',
    async (applied) => {
      await bench.renew(`orders-lost-${applied}`);
      bench.store.sandbox.controls.faults.add([
        {
          method: 'POST',
          route: '^/v2/orders$',
          times: 2,
          fault: { kind: 'drop', applied, ...(applied === 'later' ? { lateMs: 100 } : {}) },
        },
      ]);
      for (const id of ['1', '2', '3']) await read(id);
      await bench.drain();
      const ids = there().map(({ external_order_id: id }) => id.split(':')[1] ?? '');
      expect(ids.toSorted((a, b) => a.localeCompare(b))).toEqual(['1', '2', '3']);
      expect(there().every(({ id }) => fieldsOf(id).length > 3)).toBe(true);
      expect(await bench.apply()).toEqual({});
    },
  );

  it('that arrived after they were given up are found twice, and the copy is archived', async () => {
    await bench.renew('orders-twice');
    const fault = { kind: 'drop', applied: 'later', lateMs: 1_500 } as const;
    bench.store.sandbox.controls.faults.add([{ method: 'POST', route: '^/v2/orders$', times: 1, fault }]);
    await read('1');
    await bench.drain();
    await vi.waitFor(() => expect(there()).toHaveLength(2), { timeout: 5_000 });
    const paired = await bench.db
      .selectFrom('records')
      .select('target_id')
      .where('project_id', '=', bench.queue.projectId)
      .execute();
    expect(await bench.audit()).toBe(1);
    const live = there().filter((row) => !row.is_deleted);
    expect(live.map(({ id }) => String(id))).toEqual(paired.map((row) => row.target_id));
    const history = bench.db
      .selectFrom('record_history')
      .select('event')
      .where('project_id', '=', bench.queue.projectId);
    expect(await history.execute()).toContainEqual({ event: 'copy removed' });
    bench.store.requests();
    expect(await bench.audit()).toBe(0);
    expect(bench.store.requests()).toEqual([]);
  });

  it('wait for their customer and their products, and name them', async () => {
    await bench.renew('orders-refer');
    const references = [hard('customer', '4'), hard('product', '7')];
    await read('1', { customer: '4' }, references);
    await bench.read('customer', '4', customer({ email: 'ann@example.test' }));
    await bench.read('product', '7', product({ name: 'Green tea', sku: 'TEA-1' }));
    await bench.drain();
    const { customers, products } = bench.store.sandbox.store;
    expect(there()).toMatchObject([
      { customer_id: [...customers.keys()][0], products: [{ product_id: [...products.keys()][0] }] },
    ]);
  });

  it('wait for the whole of a product, also for what a lost reply has left open of it', async () => {
    await bench.renew('orders-early');
    const attributes = [attribute('Size', ['S']), attribute('Gift wrap', ['yes', 'no'])];
    const small = variant('71', { Size: 'S' }, { sku: 'TEA-S', pricing: pricing('5'), stock: stockPolicy() });
    const fault = { kind: 'drop', applied: 'never' } as const;
    bench.store.sandbox.controls.faults.add([{ method: 'POST', route: '/modifiers$', times: 1, fault }]);
    await bench.read('product', '7', product({ kind: 'variable', attributes, variants: [small] }));
    expect(await bench.apply()).toEqual({ '7': 'parked' });
    await read('1', { lines: [line('1', { product: '7', variant: '71' })] }, [hard('product', '7')]);
    expect(await bench.apply()).toMatchObject({ '1': 'waiting' });
    await bench.drain();
    // What asks for an answer cannot be sold again without one.
    expect(bench.store.product().modifiers).toHaveLength(1);
    expect(there()).toMatchObject([{ products: [{ product_id: 0 }] }]);
  });

  it('are not held back by what is gone: the line stands for itself, the order is a guest’s', async () => {
    await bench.renew('orders-degrade');
    await read('1', { customer: '44', lines: [line('1', { product: '70' })] }, [
      hard('customer', '44'),
      hard('product', '70'),
    ]);
    await bench.drain();
    expect(there()).toMatchObject([{ customer_id: 0, products: [{ product_id: 0, name: 'Green tea' }] }]);
    const keys = await bench.db.selectFrom('adjustments').select('key').where('entity', '=', 'order').execute();
    expect(keys).toEqual(
      expect.arrayContaining([{ key: 'order-line-custom' }, { key: 'order-customer-missing-as-guest' }]),
    );
  });

  it('that the mapping leaves out stay behind, and what is left out of the catalogue is a line of its own', async () => {
    await bench.renew('orders-filtered', {
      filters: { order: { since: '2025-01-01T00:00:00Z' }, product: { statuses: ['published'] } },
    });
    await bench.read('product', '7', product({ status: 'draft' }));
    await read('1', { createdAt: '2024-12-31T00:00:00.000Z' });
    await read('2', { createdAt: '2025-03-04T00:00:00.000Z' }, [hard('product', '7')]);
    await bench.drain();
    expect(there().map(({ external_order_id: id }) => id.split(':')[1])).toEqual(['2']);
    expect(there()).toMatchObject([{ products: [{ product_id: 0 }] }]);
    expect(bench.store.sandbox.store.products.size).toBe(0);
  });

  it('are archived, not erased, when they are gone', async () => {
    await bench.renew('orders-gone');
    await read('1');
    await read('2');
    await bench.drain();
    await bench.gone('order', ['1']);
    await bench.drain();
    const archived = there().filter((row) => row.is_deleted);
    expect(archived.map(({ external_order_id: id }) => id.split(':')[1])).toEqual(['1']);
    expect(there()).toHaveLength(2);
  });

  it('that move stock at the target leave the level that the source says (P10)', async () => {
    await bench.renew('orders-stock');
    const level = stock({ product: '7', managed: 'own', quantity: '9', anySiblingManaged: true });
    await bench.read(
      'product',
      '7',
      product({ name: 'Green tea', sku: 'TEA-1', stock: stockPolicy({ managed: 'own' }) }),
    );
    await bench.read('stock', '7', level, { references: [hard('product', '7')] });
    await bench.drain();
    await vi.waitFor(() => expect(bench.store.product().inventory_level).toBe(9));
    await read('1', {}, [hard('product', '7')]);
    await bench.drain();
    const { stockJournal } = bench.store.sandbox.store;
    await vi.waitFor(() => expect(bench.store.product().inventory_level).toBe(9));
    expect(stockJournal.map(({ cause }) => cause)).toContain('order');
  });
});
