import { describe, expect, test } from 'vitest';
import type { Row, TestShop } from './shop.ts';
import { openShop } from './shop.ts';

async function product(shop: TestShop, extra: Row = {}): Promise<number> {
  return (await shop.post('/products', { name: 'Tee', sku: 'TEE', regular_price: '10.00', ...extra })).body[
    'id'
  ] as number;
}

async function order(shop: TestShop, body: Row = {}): Promise<Row> {
  const answer = await shop.post('/orders', body);
  expect(answer.status).toBe(201);
  return answer.body;
}

const idsOf = (rows: Row[]): unknown[] => rows.map((row) => row['id']);
const first = (value: unknown): Row => (value as Row[])[0]!;

describe('lines and totals', () => {
  test('lines take the price of their product, by id or SKU, unless the order says otherwise', async () => {
    const shop = await openShop();
    const id = await product(shop);
    const body = await order(shop, {
      line_items: [
        { product_id: id, quantity: 2 },
        { sku: 'tee' },
        { product_id: id, quantity: 3, subtotal: '20', total: '15.5', name: 'Renamed' },
      ],
      shipping_lines: [{ method_id: 'flat_rate', method_title: 'Flat', total: '4.00' }],
      fee_lines: [{ name: 'Wrap', total: '1.50' }],
    });
    const lines = body['line_items'] as Row[];
    expect(lines.map((line) => [line['name'], line['quantity'], line['subtotal'], line['total']])).toEqual([
      ['Tee', 2, '20.00', '20.00'],
      ['Tee', 1, '10.00', '10.00'],
      ['Renamed', 3, '20.00', '15.50'],
    ]);
    expect(body).toMatchObject({ total: '51.00', discount_total: '4.50', shipping_total: '4.00', status: 'pending' });
  });

  test('amounts are text with as many places as asked for, the price of a piece is a number', async () => {
    const shop = await openShop();
    const id = await product(shop, { regular_price: '3.333333' });
    const made = await order(shop, { line_items: [{ product_id: id, quantity: 3 }] });
    const path = `/orders/${String(made['id'])}`;
    expect(made['total']).toBe('10.00');
    expect((await shop.get(`${path}?dp=6`)).body['total']).toBe('9.999999');
    expect(first((await shop.get('/orders?dp=0')).body)['total']).toBe('10');
    expect(first(made['line_items'])['price']).toBe(3.333333);
  });

  test('a shop in yen shows no decimals', async () => {
    const shop = await openShop();
    const general = { woocommerce_currency: 'JPY', woocommerce_price_num_decimals: '0' };
    await shop.admin('POST', '/settings', { settings: { general } });
    const id = await product(shop, { regular_price: '1200' });
    const body = await order(shop, { line_items: [{ product_id: id }] });
    expect(body).toMatchObject({ currency: 'JPY', currency_symbol: '¥', total: '1200', total_tax: '0' });
  });

  test('taxes follow the address, one rate on top of another, shipping only where the rate says so', async () => {
    const shop = await openShop();
    await shop.post('/taxes', { country: 'CA', rate: '5', name: 'GST', priority: 1 });
    await shop.post('/taxes', { country: 'CA', rate: '10', name: 'PST', priority: 2, compound: true, shipping: false });
    await shop.post('/taxes', { country: 'DE', rate: '19', name: 'MwSt.' });
    const id = await product(shop, { regular_price: '100.00' });
    const body = await order(shop, {
      billing: { country: 'CA' },
      line_items: [{ product_id: id }],
      shipping_lines: [{ method_id: 'flat_rate', total: '10.00' }],
    });
    expect(body).toMatchObject({ cart_tax: '15.50', shipping_tax: '0.50', total_tax: '16.00', total: '126.00' });
    expect(
      (body['tax_lines'] as Row[]).map((line) => [line['rate_code'], line['tax_total'], line['compound']]),
    ).toEqual([
      ['CA-GST-1', '5.00', false],
      ['CA-PST-2', '10.50', true],
    ]);
    expect(first(body['line_items'])['taxes']).toEqual([
      { id: 1, total: '5', subtotal: '5' },
      { id: 2, total: '10.5', subtotal: '10.5' },
    ]);
  });

  test('prices that include tax are split', async () => {
    const shop = await openShop();
    await shop.admin('POST', '/settings', { settings: { tax: { woocommerce_prices_include_tax: 'yes' } } });
    await shop.post('/taxes', { country: 'DE', rate: '19' });
    const id = await product(shop, { regular_price: '119.00' });
    const body = await order(shop, { billing: { country: 'DE' }, line_items: [{ product_id: id }] });
    expect(body).toMatchObject({ prices_include_tax: true, total: '119.00', total_tax: '19.00' });
    expect(first(body['line_items'])['total']).toBe('100.00');
  });

  test('lines are changed by id, removed by null, and totals follow', async () => {
    const shop = await openShop();
    const id = await product(shop);
    const fees = [{ name: 'Wrap', total: '2.00' }];
    const made = await order(shop, { line_items: [{ product_id: id }, { product_id: id }], fee_lines: fees });
    const [one, two] = made['line_items'] as Row[];
    const path = `/orders/${String(made['id'])}`;
    const changed = await shop.put(path, {
      line_items: [
        { id: one!['id'], quantity: 3, total: '25.00' },
        { id: two!['id'], product_id: null },
      ],
      fee_lines: [{ id: first(made['fee_lines'])['id'], name: null }],
    });
    expect(changed.body).toMatchObject({ total: '25.00', fee_lines: [] });
    expect(changed.body['line_items']).toHaveLength(1);
    const wrong = await shop.put(path, { line_items: [{ id: 999_999, quantity: 1 }] });
    expect([wrong.status, wrong.body['code']]).toEqual([400, 'woocommerce_rest_invalid_item_id']);
  });

  test('a variation is named with its values, and its values are shown by name', async () => {
    const shop = await openShop();
    await shop.post('/products/attributes', { name: 'Colour', slug: 'colour' });
    const attributes = [
      { id: 1, variation: true, options: ['Dark Red'] },
      { name: 'Size', variation: true, options: ['40'] },
    ];
    const boot = await product(shop, { name: 'Boot', sku: 'BOOT', type: 'variable', attributes });
    const values = [
      { id: 1, option: 'Dark Red' },
      { name: 'Size', option: '40' },
    ];
    const made = await shop.post(`/products/${boot}/variations`, { regular_price: '80', attributes: values });
    const body = await order(shop, { line_items: [{ product_id: boot, variation_id: made.body['id'] }] });
    const line = first(body['line_items']);
    expect(line).toMatchObject({ name: 'Boot - Dark Red, 40', sku: 'BOOT', parent_name: 'Boot', total: '80.00' });
    expect(line['meta_data']).toMatchObject([
      { key: 'pa_colour', value: 'dark-red', display_key: 'Colour', display_value: 'Dark Red' },
      { key: 'size', value: '40', display_key: 'Size', display_value: '40' },
    ]);
  });

  test('a line of a product that is gone keeps its name and amounts; its id is a switch', async () => {
    const shop = await openShop();
    const id = await product(shop);
    const made = await order(shop, { line_items: [{ product_id: id, quantity: 2 }] });
    await shop.call('DELETE', `/wp-json/wc/v3/products/${id}?force=true`);
    const line = async (): Promise<Row> => first((await shop.get(`/orders/${String(made['id'])}`)).body['line_items']);
    expect(await line()).toMatchObject({ name: 'Tee', product_id: 0, sku: null, total: '20.00', parent_name: null });
    await shop.admin('POST', '/settings', { unconfirmed: { deletedProductIdsStay: true } });
    expect(await line()).toMatchObject({ product_id: id, sku: null });
  });

  test('nonsense is refused: no product, unknown customer, unknown status, unknown coupon', async () => {
    const shop = await openShop();
    const refused = async (body: Row): Promise<unknown[]> => {
      const answer = await shop.post('/orders', body);
      return [answer.status, answer.body['code']];
    };
    expect(await refused({ line_items: [{ quantity: 1 }] })).toEqual([
      400,
      'woocommerce_rest_required_product_reference',
    ]);
    expect(await refused({ customer_id: 77 })).toEqual([400, 'woocommerce_rest_invalid_customer_id']);
    expect(await refused({ status: 'lost' })).toEqual([400, 'rest_invalid_param']);
    expect(await refused({ coupon_lines: [{ code: 'none' }] })).toEqual([400, 'woocommerce_rest_invalid_coupon']);
  });
});

