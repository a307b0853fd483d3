import { afterAll, beforeAll, expect, it } from 'vitest';
import { category, product } from '../connectors/bigcommerce/forms.ts';
import type { Place } from '../../src/domain/redirect.ts';
import { notePlaces } from '../../src/ledger/records/places.ts';
import { page } from '../connectors/bigcommerce/content-forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

const there = () =>
  [...bench.store.sandbox.store.redirects.values()]
    .map(({ from_path: from, to }) => ({ from, ...to }))
    .toSorted((a, b) => a.from.localeCompare(b.from));
const productAt = (id: string, path: string, name = `Tea ${id}`) =>
  bench.read('product', id, product({ name, sku: `TEA-${id}`, path, categories: ['3'] }), {
    urls: [path],
    references: [{ entity: 'category', sourceId: '3', kind: 'hard', field: 'categories' }],
  });
const teas = () => bench.read('category', '3', category({ name: 'Teas', path: '/teas/' }), { urls: ['/teas/'] });
const targetIds = () => [...bench.store.sandbox.store.products.keys()];
const adjustments = async () => {
  const rows = await bench.db.selectFrom('adjustments').select('key').where('entity', '=', 'redirect').execute();
  return rows.map(({ key }) => key);
};

it('a page that keeps its address needs no redirect; one that gave it up leads from there, to the record itself', async () => {
  await bench.renew('redirects');
  await teas();
  await productAt('1', '/product/green/');
  await bench.drain();
  expect(there()).toEqual([]);
  await productAt('1', '/product/greener/');
  await bench.drain();
  const [id] = targetIds();
  expect(there()).toEqual([{ from: '/product/green/', type: 'product', entity_id: id }]);
  bench.store.requests();
  await productAt('1', '/product/greener/', 'Tea of another name');
  await bench.drain();
  expect(bench.store.requests().filter((request) => request.includes('redirects'))).toEqual([]);
  await productAt('1', '/product/greenest/');
  await bench.drain();
  expect(there().map(({ from }) => from)).toEqual(['/product/green/', '/product/greener/']);
});

it('a redirect that is being written while somebody moves in at its address is looked at again', async () => {
  await bench.renew('redirects-overtaken');
  const { ledger } = bench.queue;
  const path = '/product/green/';
  const redirect = { entity: 'redirect', sourceId: path } as const;
  await ledger.enqueue([{ kind: 'fetch', ref: redirect, reason: 'reference', after: 0 }]);
  const batch = await ledger.claim('another worker', { redirect: 1 });
  await teas();
  await productAt('1', path);
  await bench.apply();
  const [row] = await bench.queue.rows();
  expect([row?.source_id, row?.state, row?.generation]).toEqual([path, 'leased', 2]);
  expect(batch).toMatchObject({ claims: [{ change: { generation: 1 } }] });
});

it('an address that goes back to where it was has its redirect taken away', async () => {
  await bench.renew('redirects-back');
  await teas();
  await productAt('1', '/product/green/');
  await bench.drain();
  await productAt('1', '/product/greener/');
  await bench.drain();
  await productAt('1', '/product/green/');
  await bench.drain();
  expect(there().map(({ from }) => from)).toEqual(['/product/greener/']);
});

it('an address in another script is redirected, one that another record took over is not', async () => {
  await bench.renew('redirects-script');
  await teas();
  await productAt('1', '/product/чай/');
  await productAt('2', '/product/old/');
  await bench.drain();
  expect(there()).toMatchObject([{ from: encodeURI('/product/чай/'), type: 'product' }]);
  await productAt('2', '/product/new/');
  await bench.drain();
  expect(there().map(({ from }) => from)).toContain('/product/old/');
  await productAt('3', '/product/old/');
  await bench.drain();
  expect(there().map(({ from }) => from)).not.toContain('/product/old/');
  expect(bench.store.sandbox.store.paths.get('/product/old/')).toBe(`product ${targetIds()[2]}`);
});

