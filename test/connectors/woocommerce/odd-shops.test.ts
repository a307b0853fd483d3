import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { openGovernor } from '../../../src/connectors/http/open-governor.ts';
import { createWooCommerceSource } from '../../../src/connectors/woocommerce/woocommerce-source.ts';
import { recordedBody } from './recordings.ts';
import { scanned } from '../../support/scanned.ts';

/** What the shop answers on a path: a body with status 200, `[status, body]`, or nothing (a page that is not there). */
type Answers = (path: string, query: URLSearchParams) => unknown;

const servers: Server[] = [];
const signal = new AbortController().signal;
const noRoute = [404, { code: 'rest_no_route', message: 'No route was found.', data: { status: 404 } }];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

function isRefusal(answer: unknown): answer is [number, unknown] {
  return Array.isArray(answer) && typeof answer[0] === 'number';
}

/** A source on a shop that answers what the test says. */
async function shop(answers: Answers) {
  const asked: string[] = [];
  const server = createServer((request, reply) => {
    const url = new URL(request.url ?? '/', 'http://shop.invalid');
    const route = url.searchParams.get('rest_route');
    const path = route === null ? url.pathname : `?${route}`;
    asked.push(`${path} ${url.searchParams.get('include') ?? ''}`.trim());
    const answer = answers(path, url.searchParams);
    const [status, body] = isRefusal(answer) ? answer : [200, answer];
    const total = Array.isArray(body) ? { 'x-wp-total': String(body.length) } : {};
    if (answer === undefined) reply.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>');
    else reply.writeHead(status, { 'content-type': 'application/json', ...total }).end(JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const source = createWooCommerceSource({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    consumerKey: 'ck_test',
    consumerSecret: 'cs_test',
    network: { allowPrivate: true },
    governor: openGovernor(),
    timeoutMs: 2000,
    concurrency: 2,
    retry: { baseMs: 1 },
  });
  return { source, asked };
}

const boot = (changes: object = {}) => ({ ...recordedBody('get variable product'), ...changes });
const red = (changes: object = {}) => ({ ...recordedBody('create variation'), ...changes });
const shoes = (changes: object = {}) => ({ ...recordedBody('create category'), ...changes });

describe('variations', () => {
  test('of a shop without the global list come product by product', async () => {
    const { source } = await shop((path) => {
      if (path.endsWith('/wc/v3/products')) return [boot()];
      return path.endsWith('/products/2044/variations') ? [red()] : noRoute;
    });
    const { records, unreadable } = await source.readByIds('product', ['2044'], signal);
    expect(unreadable).toEqual([]);
    expect(records.map(({ entity, sourceId }) => `${entity} ${sourceId}`)).toEqual(['product 2044', 'stock 2044/2045']);
  });

  test('that a list hides do not look deleted: the product is unreadable, in words', async () => {
    const { source } = await shop((path) => (path.endsWith('/wc/v3/products') ? [boot()] : []));
    const { records, unreadable } = await source.readByIds('product', ['2044'], signal);
    expect(records).toEqual([]);
    expect(unreadable).toMatchObject([
      { entity: 'product', sourceId: '2044', reason: expect.stringContaining('2045') },
    ]);
  });

  test('do not look deleted where lists suddenly answer empty, also the one of products', async () => {
    const { source } = await shop((path) => (path.endsWith('/wc/v3/products/2044') ? boot() : []));
    expect(await source.fetchOne({ entity: 'product', sourceId: '2044' }, signal)).toMatchObject({
      outcome: 'unreadable',
      record: { sourceId: '2044', reason: expect.stringContaining('2045') },
    });
  });

  test('that were deleted between two requests are left out', async () => {
    let asked = 0;
    const { source } = await shop((path) => {
      if (!path.endsWith('/wc/v3/products')) return [];
      return [boot({ variations: ++asked === 1 ? [2045] : [] })];
    });
    const { records } = await source.readByIds('product', ['2044'], signal);
    expect(records.find(({ entity }) => entity === 'product')).toMatchObject({ canonical: { variants: [] } });
  });

  test('that cannot be read make their product unreadable, not the page', async () => {
    const plain = { ...recordedBody('create simple product') };
    const { source } = await shop((path) => {
      if (path.endsWith('/wc/v3/products')) return [boot(), plain];
      return path.endsWith('/wc/v3/variations') ? [red({ regular_price: { amount: 1 } })] : noRoute;
    });
    const { records, unreadable } = await source.readByIds('product', ['2044', '2043'], signal);
    expect(unreadable).toMatchObject([{ sourceId: '2044', reason: expect.stringContaining('regular_price') }]);
    expect(records.map(({ sourceId }) => sourceId)).toEqual(['2043', '2043']);
  });
});

describe('defaults of global attributes', () => {
  test('are resolved with one request for an attribute, then remembered', async () => {
    const attribute = {
      id: 2,
      name: 'Colour',
      slug: 'pa_colour',
      position: 0,
      visible: true,
      variation: true,
      options: ['Deep Blue'],
    };
    const product = {
      ...recordedBody('create simple product'),
      attributes: [attribute],
      default_attributes: [{ id: 2, option: 'navy' }],
    };
    const { source, asked } = await shop((path) => {
      if (path.endsWith('/wc/v3/products')) return [product];
      return path.endsWith('/attributes/2/terms') ? [{ id: 5, name: 'Deep Blue', slug: 'navy' }] : noRoute;
    });
    await source.readByIds('product', ['2043'], signal);
    const { records } = await source.readByIds('product', ['2043'], signal);
    expect(records[0]).toMatchObject({ canonical: { attributes: [{ defaultOption: 'Deep Blue' }] } });
    expect(asked.filter((path) => path.includes('/terms'))).toHaveLength(1);
  });

  test('of an attribute that is gone stay unresolved and are said', async () => {
    const attribute = {
      id: 2,
      name: 'Colour',
      slug: 'pa_colour',
      position: 0,
      visible: true,
      variation: true,
      options: ['Red'],
    };
    const product = {
      ...recordedBody('create simple product'),
      attributes: [attribute],
      default_attributes: [{ id: 2, option: 'red' }],
    };
    const { source } = await shop((path) =>
      path.endsWith('/wc/v3/products') ? [product] : [404, { code: 'woocommerce_rest_taxonomy_invalid', message: '' }],
    );
    const { records } = await source.readByIds('product', ['2043'], signal);
    expect(records[0]).toMatchObject({
      canonical: { attributes: [{ defaultOption: null, unresolvedDefault: 'red' }] },
    });
  });
});

describe('paths of categories and brands', () => {
  test('come from wp/v2 as they are', async () => {
    const { source } = await shop((path) => {
      if (path.endsWith('/products/categories')) return [shoes()];
      return path.endsWith('/wp/v2/product_cat') ? [{ id: 20, link: 'https://shop.example/c/sho%C3%A9s' }] : noRoute;
    });
    const { records } = await source.readByIds('category', ['20'], signal);
    expect(records[0]).toMatchObject({ canonical: { path: '/c/sho%C3%A9s/' }, urls: ['/c/sho%C3%A9s/'] });
  });

  test.each([
    ['forbids links', [401, { code: 'rest_forbidden', message: '' }]],
    ['has no such route', noRoute],
  ])('of a shop that %s are put together from the slugs of the parents', async (_name, refusal) => {
    const { source, asked } = await shop((path, query) => {
      if (path.endsWith('/wp/v2/product_cat')) return refusal;
      return query.get('include') === '20'
        ? [shoes({ slug: 'shoes' })]
        : [shoes({ id: 21, slug: 'boots', parent: 20 })];
    });
    const { records } = await source.readByIds('category', ['21'], signal);
    expect(records[0]).toMatchObject({
      canonical: { path: '/product-category/shoes/boots/', parent: '20' },
      references: [{ entity: 'category', sourceId: '20', kind: 'hard' }],
    });
    await source.readByIds('category', ['21'], signal);
    expect(asked.filter((path) => path.includes('/wp/v2/'))).toHaveLength(1);
  });

  test('are not guessed while the shop only has a fault', async () => {
    const { source } = await shop((path) =>
      path.endsWith('/wp/v2/product_cat') ? [500, { code: 'internal_server_error' }] : [shoes()],
    );
    await expect(source.readByIds('category', ['20'], signal)).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('a cycle of parents ends', async () => {
    const { source } = await shop((path) => {
      if (path.endsWith('/wp/v2/product_cat')) return noRoute;
      return [shoes({ id: 20, slug: 'a', parent: 21 }), shoes({ id: 21, slug: 'b', parent: 20 })];
    });
    const { records } = await source.readByIds('category', ['20', '21'], signal);
    expect(records).toHaveLength(2);
  });

  test('theme matters and a brand’s place among brands are reported', async () => {
    const { source } = await shop((path) => {
      if (path.endsWith('/products/categories')) return [shoes({ display: 'both' })];
      return path.endsWith('/products/brands') ? [shoes({ id: 30, parent: 20 })] : noRoute;
    });
    expect((await source.readByIds('category', ['20'], signal)).records[0]?.reports).toEqual([
      { key: 'category-display', field: 'display' },
    ]);
    expect((await source.readByIds('brand', ['30'], signal)).records[0]?.reports).toEqual([
      { key: 'brand-hierarchy', field: 'parent' },
    ]);
  });
});

describe('an address', () => {
  test('without pretty permalinks is asked by rest_route, found out once', async () => {
    const { source, asked } = await shop((path) => (path === '?/wc/v3/products' ? [] : undefined));
    await scanned(source, 'product');
    await scanned(source, 'product');
    expect(asked.filter((path) => path === '?/wc/v3/products')).toHaveLength(2);
    expect(asked.at(-1)).toBe('?/wc/v3/products');
  });

  test('of a site without WooCommerce says so', async () => {
    const { source } = await shop((path) => (path === '/wp-json/' ? { name: 'Blog', namespaces: ['wp/v2'] } : noRoute));
    await expect(source.check(signal)).rejects.toMatchObject({
      kind: 'unintelligible',
      message: expect.stringContaining('WooCommerce'),
    });
  });

  test('of a shop with units of its own invention says which', async () => {
    const { source } = await shop((path) => {
      if (path === '/wp-json/') return { name: 'Shop', namespaces: ['wc/v3'], gmt_offset: '5.5' };
      if (path.endsWith('/settings/general')) return [{ id: 'woocommerce_currency', value: 'USD' }];
      if (path.endsWith('/settings/products')) return [{ id: 'woocommerce_weight_unit', value: 'stone' }];
      return [];
    });
    await expect(source.check(signal)).rejects.toMatchObject({ message: expect.stringContaining('"stone"') });
  });
});

describe('a record fetched by id', () => {
  test('answered with another record is a fault', async () => {
    const { source } = await shop(() => recordedBody('create simple product'));
    await expect(source.fetchOne({ entity: 'product', sourceId: '7' }, signal)).rejects.toMatchObject({
      kind: 'unintelligible',
    });
  });

  test('refused with a 404 in other words than "no such record" is a fault', async () => {
    const { source } = await shop(() => [404, { code: 'plugin_says_no', message: '' }]);
    await expect(source.fetchOne({ entity: 'product', sourceId: '7' }, signal)).rejects.toMatchObject({
      kind: 'unintelligible',
    });
  });

  test('that cannot be read is a dead letter with a remedy', async () => {
    const { source } = await shop(() => ({ ...recordedBody('create simple product'), images: 'none' }));
    expect(await source.fetchOne({ entity: 'product', sourceId: '2043' }, signal)).toMatchObject({
      outcome: 'unreadable',
      record: { entity: 'product', sourceId: '2043', remedy: expect.stringContaining('images') },
    });
  });

  test('an id that WooCommerce cannot have is our mistake', async () => {
    const { source, asked } = await shop(() => []);
    await expect(source.fetchOne({ entity: 'product', sourceId: '../users' }, signal)).rejects.toThrow(RangeError);
    expect(asked).toEqual([]);
  });
});
