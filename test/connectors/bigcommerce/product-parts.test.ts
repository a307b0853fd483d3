import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CanonicalProduct, CanonicalVariant } from '../../../src/domain/product.ts';
import { attribute, pricing, product, stockPolicy, variant } from './forms.ts';
import { openStore, type SandboxStore } from './sandbox-store.ts';

let store: SandboxStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

const REF = { entity: 'product' as const, sourceId: '7' };
const bring = (canonical: CanonicalProduct) => store.driver.bring('product', '7', canonical);
const shirt = (variants: readonly CanonicalVariant[], more: Partial<CanonicalProduct> = {}) =>
  product({
    kind: 'variable',
    name: 'Shirt',
    sku: 'SHIRT',
    pricing: pricing(null),
    stock: stockPolicy({ status: null }),
    attributes: [attribute('Size', ['S', 'M', 'L'])],
    variants: variants.map((one, position) => ({ ...one, position })),
    ...more,
  });
const S = variant('21', { Size: 'S' });
const M = variant('22', { Size: 'M' });
const L = variant('23', { Size: 'L' });
const sold = () =>
  store
    .product()
    .variants.map(
      (row) => `${row.option_values.map(({ label }) => label).join('/')} ${row.sku} ${String(row['price'])}`,
    )
    .sort();
const variantIds = () => new Map(store.product().variants.map(({ sku, id }) => [sku, id]));

const origin = (...options: string[]) =>
  product({ attributes: [attribute('Origin', options, { forVariants: false })] });

const shown = () => store.product().custom_fields.map(({ name, value }) => `${name}=${value}`);

const noted = (purchaseNote: string) => product({ purchaseNote });

const ours = () =>
  [...store.sandbox.store.metafields.values()]
    .filter(({ namespace }) => namespace === 'storeferry')
    .map(({ key, value }) => `${key}=${value}`)
    .sort();

describe('fewest requests', () => {
  test('a product with variants, fields and marker takes one create and two batches of metafields', async () => {
    const fields = [attribute('Size', ['S', 'M']), attribute('Origin', ['Japan'], { forVariants: false })];
    expect(await bring(shirt([S, M], { attributes: fields }))).toBeNull();
    expect(store.requests().filter((request) => !request.startsWith('GET'))).toEqual([
      'POST /v:n/catalog/products',
      'POST /v:n/catalog/products/metafields',
      'POST /v:n/catalog/variants/metafields',
    ]);
  });

  test('metafields of ten products share a request', async () => {
    const row = store.driver.target.entity('product');
    const items = [];
    for (let id = 1; id <= 10; id++) {
      const canonical = product({ name: `Tea ${id}`, sku: `T-${id}`, path: `/p/${id}/` });
      const ref = { entity: 'product' as const, sourceId: String(id) };
      await store.driver.send('product', 'core', await store.driver.createItem('product', ref.sourceId, canonical));
      const parts = await store.driver.parts('product', ref.sourceId, canonical);
      items.push(store.driver.updateItem(row, ref, 'metafields', parts.get('metafields') ?? null));
    }
    store.requests();
    const outcomes = await row.write('metafields', items, { signal: new AbortController().signal });
    expect(outcomes.every(({ outcome }) => outcome === 'written')).toBe(true);
    expect(store.requests()).toEqual(['POST /v:n/catalog/products/metafields']);
  });

  test('an edit sends only what differs', async () => {
    await bring(product());
    store.product()['warranty'] = 'by the merchant';
    store.product()['search_keywords'] = 'by the merchant';
    expect(await bring(product({ pricing: pricing('12') }))).toBeNull();
    expect(store.product()).toMatchObject({
      price: 12,
      search_keywords: 'by the merchant',
      warranty: 'by the merchant',
    });
  });
});

