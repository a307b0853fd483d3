import { describe, expect, it } from 'vitest';
import { mapProduct, productKeys } from '../../../../src/connectors/bigcommerce/mapping/product.ts';
import type { CanonicalProduct } from '../../../../src/domain/product.ts';
import { attribute, contextWith, type ContextChanges, pricing, product, SOURCE_KEY, writtenForm } from '../forms.ts';

const map = (more: Partial<CanonicalProduct>, changes: ContextChanges = {}, allowPrivate = false) =>
  writtenForm(mapProduct('12', product(more), contextWith(changes), { allowPrivate }));
const metafield = (form: ReturnType<typeof map>, key: string): string | undefined =>
  (form.parts['metafields'] as { key: string; value: string }[]).find((row) => row.key === key)?.value;

describe('a simple product', () => {
  it('needs no adjustment when nothing is special about it', () => {
    const form = map({});
    expect(form.adjusted).toEqual([]);
    expect(form.parts['core']).toMatchObject({
      name: 'Green tea',
      type: 'physical',
      sku: 'TEA-1',
      price: 9.95,
      sale_price: 0,
      is_visible: true,
      availability: 'available',
      inventory_tracking: 'none',
      custom_url: { url: '/product/green-tea/', is_customized: true },
    });
    expect(metafield(form, 'source_id')).toBe(`${SOURCE_KEY}:12`);
  });

  it('maps equally whatever was mapped before it', () => {
    const record = product({ tags: ['a', 'b'], attributes: [attribute('Origin', ['Japan'], { forVariants: false })] });
    const once = mapProduct('12', record, contextWith(), { allowPrivate: false });
    mapProduct('13', product({ name: 'Other' }), contextWith(), { allowPrivate: false });
    expect(mapProduct('12', record, contextWith(), { allowPrivate: false })).toEqual(once);
  });

  it('keeps every core field in every form, so that a value that goes away is sent as gone', () => {
    const full = map({ gtin: '4006381333931', soldIndividually: true, tags: ['x'] });
    const bare = map({});
    expect(Object.keys(full.parts['core'])).toEqual(Object.keys(bare.parts['core']));
    expect(bare.parts['core']).toMatchObject({ gtin: '', order_quantity_maximum: 0, search_keywords: '' });
  });
});

describe('names', () => {
  it('are stripped of tags and cut at a word, the whole kept in a metafield', () => {
    const long = `<b>${'word '.repeat(80)}</b>`;
    const form = map({ name: long });
    expect(form.parts['core'].name.length).toBeLessThanOrEqual(250);
    expect(form.parts['core'].name).not.toContain('<');
    expect(form.adjusted).toEqual(['name-tags-stripped', 'text-truncated']);
    expect(metafield(form, 'full_name')).toBe('word '.repeat(80).trim());
  });

  it('wish first for themselves, then for the SKU, then for the id', () => {
    const [name] = productKeys('12', product(), contextWith());
    expect(name?.alternatives).toEqual([
      'Green tea',
      'Green tea (TEA-1)',
      'Green tea (#12)',
      `Green tea (#12-${SOURCE_KEY})`,
    ]);
    expect(name?.role).toBe('cosmetic');
  });

  it('say so when another product has the name', () => {
    const form = map({}, { keys: { name: 'Green tea (TEA-1)' } });
    expect(form.parts['core'].name).toBe('Green tea (TEA-1)');
    expect(form.adjusted).toEqual(['name-made-unique']);
  });

  it('keep alternatives within the limit whatever the length of the name', () => {
    const [name] = productKeys('12', product({ name: 'x'.repeat(400), sku: '' }), contextWith());
    expect(name?.alternatives.every((text) => text.length <= 250)).toBe(true);
    expect(new Set(name?.alternatives).size).toBe(name?.alternatives.length);
  });

  it('get a placeholder when nothing is left of them', () => {
    const form = map({ name: '<br/>' });
    expect(form.parts['core'].name).toBe('Product 12');
    expect(form.adjusted).toContain('name-placeholder');
  });
});

describe('SKUs', () => {
  it('are made of the id when there is none, so that a lost create can be found', () => {
    const form = map({ sku: '' });
    expect(form.parts['core'].sku).toBe('WC-12');
    expect(form.adjusted).toEqual(['sku-generated']);
  });

  it('are identity keys with the id as alternative', () => {
    const sku = productKeys('12', product(), contextWith()).find(({ slot }) => slot === 'sku');
    expect(sku).toMatchObject({ kind: 'sku', role: 'identity', scope: '' });
    expect(sku?.alternatives.slice(0, 2)).toEqual(['TEA-1', 'TEA-1-12']);
  });

  it('say so when another record has them', () => {
    expect(map({}, { keys: { sku: 'TEA-1-12' } }).adjusted).toEqual(['sku-made-unique']);
  });
});

