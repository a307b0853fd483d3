import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApartReach } from '../../../src/connectors/target.ts';
import type { MovedEntity } from '../../../src/domain/record.ts';
import { attribute, brand, pricing, product, stockPolicy, variant } from './forms.ts';
import { openStore, type SandboxStore } from './sandbox-store.ts';

let store: SandboxStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

const lately = (): string => new Date(store.sandbox.store.clock.now() - 60_000).toISOString();
const listed = (pages = 4): ApartReach => ({ since: lately(), pages, alone: 0 });
const alone = (lists: number): ApartReach => ({ since: null, pages: 0, alone: lists });

/** What was brought, as the ledger would hand it over. */
function held(entity: MovedEntity, ...ids: string[]) {
  return ids.map((sourceId) => {
    const { targetId, parts, children } = store.driver.heldOf({ entity, sourceId });
    const desired = Object.fromEntries([...parts].map(([part, one]) => [part, one.desired]));
    return { targetId: targetId ?? '', desired, children };
  });
}
async function look(entity: MovedEntity, ids: readonly string[], reach: ApartReach) {
  store.requests();
  const found = await store.driver.target
    .entity(entity)
    .readApart?.(held(entity, ...ids), reach, { signal: new AbortController().signal });
  return { found: found ?? new Map(), requests: store.requests() };
}
async function brands(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, at) => String(at + 1));
  for (const id of ids) await store.driver.bring('brand', id, brand({ name: `Brand ${id}`, path: null }));
  return ids;
}
const differing = (found: ReadonlyMap<string, readonly { field: string; meant: unknown; found: unknown }[]>) =>
  [...found.values()].flat().filter((field) => field.meant !== field.found);
const rows = () => [...store.sandbox.store.metafields.values()];

it('finds what was written of late in one list over all records', async () => {
  const { found, requests } = await look('brand', await brands(12), listed());
  expect(requests).toEqual(['GET /v:n/catalog/brands/metafields']);
  expect(found.size).toBe(12);
  expect(differing(found)).toEqual([]);
  expect([...found.values()][0]).toMatchObject([{ field: 'metafields.storeferry/source_id' }]);
});

it('shows a value that is another, one that is lost, and one that should be gone', async () => {
  const ids = await brands(3);
  const [changed, lost, left] = rows();
  if (changed === undefined || lost === undefined || left === undefined) throw new Error('three markers are there');
  Object.assign(changed, { value: 'changed' });
  store.sandbox.store.metafields.delete(lost.id);
  const child = { kind: 'metafield', sourceId: 'storeferry/old', targetId: '9999' };
  store.driver.heldOf({ entity: 'brand', sourceId: '3' }).children.push(child);
  store.sandbox.store.metafields.set(9_999, { ...left, id: 9_999, key: 'old', value: 'stays' });
  const { found, requests } = await look('brand', ids, { ...listed(), alone: 2 });
  // What the list does not show whole is looked for in the record's own.
  expect(requests).toEqual(['GET /v:n/catalog/brands/metafields', 'GET /v:n/catalog/brands/:n/metafields']);
  expect(differing(found)).toMatchObject([
    { field: 'metafields.storeferry/source_id', found: 'changed' },
    { field: 'metafields.storeferry/source_id', found: null },
    { field: 'metafields.storeferry/old', meant: null, found: 'stays' },
  ]);
});

it('sends no more requests than it is granted, and says nothing of the rest', async () => {
  const ids = await brands(5);
  const { found, requests } = await look('brand', ids, alone(2));
  expect(requests).toEqual(Array.from({ length: 2 }, () => 'GET /v:n/catalog/brands/:n/metafields'));
  expect(found.size).toBe(2);
  for (const row of rows()) row.date_modified = '2020-01-01T00:00:00Z';
  const old = await look('brand', ids, listed());
  expect(old).toMatchObject({ requests: ['GET /v:n/catalog/brands/metafields'], found: new Map() });
  expect((await look('brand', ids, { ...listed(), pages: 0 })).requests).toEqual([]);
});

it('goes on to the pages it is granted', async () => {
  const ids = await brands(1);
  const [own] = rows();
  if (own === undefined) throw new Error('a marker is there');
  // As many of others before it as fill a page.
  store.sandbox.store.metafields.clear();
  for (let id = 1; id <= 250; id += 1)
    store.sandbox.store.metafields.set(id, { ...own, id, resource_id: 77, key: `${id}` });
  store.sandbox.store.metafields.set(own.id + 1_000, { ...own, id: own.id + 1_000 });
  expect((await look('brand', ids, listed(1))).found.size).toBe(0);
  const { found, requests } = await look('brand', ids, listed(2));
  expect(requests).toHaveLength(2);
  expect(differing(found)).toEqual([]);
  expect(found.size).toBe(1);
});

it('looks at those of variants too, each in a place of its own', async () => {
  const shirt = product({
    kind: 'variable',
    name: 'Shirt',
    sku: 'SHIRT',
    pricing: pricing(null),
    stock: stockPolicy({ status: null }),
    attributes: [attribute('Size', ['S', 'M'])],
    variants: [variant('21', { Size: 'S' }), { ...variant('22', { Size: 'M' }), position: 1 }],
  });
  expect(await store.driver.bring('product', '7', shirt)).toBeNull();
  const whole = await look('product', ['7'], listed());
  expect(whole.requests).toEqual(['GET /v:n/catalog/products/metafields', 'GET /v:n/catalog/variants/metafields']);
  expect(differing(whole.found)).toEqual([]);
  const lost = rows().find(({ resource }) => resource === 'variants');
  store.sandbox.store.metafields.delete(lost?.id ?? 0);
  const { found, requests } = await look('product', ['7'], alone(3));
  expect(requests.filter((request) => request.includes('/variants/'))).toHaveLength(2);
  expect(differing(found)).toMatchObject([{ field: expect.stringMatching(/^variant_metafields\.\d+\|storeferry/) }]);
  // A product of which not all variants can be read is not read at all.
  expect((await look('product', ['7'], alone(1))).requests).toHaveLength(1);
});
