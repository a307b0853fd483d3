import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { cron, hooked } from '../hooks.ts';
import type { Delivery } from '../hooks.ts';
import type { Row, TestShop } from '../shop.ts';
import { idsOf, live } from './living.ts';

const topics = ['product', 'order', 'customer', 'coupon'].flatMap((subject) =>
  ['created', 'updated', 'deleted', 'restored'].map((event) => `${subject}.${event}`),
);
const size = { products: 24, customers: 15, orders: 15, coupons: 10, reviews: 10, posts: 10, pages: 10 };

/** A seeded shop that announces everything it can to one receiver. */
async function announcing() {
  const { shop, to } = await hooked('product.created');
  await shop.admin('POST', '/seed', { seed: 2, size });
  for (const topic of topics.slice(1)) {
    await shop.post('/webhooks', { topic, delivery_url: to.url, secret: 'shh' });
  }
  await expect.poll(() => to.got).toHaveLength(topics.length - 1);
  to.got.length = 0;
  return { shop, to };
}

const topicOf = ({ headers }: Delivery): string => String(headers['x-wc-webhook-topic']);

function hints(got: readonly Delivery[], subject: string): Set<number> {
  const own = got.filter((one) => topicOf(one).startsWith(`${subject}.`));
  return new Set(own.map(({ body }) => Number((JSON.parse(body) as Row)['id'])));
}

async function liveAndSend(shop: TestShop, body: object) {
  const events = await live(shop, body);
  await cron(shop);
  return events;
}

test('whatever life writes through the API is announced, signed over the bytes that are sent', async () => {
  const { shop, to } = await announcing();
  const kinds = ['product.price', 'product.create', 'product.swap-slugs', 'order.place', 'order.status'];
  const people = ['customer.register', 'customer.edit', 'customer.delete', 'product.trash', 'product.restore'];
  const events = await liveAndSend(shop, { events: 120, kinds: [...kinds, ...people] });
  for (const subject of ['order', 'customer']) {
    const touched = new Set(events.flatMap((event) => idsOf(event, subject)));
    const heard = hints(to.got, subject);
    // Of what is gone again by now, "created" and "updated" bring the error instead of an id.
    const there = [...touched].filter((id) => shop.store[subject === 'order' ? 'orders' : 'customers'].has(id));
    expect(there.length).toBeGreaterThan(5);
    expect(there.filter((id) => !heard.has(id))).toEqual([]);
  }
  const edited = events.filter(({ kind }) => kind.startsWith('product.')).flatMap((event) => idsOf(event, 'product'));
  expect(edited.filter((id) => !hints(to.got, 'product').has(id))).toEqual([]);
  for (const { headers, body } of to.got) {
    const signature = createHmac('sha256', 'shh').update(body).digest('base64');
    expect(headers['x-wc-webhook-signature']).toBe(signature);
  }
  // Who parses a body and writes it anew gets other bytes, and so another signature.
  const rewritten = to.got.filter(({ body }) => JSON.stringify(JSON.parse(body)) !== body);
  expect(rewritten.length).toBeGreaterThan(20);
});

test('one delivery shows the last of several edits, however many there were', async () => {
  const { shop, to } = await announcing();
  await liveAndSend(shop, { events: 90, kinds: ['product.price', 'product.text'] });
  const updated = to.got.filter((one) => topicOf(one) === 'product.updated');
  expect(updated.length).toBe(hints(updated, 'product').size);
  expect(updated.length).toBeLessThan(60);
  for (const { body } of updated) {
    const { id, name, regular_price: price } = JSON.parse(body) as Row;
    expect((await shop.get(`/products/${String(id)}`)).body).toMatchObject({ name, regular_price: price });
  }
  const { counts } = (await shop.admin('GET', '/webhooks')).body as { counts: Row };
  expect(counts).toMatchObject({ queued: updated.length, collapsed: 90 - updated.length, delivered: updated.length });
});

test('what has no topic, or moves past the shop, is heard of by nobody', async () => {
  const { shop, to } = await announcing();
  const quiet = ['review.edit', 'category.rename', 'tag.delete', 'page.edit', 'order.note', 'order.delete-refund'];
  const silent = [
    'silent.product-price',
    'silent.order-metadata',
    'silent.customer-metadata',
    'silent.variation-price',
  ];
  await live(shop, { events: 1, kinds: ['order.refund'] });
  await cron(shop);
  to.got.length = 0;
  const events = await liveAndSend(shop, { events: 80, kinds: [...quiet, ...silent] });
  expect(events).toHaveLength(80);
  expect(to.got).toEqual([]);
});

test('a restore is an update: nothing is ever announced as restored', async () => {
  const { shop, to } = await announcing();
  await liveAndSend(shop, { events: 5, kinds: ['product.trash', 'order.trash', 'coupon.trash'] });
  to.got.length = 0;
  await liveAndSend(shop, { events: 4, kinds: ['product.restore', 'order.restore'] });
  expect(to.got.length).toBeGreaterThan(0);
  expect(new Set(to.got.map((one) => topicOf(one).split('.')[1]))).toEqual(new Set(['updated']));
});

test('a hook that is paused hears nothing, and misses for good what happened meanwhile', async () => {
  const { shop, hook, to } = await hooked('customer.created');
  const register = (): Promise<unknown> => live(shop, { events: 3, kinds: ['customer.register'] });
  await shop.put(hook, { status: 'paused' });
  await register();
  expect(await cron(shop)).toEqual([]);
  await shop.put(hook, { status: 'active' });
  expect(await cron(shop)).toEqual([]);
  await register();
  // Paused between event and delivery: it is not sent either.
  await shop.put(hook, { status: 'paused' });
  expect(await cron(shop)).toEqual([]);
  await shop.put(hook, { status: 'active' });
  expect([await cron(shop), to.got]).toEqual([[], []]);
});
