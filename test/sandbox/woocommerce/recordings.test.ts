import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sandboxCredentials } from '../../../src/sandbox/woocommerce/options.ts';
import type { Answer, Row, TestShop } from './shop.ts';
import { openShop, stoppedClock } from './shop.ts';

interface Exchange {
  name: string;
  request: { method: string; path: string; body?: unknown };
  response: { status: number; headers: Record<string, string>; body: Row };
}

const file = new URL('../../fixtures/woocommerce/recordings.json', import.meta.url);
const { exchanges } = JSON.parse(readFileSync(file, 'utf8')) as { exchanges: Exchange[] };

function recorded(name: string): Exchange {
  const found = exchanges.find((exchange) => exchange.name === name);
  if (!found) throw new Error(`no recording named ${name}`);
  return found;
}

/** The exchanges of the shop proper in the order in which they were recorded, with the second at which each happened. */
const script: [name: string, second: number][] = [
  ['create category', 50],
  ['create child category', 50],
  ['create tag', 50],
  ['create brand', 50],
  ['create attribute', 50],
  ['create attribute term', 50],
  ['create simple product', 50],
  ['create variable product', 50],
  ['create variation', 50],
  ['get variable product', 50],
  ['list variations', 50],
  ['duplicate sku', 50],
  ['get missing product', 50],
  ['per_page over cap', 50],
  ['bad date', 50],
  ['delta list', 50],
  ['batch mixed', 51],
  ['create customer', 51],
  ['customer delete without force', 51],
  ['customer email exists', 51],
  ['create coupon', 51],
  ['create order', 51],
  ['order note', 51],
  ['list notes', 51],
  ['partial refund', 51],
  ['order after refund', 51],
  ['list refunds', 51],
  ['update order status', 51],
  ['coupon after use', 51],
  ['create review', 52],
  ['trash product', 52],
  ['get trashed product', 52],
  ['list trash', 52],
  ['force delete product', 52],
  ['get deleted product', 52],
  ['category delete without force', 52],
  ['orders by ids trimmed', 52],
  ['webhook create', 52],
  ['webhook bad topic', 52],
  ['products settings', 52],
];

const blog: [name: string, second: number][] = [
  ['create blog post', 52],
  ['create page', 53],
  ['list posts', 53],
  ['posts page past end', 53],
  ['trash post', 53],
  ['trashed posts', 53],
];

/** A shop whose sequences stand where the recorded shop's stood, so that bodies can be compared to the letter. */
async function recordedShop(): Promise<TestShop> {
  const shop = await openShop({ clock: stoppedClock('2026-11-20T15:00:00Z') });
  // The recorded shop had one other product in its trash.
  const [older] = (await shop.post('/products', { name: 'Older' })).body['id'] ? [...shop.store.products.keys()] : [];
  await shop.call('DELETE', `/wp-json/wc/v3/products/${older}`);
  const comments = { comment: 1515, orderItem: 2005, user: 1003, webhook: 19 };
  Object.assign(shop.store.sequences, { post: 2042, term: 19, attribute: 1, meta: 19_359, ...comments });
  return shop;
}

/** Chosen at random by the real shop, or counted through by rows that no answer shows. */
const volatile = new Set(['related_ids', 'order_key', 'payment_url']);

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  // The recorded requests took up to two seconds between them; which second a stamp shows is chance.
  if (typeof value === 'string') return value.replace(/(T\d\d:47:)5[0-3]/g, '$15x');
  if (typeof value !== 'object' || value === null) return value;
  const isMeta = 'key' in value && 'value' in value;
  const entries = Object.entries(value).map(([key, inner]) => {
    return [key, volatile.has(key) || (isMeta && key === 'id') ? '(any)' : comparable(inner)];
  });
  return Object.fromEntries(entries);
}

function atShop(shop: TestShop, value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/https?:\/\/shop\.example/g, shop.url));
}

function keyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keyOrder);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value)
    .filter(([key]) => !volatile.has(key))
    .map(([key, inner]) => [key, keyOrder(inner)]);
}

function headersOf(answer: Answer, names: string[]): Record<string, string | null> {
  return Object.fromEntries(names.map((name) => [name, answer.headers.get(name)]));
}

function uncounted(rows: unknown): unknown {
  return (rows as Row[]).map((row) => ({ ...row, total: '(any)' }));
}

