import { describe, expect, onTestFinished, test } from 'vitest';
import type { LifeEvent } from '../../../src/sandbox/shared/life/life.ts';
import { phpJson } from '../../../src/sandbox/woocommerce/resources/webhooks/php-json.ts';
import { createClock } from '../../../src/sandbox/shared/clock.ts';
import { dueNow } from '../../../src/sandbox/woocommerce/resources/webhooks/queue.ts';
import { createWooCommerceSandbox } from '../../../src/sandbox/woocommerce/server.ts';
import { createShop } from '../../../src/sandbox/woocommerce/store/shop.ts';
import { restore, snapshotOf } from '../../../src/sandbox/woocommerce/store/snapshot.ts';
import { cron, hooked } from './hooks.ts';
import type { Row, TestShop } from './shop.ts';
import { openShop } from './shop.ts';

async function register(shop: TestShop, count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const made = await shop.post('/customers', { email: `c${shop.store.sequences.user}@example.test` });
    ids.push(Number(made.body['id']));
  }
  return ids;
}

const odds = async (shop: TestShop, change: object): Promise<void> => {
  expect((await shop.admin('POST', '/webhooks', change)).status).toBe(200);
};
const look = async (shop: TestShop): Promise<{ counts: Row; waiting: Row[]; odds: Row }> =>
  (await shop.admin('GET', '/webhooks')).body as { counts: Row; waiting: Row[]; odds: Row };

test('as measured: at the next run, none lost, none twice, in the order of events', async () => {
  const { shop, to } = await hooked('customer.created');
  expect((await look(shop)).odds).toEqual({
    lateMs: { from: 0, to: 0 },
    lostRate: 0,
    updatedTooRate: 0,
    wrongTopicRate: 1,
    doubledRate: 0,
    shuffled: false,
    cronEveryMs: 0,
  });
  const ids = await register(shop, 5);
  expect((await look(shop)).waiting).toHaveLength(5);
  await cron(shop);
  expect(to.got.map(({ body }) => Number((JSON.parse(body) as Row)['id']))).toEqual(ids);
  expect((await look(shop)).counts).toMatchObject({ queued: 5, collapsed: 0, lost: 0, delivered: 5, failed: 0 });
  const { sent } = (await shop.admin('GET', '/webhooks/sent')).body as { sent: Row[] };
  expect(sent.map(({ topic, resourceId }) => [topic, resourceId])).toEqual(ids.map((id) => ['customer.created', id]));
});

test('late ones wait for their time by the shop’s clock, and show the state of then', async () => {
  const { shop, to } = await hooked('customer.updated');
  await odds(shop, { lateMs: { from: 60_000, to: 90_000 } });
  const [id] = await register(shop, 1);
  await shop.put(`/customers/${id}`, { first_name: 'Early' });
  shop.clock.step(59_000);
  await shop.put(`/customers/${id}`, { first_name: 'Late' });
  expect(await cron(shop)).toEqual([]);
  shop.clock.step(31_000);
  expect(await cron(shop)).toEqual([{ topic: 'customer.updated', status: 200 }]);
  expect(JSON.parse(to.got[0]!.body)).toMatchObject({ first_name: 'Late' });
  const { counts } = await look(shop);
  expect(counts).toMatchObject({ queued: 1, collapsed: 1, delivered: 1, delay: { sumMs: 90_000, mostMs: 90_000 } });
});

test('some are never sent: which ones, the seed says', async () => {
  const arrived: number[][] = [];
  for (const seed of [5, 5, 6]) {
    const { shop, to } = await hooked('customer.created');
    await odds(shop, { seed, lostRate: 0.5 });
    const [first = 0] = await register(shop, 20);
    await cron(shop);
    arrived.push(to.got.map(({ body }) => Number((JSON.parse(body) as Row)['id']) - first));
    expect((await look(shop)).counts['lost']).toBe(20 - to.got.length);
  }
  expect(arrived[0]!.length).toBeGreaterThan(2);
  expect(arrived[0]!.length).toBeLessThan(18);
  expect(arrived[1]).toEqual(arrived[0]);
  expect(arrived[2]).not.toEqual(arrived[0]);
});

