import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CanonicalReview } from '../../src/domain/review.ts';
import { attribute, category, product, variant } from '../connectors/bigcommerce/forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

/** How often each request was made since the last call. */
const made = () => {
  const counts: Record<string, number> = {};
  for (const request of bench.store.requests()) {
    const name = request.replace('/stores/sandbox', '').replace('/v:n/', '/v3/');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

const sizes = (id: string, order: readonly string[]) =>
  product({
    name: `Tee ${id}`,
    sku: `TEE-${id}`,
    path: null,
    categories: [],
    kind: 'variable',
    attributes: [attribute('Size', order)],
    variants: ['S', 'L'].map((Size, at) => variant(`${id}${at}`, { Size }, { sku: `TEE-${id}-${Size}` })),
  });

const review = (at: string): CanonicalReview => ({
  product: at,
  text: 'Keeps warm.',
  rating: 5,
  author: 'Ann',
  email: 'ann@example.test',
  status: 'approved',
  createdAt: '2025-03-04T05:06:07.000Z',
});

it('puts siblings into one request, however they are mixed with others in the queue', async () => {
  await bench.renew('siblings');
  const [tops, below] = [['1', '2', '3'], Array.from({ length: 12 }, (_, at) => String(at + 4))];
  for (const id of tops) await bench.read('category', id, category({ name: `Top ${id}`, path: null }));
  await bench.drain();
  made();
  for (const [at, id] of below.entries()) {
    const parent = tops[at % 3] ?? '';
    await bench.read('category', id, category({ name: `Below ${id}`, path: null, parent }), {
      references: [{ entity: 'category', sourceId: parent, kind: 'hard', field: 'parent' }],
    });
  }
  await bench.drain();
  expect(made()['POST /v3/catalog/trees/categories']).toBeLessThanOrEqual(4);
  expect(bench.store.sandbox.store.categories.size).toBe(15);
});

it('looks in the list of all redirects who leads away from twenty addresses, not twenty times', async () => {
  await bench.renew('redirect-list');
  const teas = Array.from({ length: 20 }, (_, at) => String(at + 1));
  const tea = (id: string, path: string) =>
    bench.read('product', id, product({ name: `Tea ${id}`, sku: `TEA-${id}`, path, categories: [] }), { urls: [path] });
  for (const id of teas) await tea(id, `/tea/${id}/`);
  await bench.drain();
  for (const id of teas) await tea(id, `/tea/new-${id}/`);
  made();
  await bench.drain();
  const requests = made();
  expect(bench.store.sandbox.store.redirects.size).toBe(20);
  expect(requests['GET /v3/storefront/redirects']).toBeLessThanOrEqual(2);
  expect(requests['PUT /v3/storefront/redirects']).toBeLessThanOrEqual(2);
});

it('looks at the options of ten products at once, and takes their new order from the replies', async () => {
  await bench.renew('options');
  const ids = Array.from({ length: 10 }, (_, at) => String(at + 1));
  for (const id of ids) await bench.read('product', id, sizes(id, ['L', 'S']));
  made();
  await bench.drain();
  const requests = made();
  expect(requests['GET /v3/catalog/products/:n/options']).toBeUndefined();
  expect(requests['GET /v3/catalog/products'] ?? 0).toBeLessThanOrEqual(2);
  for (const id of ids) await bench.read('product', id, sizes(id, ['L', 'S']));
  await bench.drain();
  expect(Object.keys(made()).filter((request) => !request.startsWith('GET'))).toEqual([]);
});

it('reads reviews back with their products, a page for many', async () => {
  await bench.renew('review-pages');
  for (const id of ['1', '2', '3']) {
    await bench.read('product', id, product({ name: `Tea ${id}`, sku: `TEA-${id}`, path: null, categories: [] }));
    await bench.read('review', id, review(id), {
      references: [{ entity: 'product', sourceId: id, kind: 'hard', field: 'product' }],
    });
  }
  await bench.drain();
  const rows = await bench.db.selectFrom('records').select('target_id').where('entity', '=', 'review').execute();
  const targetIds = rows.flatMap(({ target_id: id }) => id ?? []);
  expect(targetIds).toHaveLength(3);
  made();
  const call = { signal: new AbortController().signal };
  const states = await bench.store.driver.target.entity('review').read(targetIds, call);
  expect(states.map(({ targetId }) => targetId).toSorted()).toEqual(targetIds.toSorted());
  expect(made()).toEqual({ 'GET /v3/catalog/products': 1 });
});
