import {
  array,
  asyncProperty,
  assert,
  boolean,
  constantFrom,
  integer,
  oneof,
  option,
  record,
  string,
  type Arbitrary,
} from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  CanonicalAttribute,
  CanonicalProduct,
  CanonicalVariant,
  Pricing,
  StockPolicy,
} from '../../../src/domain/product.ts';
import { attribute, brand, category, NO_MEASURES, product, stock, variant } from './forms.ts';
import { openStore, type SandboxStore } from './sandbox-store.ts';
import { call } from '../../contract/target-driver.ts';

/** Whatever a source holds, its form is one that the store takes; or it is refused before anything is sent. */

let store: SandboxStore;
let number = 0;
beforeAll(async () => {
  store = await openStore({ fetchImages: false });
});
afterAll(() => store.close());

const text = (maxLength: number): Arbitrary<string> =>
  oneof(
    string({ maxLength, unit: 'grapheme' }),
    string({ maxLength, unit: 'binary' }),
    constantFrom(
      '',
      ' ',
      '<b>x</b>',
      'Fish &amp; Chips',
      'مرحبا',
      '日本語',
      '👩‍👩‍👧',
      'a,b',
      'x'.repeat(maxLength),
      'word '.repeat(maxLength / 5),
    ),
  );
const decimal = oneof(
  integer({ min: 0, max: 10_000_000 }).map((cents) => (cents / 100).toString()),
  constantFrom('0', '5.55555', '0.00004', '-3', 'abc', '1e9', '99999999999999'),
);
const html = oneof(
  text(400),
  constantFrom('<script>x</script><p onclick="y">[gallery]</p>', '<div>'.repeat(500), 'é'.repeat(70_000)),
);
const money: Arbitrary<Pricing> = record({
  regular: option(decimal),
  sale: option(decimal),
  onSale: boolean(),
  saleFrom: option(constantFrom('2026-01-01T00:00:00.000Z')),
  saleTo: option(constantFrom('2027-01-01T00:00:00.000Z')),
});
const policy: Arbitrary<StockPolicy> = record({
  managed: constantFrom('own' as const, 'parent' as const, 'no' as const),
  status: option(constantFrom('in_stock' as const, 'out_of_stock' as const, 'on_backorder' as const)),
  forcedOut: boolean(),
  backorders: constantFrom('no' as const, 'notify' as const, 'yes' as const),
  lowStockAt: option(integer({ min: -5, max: 5_000_000_000 })),
});
const measures = record({
  weight: option(decimal),
  length: option(decimal),
  width: option(decimal),
  height: option(decimal),
});
const names = constantFrom('Size', 'size', 'Colour', 'Mat');
const choices = array(oneof(text(300), constantFrom('S', 's', 'M', 'L', 'Ü')), { minLength: 0, maxLength: 5 });

const attributes: Arbitrary<CanonicalAttribute[]> = array(
  record({ name: names, options: choices, visible: boolean(), forVariants: boolean() }),
  {
    maxLength: 3,
  },
).map((rows) =>
  rows.map(({ name, options, ...more }, index) => attribute(name, options, { ...more, key: `local:${index}` })),
);

const variations: Arbitrary<CanonicalVariant[]> = array(
  record({
    sku: oneof(constantFrom('', 'dup'), text(300)),
    gtin: constantFrom('', '123', '4006381333931'),
    status: constantFrom('published' as const, 'private' as const),
    pricing: money,
    stock: policy,
    measures: oneof(constantFrom(NO_MEASURES), measures),
    virtual: boolean(),
    chosen: array(integer({ min: -1, max: 4 }), { minLength: 3, maxLength: 3 }),
  }),
  { maxLength: 6 },
).map((rows) =>
  rows.map(
    ({ chosen, ...more }, position) =>
      ({ ...variant(String(900 + position), {}, { ...more, position }), chosen }) as never,
  ),
);

