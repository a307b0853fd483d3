import type { Big } from 'big.js';
import { RestError } from '../../rest/errors.ts';
import { decimal, places, portion, rounded, total } from '../../store/money.ts';
import type { CouponLineRow, CouponRow, OrderLineRow, OrderRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { newMeta, nextId, nowSeconds } from '../../store/shop.ts';
import { saleRuns } from '../sellable.ts';

/** Takes a coupon's discount off the lines it is good for. Throws RestError when the shop would not accept it. */
export function applyCoupon(shop: Shop, order: OrderRow, code: string): CouponLineRow {
  const coupon = usable(shop, code.trim().toLowerCase());
  const dp = places(shop);
  const lines = order.lines.filter((line) => goodFor(shop, coupon, line));
  const whole = total(lines.map((line) => line.total));
  let given = decimal(0);
  for (const line of lines) {
    const off = decimal(rounded(discount(coupon, line, whole), dp));
    const left = decimal(line.total);
    const taken = off.gt(left) ? left : off;
    line.total = left.minus(taken).toFixed();
    given = given.plus(taken);
  }
  const info = JSON.stringify([coupon.id, coupon.code, coupon.discountType, Number(coupon.amount)]);
  return {
    id: nextId(shop, 'orderItem'),
    code: coupon.code,
    discount: given.toFixed(),
    discountTax: '0',
    discountType: coupon.discountType,
    nominalAmount: Number(coupon.amount),
    freeShipping: coupon.freeShipping,
    meta: [newMeta(shop, 'coupon_info', info, 'orderItemMeta')],
  };
}

function discount(coupon: CouponRow, line: OrderLineRow, whole: Big): Big {
  const amount = decimal(coupon.amount);
  if (coupon.discountType === 'percent') return decimal(line.total).times(amount).div(100);
  if (coupon.discountType === 'fixed_product') return amount.times(line.quantity);
  return portion(amount, decimal(line.total), whole);
}

function usable(shop: Shop, code: string): CouponRow {
  const coupon = [...shop.coupons.values()].find((row) => row.code === code && row.status === 'publish');
  if (!coupon) throw refusal(`Coupon "${code}" cannot be applied because it does not exist.`);
  if (coupon.expiresGmt !== null && coupon.expiresGmt < nowSeconds(shop)) throw refusal('This coupon has expired.');
  if (coupon.usageLimit !== null && coupon.usageCount >= coupon.usageLimit) {
    throw refusal('Coupon usage limit has been reached.');
  }
  return coupon;
}

function refusal(message: string): RestError {
  return new RestError('woocommerce_rest_invalid_coupon', message, 400);
}

function goodFor(shop: Shop, coupon: CouponRow, line: OrderLineRow): boolean {
  const product = shop.products.get(line.productId);
  const own = [line.productId, line.variationId];
  const categories = product?.categoryIds ?? [];
  const sold = shop.variations.get(line.variationId) ?? product;
  if (coupon.productIds.length > 0 && !coupon.productIds.some((id) => own.includes(id))) return false;
  if (coupon.excludedProductIds.some((id) => own.includes(id))) return false;
  if (coupon.categoryIds.length > 0 && !coupon.categoryIds.some((id) => categories.includes(id))) return false;
  if (coupon.excludedCategoryIds.some((id) => categories.includes(id))) return false;
  return !(coupon.excludeSaleItems && sold && saleRuns(sold, shop.clock.now()));
}