test('in any order and twice, where the odds say so', async () => {
  const { shop, to } = await hooked('customer.created');
  await odds(shop, { seed: 3, shuffled: true, doubledRate: 1 });
  const ids = await register(shop, 8);
  await cron(shop);
  const got = to.got.map(({ body }) => Number((JSON.parse(body) as Row)['id']));
  expect(got.toSorted((a, b) => a - b)).toEqual(ids.flatMap((id) => [id, id]));
  expect(got).not.toEqual(ids.flatMap((id) => [id, id]));
});

test('what is new may be announced as updated too', async () => {
  const { shop, to } = await hooked('customer.updated');
  await register(shop, 1);
  expect(await cron(shop)).toEqual([]);
  await odds(shop, { updatedTooRate: 1 });
  await register(shop, 1);
  await cron(shop);
  expect(to.got.map(({ headers }) => headers['x-wc-webhook-topic'])).toEqual(['customer.updated']);
});

test('the wrong topic of a trashed product has odds; a product deleted for good has it never', async () => {
  const { shop, to } = await hooked('coupon.deleted');
  const product = async (): Promise<string> => String((await shop.post('/products', { name: 'P' })).body['id']);
  await shop.call('DELETE', `/wp-json/wc/v3/products/${await product()}?force=true`);
  await odds(shop, { wrongTopicRate: 0 });
  await shop.call('DELETE', `/wp-json/wc/v3/products/${await product()}`);
  expect(await cron(shop)).toEqual([]);
  await odds(shop, { wrongTopicRate: 1 });
  const id = await product();
  await shop.call('DELETE', `/wp-json/wc/v3/products/${id}`);
  await cron(shop);
  expect(to.got.map(({ body }) => body)).toEqual([`{"id":${id}}`]);
});

test('an order announces the products whose stock it moved', async () => {
  const { shop, to } = await hooked('product.updated');
  const stocked = { name: 'P', regular_price: '5', manage_stock: true, stock_quantity: 9 };
  const id = Number((await shop.post('/products', stocked)).body['id']);
  await shop.post('/orders', { status: 'processing', line_items: [{ product_id: id, quantity: 2 }] });
  await cron(shop);
  expect(to.got.map(({ body }) => JSON.parse(body) as Row)).toMatchObject([{ id, stock_quantity: 7 }]);
});

test.each([
  ['edited_product_cat', 'category.rename', 'category'],
  ['created_term', 'tag.create', 'tag'],
  ['delete_product_brand', 'brand.delete', 'brand'],
  ['wp_insert_comment', 'review.write', 'review'],
  ['edit_comment', 'review.edit', 'review'],
  ['trashed_comment', 'review.trash', 'review'],
  ['save_post', 'page.edit', 'page'],
  ['wp_trash_post', 'post.trash', 'post'],
  ['deleted_post', 'page.delete', 'page'],
  ['woocommerce_order_refunded', 'order.refund', 'order'],
  ['woocommerce_refund_deleted', 'order.delete-refund', 'refund'],
])('the hook %s tells of what has no topic of its own', async (action, kind, entity) => {
  const { shop, to } = await hooked(`action.${action}`);
  const size = { products: 12, customers: 12, orders: 14, reviews: 12, posts: 12, pages: 12 };
  await shop.admin('POST', '/seed', { size });
  const [event] = (await shop.admin('POST', '/life', { events: 1, kinds: [kind] })).body['happened'] as LifeEvent[];
  await cron(shop);
  const arg = Number(event!.touched.find((name) => name.startsWith(`${entity} `))?.split(' ')[1]);
  expect(to.got.map(({ body }) => JSON.parse(body) as Row)).toEqual([{ action, arg }]);
  expect(to.got[0]!.headers).toMatchObject({
    'x-wc-webhook-topic': `action.${action}`,
    'x-wc-webhook-resource': 'action',
    'x-wc-webhook-event': action,
  });
});

test('what is written past the shop is announced by no webhook', async () => {
  const topics = ['product.updated', 'order.updated', 'customer.updated', 'action.save_post'];
  for (const topic of topics) {
    const { shop } = await hooked(topic);
    await shop.admin('POST', '/seed', { size: { products: 12, customers: 12, orders: 12, posts: 12 } });
    const kinds = ['product-price', 'product-metadata', 'order-metadata', 'customer-metadata', 'post-text'];
    await shop.admin('POST', '/life', { events: 20, kinds: kinds.map((kind) => `silent.${kind}`) });
    expect((await look(shop)).counts['queued']).toBe(0);
  }
});

