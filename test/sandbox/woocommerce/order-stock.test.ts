import { describe, expect, test } from 'vitest';
import type { Row, TestShop } from './shop.ts';
import { openShop } from './shop.ts';

interface Stocked {
  shop: TestShop;
  tee: number;
  boot: number;
  variation: number;
}

/** A tee with 10 pieces and a boot whose only variation has 3. */
async function stocked(): Promise<Stocked> {
  const shop = await openShop();
  const managed = { manage_stock: true, regular_price: '10' };
  const tee = (await shop.post('/products', { name: 'Tee', stock_quantity: 10, ...managed })).body['id'] as number;
  const attributes = [{ name: 'Size', variation: true, options: ['40'] }];
  const boot = (await shop.post('/products', { name: 'Boot', type: 'variable', attributes })).body['id'] as number;
  const values = { attributes: [{ name: 'Size', option: '40' }], stock_quantity: 3, ...managed };
  const variation = (await shop.post(`/products/${boot}/variations`, values)).body['id'] as number;
  shop.clock.step(10_000);
  return { shop, tee, boot, variation };
}

async function stockOf({ shop, tee, boot, variation }: Stocked): Promise<unknown[]> {
  const one = (await shop.get(`/products/${tee}`)).body;
  const other = (await shop.get(`/products/${boot}/variations/${variation}`)).body;
  return [one['stock_quantity'], other['stock_quantity'], other['stock_status']];
}

async function buy({ shop, tee, boot, variation }: Stocked, status: string, pieces = 2): Promise<string> {
  const lines = [
    { product_id: tee, quantity: pieces },
    { product_id: boot, variation_id: variation, quantity: 3 },
  ];
  const made = await shop.post('/orders', { status, payment_method: 'bacs', line_items: lines });
  return `/orders/${String(made.body['id'])}`;
}

async function notes(shop: TestShop, path: string): Promise<unknown[]> {
  return (await shop.get(`${path}/notes`)).rows.map((row) => row['note']);
}

describe('an order takes from the stock', () => {
  test('once, when it is paid or on hold, and says so in a note', async () => {
    const store = await stocked();
    const path = await buy(store, 'pending');
    expect(await stockOf(store)).toEqual([10, 3, 'instock']);
    await store.shop.put(path, { status: 'on-hold' });
    await store.shop.put(path, { status: 'processing' });
    await store.shop.put(path, { status: 'completed' });
    expect(await stockOf(store)).toEqual([8, 0, 'outofstock']);
    expect(await notes(store.shop, path)).toEqual([
      'Stock levels reduced: Tee (10&rarr;8), Boot - 40 (3&rarr;0)',
      'Order status changed from Pending payment to On hold.',
      'Order status changed from On hold to Processing.',
      'Order status changed from Processing to Completed.',
    ]);
  });

  test('and bumps the product, the variation and its parent, and counts the sales', async () => {
    const store = await stocked();
    await buy(store, 'processing');
    const { shop, tee, boot, variation } = store;
    const paths = [`/products/${tee}`, `/products/${boot}`, `/products/${boot}/variations/${variation}`];
    for (const path of paths) {
      expect([path, (await shop.get(path)).body['date_modified_gmt']]).toEqual([path, '2026-07-10T12:00:10']);
    }
    expect((await shop.get(`/products/${tee}`)).body['total_sales']).toBe(2);
    expect((await shop.get(`/products/${boot}`)).body['total_sales']).toBe(3);
  });

  test('a cancelled order gives back what it took', async () => {
    const store = await stocked();
    const path = await buy(store, 'processing');
    await store.shop.put(path, { status: 'cancelled' });
    expect(await stockOf(store)).toEqual([10, 3, 'instock']);
    const order = (await store.shop.get(path)).body;
    const keys = (order['line_items'] as Row[])
      .flatMap((line) => line['meta_data'] as Row[])
      .map((meta) => meta['key']);
    expect(keys).not.toContain('_reduced_stock');
  });

  test('stock may go below nothing, and unmanaged or deleted products have none to take', async () => {
    const store = await stocked();
    await buy(store, 'processing', 12);
    expect(await stockOf(store)).toEqual([-2, 0, 'outofstock']);
    const loose = (await store.shop.post('/products', { name: 'Loose' })).body['id'];
    const lines = [{ product_id: loose }, { product_id: 999_999, quantity: 2 }];
    const made = await store.shop.post('/orders', { status: 'processing', line_items: lines });
    expect(await notes(store.shop, `/orders/${String(made.body['id'])}`)).toEqual([
      'Order status changed from Pending payment to Processing.',
    ]);
  });

  test('every movement is in the journal of the raw state', async () => {
    const store = await stocked();
    const path = await buy(store, 'processing');
    const line = ((await store.shop.get(path)).body['line_items'] as Row[])[0]!;
    const refund = { api_refund: false, line_items: [{ id: line['id'], quantity: 1, refund_total: '10.00' }] };
    await store.shop.post(`${path}/refunds`, refund);
    await store.shop.put(path, { status: 'cancelled' });
    const state = (await store.shop.admin('GET', '/state?only=stockMoves')).body;
    expect(Object.keys(state)).toEqual(['baseUrl', 'timeZone', 'stockMoves']);
    const moves = (state['stockMoves'] as Row[]).map((row) => [
      row['reason'],
      row['productId'],
      row['from'],
      row['to'],
    ]);
    expect(moves).toEqual([
      ['sale', store.tee, 10, 8],
      ['sale', store.variation, 3, 0],
      ['refund', store.tee, 8, 9],
      ['cancelled', store.tee, 9, 10],
      ['cancelled', store.variation, 0, 3],
    ]);
  });
});
