import type { CanonicalCoupon } from '../../../domain/coupon.ts';
import type { Json } from '../../../domain/json.ts';
import { normaliseKey, type WantedKey } from '../../../domain/unique-key.ts';
import type { Mapped, MapContext } from '../../target.ts';
import { atFourDecimals, parseDecimal } from './decimals.ts';
import { rfc2822 } from './dates.ts';
import { createFindings, type Findings } from './findings.ts';

export const COUPON_CODE = 'coupon-code';
const MAX_CODE = 50;

const TYPES = {
  percent: 'percentage_discount',
  fixed_cart: 'per_total_discount',
  fixed_product: 'per_item_discount',
} as const;

/** Codes of letters, digits, blank, `_` and `-`, unique (bigcommerce-api §6): `-2` … tells equal ones apart (fidelity §9). */
export function couponKeys(sourceId: string, coupon: Pick<CanonicalCoupon, 'code'>): readonly WantedKey[] {
  const code = plainCode(coupon.code) || `coupon-${sourceId}`;
  const suffixed = (suffix: string) => `${code.slice(0, MAX_CODE - suffix.length)}${suffix}`;
  const all = [code, ...Array.from({ length: 8 }, (_, at) => suffixed(`-${at + 2}`)), suffixed(`-${sourceId}`)];
  const alternatives = all.filter((one, at) => all.findIndex((two) => normaliseKey(two) === normaliseKey(one)) === at);
  return [{ slot: 'code', kind: COUPON_CODE, scope: '', alternatives, role: 'identity' }];
}

function plainCode(code: string): string {
  return code
    .trim()
    .replace(/[^A-Za-z0-9 _-]+/g, '-')
    .slice(0, MAX_CODE);
}

/** A coupon, never wider than it was: what cannot be expressed switches it off (fidelity §9, §0 (c)). */
export function mapCoupon(sourceId: string, coupon: CanonicalCoupon, context: MapContext): Mapped {
  const findings = createFindings();
  if (coupon.kind === 'unknown') {
    findings.report('coupon-type-unknown', 'discount_type', coupon.sourceType);
    const reason = `nobody has decided how coupons of type "${coupon.sourceType}" are to work`;
    return { outcome: 'skip', reason, adjustments: [], reports: findings.reports };
  }
  const [wanted] = couponKeys(sourceId, coupon);
  const code = context.keys['code'] ?? wanted?.alternatives[0] ?? `coupon-${sourceId}`;
  if (normaliseKey(code) !== normaliseKey(coupon.code)) {
    const why = 'codes have letters, digits, blanks, _ and -, and are unique';
    findings.adjust('coupon-code-changed', 'code', coupon.code, code, why);
  }
  const scope = scopeOf(coupon, context);
  const uses = usesOf(coupon, findings);
  const core: Record<string, Json> = {
    name: code,
    code,
    type: typeOf(coupon, findings),
    amount: amountOf(coupon.amount),
    applies_to: scope.appliesTo,
    enabled: coupon.published && !isRestricted(coupon, findings) && !scope.empty && uses !== 0,
    min_purchase: coupon.minimumAmount === null ? null : amountOf(coupon.minimumAmount),
    expires: coupon.expiresAt === null ? null : rfc2822(coupon.expiresAt),
    // 0 would mean without limit: what is used up is switched off instead.
    max_uses: uses === 0 ? null : uses,
    max_uses_per_customer: coupon.usageLimitPerUser,
  };
  if (!coupon.individualUse) {
    const why = 'the target takes one coupon an order';
    findings.adjust('coupon-stacking-lost', 'individual_use', false, 'one coupon an order', why);
  }
  return {
    outcome: 'write',
    parts: [{ part: 'core', desired: core }],
    adjustments: findings.adjustments,
    reports: findings.reports,
  };
}

function typeOf(coupon: CanonicalCoupon, findings: Findings): string {
  if (coupon.kind === 'unknown') throw new Error('a coupon of an unknown type is left out before');
  if (!coupon.freeShipping) return TYPES[coupon.kind];
  if (Number(coupon.amount) === 0) return 'free_shipping';
  const why = 'a coupon does one thing at the target: the discount stays, which is narrower';
  findings.adjust('coupon-free-shipping-dropped', 'free_shipping', true, false, why);
  return TYPES[coupon.kind];
}

/** Whatever has no condition at the target would make the discount wider. */
function isRestricted(coupon: CanonicalCoupon, findings: Findings): boolean {
  const restrictions = {
    excluded_product_ids: coupon.excludedProducts.length,
    excluded_product_categories: coupon.excludedCategories.length,
    exclude_sale_items: coupon.excludesSaleItems ? 1 : 0,
    maximum_amount: coupon.maximumAmount === null ? 0 : 1,
    email_restrictions: coupon.emailRestrictions,
    limit_usage_to_x_items: coupon.itemLimit ?? 0,
    ...Object.fromEntries(coupon.otherConditions.map((condition) => [condition, 1])),
    // Either may match at the source; the target takes one list.
    product_ids_and_categories: coupon.products.length > 0 && coupon.categories.length > 0 ? 1 : 0,
  };
  const found = Object.entries(restrictions).filter(([, count]) => count > 0);
  if (found.length === 0) return false;
  const why = 'the target has no such condition: switched off, since a wider discount must not go live';
  findings.adjust(
    'coupon-restriction-disabled',
    'restrictions',
    found.map(([name]) => name),
    'enabled: false',
    why,
  );
  return true;
}

/** Products, categories, or everything; what is not at the target is left out, and nothing left switches it off. */
function scopeOf(coupon: CanonicalCoupon, context: MapContext): { readonly appliesTo: Json; readonly empty: boolean } {
  const entity = coupon.products.length > 0 ? 'product' : 'category';
  const wanted = entity === 'product' ? coupon.products : coupon.categories;
  if (wanted.length === 0) return { appliesTo: { entity: 'categories', ids: [0] }, empty: false };
  const ids = wanted.flatMap((sourceId) => context.targetIdOf({ entity, sourceId }) ?? []).map(Number);
  const name = entity === 'product' ? 'products' : 'categories';
  // A list without ids would be refused, and one of everything would be wider.
  if (ids.length === 0) return { appliesTo: { entity: 'categories', ids: [0] }, empty: true };
  return { appliesTo: { entity: name, ids: ids.toSorted((a, b) => a - b) }, empty: false };
}

/** The target counts from 0 again. null = without limit; 0 = used up. */
function usesOf({ usageLimit, usageCount }: CanonicalCoupon, findings: Findings): number | null {
  if (usageLimit === null) return null;
  const left = Math.max(0, usageLimit - usageCount);
  const why = 'the target counts uses from 0: the limit is what is left';
  findings.adjust('coupon-uses-remaining', 'usage_limit', usageLimit, left, why);
  return left;
}

function amountOf(amount: string): string {
  const value = parseDecimal(amount);
  return value === null ? '0' : atFourDecimals(value).toString();
}