describe('cron', () => {
  test('runs by itself when told how often, and no more when told never', async () => {
    const { shop, to } = await hooked('customer.created');
    await odds(shop, { cronEveryMs: 10 });
    await register(shop, 2);
    await expect.poll(() => to.got).toHaveLength(2);
    await odds(shop, { cronEveryMs: 0 });
    await register(shop, 1);
    expect((await look(shop)).waiting).toHaveLength(1);
    expect(await cron(shop)).toHaveLength(1);
  });

  test('runs do not overlap, and a delivery is in one of them only', async () => {
    const { shop, to } = await hooked('customer.created');
    await register(shop, 6);
    const runs = await Promise.all([cron(shop), cron(shop), cron(shop)]);
    expect(runs.flat()).toHaveLength(6);
    expect([to.got.length, to.mostAtOnce()]).toEqual([6, 1]);
  });

  test('a shop that is closed waits for no receiver', async () => {
    const { shop, to } = await hooked('customer.created');
    to.answer(null);
    await register(shop, 3);
    const run = cron(shop).catch(() => 'cut off');
    await expect.poll(() => to.got).toHaveLength(1);
    await shop.close();
    await run;
    expect(to.got).toHaveLength(1);
    // Only what was on its way is lost, and the receiver is not to blame.
    expect(shop.store.hookQueue).toHaveLength(2);
    expect([...shop.store.webhooks.values()]).toMatchObject([{ status: 'active', failures: 0 }]);
  });

  test('what changes while a run is under way joins what still waits, and nothing of an emptied shop is sent', async () => {
    const { shop, to } = await hooked('customer.updated');
    const ids = await register(shop, 2);
    for (const id of ids) await shop.put(`/customers/${id}`, { first_name: 'Early' });
    to.answer(null);
    const run = cron(shop);
    await expect.poll(() => to.got).toHaveLength(1);
    for (const id of ids) await shop.put(`/customers/${id}`, { first_name: 'Late' });
    // The first is on its way, so it needs a delivery of its own; the second still waits.
    expect((await look(shop)).waiting.map((one) => one['resourceId'])).toEqual([ids[1], ids[0]]);
    await shop.admin('POST', '/reset');
    to.release();
    expect(await run).toHaveLength(1);
    expect(to.got).toHaveLength(1);
  });

  test('what waits is kept over a restart', async () => {
    const { shop } = await hooked('customer.created');
    await odds(shop, { lateMs: { from: 1_000, to: 1_000 } });
    await register(shop, 2);
    const other = createShop(createClock(), 'UTC');
    restore(other, structuredClone(snapshotOf(shop.store)));
    expect(other.hookQueue).toEqual(shop.store.hookQueue);
    const old = structuredClone(snapshotOf(shop.store)) as { hookQueue: object[] };
    old.hookQueue = [{ webhookId: 1, topic: 'customer.created', resourceId: 7 }];
    restore(other, old);
    expect(other.hookQueue).toMatchObject([{ resourceId: 7, dueMs: expect.any(Number), sinceMs: expect.any(Number) }]);
    expect(dueNow(other)).toHaveLength(1);
  });

  test('the command line says how often', async () => {
    const sandbox = await createWooCommerceSandbox({ cronEveryMs: 25 });
    onTestFinished(() => sandbox.close());
    expect(sandbox.store.hooks.odds.cronEveryMs).toBe(25);
  });
});

test('bodies are written as PHP writes them, and still say the same', async () => {
  const { shop, to } = await hooked('customer.created');
  const body = { email: 'a@example.test', first_name: 'Zoë 🦊', billing: { company: 'A/B' } };
  await shop.post('/customers', body);
  await cron(shop);
  const text = to.got[0]!.body;
  expect(text).toContain(String.raw`"Zo\u00eb \ud83e\udd8a"`);
  expect(text).toContain(String.raw`A\/B`);
  expect(JSON.parse(text)).toMatchObject({ first_name: 'Zoë 🦊' });
  expect(phpJson({ plain: 1 })).toBe('{"plain":1}');
});

test.each([{ lostRate: 2 }, { lateMs: { from: 5, to: 1 } }, { cronEveryMs: -1 }, { often: true }])(
  'odds of %j are refused',
  async (change) => {
    const shop = await openShop();
    expect((await shop.admin('POST', '/webhooks', change)).status).toBe(400);
    expect((await look(shop)).odds).toMatchObject({ lostRate: 0, cronEveryMs: 0 });
  },
);
