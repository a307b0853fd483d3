import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Mapping } from '../../src/domain/mapping.ts';
import type { CanonicalProduct } from '../../src/domain/product.ts';
import { attribute, pricing, product, stock, stockPolicy, variant } from '../connectors/bigcommerce/forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

const picture = (key: string) => ({ key, url: `${bench.store.pictures}/ok/${key}.png`, alt: `alt ${key}` });
const alts = () =>
  bench.store
    .product()
    .images.toSorted((a, b) => a.sort_order - b.sort_order)
    .map(({ description }) => description);

/** Brings the product as it is now, and waits for whatever was left open. */
async function bring(canonical: CanonicalProduct): Promise<void> {
  await bench.read('product', '7', canonical);
  await bench.drain();
}

describe('a part that a record has no more', () => {
  const sizes = attribute('Size', ['S', 'M']);
  const variable = () =>
    product({
      kind: 'variable',
      attributes: [sizes, attribute('Gift wrap', ['yes', 'no'])],
      variants: ['S', 'M'].map((size, at) =>
        variant(
          `70${at}`,
          { Size: size },
          {
            sku: `TEA-${size}`,
            pricing: pricing('5'),
            stock: stockPolicy(),
            description: `in ${size}`,
          },
        ),
      ),
    });

  it('is emptied: free choices and texts of variants go with the variants', async () => {
    await bench.renew('emptied');
    await bring(variable());
    expect(bench.store.product().modifiers.map(({ display_name: name }) => name)).toEqual(['Gift wrap']);
    await bring(product());
    expect(bench.store.product().modifiers).toEqual([]);
    expect(bench.store.product().options).toEqual([]);
    expect(await bench.apply()).toEqual({});
  });

  it('is emptied once: the next read writes nothing', async () => {
    bench.store.requests();
    await bring(product());
    expect(bench.store.requests().filter((request) => !request.startsWith('GET'))).toEqual([]);
  });
});

describe('an update of several requests whose reply is lost', () => {
  it.each(['now', 'never'] as const)('goes on from what arrived (the lost request applied: %s)', async (applied) => {
    await bench.renew(`half-${applied}`);
    await bring(product({ images: [picture('1')] }));
    // The second of three new pictures is the one that nobody hears of.
    const fault = { kind: 'drop', applied } as const;
    bench.store.sandbox.controls.faults.add([{ method: 'POST', route: '/images$', times: 1, skip: 1, fault }]);
    await bring(product({ images: [picture('1'), picture('2'), picture('3'), picture('4')] }));
    expect(alts()).toEqual(['alt 1', 'alt 2', 'alt 3', 'alt 4']);
    expect(await bench.apply()).toEqual({});
  });
});

describe("a merchant's own product that has our SKU", () => {
  const own = { name: 'Merchant own', sku: 'TEA-1', price: 1.23, type: 'physical', weight: 0 };
  const meetMerchant = async (slug: string, collisions: Mapping['collisions']) => {
    await bench.renew(slug, { collisions });
    await bench.store.merchant({ product: own });
    await bench.queue.ledger.noteForeignKeys([
      { entity: 'product', targetId: String(bench.store.product().id), kind: 'sku', scope: '', value: 'TEA-1' },
    ]);
    await bring(product());
    return [...bench.store.sandbox.store.products.values()].map(({ name, sku }) => [name, sku]);
  };

  it('waits for a person', async () => {
    expect(await meetMerchant('collision-review', {})).toEqual([['Merchant own', 'TEA-1']]);
    expect(await bench.apply()).toEqual({ 7: 'held' });
  });

  it('is adopted where the project says so', async () => {
    expect(await meetMerchant('collision-adopt', { product: 'adopt' })).toEqual([['Green tea', 'TEA-1']]);
    expect(await bench.apply()).toEqual({});
  });

  it('keeps its SKU and ours takes another where the project says so', async () => {
    const there = await meetMerchant('collision-adjust', { product: 'adjust' });
    expect(there).toHaveLength(2);
    expect(there).toContainEqual(['Merchant own', 'TEA-1']);
  });
});

