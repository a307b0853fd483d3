import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ownedAmong } from '../../src/activities/owned-among.ts';
import { readBack } from '../../src/activities/read-back.ts';
import { DEFAULT_MAPPING, type Mapping } from '../../src/domain/mapping.ts';
import type { CanonicalProduct } from '../../src/domain/product.ts';
import { announce, withdraw } from '../../src/ledger/announcements.ts';
import { listDecisions } from '../../src/ledger/decisions.ts';
import { meantRecords } from '../../src/ledger/records/read-back.ts';
import { attribute, brand, pricing, product, stock, stockPolicy, variant } from '../connectors/bigcommerce/forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';
import { conflictDesk } from './conflict-desk.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

const { conflicts, onlyConflict, resolve } = conflictDesk(() => bench);
let projects = 0;
const renew = (mapping: Partial<Mapping> = {}) => bench.renew(`own-${(projects += 1)}`, mapping);

const green = (more: Partial<CanonicalProduct> = {}) => product({ path: null, ...more });
const at = () => bench.store.product();
async function bring(canonical: CanonicalProduct, reason: 'poll' | 'resync' = 'poll'): Promise<void> {
  await bench.read('product', '7', canonical, { reason });
  await bench.drain();
}
const edit = (fields: object) => bench.store.merchant({ id: at().id, product: fields });
/** What somebody else made of the record, as far as it is still to be held against a write. */
async function foreignState(): Promise<unknown> {
  const { rows } = await sql<{ state: unknown }>`
    SELECT foreign_state AS state FROM records WHERE project_id = ${bench.queue.projectId}`.execute(bench.db);
  return rows[0]?.state;
}
/** Writes to the target since the last call. */
const writes = () => bench.store.requests().filter((request) => !request.startsWith('GET '));

describe('fields that belong to the target by the mapping', () => {
  beforeEach(() => renew({ targetOwns: { product: ['description', 'price'] } }));

  it('are written when the record is made, and never again', async () => {
    await bring(green());
    expect(at()).toMatchObject({ description: '<p>Leaves.</p>', price: 9.95 });
    writes();
    await bring(green({ description: '<p>Other leaves.</p>', pricing: pricing('12') }));
    expect(writes()).toEqual([]);
    expect(at()).toMatchObject({ description: '<p>Leaves.</p>', price: 9.95 });
  });

  it('make no conflict when the merchant edits them, and the other fields flow', async () => {
    await bring(green());
    await edit({ description: '<p>By hand.</p>', price: 20 });
    await bring(green({ name: 'Sencha', description: '<p>Other leaves.</p>' }));
    expect(at()).toMatchObject({ name: 'Sencha', description: '<p>By hand.</p>', price: 20 });
    expect(await foreignState()).toBeNull();
    await bring(green({ name: 'Gyokuro', pricing: pricing('12') }), 'resync');
    expect(at()).toMatchObject({ name: 'Gyokuro', description: '<p>By hand.</p>', price: 20 });
    expect(await conflicts()).toEqual([]);
  });

  it('are neither shown in a conflict on other fields nor sent by its decision', async () => {
    await bring(green());
    await edit({ description: '<p>By hand.</p>', name: 'Merchant tea' });
    await bring(green({ name: 'Sencha' }));
    const conflict = await onlyConflict();
    expect(conflict.fields).toMatchObject([{ field: 'name', source: 'Sencha', target: 'Merchant tea' }]);
    await resolve(conflict, 'source');
    await bench.drain();
    expect(at()).toMatchObject({ name: 'Sencha', description: '<p>By hand.</p>' });
  });

  it('change nothing of a conflict on other fields when the merchant edits them meanwhile', async () => {
    await bring(green());
    await edit({ name: 'Merchant tea' });
    await bring(green({ name: 'Sencha' }));
    const { version } = await onlyConflict();
    await edit({ description: '<p>By hand.</p>' });
    // Another product of the same store brings a look at what others changed.
    for (const name of ['Oolong', 'Oolong 2']) {
      await bench.read('product', '8', green({ name, sku: 'OO-1' }));
      await bench.drain();
    }
    const conflict = await onlyConflict();
    expect(conflict.version).toBe(version);
    expect(conflict.fields.map(({ field }) => field)).toEqual(['name']);
  });

  it('stay under source_wins, too, which sends all that is meant', async () => {
    await renew({ targetOwns: { product: ['description'] }, conflicts: { product: 'source_wins' } });
    await bring(green());
    await edit({ description: '<p>By hand.</p>', name: 'Merchant tea' });
    await bring(green({ featured: true }));
    expect(at()).toMatchObject({ name: 'Green tea', is_featured: true, description: '<p>By hand.</p>' });
  });

  it('stay when the reply to a write is lost', async () => {
    await bring(green());
    await edit({ description: '<p>By hand.</p>' });
    const fault = { kind: 'drop', applied: 'now' } as const;
    bench.store.sandbox.controls.faults.add([{ method: 'PUT', route: '/products', times: 1, fault }]);
    await bring(green({ name: 'Sencha', description: '<p>Other leaves.</p>' }));
    expect(at()).toMatchObject({ name: 'Sencha', description: '<p>By hand.</p>' });
    expect(await conflicts()).toEqual([]);
  });

  it('are written from the source when the record is made anew', async () => {
    await bring(green());
    await bench.store.merchant({ delete: at().id });
    await bring(green({ name: 'Sencha', description: '<p>Other leaves.</p>' }));
    await resolve(await onlyConflict(), 'source');
    await bench.drain();
    expect(at()).toMatchObject({ name: 'Sencha', description: '<p>Other leaves.</p>' });
  });

  it('do not keep a record from going that is gone at the source', async () => {
    await bring(green());
    await edit({ description: '<p>By hand.</p>' });
    await bench.gone('product', ['7']);
    await bench.drain();
    expect(bench.store.sandbox.store.products.size).toBe(0);
  });

  it('are the store’s own in records that are adopted', async () => {
    await bench.store.merchant({
      product: { name: 'Own', sku: 'TEA-1', price: 1.23, type: 'physical', weight: 0, description: '<p>Own.</p>' },
    });
    const targetId = String(at().id);
    await bench.queue.ledger.noteForeignKeys([{ entity: 'product', targetId, kind: 'sku', scope: '', value: 'TEA-1' }]);
    await bring(green());
    await resolve(await onlyConflict(), 'target');
    await bench.drain();
    expect(at()).toMatchObject({ name: 'Green tea', price: 1.23, description: '<p>Own.</p>' });
  });

  it('are not compared when the record is read back', async () => {
    await bring(green());
    await edit({ description: '<p>By hand.</p>' });
    const { projectId } = bench.queue;
    const records = await meantRecords(bench.db, projectId, 'product', ['7']);
    const target = bench.store.driver.target.entity('product');
    const compare = async (mapping: Partial<Mapping>) => {
      const ownedOf = await ownedAmong(
        bench.db,
        { projectId, mapping: { ...DEFAULT_MAPPING, ...mapping } },
        target,
        records,
      );
      const reach = { since: null, pages: 0, alone: 0 };
      return readBack(target, records, reach, new AbortController().signal, ownedOf);
    };
    expect(await compare({})).toMatchObject([{ verdict: 'edited' }]);
    const [record] = await compare({ targetOwns: { product: ['description'] } });
    expect(record?.verdict).toBe('same');
    expect(record?.fields.map(({ field }) => field)).not.toContain('core.description');
    expect(record?.fields.map(({ field }) => field)).toContain('core.price');
  });
});