describe('the sandbox answers what a real WooCommerce 10.5 answered', () => {
  test('every exchange of the shop proper, with status, headers, body and order of keys', async () => {
    const shop = await recordedShop();
    for (const [name, second] of script) {
      shop.clock.freeze(Date.parse(`2026-11-20T15:47:${second}Z`));
      const { request, response } = recorded(name);
      const answer = await shop.call(request.method, request.path, request.body);
      const { status } = answer;
      const headers = atShop(shop, response.headers) as Record<string, string>;
      const came = { name, status, headers: headersOf(answer, Object.keys(headers)), body: comparable(answer.body) };
      const body = atShop(shop, response.body);
      expect(came).toEqual({ name, status: response.status, headers, body: comparable(body) });
      expect([name, keyOrder(answer.body)]).toEqual([name, keyOrder(body)]);
    }
  });

  test('every exchange of the blog, with an application password', async () => {
    const shop = await recordedShop();
    await shop.asUser('POST', '/wp/v2/posts', {
      title: 'Hello2',
      slug: 'hello2',
      content: '<p>x</p>',
      status: 'publish',
    });
    await shop.asUser('POST', '/wp/v2/posts', { title: 'Third', status: 'draft' });
    const [first, second] = [...shop.store.posts.values()];
    const written = { createdLocal: '2026-11-20T10:39:51', modifiedLocal: '2026-11-20T10:39:51', id: 2023 };
    const stamps = { createdGmt: Date.UTC(2026, 10, 20, 15, 39, 51), modifiedGmt: Date.UTC(2026, 10, 20, 15, 39, 51) };
    shop.store.posts.clear();
    shop.store.posts.set(2023, { ...first!, ...written, ...stamps });
    shop.store.posts.set(second!.id, { ...second!, modifiedLocal: '2026-11-20T10:48:00' });
    shop.store.sequences.post = 2049;
    for (const [name, at] of blog) {
      shop.clock.freeze(Date.parse(`2026-11-20T15:47:${at}Z`));
      const { request, response } = recorded(name);
      const answer = await shop.asUser(request.method, request.path.replace('/wp-json', ''), request.body);
      const { status } = answer;
      const headers = atShop(shop, response.headers) as Record<string, string>;
      const came = { name, status, headers: headersOf(answer, Object.keys(headers)), body: comparable(answer.body) };
      const body = atShop(shop, response.body);
      expect(came).toEqual({ name, status: response.status, headers, body: comparable(body) });
      expect([name, keyOrder(answer.body)]).toEqual([name, keyOrder(body)]);
    }
  });

  test('counts of orders by status, in the recorded order and words', async () => {
    const shop = await openShop();
    await shop.post('/orders', { status: 'completed' });
    const { request, response } = recorded('order totals report');
    const answer = await shop.call(request.method, request.path);
    expect([answer.status, uncounted(answer.body)]).toEqual([response.status, uncounted(response.body)]);
    expect(answer.rows.map((row) => row['total'])).toEqual([0, 0, 0, 1, 0, 0, 0, 0]);
  });

  test('a consumer key opens no route of WordPress itself', async () => {
    const shop = await openShop();
    const { consumerKey, consumerSecret } = sandboxCredentials;
    const authorization = `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}`;
    const { request, response } = recorded('wc key on wp/v2');
    const answer = await fetch(`${shop.url}${request.path}`, { headers: { authorization } });
    expect([answer.status, await answer.json()]).toEqual([response.status, response.body]);
    expect(answer.headers.get('allow')).toBeNull();
  });

  test('a page past the end is empty and names the last page as previous one', async () => {
    const shop = await openShop();
    await shop.post('/products/batch', { create: Array.from({ length: 11 }, (_, at) => ({ name: `P${at}` })) });
    const { request, response } = recorded('page past end');
    const answer = await shop.call(request.method, request.path);
    expect([answer.status, answer.body]).toEqual([response.status, response.body]);
    expect(headersOf(answer, ['x-wp-total', 'x-wp-totalpages', 'link'])).toEqual({
      'x-wp-total': '11',
      'x-wp-totalpages': '2',
      link: `<${shop.url}/wp-json/wc/v3/products?page=2>; rel="prev"`,
    });
  });

  test('Basic credentials on plain HTTP are ignored', async () => {
    const shop = await openShop();
    const { consumerKey, consumerSecret } = sandboxCredentials;
    const authorization = `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}`;
    const { request, response } = recorded('plain http basic auth ignored');
    const answer = await fetch(`${shop.url}${request.path}`, { headers: { authorization } });
    expect([answer.status, await answer.json()]).toEqual([response.status, response.body]);
    expect(answer.headers.get('allow')).toBeNull();
  });
});