it('reads the stock of a product again when its variants are made anew', async () => {
  await bench.renew('rebuilt');
  const tracked = stockPolicy({ managed: 'own', status: null });
  const sized = (name: string) =>
    product({
      kind: 'variable',
      attributes: [attribute(name, ['S', 'M'])],
      variants: ['S', 'M'].map((size, at) =>
        variant(`70${at}`, { [name]: size }, { sku: `TEA-${size}`, stock: tracked }),
      ),
    });
  const references = [{ entity: 'product' as const, sourceId: '7', kind: 'hard' as const, field: 'product' }];
  await bench.read('product', '7', sized('Size'));
  for (const [at, quantity] of ['3', '8'].entries()) {
    const level = stock({ product: '7', variant: `70${at}`, managed: 'own', quantity, anySiblingManaged: true });
    await bench.read('stock', `7/70${at}`, level, { references });
  }
  await bench.drain();
  const levels = () =>
    Object.fromEntries(bench.store.product().variants.map(({ sku, inventory_level: level }) => [sku, level]));
  await vi.waitFor(() => expect(levels()).toEqual({ 'TEA-S': 3, 'TEA-M': 8 }));
  const before = bench.store.product().variants.map(({ id }) => id);
  await bring(sized('Cup size'));
  expect(bench.store.product().variants.map(({ id }) => id)).not.toEqual(before);
  await vi.waitFor(() => expect(levels()).toEqual({ 'TEA-S': 3, 'TEA-M': 8 }));
});

it('ends the stock of a product that is gone with its product, and sends nothing for it', async () => {
  await bench.renew('stock-ends');
  const tracked = stockPolicy({ managed: 'own', status: null });
  const references = [{ entity: 'product' as const, sourceId: '7', kind: 'hard' as const, field: 'product' }];
  for (const id of ['7', '8'])
    await bench.read('product', id, product({ name: `Tea ${id}`, sku: `TEA-${id}`, path: null, stock: tracked }));
  await bench.read('stock', '7', stock({ product: '7', managed: 'own', quantity: '3' }), { references });
  await bench.drain();
  bench.store.requests();
  await bench.gone('stock', ['7']);
  await bench.drain();
  expect(bench.store.requests()).toEqual([]);
  await bench.gone('product', ['7']);
  await bench.drain();
  expect([...bench.store.sandbox.store.products.values()].map(({ sku }) => sku)).toEqual(['TEA-8']);
});

it('goes on with the pictures of a create that went without them and whose reply was lost', async () => {
  await bench.renew('pictureless');
  const gone = { key: '9', url: `${bench.store.pictures}/gone/9.png`, alt: 'lost' };
  const fault = { kind: 'drop', applied: 'now' } as const;
  // The first create is refused for its picture; nobody hears of the second, which goes without any.
  bench.store.sandbox.controls.faults.add([{ method: 'POST', route: '/products$', times: 1, skip: 1, fault }]);
  await bring(product({ images: [gone, picture('1')] }));
  expect(alts()).toEqual(['alt 1']);
  expect(await bench.apply()).toEqual({});
});

it('reports a picture that cannot be fetched under its key, until it can', async () => {
  await bench.renew('unreachable');
  const gone = { key: '9', url: `${bench.store.pictures}/gone/9.png`, alt: 'lost' };
  await bring(product({ images: [picture('1'), gone] }));
  expect(alts()).toEqual(['alt 1']);
  const reported = async () => {
    const { rows } = await sql<{ key: string; field: string }>`
      SELECT key, field FROM report_items WHERE project_id = ${bench.queue.projectId}`.execute(bench.db);
    return rows;
  };
  expect(await reported()).toEqual([{ key: 'image-unreachable', field: 'images' }]);
  await bring(product({ images: [picture('1'), gone], featured: true }));
  expect(await reported()).toHaveLength(1);
  await bring(product({ images: [picture('1'), picture('9')], featured: true }));
  expect(await reported()).toEqual([]);
  expect(alts()).toEqual(['alt 1', 'alt 9']);
});
