import { addAttachment } from '../resources/images.ts';
import { newMeta } from '../store/shop.ts';
import type { SeedBench } from './products.ts';
import { pictures, putProduct } from './products.ts';
import { putVariable } from './variable-products.ts';
import { uglyNames } from './words.ts';

const past = Date.UTC(2020, 0, 1);
const future = Date.UTC(2099, 0, 1);

export type UglyCase = (bench: SeedBench) => void;

function one(name: string, given: Omit<Parameters<typeof putProduct>[1], 'name'>): UglyCase {
  return (bench) => void putProduct(bench, { regularPrice: '10.00', ...given, name });
}

/** Cases that need nothing but one product, each made of what broke a migration once. */
function simpleCases(): UglyCase[] {
  return [
    one('Twin name', { sku: 'TWIN-A' }),
    one('Twin name', { sku: 'TWIN-B' }),
    one('twin NAME', { sku: '' }),
    one('Shared SKU one', { sku: 'Shared-1' }),
    one('Shared SKU two', { sku: 'shared-1' }),
    one('Shared SKU three', { sku: 'Shared-1' }),
    one('No SKU', { sku: '' }),
    one('No price', { sku: 'NOPRICE', regularPrice: '' }),
    one('Many decimals', { sku: 'DEC-1', regularPrice: '5.55555', salePrice: '4.123456' }),
    one('Free', { sku: 'FREE-1', regularPrice: '0' }),
    one('Sale to come', { sku: 'SALE-F', salePrice: '8.00', saleFrom: future, saleTo: future + 86_400_000 }),
    one('Sale that was', { sku: 'SALE-P', salePrice: '8.00', saleFrom: past, saleTo: past + 86_400_000 }),
    one('Sale with dates', { sku: 'SALE-N', salePrice: '8.00', saleFrom: past, saleTo: future }),
    one('A draft', { sku: 'DRAFT-1', status: 'draft' }),
    one('Pending', { sku: 'PEND-1', status: 'pending' }),
    one('Private', { sku: 'PRIV-1', status: 'private' }),
    one('Scheduled', { sku: 'FUT-1', status: 'future', createdGmt: future, createdLocal: '2098-12-31T19:00:00' }),
    one('With password', { sku: 'PASS-1', postPassword: 'open-sesame' }),
    one('In trash', { sku: 'TRASH-1', status: 'trash', slug: 'in-trash__trashed' }),
    one('Catalog only', { sku: 'VIS-C', catalogVisibility: 'catalog' }),
    one('Search only', { sku: 'VIS-S', catalogVisibility: 'search' }),
    one('Hidden', { sku: 'VIS-H', catalogVisibility: 'hidden' }),
    one('Negative stock', { sku: 'STOCK-N', manageStock: true, stockQuantity: -3 }),
    one('Unknown stock', { sku: 'STOCK-0', manageStock: true, stockQuantity: null }),
    one('Backorders', { sku: 'STOCK-B', manageStock: true, stockQuantity: 0, backorders: 'notify' }),
    one('Out though full', { sku: 'STOCK-F', manageStock: true, stockQuantity: 9, stockStatus: 'outofstock' }),
    one('Sold out, untracked', { sku: 'STOCK-U', stockStatus: 'outofstock' }),
    one('Backorder, untracked', { sku: 'STOCK-K', stockStatus: 'onbackorder' }),
    one('Virtual', { sku: 'VIRT-1', virtual: true }),
    one('Download', {
      sku: 'DOWN-1',
      downloadable: true,
      downloads: [{ id: 'd1', name: 'Manual', file: 'https://files.example.test/manual.pdf' }],
      downloadLimit: 3,
    }),
    one('Untaxed', { sku: 'TAX-0', taxStatus: 'none' }),
    one('Shipping taxed', { sku: 'TAX-S', taxStatus: 'shipping', taxClass: 'reduced-rate' }),
    one('Away', {
      sku: 'EXT-1',
      type: 'external',
      externalUrl: 'https://other.example.test/x',
      buttonText: 'Buy there',
    }),
    one('A plan', { sku: 'SUB-1', type: 'subscription' }),
    one('A bundle', { sku: 'BUN-1', type: 'bundle' }),
    // A published one would stop every run until somebody decides on it.
    one('Mystery type', { sku: 'MYS-1', type: 'auction', status: 'draft' }),
    one('One per order', { sku: 'ONE-1', soldIndividually: true, purchaseNote: 'Thanks &amp; bye' }),
    one('GTIN', { sku: 'GTIN-1', globalUniqueId: '400-638133 3931' }),
    one('No GTIN', { sku: 'GTIN-2', globalUniqueId: 'ISBN?' }),
    one('No reviews', { sku: 'REV-0', reviewsAllowed: false }),
    ...uglyNames.map((name, at) => one(name, { sku: `NAME-${at}`, description: name })),
  ];
}

