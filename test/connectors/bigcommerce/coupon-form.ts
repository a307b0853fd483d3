import type { CanonicalCoupon } from '../../../src/domain/coupon.ts';

export function coupon(more: Partial<CanonicalCoupon> = {}): CanonicalCoupon {
  return {
    code: 'SAVE10',
    kind: 'percent',
    sourceType: 'percent',
    amount: '10.00',
    freeShipping: false,
    published: true,
    expiresAt: null,
    minimumAmount: null,
    maximumAmount: null,
    usageLimit: null,
    usageCount: 0,
    usageLimitPerUser: null,
    itemLimit: null,
    individualUse: true,
    products: [],
    excludedProducts: [],
    categories: [],
    excludedCategories: [],
    excludesSaleItems: false,
    emailRestrictions: 0,
    otherConditions: [],
    description: '',
    ...more,
  };
}
