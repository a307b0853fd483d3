import { expect, test } from 'vitest';
import type { Row, TestShop } from './shop.ts';
import { openShop } from './shop.ts';

interface Sold {
  shop: TestShop;
  path: string;
  line: unknown;
  shipping: unknown;
}

/** A paid order of two pieces at 10.00 with 19 % tax and 5.00 for shipping: 29.75 in all. */
async function sold(extra: Row = {}): Promise<Sold> {
  const shop = await openShop();
  await shop.post('/taxes', { country: 'DE', rate: '19', name: 'MwSt.' });
  const product = (await shop.post('/products', { name: 'Tee', regular_price: '10' })).body['id'];
  const { body } = await shop.post('/orders', {
    status: 'completed',
    payment_method: 'bacs',
    billing: { country: 'DE' },
    line_items: [{ product_id: product, quantity: 2 }],
    shipping_lines: [{ method_id: 'flat_rate', method_title: 'Flat', total: '5.00' }],
    ...extra,
  });
  expect(body['total']).toBe('29.75');
  shop.clock.step(10_000);
  const first = (name: string): unknown => (body[name] as Row[])[0]?.['id'];
  return { shop, path: `/orders/${String(body['id'])}`, line: first('line_items'), shipping: first('shipping_lines') };
}

async function refund({ shop, path }: Sold, body: Row): Promise<Row> {
  const answer = await shop.post(`${path}/refunds`, { api_refund: false, ...body });
  return { status: answer.status, ...answer.body };
}

const order = async ({ shop, path }: Sold): Promise<Row> => (await shop.get(path)).body;

test('a refund of a line with its tax is negative in its lines and positive in its amount', async () => {
  const sale = await sold();
  const lines = [{ id: sale.line, quantity: 1, refund_total: '10.00', refund_tax: [{ id: 1, refund_total: '1.90' }] }];
  const made = await refund(sale, { reason: 'damaged', line_items: lines });
  expect(made).toMatchObject({ status: 201, amount: '11.90', reason: 'damaged', refunded_payment: false });
  expect((made['line_items'] as Row[])[0]).toMatchObject({
    quantity: -1,
    total: '-10.00',
    total_tax: '-1.90',
    price: 10,
  });
  expect(made['tax_lines']).toMatchObject([{ rate_id: 1, tax_total: '-1.90', shipping_tax_total: '0.00' }]);
  const after = await order(sale);
  expect(after).toMatchObject({ status: 'completed', total: '29.75', date_modified_gmt: '2026-07-10T12:00:10' });
  expect(after['refunds']).toEqual([{ id: made['id'], reason: 'damaged', total: '-11.90' }]);
});

test('shipping and bare amounts can be given back too, newest first in the order', async () => {
  const sale = await sold();
  const one = await refund(sale, { shipping_lines: [{ id: sale.shipping, refund_total: '5.00' }] });
  expect(one).toMatchObject({ amount: '5.00', shipping_lines: [{ method_title: 'Flat', total: '-5.00' }] });
  const two = await refund(sale, { amount: '3.30' });
  expect(two).toMatchObject({ amount: '3.30', line_items: [], meta_data: [{ key: '_refund_type', value: 'partial' }] });
  expect(((await order(sale))['refunds'] as Row[]).map((row) => row['total'])).toEqual(['-3.30', '-5.00']);
});

test('when nothing is left the order is refunded, and no more can be given back', async () => {
  const sale = await sold();
  await refund(sale, { amount: '20.00' });
  expect((await order(sale))['status']).toBe('completed');
  const rest = await refund(sale, { amount: '9.75' });
  expect(rest).toMatchObject({ meta_data: [{ key: '_refund_type', value: 'full' }] });
  expect((await order(sale))['status']).toBe('refunded');
  expect(await refund(sale, { amount: '0.01' })).toMatchObject({ code: 'woocommerce_rest_cannot_create_order_refund' });
  expect(await refund(sale, { amount: '-1' })).toMatchObject({ code: 'woocommerce_rest_invalid_order_refund_amount' });
});