const sized = (sizes: readonly string[], price: string, more: Partial<CanonicalProduct> = {}) =>
  green({
    kind: 'variable',
    attributes: [attribute('Size', sizes)],
    variants: sizes.map((size) =>
      variant(`70${size}`, { Size: size }, { sku: `TEA-${size}`, pricing: pricing(price), gtin: more.gtin ?? '' }),
    ),
    ...more,
  });
const prices = () => at().variants.map(({ sku, price }) => [sku, price]);
/** The merchant sets a price of his own for the first variant. */
const ownPrice = () => {
  const row = at().variants[0];
  if (row !== undefined) row.price = 77;
  at().date_modified = new Date().toISOString();
};

describe('prices of variants that belong to the target', () => {
  it('stay when the source’s change, and those of new variants are the source’s', async () => {
    await renew({ targetOwns: { product: ['price'] } });
    await bring(sized(['S', 'M'], '5'));
    expect(prices()).toEqual([
      ['TEA-S', 5],
      ['TEA-M', 5],
    ]);
    ownPrice();
    await bring(sized(['S', 'M'], '6', { gtin: '4006381333931' }));
    expect(prices()[0]).toEqual(['TEA-S', 77]);
    expect(prices()[1]).toEqual(['TEA-M', 5]);
    await bring(sized(['S', 'M', 'L'], '8'));
    expect(prices()).toEqual([
      ['TEA-S', 77],
      ['TEA-M', 5],
      ['TEA-L', 8],
    ]);
    expect(await conflicts()).toEqual([]);
  });
});

const tracked = (more: Partial<CanonicalProduct> = {}) =>
  green({ stock: stockPolicy({ managed: 'own', status: null }), ...more });