describe('prices', () => {
  it('keep four decimals, half up, and say when that changed something', () => {
    const form = map({ pricing: pricing('5.55555') });
    expect(form.parts['core'].price).toBe(5.5556);
    expect(form.adjusted).toEqual(['price-rounded']);
    expect(map({ pricing: pricing('5.555') }).adjusted).toEqual([]);
  });

  it('that are missing make the product unbuyable, not free', () => {
    const form = map({ pricing: pricing(null) });
    expect(form.parts['core']).toMatchObject({ price: 0, availability: 'disabled', is_price_hidden: true });
    expect(form.adjusted).toEqual(['no-price-unpurchasable']);
  });

  it('of zero stay buyable', () => {
    expect(map({ pricing: pricing('0') }).parts['core']).toMatchObject({ price: 0, availability: 'available' });
  });

  it('of a sale are carried only while the source says that it is on', () => {
    const dates = { saleFrom: '2026-12-01T00:00:00.000Z', saleTo: '2026-12-24T00:00:00.000Z' };
    const before = map({ pricing: pricing('10', { sale: '8', onSale: false, ...dates }) });
    expect(before.parts['core'].sale_price).toBe(0);
    expect(before.adjusted).toEqual(['sale-schedule-dropped']);
    expect(JSON.parse(metafield(before, 'sale_schedule') ?? '')).toEqual({
      from: dates.saleFrom,
      to: dates.saleTo,
      price: '8',
    });
    expect(map({ pricing: pricing('10', { sale: '8', onSale: true, ...dates }) }).parts['core'].sale_price).toBe(8);
  });
});

describe('visibility', () => {
  it.each([
    [{ status: 'draft' as const }, false, []],
    [{ status: 'private' as const }, false, []],
    [{ status: 'scheduled' as const }, false, ['scheduled-product-hidden']],
    [{ passwordProtected: true }, false, ['password-product-hidden']],
    [{ visibility: 'nowhere' as const }, false, ['visibility-hidden']],
    [{ visibility: 'catalog' as const }, true, ['visibility-flattened']],
    [{ visibility: 'search' as const }, true, ['visibility-flattened']],
  ])('of %j is %s', (more, shown, keys) => {
    const form = map(more);
    expect(form.parts['core'].is_visible).toBe(shown);
    expect(form.adjusted).toEqual(keys);
  });
});

describe('descriptions', () => {
  it('hold the short one first, cleaned', () => {
    const form = map({ shortDescription: 'Fine <script>x()</script>tea', description: '[gallery ids="1"]<p>Long</p>' });
    expect(form.parts['core'].description).toBe('<div class="short-description">Fine tea</div><p>Long</p>');
    expect(form.adjusted).toEqual(['html-sanitised', 'short-description-merged', 'shortcode-removed']);
  });

  it.each([
    ['append', '<p>Leaves.</p><div class="short-description">S</div>', undefined],
    ['metafield', '<p>Leaves.</p>', 'S'],
    ['drop', '<p>Leaves.</p>', undefined],
  ] as const)('by mapping: %s', (way, description, kept) => {
    const form = map({ shortDescription: 'S' }, { mapping: { shortDescription: way } });
    expect(form.parts['core'].description).toBe(description);
    expect(metafield(form, 'short_description')).toBe(kept);
  });

  it('report pictures that die with the old host', () => {
    const form = map({
      description: '<img alt="" src="https://shop.example.test/a.jpg"><img src="https://cdn.example.test/b.jpg">',
    });
    expect(form.reported).toEqual(['content-image-on-old-host']);
  });
});

describe('measures', () => {
  it('put the length into the depth, exactly, when units agree', () => {
    const form = map({ measures: { weight: '0.123456', length: '30', width: '20', height: '' } });
    expect(form.parts['core']).toMatchObject({ weight: 0.123456, depth: 30, width: 20, height: 0 });
    expect(form.adjusted).toEqual([]);
  });

  it('are not converted where the source has no units', () => {
    const source = { ...contextWith().source, weightUnit: null, lengthUnit: null };
    const form = map({ measures: { weight: '2', length: '3', width: null, height: null } }, { source });
    expect(form.parts['core']).toMatchObject({ weight: 2, depth: 3 });
    expect(form.adjusted).toEqual([]);
  });

  it('are converted with exact factors when units differ', () => {
    const form = map(
      { measures: { weight: '1', length: '2.54', width: '10', height: null } },
      { target: { weightUnit: 'lb', lengthUnit: 'in' } },
    );
    expect(form.parts['core']).toMatchObject({ weight: 2.2046, depth: 1, width: 3.937, height: 0 });
    expect(form.adjusted).toEqual(['unit-converted']);
  });
});

describe('tax classes', () => {
  it.each([
    ['taxable', '', {}, 0, []],
    ['taxable', 'reduced-rate', {}, 7, []],
    ['taxable', 'zero-rate', {}, 3, []],
    ['taxable', 'exotic', {}, 0, ['tax-class-fallback']],
    ['taxable', 'exotic', { exotic: '9' }, 9, []],
    ['none', '', {}, 3, []],
    ['shipping', '', {}, 3, ['tax-status-shipping']],
  ] as const)('%s "%s" %j → %s', (taxStatus, taxClass, taxClasses, id, keys) => {
    const form = map({ taxStatus, taxClass }, { mapping: { taxClasses } });
    expect(form.parts['core'].tax_class_id).toBe(id);
    expect(form.adjusted).toEqual(keys);
  });
});

