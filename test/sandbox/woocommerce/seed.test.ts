import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createClock } from '../../../src/sandbox/shared/clock.ts';
import { rawState } from '../../../src/sandbox/woocommerce/raw-state.ts';
import { seedCatalogue } from '../../../src/sandbox/woocommerce/seed/catalogue.ts';
import type { Shop } from '../../../src/sandbox/woocommerce/store/shop.ts';
import { createShop } from '../../../src/sandbox/woocommerce/store/shop.ts';
import { clearShop, restore, snapshotOf } from '../../../src/sandbox/woocommerce/store/snapshot.ts';
import { pngFor } from '../../../src/sandbox/woocommerce/uploads.ts';
import type { Row } from './shop.ts';
import { openShop, stoppedClock } from './shop.ts';

function seeded(seed: number, products: number, clock = createClock()): Shop {
  const shop = createShop(clock, 'America/New_York');
  clearShop(shop);
  seedCatalogue(shop, seed, { products });
  return shop;
}

describe('the generator', () => {
  test('gives the same shop for the same seed, at any time, and another for another', () => {
    const first = snapshotOf(seeded(4, 90));
    expect(snapshotOf(seeded(4, 90, stoppedClock('2031-01-01T00:00:00Z')))).toEqual(first);
    expect(snapshotOf(seeded(5, 90))).not.toEqual(first);
  });

  test.each([0, 1, 7, 50, 333])('makes exactly %i products', (products) => {
    expect(seeded(1, products).products.size).toBe(products);
  });

  test('starts no id at 1 and shares one sequence among posts', () => {
    const shop = seeded(1, 40);
    const ids = [...shop.products.keys(), ...shop.variations.keys(), ...shop.attachments.keys()];
    expect(new Set(ids).size).toBe(ids.length);
    expect(Math.min(...ids)).toBeGreaterThan(1_000);
    // Only the blog's own default category has id 1, as in every WordPress.
    const terms = [...shop.terms.values()].filter((row) => row.taxonomy !== 'category');
    expect(Math.min(...terms.map((row) => row.id))).toBeGreaterThan(1);
  });

  test('has every ugly case of a catalogue', () => {
    const shop = seeded(1, 200);
    const products = [...shop.products.values()];
    const variations = [...shop.variations.values()];
    const skus = products.map((row) => row.sku);
    const some = (matches: (row: (typeof products)[number]) => boolean): boolean => products.some(matches);
    expect(skus.filter((sku) => sku.toLowerCase() === 'shared-1')).toHaveLength(3);
    expect(variations.some((row) => row.sku !== '' && skus.includes(row.sku))).toBe(true);
    expect(new Set(products.map((row) => row.type))).toEqual(
      new Set(['simple', 'variable', 'grouped', 'external', 'subscription', 'bundle', 'auction']),
    );
    expect(new Set(products.map((row) => row.status))).toEqual(
      new Set(['publish', 'draft', 'pending', 'private', 'future', 'trash']),
    );
    expect(new Set(products.map((row) => row.catalogVisibility))).toEqual(
      new Set(['visible', 'catalog', 'search', 'hidden']),
    );
    const cases: [string, boolean][] = [
      ['empty SKU', some((row) => row.sku === '')],
      ['many decimals', some((row) => /\.\d{5}$/.test(row.regularPrice))],
      ['sale to come', some((row) => row.saleFrom !== null && row.saleFrom > Date.UTC(2090, 0))],
      ['negative stock', some((row) => (row.stockQuantity ?? 0) < 0)],
      ['null stock', some((row) => row.manageStock && row.stockQuantity === null)],
      ['backorders', some((row) => row.backorders !== 'no')],
      ['stock on parent', some((row) => row.type === 'variable' && row.manageStock)],
      ['long name', some((row) => row.name.length > 250)],
      ['right to left', some((row) => /[\u0590-\u06ff]/.test(row.name))],
      ['encoded slug', some((row) => /%[0-9a-f]{2}/.test(row.slug))],
      ['image twice', some((row) => new Set(row.imageIds).size < row.imageIds.length)],
      ['missing image', [...shop.attachments.values()].some((row) => row.missing)],
      ['hidden attribute', some((row) => row.attributes.some((one) => !one.visible))],
      ['any value', variations.some((row) => Object.values(row.attributes).includes(''))],
      ['no variations', some((row) => row.name === 'No variations')],
      ['up-sell cycle', some((row) => row.upsellIds.some((id) => shop.products.get(id)?.upsellIds.includes(row.id)))],
    ];
    expect(cases.filter(([, there]) => !there)).toEqual([]);
  });

  test('has category twins, ten levels, an orphan and a loop that reading survives', () => {
    const shop = seeded(1, 60);
    const categories = rawState(shop)['categories'] as Row[];
    const named = (name: string): Row => categories.find((row) => row['name'] === name)!;
    expect(categories.filter((row) => String(row['name']).toLowerCase() === 'men')).toHaveLength(3);
    expect(String(named('Level 10')['permalink']).split('/')).toHaveLength(
      1 + '/product-category/'.split('/').length + 9,
    );
    expect([named('Loop A')['parent'], named('Loop B')['parent']]).toEqual([
      named('Loop B')['id'],
      named('Loop A')['id'],
    ]);
    expect(named('Orphan')['parent']).toBe(999_999);
    expect(categories.some((row) => String(row['name']).length > 50)).toBe(true);
  });

  test('makes one product with 700 variations in a large shop', () => {
    const shop = seeded(2, 400);
    const counts = new Map<number, number>();
    for (const row of shop.variations.values()) counts.set(row.parentId, (counts.get(row.parentId) ?? 0) + 1);
    expect(Math.max(...counts.values())).toBe(700);
  });

  test('comes back from its snapshot as it was', () => {
    const shop = seeded(3, 30);
    const saved = JSON.parse(JSON.stringify(snapshotOf(shop))) as unknown;
    const other = createShop(createClock(), 'UTC');
    restore(other, saved);
    expect(snapshotOf(other)).toEqual(saved);
    expect(() => restore(other, { version: 2 })).toThrow('version 2');
  });
});

