import { describe, expect, test } from 'vitest';
import type { Answer, Row, TestShop } from './shop.ts';
import { openShop } from './shop.ts';

interface List {
  /** Below `/wp-json`. */
  path: string;
  /** Its name in the raw state. */
  part: string;
  /** Queries that show all rows together. */
  all: string[];
  /** Rows cannot be asked for by id. */
  noIds?: boolean;
}

const lists: List[] = [
  { path: '/wc/v3/orders', part: 'orders', all: ['status=any', 'status=trash', 'status=auto-draft'] },
  { path: '/wc/v3/refunds', part: 'refunds', all: ['dp=2'] },
  { path: '/wc/v3/customers', part: 'customers', all: ['role=all'] },
  { path: '/wc/v3/coupons', part: 'coupons', all: ['status=any', 'status=trash'] },
  { path: '/wc/v3/products/reviews', part: 'reviews', all: ['status=all', 'status=spam', 'status=trash'] },
  { path: '/wc/v3/taxes', part: 'taxRates', all: ['context=view'], noIds: true },
  { path: '/wp/v2/posts', part: 'posts', all: ['status=any', 'status=trash'] },
  { path: '/wp/v2/pages', part: 'pages', all: ['status=any', 'status=trash'] },
  { path: '/wp/v2/media', part: 'media', all: ['status=inherit'] },
];

async function seeded(list: List): Promise<{ shop: TestShop; rows: Row[]; get: (query: string) => Promise<Answer> }> {
  const shop = await openShop();
  await shop.admin('POST', '/seed', { size: 'S' });
  const { body } = await shop.admin('GET', `/state?only=${list.part}`);
  const get = (query: string): Promise<Answer> => shop.asUser('GET', `${list.path}?${query}`);
  return { shop, rows: body[list.part] as Row[], get };
}

const numbers = (rows: Row[]): number[] => rows.map((row) => Number(row['id'])).sort((a, b) => a - b);

describe.each(lists)('$path', (list) => {
  test('walked page by page it shows every row of the raw state once', async () => {
    const { rows, get } = await seeded(list);
    expect(rows.length).toBeGreaterThan(0);
    const read: Row[] = [];
    for (const query of list.all) {
      for (let page = 1, pages = 1; page <= pages; page += 1) {
        const answer = await get(`${query}&orderby=id&order=asc&per_page=7&page=${page}`);
        expect(answer.status).toBe(200);
        pages = Number(answer.headers.get('x-wp-totalpages'));
        read.push(...answer.rows);
      }
    }
    expect(numbers(read)).toEqual(numbers(rows));
  });

  test('takes ids in and out, trims fields, counts by HEAD, and caps its pages', async () => {
    const { shop, get } = await seeded(list);
    const [query = ''] = list.all;
    const ids = (await get(`${query}&orderby=id&order=asc&per_page=4`)).rows.map((row) => Number(row['id']));
    const [one, two] = ids;
    const taken = await get(`${query}&include=${two},${one}&orderby=id&order=desc&_fields=id`);
    expect(taken.rows.slice(list.noIds ? -2 : 0)).toEqual([{ id: two }, { id: one }]);
    const rest = await get(`${query}&exclude=${one},${two}&per_page=100&_fields=id`);
    expect(rest.rows.some((row) => row['id'] === one || row['id'] === two)).toBe(list.noIds === true);
    const head = await shop.asUser('HEAD', `${list.path}?${query}`);
    expect(Number(head.headers.get('x-wp-total'))).toBe(rest.rows.length + (list.noIds ? 0 : 2));
    expect((await get('per_page=101')).body['code']).toBe('rest_invalid_param');
    expect((await get('orderby=colour')).body['code']).toBe('rest_invalid_param');
    expect((await get(`${query}&offset=1&orderby=id&order=asc&per_page=1`)).rows.map((row) => row['id'])).toEqual([
      two,
    ]);
  });

  test('beyond its end WooCommerce shows nothing, WordPress refuses', async () => {
    const { get } = await seeded(list);
    const answer = await get(`${list.all[0]}&page=999`);
    const expected = list.path.startsWith('/wp/') ? [400, 'rest_post_invalid_page_number'] : [200, undefined];
    expect([answer.status, answer.body['code']]).toEqual(expected);
  });
});

test.each([
  ['orders', { status: 'processing' }],
  ['customers', { email: 'late@example.test' }],
  ['coupons', { code: 'late' }],
])('new %s are hidden from lists while indexes lag, but not from reads', async (path, body) => {
  const shop = await openShop({ listLagMs: 5_000 });
  const made = await shop.post(`/${path}`, body);
  expect((await shop.get(`/${path}`)).body).toEqual([]);
  expect((await shop.get(`/${path}/${String(made.body['id'])}`)).status).toBe(200);
  shop.clock.step(6_000);
  expect((await shop.get(`/${path}`)).rows).toHaveLength(1);
});

test('the public index names the new routes, without credentials', async () => {
  const shop = await openShop();
  const { body } = await shop.asNobody('GET', '/wc/v3');
  const routes = body['routes'] as Record<string, { methods: string[] }>;
  expect(routes['/wc/v3/orders/(?P<order_id>[\\d]+)/refunds/(?P<id>[\\d]+)']?.methods).toEqual(['GET', 'DELETE']);
  expect(routes['/wc/v3/customers']?.methods).toEqual(['GET', 'POST']);
  expect(routes['/wc/v3/refunds']?.methods).toEqual(['GET']);
  expect(routes['/wc/v3/reports/orders/totals']?.methods).toEqual(['GET']);
  for (const name of ['coupons', 'products/reviews', 'taxes', 'webhooks', 'orders/statuses']) {
    expect([name, routes[`/wc/v3/${name}`] !== undefined]).toEqual([name, true]);
  }
});
