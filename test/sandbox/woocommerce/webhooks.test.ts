import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Delivery } from './hooks.ts';
import { cron, hooked } from './hooks.ts';
import { openShop } from './shop.ts';

test('deliveries wait for cron, collapse, are signed, and show the state of that moment', async () => {
  const { shop, to } = await hooked('order.updated');
  const id = (await shop.post('/orders', {})).body['id'];
  await shop.put(`/orders/${String(id)}`, { customer_note: 'one' });
  await shop.put(`/orders/${String(id)}`, { customer_note: 'two' });
  expect(to.got).toEqual([]);
  expect(await cron(shop)).toEqual([{ topic: 'order.updated', status: 200 }]);
  const [{ headers, body }] = to.got as [Delivery];
  expect(JSON.parse(body)).toMatchObject({ id, customer_note: 'two' });
  expect(headers).toMatchObject({
    'x-wc-webhook-source': `${shop.url}/`,
    'x-wc-webhook-topic': 'order.updated',
    'x-wc-webhook-resource': 'order',
    'x-wc-webhook-event': 'updated',
    'x-wc-webhook-signature': createHmac('sha256', 'shh').update(body).digest('base64'),
  });
  expect(await cron(shop)).toEqual([]);
});

test('of what is gone by then the error is sent, of a deletion only the id', async () => {
  const created = await hooked('product.created');
  const product = (await created.shop.post('/products', { name: 'P' })).body['id'];
  await created.shop.call('DELETE', `/wp-json/wc/v3/products/${String(product)}?force=true`);
  await cron(created.shop);
  expect(JSON.parse(created.to.got[0]!.body)).toMatchObject({ code: 'woocommerce_rest_product_invalid_id' });
  const deleted = await hooked('customer.deleted');
  const customer = (await deleted.shop.post('/customers', { email: 'a@example.test' })).body['id'];
  await deleted.shop.call('DELETE', `/wp-json/wc/v3/customers/${String(customer)}?force=true`);
  await cron(deleted.shop);
  expect(deleted.to.got.map((one) => one.body)).toEqual([`{"id":${String(customer)}}`]);
});

test('two deliveries of one second share their delivery id, and a trashed product is announced as a coupon', async () => {
  const { shop, to } = await hooked('coupon.deleted');
  const ids: unknown[] = [];
  for (const name of ['A', 'B']) ids.push((await shop.post('/products', { name })).body['id']);
  for (const id of ids) await shop.call('DELETE', `/wp-json/wc/v3/products/${String(id)}`);
  await cron(shop);
  expect(to.got.map((one) => one.body)).toEqual(ids.map((id) => `{"id":${String(id)}}`));
  expect(new Set(to.got.map((one) => one.headers['x-wc-webhook-delivery-id'])).size).toBe(1);
});

test('refunds are announced as updated orders, variations as updated products', async () => {
  const orders = await hooked('order.updated');
  const order = (await orders.shop.post('/orders', { fee_lines: [{ name: 'F', total: '5' }] })).body['id'];
  await orders.shop.post(`/orders/${String(order)}/refunds`, { amount: '1', api_refund: false });
  await cron(orders.shop);
  expect(JSON.parse(orders.to.got[0]!.body)).toMatchObject({ id: order, refunds: [{ total: '-1.00' }] });
  const products = await hooked('product.updated');
  const parent = (await products.shop.post('/products', { name: 'P', type: 'variable' })).body['id'];
  const variation = await products.shop.post(`/products/${String(parent)}/variations`, { regular_price: '3' });
  await cron(products.shop);
  expect(JSON.parse(products.to.got[0]!.body)).toMatchObject({ id: variation.body['id'], type: 'variation' });
});

test('the seventh failure in a row disables a hook until it is set active again', async () => {
  const { shop, hook, to } = await hooked('order.created');
  to.answer(500);
  const statuses: unknown[] = [];
  for (let at = 0; at < 7; at += 1) {
    await shop.post('/orders', {});
    await cron(shop);
    statuses.push((await shop.get(hook)).body['status']);
  }
  expect(statuses).toEqual([...Array.from({ length: 6 }, () => 'active'), 'disabled']);
  // Each failed delivery is followed by a ping and is not sent again.
  expect(to.got.filter((one) => one.body.startsWith('webhook_id='))).toHaveLength(7);
  expect((await shop.get('/webhooks?status=disabled')).rows).toHaveLength(1);
  to.answer(302);
  await shop.put(hook, { status: 'active' });
  await shop.post('/orders', {});
  expect(await cron(shop)).toEqual([{ topic: 'order.created', status: 302 }]);
});

test('nothing is sent beyond loopback; hooks have no trash; their secret is never shown', async () => {
  const shop = await openShop();
  const body = { topic: 'order.created', delivery_url: 'https://hooks.example.test/x', secret: 'shh' };
  const made = await shop.post('/webhooks', body);
  await shop.post('/orders', {});
  expect(await cron(shop)).toEqual([{ topic: 'order.created', status: 0 }]);
  expect(made.text).not.toContain('shh');
  const path = `/wp-json/wc/v3/webhooks/${String(made.body['id'])}`;
  expect((await shop.call('DELETE', path)).status).toBe(501);
  expect((await shop.call('DELETE', `${path}?force=true`)).status).toBe(200);
  expect((await shop.call('GET', path)).body['code']).toBe('woocommerce_rest_shop_webhook_invalid_id');
  const wrong = await shop.post('/webhooks', { topic: 'order.created', delivery_url: 'ftp://x' });
  expect(wrong.body['code']).toBe('woocommerce_rest_shop_webhook_invalid_delivery_url');
});