const products: Arbitrary<CanonicalProduct> = record({
  kind: constantFrom(
    'simple' as const,
    'variable' as const,
    'grouped' as const,
    'external' as const,
    'subscription' as const,
    'bundle' as const,
    'unknown' as const,
  ),
  name: text(400),
  sku: oneof(constantFrom('', 'Dup', 'dup'), text(400)),
  gtin: oneof(constantFrom('', '012345678905'), text(20)),
  path: option(text(400).map((path) => `/${path}/`)),
  status: constantFrom('published' as const, 'draft' as const, 'scheduled' as const),
  description: html,
  shortDescription: html,
  pricing: money,
  stock: policy,
  measures,
  attributes,
  variants: variations,
  position: integer({ min: -5_000_000_000, max: 5_000_000_000 }),
  taxClass: constantFrom('', 'reduced-rate', 'zero-rate', 'exotic'),
  taxStatus: constantFrom('taxable' as const, 'shipping' as const, 'none' as const),
  tags: array(text(40), { maxLength: 4 }),
  purchaseNote: text(100),
  images: array(
    record({
      key: constantFrom('1', '2', '3'),
      url: constantFrom('https://pictures.example.test/a.png', 'not a url', 'http://10.0.0.1/x'),
      alt: text(300),
    }),
    { maxLength: 4 },
  ),
  meta: array(record({ key: string({ minLength: 1, maxLength: 90 }), value: oneof(text(200), integer(), boolean()) }), {
    maxLength: 5,
  }),
}).map((fields) =>
  product({ ...fields, variants: fields.variants.map((one) => chosenOptions(one, fields.attributes)) }),
);

/** Each variant names an option of each attribute, or leaves it open. */
function chosenOptions(one: CanonicalVariant, all: readonly CanonicalAttribute[]): CanonicalVariant {
  const { chosen, ...rest } = one as CanonicalVariant & { chosen: number[] };
  const options = all.flatMap((each, index): [string, string][] => {
    const picked = each.options[chosen[index] ?? -1];
    return !each.forVariants || picked === undefined || picked === '' ? [] : [[each.key, picked]];
  });
  return { ...rest, options: Object.fromEntries(options) };
}

/** Ids of variations are their own over the whole shop. */
function ofId(sourceId: string, canonical: CanonicalProduct): CanonicalProduct {
  const variants = canonical.variants.map((one) => ({ ...one, sourceId: `${sourceId}${one.sourceId}` }));
  return { ...canonical, variants };
}

/** Keys as the ledger would reserve them: the first alternative that nobody holds yet. */
const taken = new Map<string, string>();
const placeOf = (kind: string, scope: string, value: string) =>
  `${kind}\n${scope}\n${value.normalize('NFC').trim().toLowerCase()}`;
async function reserved(entity: 'product' | 'category' | 'brand', sourceId: string, canonical: never) {
  const wanted = store.driver.target.entity(entity).wantedKeys(sourceId, canonical, await store.driver.context());
  const keys: Record<string, string> = {};
  const own = `${entity} ${sourceId}`;
  for (const key of wanted) {
    const place = (value: string) => placeOf(key.kind, key.scope, value);
    const free = key.alternatives.find((value) => (taken.get(place(value)) ?? own) === own);
    if (free === undefined) throw new Error(`nothing is free of ${JSON.stringify(key)}`);
    taken.set(place(free), own);
    keys[key.slot] = free;
  }
  return keys;
}

/** Brought as the ledger would: null for a product that is refused, else the keys it has, once the target has taken it. */
async function brought(sourceId: string, canonical: CanonicalProduct) {
  const keys = await reserved('product', sourceId, canonical as never);
  const mapped = await store.driver.mapped('product', sourceId, canonical, keys);
  if (mapped.outcome === 'refuse') return null;
  const outcome = await store.driver.bring('product', sourceId, canonical, keys);
  if (outcome === null) return keys;
  // The store made up this address for a product without one: the next alternative.
  expect(outcome).toMatchObject({ outcome: 'duplicate', kind: 'path' });
  taken.set(placeOf('path', '', keys['path'] ?? ''), 'the store');
  const others = await reserved('product', sourceId, canonical as never);
  expect(await store.driver.bring('product', sourceId, canonical, others)).toBeNull();
  return others;
}

