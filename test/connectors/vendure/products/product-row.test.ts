import { describe, expect, test } from 'vitest';
import type { ShopFacts } from '../../../../src/connectors/vendure/shop-facts.ts';
import { productRow } from '../../../../src/connectors/vendure/products/product-row.ts';
import type { SourceRecord } from '../../../../src/domain/record.ts';
import type { CanonicalStock } from '../../../../src/domain/stock.ts';
import {
  assetRow,
  BRAND,
  facetValueRow,
  facts,
  optionGroupRow,
  PLACE,
  productRow as row,
  signal,
  variantRow,
} from '../forms.ts';

const products = productRow(PLACE, []);

async function read(fields: Record<string, unknown> = {}, shop: ShopFacts = facts()) {
  const { records, unreadable } = await products.read([row('1', fields)], shop, signal);
  const product = records.find((record): record is SourceRecord<'product'> => record.entity === 'product');
  if (product === undefined) throw new Error(`unreadable: ${JSON.stringify(unreadable)}`);
  const stock = records.filter(({ entity }) => entity === 'stock');
  return {
    product,
    canonical: product.canonical,
    stock: stock.map((one) => one.canonical as CanonicalStock),
    stocks: stock,
  };
}

const sized = (more: Record<string, unknown> = {}) => ({
  optionGroups: [optionGroupRow('5', 'Size', ['S', 'M', 'L'])],
  variants: [
    variantRow('12', { options: [{ id: '51', name: 'M', groupId: '5' }] }),
    variantRow('11', { options: [{ id: '50', name: 'S', groupId: '5' }] }),
  ],
  ...more,
});

describe('a product without options', () => {
  test('is its only variant: SKU, price and stock are those of the thing itself', async () => {
    const { product, canonical, stock } = await read();
    expect(canonical).toMatchObject({
      kind: 'simple',
      sku: 'SKU-11',
      pricing: { regular: '19.99', onSale: false },
      path: '/products/mug/',
    });
    expect(canonical.variants).toHaveLength(1);
    expect(canonical.variants[0]).toMatchObject({ sourceId: '11', sku: '', options: {} });
    expect(product.urls).toEqual(['/products/mug/']);
    expect(stock).toEqual([
      {
        product: '1',
        variant: '11',
        location: 'default',
        managed: 'own',
        quantity: '8',
        status: 'in_stock',
        backorders: 'no',
        share: null,
        anySiblingManaged: true,
      },
    ]);
  });

  test('that is switched off is a draft without an address', async () => {
    const { product, canonical } = await read({ enabled: false });
    expect(canonical.status).toBe('draft');
    expect(product.urls).toEqual([]);
  });

  test('without any variant cannot be sold', async () => {
    const { canonical, stock } = await read({ variants: [] });
    expect(canonical).toMatchObject({ kind: 'variable', variants: [], sku: '', pricing: { regular: null } });
    expect(stock).toEqual([]);
  });
});

describe('variants', () => {
  test('are told apart by options, in the order of their ids', async () => {
    const { canonical, stocks } = await read(sized());
    expect(canonical).toMatchObject({ kind: 'variable', sku: '' });
    expect(
      canonical.variants.map(({ sourceId, sku, options, position }) => ({ sourceId, sku, options, position })),
    ).toEqual([
      { sourceId: '11', sku: 'SKU-11', options: { 'local:5': 'S' }, position: 0 },
      { sourceId: '12', sku: 'SKU-12', options: { 'local:5': 'M' }, position: 1 },
    ]);
    // Nobody sells an L: a group may be shared between products.
    expect(canonical.attributes).toEqual([
      {
        key: 'local:5',
        name: 'Size',
        visible: true,
        forVariants: true,
        options: ['S', 'M'],
        defaultOption: null,
        unresolvedDefault: null,
      },
    ]);
    expect(stocks.map(({ sourceId }) => sourceId)).toEqual(['1/11', '1/12']);
  });

  test('with options that read the same stay apart, and it is told', async () => {
    const { product, canonical } = await read({
      optionGroups: [optionGroupRow('5', 'Colour', ['Red', 'red ', ''])],
      variants: ['50', '51', '52'].map((id, at) =>
        variantRow(`1${at}`, { options: [{ id, name: 'Red', groupId: '5' }] }),
      ),
    });
    expect(canonical.variants.map(({ options }) => options['local:5'])).toEqual(['Red', 'red (2)', 'code-2']);
    expect(product.reports).toEqual([{ key: 'option-names-told-apart', field: 'optionGroups.5', sample: 'Colour' }]);
  });

  test('that are switched off are not sold', async () => {
    const variants = [variantRow('11', { enabled: false }), variantRow('12')];
    const { canonical } = await read({ ...sized(), variants });
    expect(canonical.variants.map(({ status }) => status)).toEqual(['private', 'published']);
  });

  test('show a picture of their own, not the product’s main one', async () => {
    const [main, own, more] = [assetRow('1'), assetRow('2', { name: 'From behind' }), assetRow('3')];
    const { product, canonical } = await read({
      featuredAsset: main,
      assets: [own, main, assetRow('9', { type: 'BINARY' })],
      variants: [
        variantRow('11', { featuredAsset: main, assets: [main] }),
        variantRow('12', { featuredAsset: own, assets: [own, more] }),
      ],
    });
    expect(canonical.images).toEqual([
      { key: '1', url: 'https://api.example.test/assets/source/1.png', alt: '' },
      { key: '2', url: 'https://api.example.test/assets/source/2.png', alt: 'From behind' },
    ]);
    expect(canonical.variants.map(({ image }) => image?.key ?? null)).toEqual([null, '2']);
    expect(product.reports.map(({ key, field }) => [key, field])).toEqual([
      ['asset-files', 'assets'],
      ['further-images', 'variants.12.assets'],
    ]);
  });

  test('keep what their names say beyond product and options, and facet values of their own', async () => {
    const { canonical } = await read({
      ...sized(),
      name: 'Mug',
      variants: [
        variantRow('11', { name: 'mug S', options: [{ id: '50', name: 'S', groupId: '5' }] }),
        variantRow('12', {
          name: 'Mug M, second choice',
          facetValues: [facetValueRow('8', 'Winter'), facetValueRow('3', 'Leaf', BRAND)],
        }),
      ],
    });
    expect(canonical.variants.map(({ meta }) => meta)).toEqual([
      [],
      [
        { key: 'variant_name', value: 'Mug M, second choice' },
        { key: 'facet_season', value: ['Winter'] },
      ],
    ]);
    expect(canonical.brands).toEqual(['3']);
  });
});