describe('variants', () => {
  test('get new prices in one request and keep their ids', async () => {
    await bring(shirt([S, M]));
    const before = variantIds();
    store.requests();
    expect(await bring(shirt([S, { ...M, pricing: pricing('44') }]))).toBeNull();
    expect(store.requests().filter((request) => request.includes('variants'))).toEqual(['PUT /v:n/catalog/variants']);
    expect(sold()).toEqual(['M SHIRT-22 44', 'S SHIRT-21 10']);
    expect(variantIds()).toEqual(before);
  });

  test('come and go, the others keep their ids and markers', async () => {
    await bring(shirt([S, M]));
    const before = variantIds();
    expect(await bring(shirt([M, L]))).toBeNull();
    expect(sold()).toEqual(['L SHIRT-23 10', 'M SHIRT-22 10']);
    expect(variantIds().get('SHIRT-22')).toBe(before.get('SHIRT-22'));
    const pairs = store.driver.heldOf(REF).children.filter(({ kind }) => kind === 'variant');
    expect(pairs.map(({ sourceId }) => sourceId).sort()).toEqual(['22', '23']);
    const markers = [...store.sandbox.store.metafields.values()].filter(
      ({ resource, key }) => resource === 'variants' && key === 'source_id',
    );
    expect(markers.map(({ value }) => value)).toEqual(expect.arrayContaining(['abc123:22', 'abc123:23']));
  });

  test('that a merchant made stay', async () => {
    await bring(shirt([S, M]));
    const row = store.product();
    const option = row.options[0];
    option?.option_values.push({ id: 88_888, label: 'XXL', sort_order: 9, is_default: false });
    const theirs = { id: 88_888, option_id: option?.id ?? 0, option_display_name: 'Size', label: 'XXL' };
    row.variants.push({
      id: 77_777,
      product_id: row.id,
      sku: 'THEIRS',
      option_values: [theirs],
      inventory_level: 0,
      price: 1,
    });
    expect(await bring(shirt([M, L]))).toBeNull();
    expect(sold()).toEqual(['L SHIRT-23 10', 'M SHIRT-22 10', 'XXL THEIRS 1']);
  });

  test('another option is another set of variants', async () => {
    await bring(shirt([S, M]));
    const two = [attribute('Size', ['S', 'M']), attribute('Colour', ['Red'])];
    const variants = [variant('21', { Size: 'S', Colour: 'Red' }), variant('22', { Size: 'M', Colour: 'Red' })];
    expect(await bring(shirt(variants, { attributes: two }))).toBeNull();
    expect(sold()).toEqual(['M/Red SHIRT-22 10', 'S/Red SHIRT-21 10']);
    expect(store.product().options.map((option) => option.display_name)).toEqual(['Size', 'Colour']);
  });

  test('a simple product becomes a variable one', async () => {
    await bring(product({ name: 'Shirt', sku: 'SHIRT' }));
    expect(await bring(shirt([S, M]))).toBeNull();
    expect(sold()).toEqual(['M SHIRT-22 10', 'S SHIRT-21 10']);
    expect(store.driver.heldOf(REF).children.filter(({ kind }) => kind === 'variant')).toHaveLength(2);
  });

  test('a variable product becomes a simple one', async () => {
    await bring(shirt([S, M]));
    expect(await bring(product({ name: 'Shirt', sku: 'SHIRT', attributes: [attribute('Size', ['S'])] }))).toBeNull();
    expect(store.product().variants.filter((row) => row.option_values.length > 0)).toEqual([]);
    expect(store.product().options).toEqual([]);
  });

  test('after a lost reply in the middle of a change are brought in line without doubling', async () => {
    await bring(shirt([S]));
    store.sandbox.controls.faults.add([
      { method: 'PUT', route: '/v3/catalog/variants', times: 1, fault: { kind: 'drop', applied: 'now' } },
    ]);
    expect(await bring(shirt([S, M, L]))).toMatchObject({ outcome: 'uncertain' });
    expect(await bring(shirt([S, M, L]))).toBeNull();
    expect(sold()).toEqual(['L SHIRT-23 10', 'M SHIRT-22 10', 'S SHIRT-21 10']);
  });
});

