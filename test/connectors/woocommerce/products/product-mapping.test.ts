import { describe, expect, test } from 'vitest';
import { canonicalProduct } from '../../../../src/connectors/woocommerce/products/product-mapping.ts';
import { productSchema, variationSchema } from '../../../../src/connectors/woocommerce/products/product-schema.ts';
import { canonicalVariant, inPrecedence } from '../../../../src/connectors/woocommerce/products/variation-mapping.ts';
import { recordedBody } from '../recordings.ts';

const noTerms = () => null;

function simple(changes: Record<string, unknown> = {}) {
  return productSchema.parse({ ...recordedBody('create simple product'), ...changes });
}

function mapped(changes: Record<string, unknown> = {}, termName: Parameters<typeof canonicalProduct>[2] = noTerms) {
  return canonicalProduct(simple(changes), [], termName);
}

function variation(changes: Record<string, unknown> = {}) {
  return variationSchema.parse({ ...recordedBody('create variation'), ...changes });
}

describe('a product of WooCommerce', () => {
  test('keeps every field of the recorded one', () => {
    const { canonical, reports } = mapped();
    expect(canonical).toMatchObject({
      kind: 'simple',
      name: 'Plain Tee mwp5kuha',
      path: '/product/plain-tee-mwp5kuha/',
      sku: 'TEE-mwp5kuha',
      status: 'published',
      description: '<p>Cotton.</p>',
      pricing: { regular: '19.95', sale: '15.00', onSale: true, saleFrom: null, saleTo: null },
      measures: { weight: '0.4', length: '10', width: '5', height: '2' },
      stock: { managed: 'own', status: null, forcedOut: false, backorders: 'no', lowStockAt: null },
      categories: ['20'],
      brands: ['23'],
      tags: ['new-mwp5kuha'],
      downloadLimit: null,
      createdAt: '2026-11-20T15:47:50.000Z',
    });
    expect(canonical.meta).toEqual([
      { key: 'seo_title', value: 'Tee | Shop' },
      { key: 'specs', value: { fit: 'slim' } },
    ]);
    expect(reports).toEqual([]);
  });

  test('decodes entities of names once and leaves tags and HTML fields alone (T1, T2)', () => {
    const { canonical } = mapped({
      name: 'Fish &amp;amp; <b>Chips</b>',
      description: '<p>Fish &amp; Chips</p>',
      tags: [{ id: 1, name: 'Salt &#038; Vinegar', slug: 'x' }],
    });
    expect(canonical.name).toBe('Fish &amp; <b>Chips</b>');
    expect(canonical.description).toBe('<p>Fish &amp; Chips</p>');
    expect(canonical.tags).toEqual(['Salt & Vinegar']);
  });

  test('keeps odd prices as they are stored and takes an empty one for none (T8)', () => {
    expect(mapped({ regular_price: '5.555', sale_price: '' }).canonical.pricing).toMatchObject({
      regular: '5.555',
      sale: null,
    });
    expect(mapped({ regular_price: '0' }).canonical.pricing.regular).toBe('0');
  });

  test('believes the shop, not the dates, about a sale (T9)', () => {
    const { pricing } = mapped({
      on_sale: false,
      sale_price: '1.00',
      date_on_sale_from_gmt: '2099-01-01T05:00:00',
    }).canonical;
    expect(pricing).toMatchObject({ sale: '1.00', onSale: false, saleFrom: '2099-01-01T05:00:00.000Z' });
  });

  test.each([
    ['a draft without a slug (T22)', { slug: '', permalink: 'https://shop.example/?p=2043', status: 'draft' }],
    ['an address by post type', { permalink: 'https://shop.example/?post_type=product&p=2043' }],
  ])('%s has no path', (_name, changes) => {
    expect(mapped(changes).canonical.path).toBeNull();
  });

  test('keeps a percent-encoded path with its category as it is (T18)', () => {
    const { path } = mapped({ permalink: 'https://shop.example/shop/caf%C3%A9/%f0%9f%98%80' }).canonical;
    expect(path).toBe('/shop/caf%C3%A9/%f0%9f%98%80/');
  });

  test.each([
    ['variable-subscription', {}, 'subscription'],
    ['simple', { meta_data: [{ id: 1, key: '_subscription_price', value: '9.00' }] }, 'subscription'],
    ['simple', { meta_data: [{ id: 1, key: '_subscription_price', value: '' }] }, 'simple'],
    ['woosb', {}, 'bundle'],
    ['auction', {}, 'unknown'],
  ])('type %s with %j is of kind %s', (type, changes, kind) => {
    const { canonical } = mapped({ type, ...changes });
    expect([canonical.kind, canonical.sourceType]).toEqual([kind, type]);
  });

  test.each([
    ['publish', 'published'],
    ['future', 'scheduled'],
    ['private', 'private'],
    ['wc-plugin-made', 'draft'],
  ])('status %s becomes %s', (status, expected) => {
    expect(mapped({ status }).canonical.status).toBe(expected);
  });

  test('leaves the placeholder image out and the same attachment twice in once', () => {
    const shown = { id: 7, src: 'https://shop.example/a.jpg', name: 'a', alt: ' Front ' };
    const { images } = mapped({
      images: [
        shown,
        { ...shown },
        {
          id: 4,
          src: 'https://shop.example/wp-content/uploads/woocommerce-placeholder-600x600.webp',
          name: '',
          alt: '',
        },
      ],
    }).canonical;
    expect(images).toEqual([{ key: '7', url: 'https://shop.example/a.jpg', alt: 'Front' }]);
  });

  test('resolves the default of a global attribute from its slug and of a local one from its text (T5)', () => {
    const attributes = [
      { id: 2, name: 'Colour', slug: 'pa_colour', position: 1, visible: true, variation: true, options: ['Deep Blue'] },
      {
        id: 0,
        name: 'Size',
        slug: 'Size',
        position: 0,
        visible: false,
        variation: true,
        options: ['40 &amp; up', '41'],
      },
      { id: 3, name: 'Cut', slug: 'pa_cut', position: 2, visible: true, variation: true, options: ['Slim'] },
    ];
    const default_attributes = [
      { id: 2, name: 'Colour', option: 'navy' },
      { id: 0, name: 'Size', option: '40 & up' },
      { id: 3, name: 'Cut', option: 'gone' },
    ];
    const { canonical } = mapped({ attributes, default_attributes }, (_id, slug) =>
      slug === 'navy' ? 'Deep Blue' : null,
    );
    expect(
      canonical.attributes.map(({ key, defaultOption, unresolvedDefault }) => [key, defaultOption, unresolvedDefault]),
    ).toEqual([
      ['local:Size', '40 & up', null],
      ['global:pa_colour', 'Deep Blue', null],
      ['global:pa_cut', null, 'gone'],
    ]);
  });

  test('drops editors’ bookkeeping, names secrets without their values, joins rows of one key', () => {
    const { canonical, reports } = mapped({
      meta_data: [
        { id: 1, key: '_edit_lock', value: '1:1' },
        { id: 2, key: 'api_token', value: 'very-secret' },
        { id: 3, key: 'colour_code', value: 'b' },
        { id: 4, key: 'badge', value: ['x'] },
        { id: 5, key: 'colour_code', value: 'a' },
      ],
    });
    expect(canonical.meta).toEqual([
      { key: 'badge', value: ['x'] },
      { key: 'colour_code', value: ['b', 'a'] },
    ]);
    expect(reports).toEqual([{ key: 'secret-meta-skipped', field: 'meta_data.api_token' }]);
    expect(JSON.stringify([canonical, reports])).not.toContain('very-secret');
  });

  test('reports what no canonical field carries', () => {
    const { reports } = mapped({
      total_sales: 12,
      reviews_allowed: false,
      downloads: [{ id: 'x', name: 'Manual', file: 'https://shop.example/private.zip' }],
    });
    expect(reports.map(({ key }) => key)).toEqual(['sales-counter', 'reviews-disabled-flag', 'download-files']);
    expect(JSON.stringify(reports)).not.toContain('private.zip');
  });

  test('an in-stock status that WooCommerce computes from the variations is no fact of the product', () => {
    expect(
      mapped({ type: 'variable', manage_stock: false, stock_status: 'outofstock' }).canonical.stock.status,
    ).toBeNull();
    expect(mapped({ manage_stock: false, stock_status: 'outofstock' }).canonical.stock.status).toBe('out_of_stock');
  });

  test('tells "out of stock" apart from what the figure says', () => {
    expect(mapped({ stock_status: 'outofstock', stock_quantity: 5 }).canonical.stock.forcedOut).toBe(true);
    expect(mapped({ stock_status: 'outofstock', stock_quantity: 0 }).canonical.stock.forcedOut).toBe(false);
  });
});

