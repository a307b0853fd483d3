import { afterAll, beforeAll, expect, it } from 'vitest';
import { SOURCE, product } from '../connectors/bigcommerce/forms.ts';
import { page } from '../connectors/bigcommerce/content-forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

const linked = () => page({ content: `<p><a href="${SOURCE.url}/product/чай/?ref=1">Tea</a></p>` });
const tea = () =>
  bench.read('product', '7', product({ path: '/product/чай/' }), { urls: ['/product/%d1%87%d0%b0%d0%b9/'] });
const to = (path: string) => `<a href="${SOURCE.url}${path}">there</a>`;
const body = () => [...bench.store.sandbox.store.pages.values()][0]?.body ?? '';
const REWRITTEN = /<a href="\/product\/[a-z-]+\/\?ref=1">Tea<\/a>/;
/** Links to where nobody lives. */
const open = async () => {
  const links = bench.db.selectFrom('open_links').select(['key', 'address']);
  const rows = await links.where('project_id', '=', bench.queue.projectId).execute();
  return rows.filter(({ address }) => address === null).map(({ key }) => ({ key }));
};

it('a link to what is there already leads to its new address', async () => {
  await bench.renew('links-known');
  await tea();
  await bench.drain();
  await bench.read('page', '1', linked());
  await bench.drain();
  expect(body()).toMatch(REWRITTEN);
  const keys = await bench.db.selectFrom('adjustments').select('key').where('entity', '=', 'page').execute();
  expect(keys).toContainEqual({ key: 'internal-link-rewritten' });
  expect(await open()).toEqual([]);
});

it('a link to what comes later is rewritten once somebody lives there, and written no more after that', async () => {
  await bench.renew('links-later');
  await bench.read('page', '1', linked());
  await bench.drain();
  expect(body()).toContain(`${SOURCE.url}/product/`);
  expect(await open()).toEqual([{ key: '/product/чай/' }]);
  await tea();
  await bench.drain();
  expect(body()).toMatch(REWRITTEN);
  expect(await open()).toEqual([]);
  bench.store.requests();
  await bench.read('page', '1', linked());
  await tea();
  await bench.drain();
  expect(bench.store.requests().filter((request) => !request.startsWith('GET'))).toEqual([]);
});

it('two texts that lead to each other find each other', async () => {
  await bench.renew('links-mutual');
  await bench.read('page', '1', page({ title: 'One', path: '/one/', content: to('/two/') }), { urls: ['/one/'] });
  await bench.read('page', '2', page({ title: 'Two', path: '/two/', content: to('/one/') }), { urls: ['/two/'] });
  await bench.drain();
  const bodies = [...bench.store.sandbox.store.pages.values()].map((row) => row.body).toSorted();
  expect(bodies).toEqual(['<a href="/one/">there</a>', '<a href="/two/">there</a>']);
});

it('a link that was written with a second-best address gets its own once that is free', async () => {
  await bench.renew('links-second');
  const old = product({ name: 'Old tea', sku: 'OLD', path: '/product/tea/' });
  const fresh = product({ name: 'Fresh tea', sku: 'NEW', path: '/product/tea/' });
  await bench.read('product', '7', old, { urls: ['/product/tea/'] });
  await bench.drain();
  await bench.read('product', '8', fresh, { urls: ['/product/tea/'] });
  await bench.read('page', '1', page({ content: to('/product/tea/') }));
  await bench.drain();
  expect(body()).toContain('href="/product/tea-8/"');
  await bench.gone('product', ['7']);
  await bench.drain();
  expect(body()).toContain('href="/product/tea/"');
  bench.store.requests();
  await bench.read('page', '1', page({ content: to('/product/tea/') }));
  await bench.drain();
  expect(bench.store.requests().filter((request) => !request.startsWith('GET'))).toEqual([]);
});
