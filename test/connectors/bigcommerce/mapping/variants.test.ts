import { describe, expect, it } from 'vitest';
import { mapProduct, productKeys } from '../../../../src/connectors/bigcommerce/mapping/product.ts';
import type { CanonicalAttribute, CanonicalProduct, CanonicalVariant } from '../../../../src/domain/product.ts';
import {
  attribute,
  contextWith,
  type ContextChanges,
  pricing,
  product,
  stockPolicy,
  variant,
  writtenForm,
} from '../forms.ts';

const variable = (
  attributes: readonly CanonicalAttribute[],
  variants: readonly CanonicalVariant[],
  more: Partial<CanonicalProduct> = {},
): CanonicalProduct =>
  product({
    kind: 'variable',
    pricing: pricing(null),
    stock: stockPolicy({ status: null }),
    attributes,
    variants: variants.map((one, position) => ({ ...one, position })),
    ...more,
  });
const map = (record: CanonicalProduct, changes: ContextChanges = {}) =>
  writtenForm(mapProduct('12', record, contextWith(changes), { allowPrivate: false }));
const rows = (form: ReturnType<typeof map>) =>
  form.parts['variants'].rows as {
    key: string;
    sku: string;
    option_values: { label: string }[];
    [field: string]: unknown;
  }[];
const labels = (form: ReturnType<typeof map>) =>
  rows(form).map((row) => row.option_values.map(({ label }) => label).join('/'));

const SIZE = attribute('Size', ['S', 'M', 'L']);
const COLOUR = attribute('Colour', ['Red', 'Blue']);

describe('options and variants', () => {
  it('make a variant for each variation, in the order of the labels', () => {
    const form = map(
      variable(
        [SIZE, COLOUR],
        [
          variant('23', { Size: 'L', Colour: 'Red' }),
          variant('21', { Size: 'S', Colour: 'Red' }, { sku: 'own' }),
          variant('22', { Size: 'M', Colour: 'Blue' }),
        ],
      ),
    );
    expect(labels(form)).toEqual(['S/Red', 'M/Blue', 'L/Red']);
    expect(rows(form).map(({ sku }) => sku)).toEqual(['own', 'TEA-1-22', 'TEA-1-23']);
    expect(form.parts['options'].as_created).toBe(true);
    expect(form.adjusted).toEqual(['sku-generated']);
  });

  it('take the lowest published regular price for the product and give each variant its own', () => {
    const form = map(
      variable(
        [SIZE],
        [
          variant('21', { Size: 'S' }, { pricing: pricing('30') }),
          variant('22', { Size: 'M' }, { pricing: pricing('20', { sale: '15', onSale: true }) }),
          variant('23', { Size: 'L' }, { pricing: pricing('10'), status: 'private' }),
        ],
      ),
    );
    expect(form.parts['core']).toMatchObject({ price: 20, sale_price: 0, availability: 'available' });
    expect(rows(form).map((row) => [row['price'], row['sale_price'], row['purchasing_disabled']])).toEqual([
      [30, 0, false],
      [20, 15, false],
      [10, 0, true],
    ]);
  });

  it('switch off a variant without a price', () => {
    const form = map(
      variable([SIZE], [variant('21', { Size: 'S' }, { pricing: pricing(null) }), variant('22', { Size: 'M' })]),
    );
    expect(rows(form)[0]).toMatchObject({ price: null, purchasing_disabled: true });
    expect(form.adjusted).toContain('no-price-unpurchasable');
  });

  it('drop values that no variation uses and merge labels that differ in case', () => {
    const size = attribute('Size', ['S', 's', 'M', 'XL']);
    const form = map(variable([size], [variant('21', { Size: 's' }), variant('22', { Size: 'M' })]));
    expect(labels(form)).toEqual(['S', 'M']);
    expect(form.adjusted).toEqual(expect.arrayContaining(['option-value-merged', 'unused-option-value-dropped']));
  });

  it('keep the first of two variations with the same options', () => {
    const form = map(
      variable([SIZE], [variant('22', { Size: 'S' }), variant('21', { Size: 'S' }), variant('23', { Size: 'M' })]),
    );
    expect(rows(form).map(({ key }) => key)).toEqual(['22', '23']);
    expect(form.adjusted).toContain('duplicate-variation-dropped');
  });

  it('ask for a correction only where order or default is not what the create gives', () => {
    const scattered = map(
      variable(
        [SIZE, COLOUR],
        [variant('21', { Size: 'S', Colour: 'Blue' }), variant('22', { Size: 'M', Colour: 'Red' })],
      ),
    );
    expect(scattered.parts['options'].as_created).toBe(false);
    expect(scattered.parts['options'].rows[1].option_values.map(({ label }: { label: string }) => label)).toEqual([
      'Red',
      'Blue',
    ]);
    const withDefault = map(
      variable([attribute('Size', ['S'], { defaultOption: 'S' })], [variant('21', { Size: 'S' })]),
    );
    expect(withDefault.parts['options']).toMatchObject({
      as_created: false,
      rows: [{ option_values: [{ label: 'S', is_default: true }] }],
    });
  });

  it('say when a default cannot be resolved', () => {
    const size = attribute('Size', ['S'], { unresolvedDefault: 'gone' });
    expect(map(variable([size], [variant('21', { Size: 'S' })])).adjusted).toContain('default-option-unresolved');
  });
});

