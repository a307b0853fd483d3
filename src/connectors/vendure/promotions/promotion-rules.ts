import type { CanonicalCoupon } from '../../../domain/coupon.ts';
import type { ShopFacts } from '../shop-facts.ts';
import { decimalMoney } from '../wire/money.ts';
import { argument, idsArgument, type WireOperation, type WirePromotion } from './promotion-schema.ts';

/** What a promotion does to an order, in canonical words. */
export type Effect = Pick<CanonicalCoupon, 'kind' | 'amount' | 'freeShipping' | 'products'> & {
  /** What narrows it and has no canonical form. */
  readonly narrowedBy: readonly string[];
};

/** Variant → its product, of those that promotions name. */
export type ProductOf = ReadonlyMap<string, string>;

const FREE_SHIPPING = 'free_shipping';
const UNKNOWN: Effect = { kind: 'unknown', amount: '0', freeShipping: false, products: [], narrowedBy: [] };

/** One discount, free shipping, or both; anything else is a rule that canonical coupons do not know. */
export function effectOf({ actions }: WirePromotion, facts: ShopFacts, productOf: ProductOf): Effect {
  const [discount, ...others] = actions.filter(({ code }) => code !== FREE_SHIPPING);
  const freeShipping = actions.some(({ code }) => code === FREE_SHIPPING);
  if (discount === undefined && freeShipping) return { ...UNKNOWN, kind: 'fixed_cart', freeShipping };
  const effect = discount === undefined || others.length > 0 ? UNKNOWN : discountOf(discount, facts, productOf);
  return { ...effect, freeShipping };
}

function discountOf(action: WireOperation, facts: ShopFacts, productOf: ProductOf): Effect {
  const value = argument(action, 'discount');
  if (!/^\d+(\.\d+)?$/.test(value)) return UNKNOWN;
  const percent: Effect = { ...UNKNOWN, kind: 'percent', amount: value };
  switch (action.code) {
    case 'order_percentage_discount':
      return percent;
    case 'order_fixed_discount':
      return { ...UNKNOWN, kind: 'fixed_cart', amount: decimalMoney(Math.round(Number(value)), facts.moneyDecimals) };
    // Variants are meant, those that there are now; the target would reduce all that a product ever has.
    case 'products_percentage_discount': {
      const variants = idsArgument(action, 'productVariantIds') ?? [];
      const products = [...new Set(variants.flatMap((variant) => productOf.get(variant) ?? []))];
      return { ...percent, products, narrowedBy: [action.code] };
    }
    // Products that have some facet values are no list that would stay right.
    case 'facet_based_discount':
      return { ...percent, narrowedBy: [action.code] };
    default:
      return UNKNOWN;
  }
}

/** The least that an order must come to, and conditions that have no canonical form. */
export function conditionsOf(
  { conditions }: WirePromotion,
  facts: ShopFacts,
): { readonly minimumAmount: string | null; readonly others: readonly string[] } {
  let minimumAmount: string | null = null;
  const others: string[] = [];
  for (const condition of conditions) {
    const amount = Number(argument(condition, 'amount'));
    // Judged on the basis in which prices are typed, as the target does; on the other it would be another amount.
    const sameBasis = (argument(condition, 'taxInclusive') === 'true') === facts.pricesIncludeTax;
    if (condition.code === 'minimum_order_amount' && Number.isInteger(amount) && sameBasis && minimumAmount === null) {
      minimumAmount = amount > 0 ? decimalMoney(amount, facts.moneyDecimals) : null;
    } else others.push(condition.code);
  }
  return { minimumAmount, others };
}