it('of a product that is gone leads to its category, and of that to the front page', async () => {
  await bench.renew('redirects-gone');
  await teas();
  await productAt('1', '/product/green/');
  await bench.drain();
  await bench.gone('product', ['1']);
  await bench.drain();
  const [categoryId] = bench.store.sandbox.store.categories.keys();
  expect(there()).toEqual([{ from: '/product/green/', type: 'category', entity_id: categoryId }]);
  expect(await adjustments()).toContain('skipped-to-category');
  await bench.gone('category', ['3']);
  await bench.drain();
  expect(there()).toEqual([
    { from: '/product/green/', type: 'url', url: '/' },
    { from: '/teas/', type: 'url', url: '/' },
  ]);
  await productAt('1', '/product/green/');
  await bench.drain();
  expect(there().map(({ from }) => from)).toEqual(['/teas/']);
});

it('is there once when the reply is lost, and a merchant’s own redirect is left alone', async () => {
  await bench.renew('redirects-lost');
  await teas();
  await productAt('1', '/product/green/');
  await productAt('2', '/product/black/');
  await bench.drain();
  bench.store.sandbox.store.redirects.set(7, {
    id: 7,
    site_id: 1000,
    from_path: '/product/black/',
    to: { type: 'url', url: '/sale/' },
  });
  const fault = { kind: 'drop', applied: 'now' } as const;
  bench.store.sandbox.controls.faults.add([{ method: 'PUT', route: '/redirects$', times: 1, fault }]);
  await productAt('1', '/product/greener/');
  await productAt('2', '/product/blacker/');
  await bench.drain();
  expect(there()).toMatchObject([
    { from: '/product/black/', url: '/sale/' },
    { from: '/product/green/', type: 'product' },
  ]);
  expect(await bench.apply()).toEqual({ '/product/black/': 'held' });
});

it('of the shop’s own pages and of lists lead to what does the same at the target, and no record', async () => {
  await bench.renew('redirects-places');
  const places: readonly Place[] = [
    { path: '/cart/', to: { page: 'cart' } },
    { path: '/checkout/', to: { page: 'checkout' } },
    { path: '/2024/05/', to: { page: 'blog' } },
    { path: '/product-tag/half-off/', to: { page: 'search', words: '50% off & more ☕', of: 'tag' } },
    { path: '/product/green/', to: { page: 'account' } },
  ];
  const scope = { projectId: bench.queue.projectId, runId: null };
  await teas();
  await productAt('1', '/product/green/');
  expect(await notePlaces(bench.db, scope, places)).toBe(5);
  await bench.drain();
  expect(there()).toEqual([
    { from: '/2024/05/', type: 'url', url: '/blog/' },
    { from: '/cart/', type: 'url', url: '/cart.php' },
    {
      from: '/product-tag/half-off/',
      type: 'url',
      url: `/search.php?search_query=${encodeURIComponent('50% off & more ☕')}`,
    },
  ]);
  expect(await adjustments()).toEqual(
    expect.arrayContaining(['system-page-redirect', 'blog-archive-to-index', 'tag-page-to-search']),
  );
  expect(await notePlaces(bench.db, scope, places)).toBe(0);
  expect(await notePlaces(bench.db, scope, [{ path: '/cart/', to: { page: 'account' } }])).toBe(1);
  await bench.drain();
  expect(there()).toContainEqual({ from: '/cart/', type: 'url', url: '/account.php' });
});

it('of a page that the shop’s software made lead to its place, not to the front page as what is gone', async () => {
  await bench.renew('redirects-software');
  await bench.read('page', '6', page({ title: 'Cart', path: '/cart/', isSystem: true }), { urls: ['/cart/'] });
  await bench.drain();
  expect(there()).toMatchObject([{ from: '/cart/', url: '/' }]);
  const scope = { projectId: bench.queue.projectId, runId: null };
  await notePlaces(bench.db, scope, [{ path: '/cart/', to: { page: 'cart' } }]);
  await bench.drain();
  expect(there()).toEqual([{ from: '/cart/', type: 'url', url: '/cart.php' }]);
});

it('where the project makes none, none is made', async () => {
  await bench.renew('redirects-off', { entities: { redirect: false } });
  await teas();
  await productAt('1', '/product/чай/');
  await bench.drain();
  expect(there()).toEqual([]);
});