test('every product is taken as it is mapped, and is then there as it was meant', async () => {
  await assert(
    asyncProperty(products, async (generated) => {
      const sourceId = String(++number);
      const canonical = ofId(sourceId, generated);
      const ref = { entity: 'product' as const, sourceId };
      const keys = await brought(sourceId, canonical);
      if (keys === null) return;
      expect([...store.driver.heldOf(ref).open]).toEqual([]);
      const present = await store.driver.present(ref);
      const row = store.driver.target.entity('product');
      for (const [part, { desired, base }] of store.driver.heldOf(ref).parts) {
        const seen = present?.parts[part];
        if (seen === undefined) continue;
        expect({ part, agrees: row.agrees(part, desired, seen), desired, seen }).toMatchObject({ agrees: true });
        expect({ part, base }).toEqual({ part, base: seen });
      }
      const before = store.sandbox.controls.journal.counts().total;
      expect(await store.driver.bring('product', sourceId, canonical, keys)).toBeNull();
      expect(store.sandbox.controls.journal.counts().total).toBe(before);
    }),
    { numRuns: 150, endOnFailure: true },
  );
});

test('every edit of a product is taken, and leaves it as it was meant', async () => {
  await assert(
    asyncProperty(products, products, async (first, second) => {
      const sourceId = String(++number);
      const ref = { entity: 'product' as const, sourceId };
      for (const canonical of [ofId(sourceId, first), ofId(sourceId, second)]) {
        if ((await brought(sourceId, canonical)) === null) return;
      }
      const present = await store.driver.present(ref);
      const row = store.driver.target.entity('product');
      for (const [part, { desired, base }] of store.driver.heldOf(ref).parts) {
        const seen = present?.parts[part];
        if (seen === undefined) continue;
        expect({ part, agrees: row.agrees(part, desired, seen), desired, seen }).toMatchObject({ agrees: true });
        expect({ part, base }).toEqual({ part, base: seen });
      }
    }),
    { numRuns: 100, endOnFailure: true },
  );
});

test('every category and brand is taken as it is mapped', async () => {
  const terms = record({
    name: text(300),
    path: option(text(300).map((path) => `/${path}/`)),
    description: html,
    position: integer(),
  });
  await assert(
    asyncProperty(terms, constantFrom('category' as const, 'brand' as const), async (fields, entity) => {
      const sourceId = String(++number);
      const canonical = entity === 'category' ? category(fields) : brand(fields);
      const keys = await reserved(entity, sourceId, canonical as never);
      expect(await store.driver.bring(entity, sourceId, canonical, keys)).toBeNull();
      const ref = { entity, sourceId };
      const present = await store.driver.present(ref);
      const core = store.driver.heldOf(ref).parts.get('core');
      expect(
        store.driver.target.entity(entity).agrees('core', core?.desired ?? null, present?.parts['core'] ?? null),
      ).toBe(true);
      expect(core?.base).toEqual(present?.parts['core']);
    }),
    { numRuns: 150, endOnFailure: true },
  );
});

test('every level of stock is taken', async () => {
  const quantities = oneof(constantFrom(null, '-5', '2.5', '99999999999', 'abc', '0'), integer().map(String));
  const sourceId = String(++number);
  expect(
    await store.driver.bring(
      'product',
      sourceId,
      product({
        name: `Stocked ${sourceId}`,
        sku: `ST-${sourceId}`,
        path: null,
        stock: { managed: 'own', status: null, forcedOut: false, backorders: 'no', lowStockAt: null },
      }),
    ),
  ).toBeNull();
  await assert(
    asyncProperty(quantities, async (quantity) => {
      expect(await store.driver.bring('stock', sourceId, stock({ product: sourceId, quantity }))).toBeNull();
      const held = store.driver.heldOf({ entity: 'stock', sourceId });
      const entity = store.driver.target.entity('stock');
      const meant = held.parts.get('core')?.desired ?? null;
      await expect
        .poll(async () => {
          const [state] = await entity.read([held.targetId ?? ''], call);
          return entity.agrees('core', meant, state?.parts['core'] ?? null);
        })
        .toBe(true);
    }),
    { numRuns: 20 },
  );
});