test('a bank transfer cannot send money back by itself, a card can', async () => {
  const bank = await sold();
  const refused = await refund(bank, { amount: '1.00', api_refund: true });
  expect([refused['status'], refused['code']]).toEqual([500, 'woocommerce_rest_cannot_create_order_refund']);
  const card = await sold({ payment_method: 'stripe' });
  expect(await refund(card, { amount: '1.00', api_refund: true })).toMatchObject({ refunded_payment: true });
});

test('a deleted refund goes without a trace: no force needed, the order is not bumped', async () => {
  const sale = await sold();
  const made = await refund(sale, { amount: '1.00' });
  sale.shop.clock.step(10_000);
  const path = `${sale.path}/refunds/${String(made['id'])}`;
  const removed = await sale.shop.call('DELETE', `/wp-json/wc/v3${path}`);
  expect([removed.status, removed.body['id'], removed.headers.get('allow')]).toEqual([200, made['id'], 'GET, DELETE']);
  const gone = await sale.shop.get(path);
  expect([gone.status, gone.body['code']]).toEqual([404, 'woocommerce_rest_invalid_order_refund_id']);
  expect(await order(sale)).toMatchObject({ refunds: [], date_modified_gmt: '2026-07-10T12:00:10' });
});

test('the list of all refunds filters by time and names the order, where the shop does so', async () => {
  const sale = await sold();
  await refund(sale, { amount: '1.00' });
  sale.shop.clock.step(10_000);
  const late = await refund(sale, { amount: '2.00' });
  const query = '/refunds?modified_after=2026-07-10T12:00:15&dates_are_gmt=true';
  const parent = Number(sale.path.split('/').at(-1));
  expect((await sale.shop.get(query)).rows).toMatchObject([{ id: late['id'], parent_id: parent, amount: '2.00' }]);
  await sale.shop.admin('POST', '/settings', { unconfirmed: { refundsNameTheirOrder: false } });
  const [row] = (await sale.shop.get(query)).rows;
  expect(row).not.toHaveProperty('parent_id');
  expect(row).toMatchObject({ _links: { up: [{ href: `${sale.shop.url}/wp-json/wc/v3${sale.path}` }] } });
  expect((await sale.shop.get('/refunds?parent_exclude=' + parent)).body).toEqual([]);
});

test('orders that do not exist have no refunds, take none, and have no notes', async () => {
  const shop = await openShop();
  expect((await shop.get('/orders/77/refunds')).body).toEqual([]);
  expect((await shop.post('/orders/77/refunds', { amount: '1' })).body['code']).toBe(
    'woocommerce_rest_invalid_order_id',
  );
  const notes = await shop.get('/orders/77/notes');
  expect([notes.status, notes.body['code']]).toEqual([404, 'woocommerce_rest_order_invalid_id']);
});

test('notes are told apart by who may read them, and cannot be changed', async () => {
  const { shop, path } = await sold();
  const made = await shop.post(`${path}/notes`, { note: 'On its way', customer_note: true, added_by_user: true });
  expect(made.body).toMatchObject({ author: 'sandbox-admin', customer_note: true });
  expect((await shop.get(`${path}/notes?type=customer`)).rows).toHaveLength(1);
  expect((await shop.get(`${path}/notes?type=internal`)).rows).toHaveLength(1);
  const one = `${path}/notes/${String(made.body['id'])}`;
  expect((await shop.put(one, { note: 'x' })).status).toBe(404);
  expect((await shop.call('DELETE', `/wp-json/wc/v3${one}`)).status).toBe(501);
  expect((await shop.call('DELETE', `/wp-json/wc/v3${one}?force=true`)).status).toBe(200);
  expect((await shop.get(one)).status).toBe(404);
});