/** Cases that need other rows: images, variations, links between products. */
function linkedCases(): UglyCase[] {
  return [
    (bench) => void putVariable(bench, { name: 'One attribute', attributes: 1, stock: 'own' }),
    (bench) => void putVariable(bench, { name: 'Two attributes', attributes: 2, share: 0.7, stock: 'mixed' }),
    (bench) => void putVariable(bench, { name: 'Four attributes', attributes: 4, share: 0.3, stock: 'none' }),
    (bench) => void putVariable(bench, { name: 'Any in all', attributes: 2, any: 'all', stock: 'own' }),
    (bench) => void putVariable(bench, { name: 'Any in some', attributes: 2, any: 'some', stock: 'own' }),
    (bench) => void putVariable(bench, { name: 'Same tuple twice', attributes: 1, twin: true, stock: 'own' }),
    (bench) => void putVariable(bench, { name: 'Stock on the parent', attributes: 1, stock: 'parent' }),
    (bench) =>
      void putProduct(bench, { name: 'No variations', type: 'variable', sku: 'VAR-NONE', stockStatus: 'outofstock' }),
    variationSharesSku,
    brokenImages,
    shownAndHiddenAttributes,
    groupedProduct,
    upsellCycle,
    awkwardMeta,
  ];
}

/** A variation that carries a SKU which a product has too. */
function variationSharesSku(bench: SeedBench): void {
  const product = putVariable(bench, { name: 'Borrowed SKU', attributes: 1, stock: 'own' });
  for (const row of bench.shop.variations.values()) {
    if (row.parentId !== product.id) continue;
    row.sku = 'TWIN-A';
    return;
  }
}

/** A file that is gone, a host that does not exist, and one attachment twice. */
function brokenImages(bench: SeedBench): void {
  const stamps = { createdGmt: bench.baseMs, modifiedGmt: bench.baseMs };
  const gone = addAttachment(bench.shop, { ...stamps, file: '2024/02/gone.png', missing: true });
  const foreign = addAttachment(bench.shop, { ...stamps, file: 'https://cdn.example.test/lost.png' });
  const [good = 0] = pictures(bench, 999_001, 1);
  putProduct(bench, {
    name: 'Broken pictures',
    sku: 'IMG-1',
    regularPrice: '4.00',
    imageIds: [gone.id, good, foreign.id],
  });
  putProduct(bench, { name: 'Same picture twice', sku: 'IMG-2', regularPrice: '4.00', imageIds: [good, good] });
}

function shownAndHiddenAttributes(bench: SeedBench): void {
  const [first, second] = bench.attributes;
  const local = { id: 0, variation: false, termIds: [] };
  putProduct(bench, {
    name: 'Many properties',
    sku: 'ATTR-1',
    regularPrice: '6.00',
    attributes: [
      { ...local, name: 'Made in', position: 0, visible: true, options: ['Norway', 'Japan & Korea'] },
      { ...local, name: 'Internal', position: 1, visible: false, options: ['x-17'] },
      ...[first, second].flatMap((attribute, at) =>
        attribute
          ? [
              {
                ...local,
                id: attribute.row.id,
                name: attribute.row.slug,
                position: at + 2,
                visible: at === 0,
                options: [],
                termIds: attribute.termIds.slice(0, 2),
              },
            ]
          : [],
      ),
    ],
  });
}

function groupedProduct(bench: SeedBench): void {
  const children = ['Group part one', 'Group part two'].map((name, at) =>
    putProduct(bench, { name, sku: `GRP-${at}`, regularPrice: `${9 - at}.50` }),
  );
  putProduct(bench, {
    name: 'A group',
    type: 'grouped',
    sku: 'GRP',
    groupedIds: [...children.map((row) => row.id), 1],
  });
}

/** Two products that sell each other, and an id that leads nowhere. */
function upsellCycle(bench: SeedBench): void {
  const first = putProduct(bench, { name: 'Up one', sku: 'UP-1', regularPrice: '1.00' });
  const second = putProduct(bench, { name: 'Up two', sku: 'UP-2', regularPrice: '2.00', upsellIds: [first.id] });
  first.upsellIds = [second.id];
  first.crossSellIds = [second.id, first.id, 999_999];
}

function awkwardMeta(bench: SeedBench): void {
  const row = putProduct(bench, { name: 'Plugin leftovers', sku: 'META-1', regularPrice: '3.00' });
  row.meta.push(
    newMeta(bench.shop, '_edit_lock', '1700000000:1'),
    newMeta(bench.shop, 'nested', { a: [1, { b: null }], text: 'naïve' }),
    newMeta(bench.shop, 'rows', 'first'),
    newMeta(bench.shop, 'rows', 'second'),
    newMeta(bench.shop, `long_key_${'k'.repeat(70)}`, 'value'),
    newMeta(bench.shop, '_yoast_wpseo_metadesc', 'Typed by hand'),
    newMeta(bench.shop, 'big', 'y'.repeat(70_000)),
  );
}

/** Every case, the two kinds in turn, so that a small shop has some of each. */
export function uglyCases(): UglyCase[] {
  const [simple, linked] = [simpleCases(), linkedCases()];
  return simple.flatMap((plain, at) => (linked[at] ? [plain, linked[at]] : [plain]));
}