describe('a variation', () => {
  const parent = productSchema.parse({
    ...recordedBody('get variable product'),
    weight: '2',
    dimensions: { length: '10', width: '', height: '' },
    images: [{ id: 9, src: 'https://shop.example/p.jpg', name: '', alt: '' }],
  });

  test('keeps its own values and its options by attribute', () => {
    const { variant } = canonicalVariant(variation(), parent, 0);
    expect(variant).toMatchObject({
      sourceId: '2045',
      sku: 'BOOT-mwp5kuha-R40',
      pricing: { regular: '89.00' },
      options: { 'global:pa_colmwp5kuha': 'Red', 'local:Size': '40' },
      stock: { managed: 'own' },
      taxClass: null,
    });
  });

  test('what it shows of its parent is inherited, not its own (T3)', () => {
    const { variant } = canonicalVariant(
      variation({
        sku: 'boot-MWP5KUHA',
        weight: '2.0',
        dimensions: { length: '10', width: '3', height: '' },
        image: { id: 9, src: 'https://shop.example/p.jpg', name: '', alt: '' },
        tax_class: 'parent',
      }),
      parent,
      0,
    );
    expect(variant).toMatchObject({
      sku: '',
      measures: { weight: null, length: null, width: '3', height: null },
      image: null,
      taxClass: null,
    });
  });

  test('an attribute that it leaves out or leaves empty means any (T4)', () => {
    const attributes = [{ id: 2, name: 'Colour mwp5kuha', slug: 'pa_colmwp5kuha', option: '' }];
    expect(canonicalVariant(variation({ attributes }), parent, 0).variant.options).toEqual({});
    expect(canonicalVariant(variation({ attributes: [] }), parent, 0).variant.options).toEqual({});
  });

  test('a tax class of its own is reported', () => {
    const { variant, reports } = canonicalVariant(variation({ tax_class: 'reduced-rate' }), parent, 0);
    expect(variant.taxClass).toBe('reduced-rate');
    expect(reports).toEqual([{ key: 'variant-tax-class', field: 'variations.2045.tax_class', sample: 'reduced-rate' }]);
  });

  test('takes precedence by menu order, then by id', () => {
    const rows = [
      variation({ id: 30, menu_order: 1 }),
      variation({ id: 20, menu_order: 0 }),
      variation({ id: 9, menu_order: 1 }),
    ];
    expect(inPrecedence(rows).map(({ id }) => id)).toEqual(['20', '9', '30']);
  });
});