describe('identifiers, tags, brands and the rest', () => {
  it.each([
    ['0 12345 67890-5', { gtin: '012345678905', upc: '012345678905' }, undefined],
    ['4006381333931', { gtin: '4006381333931', upc: '' }, undefined],
    ['ISBN X-1', { gtin: '', upc: '' }, 'ISBN X-1'],
  ])('GTIN %s', (gtin, fields, kept) => {
    const form = map({ gtin });
    expect(form.parts['core']).toMatchObject(fields);
    expect(metafield(form, 'gtin')).toBe(kept);
    expect(form.adjusted).toEqual(kept === undefined ? [] : ['gtin-not-numeric']);
  });

  it('take the first brand that is there and keep the others', () => {
    const form = map({ brands: ['1', '2'] }, { ids: { 'brand:1': '91', 'brand:2': '92' } });
    expect(form.parts['core'].brand_id).toBe(91);
    expect(metafield(form, 'brands')).toBe('["2"]');
    expect(form.adjusted).toEqual(['extra-brand-dropped']);
  });

  it('map categories as a set and leave out those that can never be there', () => {
    const form = map({ categories: ['3', '1', '9'] }, { ids: { 'category:1': '50', 'category:3': '40' } });
    expect(form.parts['core'].categories).toEqual([40, 50]);
  });

  it('join tags to search keywords', () => {
    const form = map({ tags: ['green', 'a, b'] });
    expect(form.parts['core'].search_keywords).toBe('green,a  b');
    expect(form.adjusted).toEqual(['tags-as-search-keywords']);
  });

  it('relate upsells first, what is there by now', () => {
    const form = map(
      { upSells: ['7', '8'], crossSells: ['8', '9'] },
      { ids: { 'product:8': '108', 'product:9': '109' } },
    );
    expect(form.parts['related']).toEqual([108, 109]);
    expect(metafield(form, 'upsell_ids')).toBe('["7","8"]');
    expect(form.adjusted).toEqual(['upsell-crosssell-merged']);
  });

  it('show visible attributes and keep hidden ones to themselves', () => {
    const form = map({
      attributes: [
        attribute('Origin', ['Japan', 'japan', 'China'], { forVariants: false }),
        attribute('Grade', ['A'], { forVariants: false, visible: false }),
      ],
    });
    expect(form.parts['custom_fields']).toEqual([
      { name: 'Origin', value: 'Japan' },
      { name: 'Origin', value: 'China' },
    ]);
    expect(metafield(form, 'attributes')).toBe('[{"name":"Grade","options":["A"]}]');
    expect(form.adjusted).toEqual(['hidden-attribute-in-metafield']);
  });

  it('carry at most 200 custom fields', () => {
    const options = Array.from({ length: 230 }, (_, index) => `o${index}`);
    const form = map({ attributes: [attribute('Many', options, { forVariants: false })] });
    expect(form.parts['custom_fields']).toHaveLength(200);
    expect(form.adjusted).toEqual(['custom-fields-over-limit']);
  });

  it('turn cost and typed SEO texts into fields and everything else into metafields', () => {
    const form = map({
      createdAt: '2024-01-02T03:04:05.000Z',
      purchaseNote: 'Thanks',
      shippingClass: 'bulky',
      meta: [
        { key: '_wc_cog_cost', value: '4.5' },
        { key: '_yoast_wpseo_title', value: '%%title%% %%sep%% %%sitename%%' },
        { key: '_yoast_wpseo_metadesc', value: '%%cf_unknown%%' },
        { key: '_yoast_wpseo_opengraph-title', value: 'Share %%title%%' },
        { key: 'rank_math_facebook_description', value: 'Tea for all' },
        { key: 'own', value: { a: 1 } },
      ],
    });
    expect(form.parts['core']).toMatchObject({
      cost_price: 4.5,
      page_title: 'Green tea - Tea & Co',
      meta_description: '',
      open_graph_title: 'Share Green tea',
      open_graph_description: 'Tea for all',
    });
    expect(form.reported).toEqual(['seo-variable-unresolved']);
    const shop = (form.parts['metafields'] as { namespace: string; key: string; value: string }[]).filter(
      ({ namespace }) => namespace === 'woocommerce',
    );
    expect(shop.map(({ key, value }) => `${key}=${value}`)).toEqual([
      '_yoast_wpseo_metadesc=%%cf_unknown%%',
      'own={"a":1}',
    ]);
    expect(form.adjusted).toEqual([
      'created-date-in-metafield',
      'purchase-note-in-metafield',
      'seo-template-resolved',
      'shipping-class-in-metafield',
    ]);
  });
});
