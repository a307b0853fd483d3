import { expect, test } from 'vitest';
import type { Row, TestShop } from './shop.ts';
import { openShop } from './shop.ts';

async function shopOf(count: number): Promise<TestShop> {
  const shop = await openShop();
  for (let at = 1; at <= count; at += 1) {
    shop.clock.step(1_000);
    await shop.post('/products', { name: `P${at}`, sku: `S${at}`, regular_price: `${at}.00` });
  }
  return shop;
}

const names = async (shop: TestShop, query: string): Promise<unknown[]> =>
  (await shop.get(`/products?_fields=name&${query}`)).rows.map((row: Row) => row['name']);

test('lists have ten rows, newest first, with totals and links', async () => {
  const shop = await shopOf(12);
  const answer = await shop.get('/products?_fields=name');
  expect(answer.body).toHaveLength(10);
  expect(answer.body[0]).toEqual({ name: 'P12' });
  expect([answer.headers.get('x-wp-total'), answer.headers.get('x-wp-totalpages')]).toEqual(['12', '2']);
  const second = await shop.get('/products?page=2&per_page=5');
  const base = `<${shop.url}/wp-json/wc/v3/products?`;
  expect(second.headers.get('link')).toBe(
    `${base}page=1&per_page=5>; rel="prev", ${base}page=3&per_page=5>; rel="next"`,
  );
});

test('HEAD gives the total without a body', async () => {
  const shop = await shopOf(2);
  const answer = await shop.call('HEAD', '/wp-json/wc/v3/products?per_page=1');
  expect([answer.status, answer.headers.get('x-wp-total'), answer.text]).toEqual([200, '2', '']);
});

test('offset pages drift: an edit behind the cursor hides an unread row', async () => {
  const shop = await shopOf(4);
  const query = 'orderby=modified&order=asc&per_page=2';
  const first = await names(shop, query);
  shop.clock.step(5_000);
  await shop.call('PUT', '/wp-json/wc/v3/products/2001', {});
  const second = await names(shop, `${query}&page=2`);
  expect(first).toEqual(['P1', 'P2']);
  // P3 moved to page 1 and was never seen.
  expect(second).toEqual(['P4', 'P1']);
});

test('an insert repeats the last row of page 1, and a delete of a read row skips one', async () => {
  const shop = await shopOf(4);
  const first = await names(shop, 'per_page=2');
  shop.clock.step(1_000);
  await shop.post('/products', { name: 'P5' });
  expect([first, await names(shop, 'per_page=2&page=2')]).toEqual([
    ['P4', 'P3'],
    ['P3', 'P2'],
  ]);
  const byId = await names(shop, 'orderby=id&order=asc&per_page=2');
  await shop.call('DELETE', '/wp-json/wc/v3/products/2001?force=true');
  expect([byId, await names(shop, 'orderby=id&order=asc&per_page=2&page=2')]).toEqual([
    ['P1', 'P2'],
    ['P4', 'P5'],
  ]);
});

test.each([
  ['include=2003,2001&orderby=include', ['P3', 'P1']],
  ['exclude=2001,2002', ['P3']],
  ['offset=1&per_page=1', ['P2']],
  ['sku=s2', ['P2']],
  ['sku=S1,S3', ['P3', 'P1']],
  ['search=p3', ['P3']],
  ['slug=p2', ['P2']],
  ['orderby=price&order=asc', ['P1', 'P2', 'P3']],
  ['orderby=title&order=desc', ['P3', 'P2', 'P1']],
  ['min_price=2&max_price=2.5', ['P2']],
  ['after=2026-07-10T12:00:02&dates_are_gmt=true', ['P3']],
])('filter %s', async (query, expected) => {
  const shop = await shopOf(3);
  expect(await names(shop, query)).toEqual(expected);
});