describe('"any" values', () => {
  it('in all variations become a required free choice', () => {
    const form = map(variable([SIZE, COLOUR], [variant('21', { Size: 'S' }), variant('22', { Size: 'M' })]));
    expect(labels(form)).toEqual(['S', 'M']);
    expect(form.parts['modifiers']).toMatchObject([
      { display_name: 'Colour', option_values: [{ label: 'Red' }, { label: 'Blue' }] },
    ]);
    expect(form.adjusted).toContain('any-attribute-to-modifier');
  });

  it('in some variations become the combinations that are not taken yet, first match first', () => {
    const form = map(
      variable(
        [SIZE, COLOUR],
        [
          variant('21', { Size: 'S', Colour: 'Red' }, { sku: 'SR' }),
          variant('22', { Colour: 'Red' }, { sku: 'R' }),
          variant('23', { Size: 'S' }, { sku: 'S' }),
        ],
      ),
    );
    expect(rows(form).map(({ key, sku }, index) => `${labels(form)[index]} ${key} ${sku}`)).toEqual([
      'S/Red 21 SR',
      'S/Blue 23 S',
      'M/Red 22 R',
      'L/Red 22#2 R-2',
    ]);
    expect(form.adjusted).toContain('any-variation-expanded');
  });

  it("everywhere leave one thing to buy, with the product's own SKU and the variation's price", () => {
    const form = map(
      variable([SIZE], [variant('21', {}, { sku: 'V', stock: stockPolicy({ managed: 'own', status: null }) })]),
    );
    expect(form.parts['variants']).toEqual({ base: '21', rows: [] });
    expect(form.parts['core']).toMatchObject({ sku: 'TEA-1', price: 10, inventory_tracking: 'product' });
    expect(form.parts['modifiers']).toHaveLength(1);
  });
});

describe('limits', () => {
  const sizes = Array.from({ length: 40 }, (_, index) => `size ${index}`);
  const colours = Array.from({ length: 20 }, (_, index) => `colour ${index}`);
  const grid = (more: (size: number, colour: number) => Partial<CanonicalVariant>) =>
    sizes.flatMap((size, i) =>
      colours.map((colour, j) => variant(String(1000 + i * 20 + j), { Size: size, Colour: colour }, more(i, j))),
    );

  it('free an option that changes nothing when there are more than 600 variants', () => {
    const form = map(
      variable(
        [attribute('Size', sizes), attribute('Colour', colours)],
        grid((size) => ({ pricing: pricing(String(10 + size)) })),
      ),
    );
    expect(form.parts['modifiers']).toMatchObject([{ display_name: 'Colour' }]);
    expect(rows(form)).toHaveLength(40);
    expect(form.adjusted).toContain('option-to-modifier');
  });

  it('refuse the product, with a remedy, when every option matters', () => {
    const record = variable(
      [attribute('Size', sizes), attribute('Colour', colours)],
      grid((size, colour) => ({ pricing: pricing(String(10 + size * 100 + colour)) })),
    );
    const mapped = mapProduct('12', record, contextWith(), { allowPrivate: false });
    expect(mapped).toMatchObject({ outcome: 'refuse', reason: expect.stringContaining('800 combinations') });
    expect(productKeys('12', record, contextWith()).map(({ slot }) => slot)).toEqual(['name', 'sku', 'path']);
  });

  it('refuse more than 250 values of one option', () => {
    const many = Array.from({ length: 251 }, (_, index) => `v${index}`);
    const record = variable(
      [attribute('Size', many)],
      many.map((size, index) => variant(String(index + 1), { Size: size }, { pricing: pricing(String(index + 1)) })),
    );
    expect(mapProduct('12', record, contextWith(), { allowPrivate: false }).outcome).toBe('refuse');
  });
});

