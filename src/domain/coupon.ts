import type { Decimal, Instant } from './record.ts';

export type CouponKind = 'percent' | 'fixed_cart' | 'fixed_product' | 'unknown';

export interface CanonicalCoupon {
  readonly code: string;
  readonly kind: CouponKind;
  /** The source's own type word. */
  readonly sourceType: string;
  readonly amount: Decimal;
  readonly freeShipping: boolean;
  readonly published: boolean;
  readonly expiresAt: Instant | null;
  /** null = none (the source's `0.00` too). */
  readonly minimumAmount: Decimal | null;
  readonly maximumAmount: Decimal | null;
  /** null = without limit. */
  readonly usageLimit: number | null;
  readonly usageCount: number;
  readonly usageLimitPerUser: number | null;
  readonly itemLimit: number | null;
  readonly individualUse: boolean;
  /** Source ids, ascending. */
  readonly products: readonly string[];
  readonly excludedProducts: readonly string[];
  readonly categories: readonly string[];
  readonly excludedCategories: readonly string[];
  readonly excludesSaleItems: boolean;
  /** How many e-mail patterns it is restricted to; the patterns themselves are people's data. */
  readonly emailRestrictions: number;
  /** Conditions that have no field above, in the source's own words: with any of them the coupon must not go live. */
  readonly otherConditions: readonly string[];
  readonly description: string;
}