describe('admin', () => {
  test('a seed over HTTP is listed, shown whole in the raw state, and gone after a reset', async () => {
    const shop = await openShop();
    await shop.admin('POST', '/seed', { seed: 6, size: { products: 40, categories: 8, brands: 3 } });
    const { body: state } = await shop.admin('GET', '/state');
    const products = state['products'] as Row[];
    expect([products.length, (state['brands'] as Row[]).length]).toEqual([40, 3]);
    const listed = await shop.get('/products?per_page=1&include_status=any,trash');
    expect(listed.headers.get('x-wp-total')).toBe('40');
    const one = (await shop.get(`/products/${String(products[0]!['id'])}?context=edit`)).body;
    expect({ ...products[0], related_ids: [] }).toEqual({ ...one, related_ids: [] });
    await shop.admin('POST', '/reset');
    expect((await shop.get('/products')).body).toEqual([]);
  });

  test('explicit records may be what REST refuses', async () => {
    const shop = await openShop();
    const records = {
      categories: [{ name: 'A' }, { name: 'A' }],
      products: [
        { name: 'One', sku: 'X', categories: [{ slug: 'a-2' }], raw: { totalSales: 9 } },
        { name: 'Two', sku: 'x', type: 'variable', variations: [{ sku: 'X', regular_price: '4' }] },
      ],
    };
    const made = (await shop.admin('POST', '/seed', { records })).body['made'] as Record<string, number[]>;
    expect([made['categories']?.length, made['products']?.length, made['variations']?.length]).toEqual([2, 2, 1]);
    const one = (await shop.get(`/products/${String(made['products']?.[0])}`)).body;
    expect(one).toMatchObject({ total_sales: 9, categories: [{ slug: 'a-2' }] });
  });

  test('wrong admin requests are refused by name', async () => {
    const shop = await openShop();
    expect((await shop.admin('POST', '/seed', { size: { products: -1 } })).status).toBe(400);
    expect((await shop.admin('POST', '/settings', { timeZone: 'Mars/Olympus' })).status).toBe(400);
    const silent = await shop.admin('POST', '/silent', { kind: 'term', id: 15, fields: { colour: 'red' } });
    expect([silent.status, silent.body['error']]).toEqual([400, 'term has no column colour']);
    expect((await shop.admin('POST', '/silent', { kind: 'product', id: 1, fields: {} })).status).toBe(400);
  });
});

describe('images', () => {
  test('are real PNGs, the same for the same name, missing where the shop lost them', async () => {
    const shop = await openShop();
    const product = await shop.post('/products', {
      name: 'P',
      images: [{ src: 'https://pictures.example.test/a b.png' }],
    });
    const [image] = product.body['images'] as Row[];
    expect(image?.['src']).toBe(`${shop.url}/wp-content/uploads/2026/07/a-b.png`);
    const answer = await fetch(String(image?.['src']));
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(bytes.equals(pngFor('2026/07/a-b.png'))).toBe(true);
    await shop.admin('POST', '/silent', { kind: 'image', id: image?.['id'], fields: { missing: true } });
    expect((await fetch(String(image?.['src']))).status).toBe(404);
  });

  test('hold as many pixels as their header says', () => {
    const bytes = pngFor('x.png');
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    const length = bytes.readUInt32BE(33);
    expect(bytes.subarray(37, 41).toString()).toBe('IDAT');
    expect(inflateSync(bytes.subarray(41, 41 + length))).toHaveLength(height * (1 + width * 3));
  });
});