describe('options and modifiers', () => {
  test('get order and default with one request for the option that differs', async () => {
    const attributes = [attribute('Size', ['S', 'M'], { defaultOption: 'M' }), attribute('Colour', ['Red', 'Blue'])];
    const variants = [
      variant('21', { Size: 'S', Colour: 'Blue' }),
      variant('22', { Size: 'M', Colour: 'Blue' }),
      variant('23', { Size: 'M', Colour: 'Red' }),
    ];
    expect(await bring(shirt(variants, { attributes }))).toBeNull();
    const options = store
      .product()
      .options.map(({ display_name: name, option_values: values }) => [
        name,
        values
          .toSorted((a, b) => a.sort_order - b.sort_order)
          .map(({ label, is_default: first }) => (first ? `*${label}` : label)),
      ]);
    expect(options).toEqual([
      ['Size', ['S', '*M']],
      ['Colour', ['Red', 'Blue']],
    ]);
    expect(store.requests().filter((request) => /^(PUT|POST).*options/.test(request))).toHaveLength(2);
  });

  test('a free choice is made once, changed in place, and goes with its attribute', async () => {
    const engraving = attribute('Engraving', ['Yes', 'No']);
    const size = attribute('Size', ['S']);
    const labels = () => store.product().modifiers.map(({ option_values: values }) => values.map(({ label }) => label));
    expect(await bring(shirt([S], { attributes: [size, engraving] }))).toBeNull();
    const [before] = store.product().modifiers;
    expect(before).toMatchObject({ display_name: 'Engraving', type: 'dropdown', required: true });
    expect(await bring(shirt([S], { attributes: [size, attribute('Engraving', ['Yes', 'Maybe', 'No'])] }))).toBeNull();
    expect(store.product().modifiers[0]?.id).toBe(before?.id);
    expect(labels()[0]).toEqual(expect.arrayContaining(['Yes', 'Maybe', 'No']));
    expect(await bring(shirt([S], { attributes: [size] }))).toBeNull();
    expect(store.product().modifiers).toEqual([]);
  });

  test('a product without any real option keeps one thing to buy, which stock can be set on', async () => {
    expect(
      await bring(shirt([variant('21', {}, { stock: stockPolicy({ managed: 'own', status: null }) })])),
    ).toBeNull();
    expect(store.product()).toMatchObject({ inventory_tracking: 'product', sku: 'SHIRT' });
    const bases = store.driver.heldOf(REF).children.filter(({ kind }) => kind === 'base_variant');
    expect(bases.map(({ sourceId }) => sourceId)).toEqual(['21']);
  });
});

describe('custom fields', () => {
  test("change in place, come and go; a merchant's own stay", async () => {
    await bring(origin('Japan', 'China'));
    const [japan] = store.product().custom_fields;
    store.product().custom_fields.push({ id: 99_999, name: 'Theirs', value: 'x' });
    expect(await bring(origin('Japan', 'India'))).toBeNull();
    expect(shown().sort()).toEqual(['Origin=India', 'Origin=Japan', 'Theirs=x']);
    expect(store.product().custom_fields[0]?.id).toBe(japan?.id);
    expect(await bring(origin())).toBeNull();
    expect(shown()).toEqual(['Theirs=x']);
  });
});

describe('metafields', () => {
  test('are added, changed and removed, and never doubled', async () => {
    await bring(noted('Thanks'));
    expect(ours()).toEqual(['purchase_note=Thanks', 'source_id=abc123:7']);
    expect(await bring(noted('Bye'))).toBeNull();
    expect(ours()).toEqual(['purchase_note=Bye', 'source_id=abc123:7']);
    expect(await bring(noted(''))).toBeNull();
    expect(ours()).toEqual(['source_id=abc123:7']);
  });

  test('that a lost reply made are taken over by the next try', async () => {
    store.sandbox.controls.faults.add([
      { method: 'POST', route: 'metafields$', times: 1, fault: { kind: 'drop', applied: 'now' } },
    ]);
    expect(await bring(noted('Thanks'))).toMatchObject({ outcome: 'uncertain' });
    expect(await bring(noted('Bye'))).toBeNull();
    expect(ours()).toEqual(['purchase_note=Bye', 'source_id=abc123:7']);
  });

  test('are removed after a write that failed in part, of which nobody knows what was meant; those of variants stay', async () => {
    expect(await bring(shirt([S, M], { purchaseNote: 'Thanks' }))).toBeNull();
    store.driver.heldOf(REF).open.set('metafields', 'its last write arrived in part');
    expect(await bring(shirt([S, M]))).toBeNull();
    expect(ours()).toEqual(['source_id=abc123:21', 'source_id=abc123:22', 'source_id=abc123:7']);
  });

  test('are app-only', async () => {
    await bring(noted('Thanks'));
    const sets = [...store.sandbox.store.metafields.values()].map((row) => row['permission_set']);
    expect(new Set(sets)).toEqual(new Set(['app_only']));
  });
});

describe('related products', () => {
  test('go along with the create when they are there, and follow in a batch when they come later', async () => {
    store.driver.heldOf({ entity: 'product', sourceId: '8' }).targetId = '500';
    expect(await bring(product({ upSells: ['8'], crossSells: ['9'] }))).toBeNull();
    expect(store.product()['related_products']).toEqual([500]);
    store.driver.heldOf({ entity: 'product', sourceId: '9' }).targetId = '501';
    store.requests();
    expect(await bring(product({ upSells: ['8'], crossSells: ['9'] }))).toBeNull();
    expect(store.product()['related_products']).toEqual([500, 501]);
    expect(store.requests()).toEqual(['PUT /v:n/catalog/products']);
  });
});
