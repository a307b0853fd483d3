import { describe, expect, it } from 'vitest';
import { couponKeys, mapCoupon } from '../../../../src/connectors/bigcommerce/mapping/coupon.ts';
import type { CanonicalCoupon } from '../../../../src/domain/coupon.ts';
import { contextWith, type ContextChanges, writtenForm } from '../forms.ts';
import { coupon } from '../coupon-form.ts';

const map = (more: Partial<CanonicalCoupon> = {}, changes: ContextChanges = {}) =>
  writtenForm(mapCoupon('12', coupon(more), contextWith(changes)));

describe('a coupon', () => {
  it.each([
    ['percent', 'percentage_discount'],
    ['fixed_cart', 'per_total_discount'],
    ['fixed_product', 'per_item_discount'],
  ] as const)('of kind %s is a %s', (kind, type) => {
    expect(map({ kind }).parts['core']).toMatchObject({ code: 'SAVE10', type, amount: '10', enabled: true });
  });

  it('of a type that nobody knows is left out, and reported', () => {
    const mapped = mapCoupon('12', coupon({ kind: 'unknown', sourceType: 'bogo' }), contextWith());
    expect(mapped).toMatchObject({ outcome: 'skip', reports: [{ key: 'coupon-type-unknown', sample: 'bogo' }] });
  });

  it('for free shipping alone is one; with an amount the discount stays', () => {
    expect(map({ freeShipping: true, amount: '0.00' }).parts['core'].type).toBe('free_shipping');
    const both = map({ freeShipping: true });
    expect(both.parts['core'].type).toBe('percentage_discount');
    expect(both.adjusted).toContain('coupon-free-shipping-dropped');
  });

  it.each([
    [{ excludedProducts: ['1'] }],
    [{ excludedCategories: ['1'] }],
    [{ excludesSaleItems: true }],
    [{ maximumAmount: '50.00' }],
    [{ emailRestrictions: 1 }],
    [{ otherConditions: ['customer_group'] }],
    [{ itemLimit: 2 }],
    [{ products: ['1'], categories: ['2'] }],
  ])('with %j would be wider: it is carried switched off', (more) => {
    const form = map(more, { ids: { 'product:1': '101', 'category:2': '202' } });
    expect(form.parts['core'].enabled).toBe(false);
    expect(form.adjusted).toContain('coupon-restriction-disabled');
  });

  it('applies to everything, to products or to categories that are at the target', () => {
    const ids = { 'product:1': '101', 'category:2': '202' };
    expect(map().parts['core'].applies_to).toEqual({ entity: 'categories', ids: [0] });
    expect(map({ products: ['1', '9'] }, { ids }).parts['core'].applies_to).toEqual({ entity: 'products', ids: [101] });
    expect(map({ categories: ['2'] }, { ids }).parts['core'].applies_to).toEqual({ entity: 'categories', ids: [202] });
    expect(map({ products: ['9'] }, { ids }).parts['core'].enabled).toBe(false);
  });

  it.each([
    [null, 3, null, true],
    [10, 3, 7, true],
    [10, 10, null, false],
    [10, 12, null, false],
  ])('with limit %s and %i uses has %s left', (usageLimit, usageCount, left, enabled) => {
    const form = map({ usageLimit, usageCount });
    expect(form.parts['core']).toMatchObject({ max_uses: left, enabled });
    expect(form.adjusted.includes('coupon-uses-remaining')).toBe(usageLimit !== null);
  });

  it('keeps its end and its least purchase', () => {
    const form = map({ expiresAt: '2026-12-31T23:59:59.000Z', minimumAmount: '5.00', usageLimitPerUser: 1 });
    expect(form.parts['core']).toMatchObject({
      expires: 'Thu, 31 Dec 2026 23:59:59 +0000',
      min_purchase: '5',
      max_uses_per_customer: 1,
    });
    expect(map({ published: false }).parts['core'].enabled).toBe(false);
    expect(map({ individualUse: false }).adjusted).toEqual(['coupon-stacking-lost']);
  });
});

describe('codes', () => {
  it.each([
    ['SAVE10', 'SAVE10'],
    ['é€ 50%', '- 50-'],
    ['', 'coupon-12'],
    ['x'.repeat(60), 'x'.repeat(50)],
  ])('%s is written %s', (code, written) => {
    const [wanted] = couponKeys('12', coupon({ code }));
    expect(wanted?.alternatives[0]).toBe(written);
    expect(wanted?.alternatives.every((one) => /^[A-Za-z0-9 _-]{1,50}$/.test(one))).toBe(true);
    expect(map({ code }).adjusted.includes('coupon-code-changed')).toBe(code !== written);
  });
});