it('leaves stock to the target once it was set, and sets it anew for a variant that is another one', async () => {
  await renew({ targetOwns: { stock: ['all'] } });
  const references = [{ entity: 'product', sourceId: '7', kind: 'hard', field: 'product' }] as const;
  const set = async (quantity: string, reason: 'poll' | 'resync' | 'repair' = 'poll') => {
    await bench.read('stock', '7', stock({ product: '7', managed: 'own', quantity }), { references, reason });
    await bench.drain();
  };
  await bring(tracked());
  await set('3');
  await vi.waitFor(() => expect(at().inventory_level).toBe(3));
  writes();
  for (const reason of ['poll', 'resync', 'repair'] as const) await set('2', reason);
  expect(writes()).toEqual([]);
  expect(at().inventory_level).toBe(3);
  await bench.store.merchant({ delete: at().id });
  await bring(tracked({ featured: true }));
  await resolve(await onlyConflict(), 'source');
  await set('2');
  await vi.waitFor(() => expect(at().inventory_level).toBe(2));
});

describe('manual changes that were announced', () => {
  const given = { entity: 'product', by: 'the shop', why: 'season', notedBy: 'ops' } as const;
  const tell = (sourceIds: readonly string[] | null, fields: readonly string[]) =>
    announce(bench.db, bench.queue.projectId, { ...given, sourceIds, fields });
  beforeEach(() => renew());

  it('belong to the target from then on, in these records only', async () => {
    for (const id of ['7', '8']) await bench.read('product', id, green({ name: `Tea ${id}`, sku: `TEA-${id}` }));
    await bench.drain();
    await tell(['7'], ['description']);
    for (const id of ['7', '8']) {
      const more = { name: `Tea ${id}`, sku: `TEA-${id}`, description: '<p>Other leaves.</p>', featured: true };
      await bench.read('product', id, green(more));
    }
    await bench.drain();
    const rows = [...bench.store.sandbox.store.products.values()];
    expect(rows.map(({ description, is_featured: featured }) => [description, featured])).toEqual([
      ['<p>Leaves.</p>', true],
      ['<p>Other leaves.</p>', true],
    ]);
  });

  it('settle a conflict that is held for just them, and the decision log has who and why', async () => {
    await bring(green());
    await edit({ description: '<p>By hand.</p>' });
    await bring(green({ featured: true }));
    expect(await conflicts()).toHaveLength(1);
    const { id } = await tell(null, ['description']);
    await bench.drain();
    expect(await conflicts()).toEqual([]);
    expect(at()).toMatchObject({ description: '<p>By hand.</p>', is_featured: true });
    expect(await listDecisions(bench.db, bench.queue.projectId, { before: null, limit: 1 })).toMatchObject([
      {
        decidedBy: 'ops',
        what: 'manual changes announced',
        detail: { id, entity: 'product', records: 'all', fields: ['description'], by: 'the shop', why: 'season' },
      },
    ]);
  });

  it('leave other conflicts held', async () => {
    await bring(green());
    await edit({ name: 'Merchant tea' });
    await bring(green({ name: 'Sencha' }));
    await tell(['7'], ['description']);
    await bench.drain();
    expect((await onlyConflict()).fields).toMatchObject([{ field: 'name' }]);
  });

  it('follow the source again once it is withdrawn, but what the merchant made is not overwritten unseen', async () => {
    await bring(green());
    const { id } = await tell(['7'], ['description']);
    await edit({ description: '<p>By hand.</p>' });
    await bring(green({ featured: true }));
    expect(await withdraw(bench.db, bench.queue.projectId, id, 'ops')).toBe(true);
    expect(await withdraw(bench.db, bench.queue.projectId, id, 'ops')).toBe(false);
    await bring(green({ featured: true, description: '<p>New leaves.</p>' }));
    expect(at().description).toBe('<p>By hand.</p>');
    const conflict = await onlyConflict();
    expect(conflict.fields).toMatchObject([
      { field: 'description', base: '<p>Leaves.</p>', source: '<p>New leaves.</p>', target: '<p>By hand.</p>' },
    ]);
    await resolve(conflict, 'source');
    await bench.drain();
    expect(at().description).toBe('<p>New leaves.</p>');
  });
});

const leaf = (more: object) => brand({ name: 'Leaf', path: null, ...more });

it('keeps parts as a whole, and fields of other entities', async () => {
  await renew({ targetOwns: { brand: ['meta_description', 'image'] } });
  await bench.read('brand', '1', leaf({}));
  await bench.drain();
  const row = [...bench.store.sandbox.store.brands.values()][0];
  if (row === undefined) throw new Error('the brand is not there');
  row.meta_description = 'by hand';
  row.image_url = 'https://cdn.example.test/own.png';
  const image = { id: '9', url: `${bench.store.pictures}/ok/leaf.png`, alt: '' };
  await bench.read('brand', '1', leaf({ name: 'Leaves', image }));
  await bench.drain();
  const [now] = bench.store.sandbox.store.brands.values();
  expect(now).toMatchObject({
    name: 'Leaves',
    meta_description: 'by hand',
    image_url: 'https://cdn.example.test/own.png',
  });
  expect(await conflicts()).toEqual([]);
});
