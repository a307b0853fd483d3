import { createCoupon } from '../resources/sales/coupon-write.ts';
import type { Params } from '../rest/params.ts';
import { decimal, rounded } from '../store/money.ts';
import type { CouponRow, OrderRow } from '../store/sales-rows.ts';
import { newMeta, nextId } from '../store/shop.ts';
import type { StoreBench } from './store-bench.ts';
import { day } from './store-bench.ts';

function putCoupon(bench: StoreBench, body: Params): CouponRow {
  const { shop, random } = bench;
  const row = createCoupon(shop, body, { strict: false });
  const created = bench.baseMs - random.int(10, 800) * day;
  Object.assign(row, { createdGmt: created, createdLocal: shop.zone.local(created), visibleSinceMs: 0 });
  Object.assign(row, { modifiedGmt: created, modifiedLocal: shop.zone.local(created) });
  return row;
}

const uglyCoupons: Params[] = [
  { code: 'TENOFF', discount_type: 'percent', amount: '10' },
  { code: 'fiver', discount_type: 'fixed_cart', amount: '5', minimum_amount: '20.00' },
  { code: 'piece', discount_type: 'fixed_product', amount: '1.50', limit_usage_to_x_items: 2 },
  { code: 'expired', amount: '3', date_expires: '2020-01-01T00:00:00' },
  { code: 'draft-code', amount: '3', status: 'draft' },
  { code: 'trashed-code', amount: '3', status: 'trash' },
  { code: 'free-ship', amount: '0', free_shipping: true },
  { code: 'no-amount' },
  { code: '🎁 geschenk é', discount_type: 'percent', amount: '12.345' },
  { code: 'restricted', amount: '9', email_restrictions: ['*@example.test'], product_ids: [999_999] },
  { code: 'everything', discount_type: 'percent', amount: '100', individual_use: true, exclude_sale_items: true },
  { code: `long-${'x'.repeat(120)}`, amount: '1', usage_limit: 1, usage_limit_per_user: 1 },
];

export function seedCoupons(bench: StoreBench, count: number): void {
  uglyCoupons.slice(0, count).forEach((body) => putCoupon(bench, body));
  for (let at = uglyCoupons.length; at < count; at += 1) {
    putCoupon(bench, { code: `code-${at + 1}`, discount_type: 'percent', amount: String(bench.random.int(5, 40)) });
  }
}

/** A coupon as it was used in the past: the discount stays in the lines although the coupon may be gone. */
export function putCouponLine(bench: StoreBench, order: OrderRow): void {
  const { shop } = bench;
  const known = [...shop.coupons.values()].find((row) => row.discountType === 'percent' && row.status === 'publish');
  const [code, percent] = known ? [known.code, known.amount] : ['gone', '20'];
  let given = decimal(0);
  for (const line of order.lines) {
    const off = decimal(rounded(decimal(line.subtotal).times(percent).div(100), 2));
    line.total = decimal(line.subtotal).minus(off).toFixed();
    given = given.plus(off);
  }
  const info = JSON.stringify([known?.id ?? 999_999, code, 'percent', Number(percent)]);
  order.couponLines.push({
    id: nextId(shop, 'orderItem'),
    code,
    discount: given.toFixed(),
    discountTax: '0',
    discountType: 'percent',
    nominalAmount: Number(percent),
    freeShipping: false,
    meta: [newMeta(shop, 'coupon_info', info, 'orderItemMeta')],
  });
  if (!known) return;
  known.usageCount += 1;
  known.usedBy.push(order.customerId > 0 ? String(order.customerId) : order.billing.email);
}