const two = (
  first: Partial<CanonicalVariant>,
  second: Partial<CanonicalVariant>,
  more: Partial<CanonicalProduct> = {},
) => map(variable([SIZE], [variant('21', { Size: 'S' }, first), variant('22', { Size: 'M' }, second)], more));

describe('stock of variants', () => {
  const own = { stock: stockPolicy({ managed: 'own', status: null }) };
  const shared = { stock: stockPolicy({ managed: 'parent', status: null }) };
  const out = { stock: stockPolicy({ status: 'out_of_stock' }) };

  it('is tracked by variant when any is, by product when all share, else not at all', () => {
    expect(two(own, {}).parts['core'].inventory_tracking).toBe('variant');
    expect(two(shared, shared, own).parts['core'].inventory_tracking).toBe('product');
    expect(two(own, shared).parts['core'].inventory_tracking).toBe('variant');
    expect(two({}, {}).parts['core'].inventory_tracking).toBe('none');
  });

  it('switches an untracked variant off when it is out of stock, unless a level can say so', () => {
    expect(rows(two(out, {}))[0]?.['purchasing_disabled']).toBe(true);
    expect(rows(two(out, own))[0]?.['purchasing_disabled']).toBe(false);
  });

  it('that was forced out is switched off and keeps its level', () => {
    const forced = two({ stock: stockPolicy({ managed: 'own', status: null, forcedOut: true }) }, own);
    expect(rows(forced)[0]?.['purchasing_disabled']).toBe(true);
    expect(forced.adjusted).toContain('forced-out-of-stock');
  });
});

describe('what variants carry besides', () => {
  it('keeps a marker on each variant and texts in its metafields', () => {
    const form = map(
      variable([SIZE], [variant('21', { Size: 'S' }, { description: '<p>x</p>', shippingClass: 'big' })]),
    );
    expect(form.parts['variant_metafields']).toEqual([
      {
        variant: '21',
        fields: [
          { namespace: 'storeferry', key: 'source_id', value: 'abc123:21' },
          { namespace: 'storeferry', key: 'description', value: '<p>x</p>' },
          { namespace: 'storeferry', key: 'shipping_class', value: 'big' },
        ],
      },
    ]);
  });

  it('inherits measures as null and ships virtual ones for free', () => {
    const form = map(variable([SIZE], [variant('21', { Size: 'S' }, { virtual: true }), variant('22', { Size: 'M' })]));
    expect(rows(form)[0]).toMatchObject({ weight: null, depth: null, is_free_shipping: true });
    expect(form.parts['core'].type).toBe('physical');
    expect(form.adjusted).toContain('mixed-virtual-physical');
  });

  it('wishes a key for the SKU of every variant, expansions included', () => {
    const record = variable(
      [SIZE, COLOUR],
      [variant('21', { Size: 'S' }), variant('22', { Size: 'M', Colour: 'Red' })],
    );
    const slots = productKeys('12', record, contextWith()).map(({ slot }) => slot);
    expect(slots).toEqual(['name', 'sku', 'variant:21:sku', 'variant:21#2:sku', 'variant:22:sku', 'path']);
  });
});