const priced = async (prices: unknown[], shop = facts()) =>
  await read({ variants: [variantRow('11', { prices })] }, shop);

describe('prices and taxes', () => {
  test('are as typed, in the channel’s currency; none is none, not zero', async () => {
    const euro = { currencyCode: 'EUR', price: 1500 };
    expect((await priced([{ currencyCode: 'USD', price: 0 }])).canonical.pricing.regular).toBe('0.00');
    expect(
      (await priced([{ currencyCode: 'USD', price: 1234567 }], facts({ moneyDecimals: 3 }))).canonical.pricing.regular,
    ).toBe('1234.567');
    const { product, canonical } = await priced([euro]);
    expect(canonical.pricing.regular).toBeNull();
    expect(product.reports).toEqual([{ key: 'extra-currency-prices', field: 'variants.11.prices' }]);
  });

  test('the default category is the standard rate, others go by their names, and one variant decides', async () => {
    const reduced = { id: '2', name: 'Reduced', isDefault: false };
    const { product, canonical } = await read({
      variants: [variantRow('11', { taxCategory: reduced }), variantRow('12')],
    });
    expect(canonical.taxClass).toBe('Reduced');
    expect(canonical.variants.map(({ taxClass }) => taxClass)).toEqual([null, '']);
    expect(product.reports).toEqual([
      { key: 'variant-tax-class', field: 'variants.12.taxCategory', sample: 'default' },
    ]);
  });
});

const levels = (...figures: readonly (readonly [number, number])[]) => ({
  stockLevels: figures.map(([stockOnHand, stockAllocated], at) => ({
    updatedAt: '2026-11-21T15:00:00.000Z',
    stockOnHand,
    stockAllocated,
    stockLocationId: String(at + 1),
  })),
});

const stockOf = async (more: Record<string, unknown>, shop = facts()) =>
  await read({ variants: [variantRow('11', more)] }, shop);

describe('stock', () => {
  test('is what is at all places, less what open orders were promised', async () => {
    const { stock, stocks } = await stockOf(levels([10, 3], [5, 0]));
    expect(stock[0]?.quantity).toBe('12');
    expect(stocks[0]).toMatchObject({
      modifiedAt: '2026-11-21T15:00:00.000Z',
      reports: [{ key: 'stock-locations', field: 'stockLevels' }],
    });
  });

  test.each([
    [
      'a threshold above zero keeps some back',
      { useGlobalOutOfStockThreshold: false, outOfStockThreshold: 3 },
      { quantity: '5', backorders: 'no' },
    ],
    [
      'one below zero sells what is not there yet',
      { useGlobalOutOfStockThreshold: false, outOfStockThreshold: -5 },
      { quantity: '8', backorders: 'yes' },
    ],
    [
      'the shop’s own is ignored by a variant with its own',
      { outOfStockThreshold: 9 },
      { quantity: '7', backorders: 'no' },
    ],
    ['more promised than there is', levels([2, 5]), { quantity: '-4', status: 'out_of_stock' }],
    [
      'what is not tracked has no figure',
      { trackInventory: 'FALSE' },
      { managed: 'no', quantity: null, status: 'in_stock', anySiblingManaged: false },
    ],
  ])('%s', async (_, more, expected) => {
    expect((await stockOf(more, facts({ outOfStockThreshold: 1 }))).stock[0]).toMatchObject(expected);
  });

  test('is tracked as the shop is set, where a variant says nothing', async () => {
    const shop = facts({ tracksInventory: false });
    expect((await stockOf({}, shop)).canonical.variants[0]?.stock).toMatchObject({ managed: 'no', status: 'in_stock' });
    expect((await stockOf({ trackInventory: 'TRUE' }, shop)).canonical.variants[0]?.stock).toMatchObject({
      managed: 'own',
      status: null,
    });
  });
});

