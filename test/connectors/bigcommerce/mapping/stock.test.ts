import { describe, expect, it } from 'vitest';
import { mapStock, stockTargetId } from '../../../../src/connectors/bigcommerce/mapping/stock.ts';
import type { CanonicalStock } from '../../../../src/domain/stock.ts';
import type { ChildPair } from '../../../../src/domain/target-state.ts';
import type { Mapping } from '../../../../src/domain/mapping.ts';
import { contextWith, stock, writtenForm } from '../forms.ts';

const pairs = (...children: [string, string, string][]): readonly ChildPair[] =>
  children.map(([kind, sourceId, targetId]) => ({ kind, sourceId, targetId }));
const map = (more: Partial<CanonicalStock>, children: readonly ChildPair[] = [], mapping: Partial<Mapping> = {}) =>
  mapStock(stock(more), contextWith({ ids: { 'product:5': '500' }, children: { 'product:5': children }, mapping }));
const levels = (...all: Parameters<typeof map>) => {
  const { parts, adjusted } = writtenForm(map(...all));
  return {
    levels: parts['core'].levels.map(
      (level: { variant_id: number | null; product_id: number | null; quantity: number }) => [
        level.variant_id ?? `p${level.product_id}`,
        level.quantity,
      ],
    ),
    adjusted,
  };
};

describe('stock levels', () => {
  it('of a product go to the product', () => {
    expect(levels({})).toEqual({ levels: [['p500', 7]], adjusted: [] });
  });

  it('of a variation go to its variant', () => {
    const form = levels({ variant: '21' }, pairs(['variant', '21', '900']));
    expect(form).toEqual({ levels: [[900, 7]], adjusted: [] });
  });

  it('of a variation that became the product go to the product', () => {
    expect(levels({ variant: '21' }, pairs(['base_variant', '21', '900']))).toEqual({
      levels: [['p500', 7]],
      adjusted: [],
    });
  });

  it('are divided among the variants of an expanded variation, the total kept, the rest to the first', () => {
    const children = pairs(['variant', '21', '900'], ['variant', '21#10', '910'], ['variant', '21#2', '902']);
    expect(levels({ variant: '21', quantity: '8' }, children)).toEqual({
      levels: [
        [900, 4],
        [902, 2],
        [910, 2],
      ],
      adjusted: ['any-variation-expanded'],
    });
  });

  it.each([
    [0, 4],
    [1, 3],
    [2, 3],
  ])('of a shared pool of 10: sibling %s of 3 gets %s', (index, part) => {
    const form = levels(
      { variant: '21', managed: 'parent', quantity: '10', share: { index, of: 3 } },
      pairs(['variant', '21', '900']),
    );
    expect(form).toEqual({ levels: [[900, part]], adjusted: ['shared-stock-split'] });
  });

  it.each([
    ['-3', 0],
    ['2.7', 2],
    [null, 0],
    ['99999999999', 2_147_483_647],
  ])('%s becomes %s', (quantity, level) => {
    expect(levels({ quantity })).toEqual({ levels: [['p500', level]], adjusted: ['stock-clamped'] });
  });

  it('stop at zero where backorders were allowed', () => {
    expect(levels({ backorders: 'notify', quantity: '0' }).adjusted).toEqual(['backorder-dropped']);
  });
});

describe('stock that nobody counts', () => {
  const loose = { managed: 'no' as const, quantity: null, anySiblingManaged: false };

  it('is not written when the target does not track it', () => {
    expect(map(loose)).toMatchObject({ outcome: 'skip' });
    expect(map({}, pairs(['tracking', 'stock', 'none']))).toMatchObject({ outcome: 'skip' });
  });

  it('is zero when it is out, for a product', () => {
    expect(levels({ ...loose, status: 'out_of_stock' })).toEqual({
      levels: [['p500', 0]],
      adjusted: ['out-of-stock-as-zero'],
    });
  });

  it('gets the placeholder beside siblings that are counted, whole for every copy', () => {
    const children = pairs(['variant', '21', '900'], ['variant', '21#2', '901']);
    expect(
      levels({ ...loose, variant: '21', anySiblingManaged: true }, children, { untrackedPlaceholder: 50 }),
    ).toEqual({
      levels: [
        [900, 50],
        [901, 50],
      ],
      adjusted: ['untracked-stock-placeholder'],
    });
  });

  it('is zero beside siblings that are counted when it is out', () => {
    const form = levels(
      { ...loose, variant: '21', anySiblingManaged: true, status: 'out_of_stock' },
      pairs(['variant', '21', '900']),
    );
    expect(form).toEqual({ levels: [[900, 0]], adjusted: ['out-of-stock-as-zero'] });
  });
});

describe('stock of what is not there', () => {
  it('is skipped for a product that was not carried, and for a variation that has no variant', () => {
    expect(mapStock(stock(), contextWith())).toMatchObject({
      outcome: 'skip',
      reason: expect.stringContaining('product'),
    });
    expect(map({ variant: '77' })).toMatchObject({ outcome: 'skip', reason: expect.stringContaining('variation') });
  });
});

it('names by its target id which levels it is about', () => {
  const one = { variant_id: 4, product_id: null, quantity: 1 };
  expect(stockTargetId({ location_id: 1, levels: [one, { ...one, variant_id: 6 }] })).toBe('variant:4,6');
  expect(stockTargetId({ location_id: 1, levels: [{ variant_id: null, product_id: 9, quantity: 1 }] })).toBe(
    'product:9',
  );
});