describe('states', () => {
  test('payment and completion are dated once; waiting orders have no dates', async () => {
    const shop = await openShop();
    const id = await product(shop);
    const made = await order(shop, { line_items: [{ product_id: id }] });
    expect(made).toMatchObject({ date_paid: null, date_paid_gmt: null, date_completed_gmt: null, needs_payment: true });
    const path = `/orders/${String(made['id'])}`;
    const paid = (await shop.put(path, { set_paid: true, transaction_id: 'txn-1' })).body;
    const stamps = { date_paid_gmt: '2026-07-10T12:00:00', date_paid: '2026-07-10T08:00:00' };
    expect(paid).toMatchObject({ status: 'processing', transaction_id: 'txn-1', date_completed_gmt: null, ...stamps });
    shop.clock.step(60_000);
    const done = (await shop.put(path, { status: 'completed' })).body;
    expect(done).toMatchObject({ date_paid_gmt: '2026-07-10T12:00:00', date_completed_gmt: '2026-07-10T12:01:00' });
    const download = await product(shop, { sku: 'D', virtual: true, downloadable: true });
    const straight = await order(shop, { set_paid: true, line_items: [{ product_id: download }] });
    expect(straight).toMatchObject({ status: 'completed', needs_processing: false });
  });

  test('an empty save bumps the order, a note does not', async () => {
    const shop = await openShop();
    const made = await order(shop);
    const path = `/orders/${String(made['id'])}`;
    shop.clock.step(5_000);
    await shop.post(`${path}/notes`, { note: 'Packed', customer_note: true });
    expect((await shop.get(path)).body['date_modified_gmt']).toBe('2026-07-10T12:00:00');
    expect((await shop.put(path, {})).body['date_modified_gmt']).toBe('2026-07-10T12:00:05');
  });

  test('trash hides and bumps, the answer shows the state before, a status brings it back', async () => {
    const shop = await openShop();
    const made = await order(shop, { status: 'on-hold' });
    const path = `/orders/${String(made['id'])}`;
    shop.clock.step(5_000);
    const trashed = await shop.call('DELETE', `/wp-json/wc/v3${path}`);
    expect(trashed.body).toMatchObject({ status: 'on-hold', date_modified_gmt: '2026-07-10T12:00:00' });
    expect((await shop.get(path)).body).toMatchObject({ status: 'trash', date_modified_gmt: '2026-07-10T12:00:05' });
    expect((await shop.get('/orders')).body).toEqual([]);
    expect(idsOf((await shop.get('/orders?status=trash')).rows)).toEqual([made['id']]);
    const again = await shop.call('DELETE', `/wp-json/wc/v3${path}`);
    expect([again.status, again.body['code']]).toEqual([410, 'woocommerce_rest_already_trashed']);
    expect((await shop.put(path, { status: 'processing' })).body).toMatchObject({
      status: 'processing',
      meta_data: [],
    });
    expect((await shop.call('DELETE', `/wp-json/wc/v3${path}?force=true`)).status).toBe(200);
    const gone = await shop.get(path);
    expect([gone.status, gone.body['code']]).toEqual([404, 'woocommerce_rest_shop_order_invalid_id']);
  });

  test('statuses of plugins are known once they are added, and counted', async () => {
    const shop = await openShop();
    await shop.admin('POST', '/settings', { orderStatuses: { 'awaiting-pickup': 'Awaiting pickup' } });
    await order(shop, { status: 'awaiting-pickup' });
    expect((await shop.get('/orders?status=awaiting-pickup')).rows).toHaveLength(1);
    expect((await shop.get('/orders?status=pending,awaiting-pickup')).rows).toHaveLength(1);
    expect((await shop.get('/orders/statuses')).rows.at(-1)).toEqual({
      slug: 'awaiting-pickup',
      name: 'Awaiting pickup',
    });
    expect((await shop.get('/reports/orders/totals')).rows.at(-1)).toMatchObject({ slug: 'awaiting-pickup', total: 1 });
    const wrong = await shop.get('/orders?status=nowhere');
    expect([wrong.status, wrong.body['code']]).toEqual([400, 'rest_invalid_param']);
  });
});