describe('what a product belongs to', () => {
  test('collections and brands are waited for; other facets describe', async () => {
    const { product, canonical } = await read({
      collections: [{ id: '10' }, { id: '9' }],
      facetValues: [
        facetValueRow('7', 'Winter'),
        facetValueRow('3', 'Leaf', BRAND),
        facetValueRow('5', 'Autumn'),
        facetValueRow('6', 'B', { id: '4', code: 'grade', name: 'Grade', isPrivate: true }),
      ],
    });
    expect(canonical).toMatchObject({ categories: ['9', '10'], brands: ['3'] });
    expect(
      canonical.attributes.map(({ key, options, visible, forVariants }) => ({ key, options, visible, forVariants })),
    ).toEqual([
      { key: 'global:season', options: ['Autumn', 'Winter'], visible: true, forVariants: false },
      { key: 'global:grade', options: ['B'], visible: false, forVariants: false },
    ]);
    expect(product.references).toEqual([
      { entity: 'category', sourceId: '9', kind: 'hard', field: 'categories' },
      { entity: 'category', sourceId: '10', kind: 'hard', field: 'categories' },
      { entity: 'brand', sourceId: '3', kind: 'hard', field: 'brands' },
    ]);
  });

  test('a shop without a brand facet has no brands', async () => {
    const { canonical } = await read({ facetValues: [facetValueRow('3', 'Leaf', BRAND)] }, facts({ brandFacet: null }));
    expect(canonical).toMatchObject({ brands: [], attributes: [{ key: 'global:brand', options: ['Leaf'] }] });
  });
});

describe('custom fields', () => {
  const shop = facts({
    customFields: new Map([
      ['Product', { plain: ['weight', 'apiToken'], others: ['supplier'] }],
      ['ProductVariant', { plain: ['ean'], others: [] }],
    ]),
  });

  test('are asked for by name and carried; secrets and links to others are told', async () => {
    const variants = [variantRow('11', { customFields: { ean: '4006381333931' } })];
    const { product, canonical } = await read(
      { variants, customFields: { weight: 1.5, apiToken: 'x', empty: null } },
      shop,
    );
    expect(canonical.meta).toEqual([{ key: 'weight', value: 1.5 }]);
    expect(canonical.variants[0]?.meta).toEqual([{ key: 'ean', value: '4006381333931' }]);
    expect(product.reports).toEqual([
      { key: 'secret-meta-skipped', field: 'customFields.apiToken' },
      { key: 'unknown-field', field: 'customFields.supplier' },
    ]);
    expect(products.fields(shop)).toContain('customFields { weight apiToken }');
    expect(products.fields(facts())).not.toContain('customFields');
  });
});

describe('a row', () => {
  test('that cannot be understood is told, and the others are read', async () => {
    const broken = row('2', { enabled: 'perhaps' });
    const { records, unreadable } = await products.read([broken, row('3')], facts(), signal);
    expect(unreadable).toMatchObject([
      { entity: 'product', sourceId: '2', reason: expect.stringContaining('enabled') as string },
    ]);
    expect(records.map(({ sourceId }) => sourceId)).toEqual(['3', '3/11']);
  });

  test('of a scan claims its name and SKUs, and nothing where it cannot be read', () => {
    const variants = [
      { id: '12', sku: ' B ', updatedAt: null },
      { id: '11', sku: 'A', updatedAt: '2026-11-21T16:00:00.000Z' },
    ];
    const scanned = {
      id: '1',
      name: ' Mug ',
      slug: 'mug',
      updatedAt: '2026-11-21T15:00:00.000Z',
      optionGroups: [{ id: '5' }],
      variants,
    };
    const simple = { ...scanned, id: '2', optionGroups: [], variants: variants.slice(1) };
    const keys = products.keys([scanned, simple, { id: '3' }], facts());
    expect(keys).toMatchObject([
      {
        sourceId: '1',
        name: 'Mug',
        sku: '',
        modifiedAt: '2026-11-21T16:00:00.000Z',
        children: [
          { sourceId: '11', sku: 'A' },
          { sourceId: '12', sku: 'B' },
        ],
      },
      { sourceId: '2', sku: 'A', children: [] },
      { sourceId: '3', name: '', sku: '' },
    ]);
  });

  test('has a later stamp once a variant has, and tells other languages', async () => {
    const variants = [variantRow('11', { updatedAt: '2026-11-21T17:00:00.123Z' })];
    const { product } = await read({
      variants,
      translations: [{ languageCode: 'de' }, { languageCode: 'en' }, { languageCode: 'fr' }],
    });
    expect(product.modifiedAt).toBe('2026-11-21T17:00:00.123Z');
    expect(product.reports).toEqual([{ key: 'language-unmapped', field: 'translations', sample: 'de, fr' }]);
  });
});