test.each([
  ['per_page=0', 'per_page must be between 1 (inclusive) and 100 (inclusive)'],
  ['per_page=ten', 'per_page is not of type integer.'],
  ['orderby=luck', 'orderby is not one of '],
  ['status=gone', 'status is not one of '],
  ['page=0', 'page must be greater than or equal to 1'],
])('the parameter %s is refused by name', async (query, message) => {
  const shop = await openShop();
  const answer = await shop.get(`/products?${query}`);
  expect([answer.status, answer.body['code']]).toEqual([400, 'rest_invalid_param']);
  expect(Object.values((answer.body['data'] as { params: Row }).params)[0]).toMatch(message.slice(0, 20));
});

test('"any" leaves the trash out; include_status can ask for both', async () => {
  const shop = await shopOf(2);
  await shop.post('/products', { name: 'Draft', status: 'draft' });
  await shop.call('DELETE', '/wp-json/wc/v3/products/2001');
  expect(await names(shop, 'orderby=id&order=asc')).toEqual(['P2', 'Draft']);
  expect(await names(shop, 'status=trash')).toEqual(['P1']);
  expect(await names(shop, 'include_status=trash,publish&orderby=id&order=asc')).toEqual(['P1', 'P2']);
  expect(await names(shop, 'include_status=any&orderby=id&order=asc')).toEqual(['P2', 'Draft']);
});

test('young rows are missing from lists and searches, not from reads by id', async () => {
  const shop = await openShop({ listLagMs: 5_000 });
  await shop.post('/products', { name: 'Young', sku: 'Y' });
  expect(await names(shop, 'sku=Y')).toEqual([]);
  expect((await shop.get('/products/2001')).body['name']).toBe('Young');
  shop.clock.step(5_000);
  expect(await names(shop, 'sku=Y')).toEqual(['Young']);
});

test('a scare empties lists while single records still answer', async () => {
  const shop = await shopOf(1);
  await shop.admin('POST', '/scare', { on: true });
  const list = await shop.get('/products');
  expect([list.status, list.body, list.headers.get('x-wp-total')]).toEqual([200, [], '0']);
  expect((await shop.get('/products/2001')).status).toBe(200);
  await shop.admin('POST', '/scare', { on: false });
  expect(await names(shop, 'page=1')).toEqual(['P1']);
});

test('unknown routes and methods are rest_no_route', async () => {
  const shop = await openShop();
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['DELETE', '/products'],
  ] as const) {
    const answer = await shop.call(method, `/wp-json/wc/v3${path}`);
    expect([answer.status, answer.body['code']]).toEqual([404, 'rest_no_route']);
  }
});

test('attributes come whole; settings, tax classes and countries answer in their shapes', async () => {
  const shop = await openShop();
  for (let at = 0; at < 12; at += 1) await shop.post('/products/attributes', { name: `A${at}` });
  expect((await shop.get('/products/attributes')).body).toHaveLength(12);
  const unit = (await shop.get('/settings/products/woocommerce_weight_unit')).body;
  expect([unit['value'], (await shop.get('/settings/none')).status]).toEqual(['lbs', 404]);
  expect((await shop.get('/taxes/classes?_fields=slug')).rows.map((row: Row) => row['slug'])).toEqual([
    'standard',
    'reduced-rate',
    'zero-rate',
  ]);
  const country = (await shop.get('/data/countries/us')).body;
  expect(country['states']).toContainEqual({ code: 'NY', name: 'New York' });
});

test('wp/v2 terms are open, have the link, and refuse a page beyond the end', async () => {
  const shop = await openShop();
  const parent = (await shop.post('/products/categories', { name: 'Shoes' })).body['id'];
  await shop.post('/products/categories', { name: 'Boots', parent });
  const answer = await fetch(`${shop.url}/wp-json/wp/v2/product_cat?slug=boots`);
  expect((await answer.json()) as Row[]).toMatchObject([
    { name: 'Boots', link: `${shop.url}/product-category/shoes/boots/`, parent },
  ]);
  const beyond = await fetch(`${shop.url}/wp-json/wp/v2/product_cat?page=9`);
  expect([beyond.status, ((await beyond.json()) as Row)['code']]).toEqual([400, 'rest_post_invalid_page_number']);
});
