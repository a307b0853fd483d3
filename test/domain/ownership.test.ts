import { expect, it } from 'vitest';
import { DEFAULT_MAPPING, ownedWords } from '../../src/domain/mapping.ts';
import { isOwnable, notOwnable, ownedPlaces, ownsPart, withOwned, withoutOwned } from '../../src/domain/ownership.ts';

const ROWS = ['key', 'options'];
const PLACES = [
  { part: 'core', field: 'price' },
  { part: 'variants', field: 'price', rowsBy: ROWS },
  { part: 'images' },
];

it('knows which fields may belong to the target', () => {
  expect([isOwnable('product'), isOwnable('redirect')]).toEqual([true, false]);
  expect(notOwnable('product', ['price', 'sku', 'name'])).toEqual(['sku', 'name']);
  expect(notOwnable('stock', ['all'])).toEqual([]);
});

it('takes words of the mapping of an entity, and none of mappings of before it was a choice', () => {
  expect(ownedWords(DEFAULT_MAPPING, 'product')).toEqual([]);
  const mapping = { ...DEFAULT_MAPPING, targetOwns: { product: ['price'] } };
  expect([ownedWords(mapping, 'product'), ownedWords(mapping, 'coupon')]).toEqual([['price'], []]);
});

it('finds the places of words once, and none at a target that has none', () => {
  const ownable = { price: [{ part: 'core', field: 'price' }], images: [{ part: 'images' }] };
  expect(ownedPlaces(ownable, ['price', 'price', 'other'])).toEqual([{ part: 'core', field: 'price' }]);
  expect(ownedPlaces(undefined, ['price'])).toEqual([]);
  expect([ownsPart(PLACES, 'images'), ownsPart(PLACES, 'core')]).toEqual([true, false]);
});

it('leaves fields out of an object and of each row, and nothing else', () => {
  expect(withoutOwned(PLACES, 'core', { name: 'A', price: 1 })).toEqual({ name: 'A' });
  expect(withoutOwned(PLACES, 'variants', [{ id: 1, price: 2, sku: 'S' }])).toEqual([{ id: 1, sku: 'S' }]);
  expect(withoutOwned(PLACES, 'variants', { base: 'b', rows: [{ key: 'S', price: 2 }] })).toEqual({
    base: 'b',
    rows: [{ key: 'S' }],
  });
  const other = { price: 1 };
  expect(withoutOwned(PLACES, 'metafields', other)).toBe(other);
  expect(withoutOwned(PLACES, 'core', null)).toBeNull();
  expect(withoutOwned(PLACES, 'core', 'text')).toBe('text');
});

const row = (key: string, options: string, price: number) => ({ key, options, price });

it('keeps the fields of rows that are new, or are other ones by now', () => {
  const known = { rows: [row('S', 'small', 1), row('M', 'medium', 1)] };
  const now = { rows: [row('S', 'small', 2), row('M', 'middle', 2), row('L', 'large', 2)] };
  expect(withoutOwned(PLACES, 'variants', now, known)).toEqual({
    rows: [{ key: 'S', options: 'small' }, row('M', 'middle', 2), row('L', 'large', 2)],
  });
  // Nothing is known of rows that were there before us: none of them is new for certain.
  expect(withoutOwned(PLACES, 'variants', now, null)).toEqual({
    rows: [
      { key: 'S', options: 'small' },
      { key: 'M', options: 'middle' },
      { key: 'L', options: 'large' },
    ],
  });
});

it('puts back what it was before, where it was there', () => {
  expect(withOwned(PLACES, 'core', { name: 'B', price: 9 }, { name: 'A', price: 1 })).toEqual({ name: 'B', price: 1 });
  expect(withOwned(PLACES, 'core', { name: 'B' }, { name: 'A' })).toEqual({ name: 'B' });
  const rows = [{ price: 1 }];
  expect(withOwned(PLACES, 'variants', rows, [{ price: 2 }])).toBe(rows);
});
