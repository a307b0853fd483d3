import type { OrderRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { nowSeconds } from '../../store/shop.ts';
import { decimal } from '../../store/money.ts';
import { addNote } from './order-notes.ts';
import { orderStatuses } from './order-statuses.ts';
import { reduceStock, restoreStock } from './order-stock.ts';

const taking = ['processing', 'completed', 'on-hold'];

/** Moves an order on, with what a change of status brings along: stock, dates, counters, a note. No stamp moves here. */
export function changeStatus(shop: Shop, order: OrderRow, to: string): void {
  const from = order.status;
  if (from === to) return;
  order.status = to;
  const now = nowSeconds(shop);
  if (['processing', 'completed'].includes(to)) order.paidGmt ??= now;
  if (to === 'completed') order.completedGmt ??= now;
  if (taking.includes(to)) {
    reduceStock(shop, order);
    countSales(shop, order);
  } else if (['cancelled', 'pending'].includes(to)) restoreStock(shop, order);
  countCoupons(shop, order);
  const customer = shop.customers.get(order.customerId);
  // The customer's stamp stays where it is (source-apis §1.4).
  if (customer && to === 'completed') customer.isPaying = true;
  const names = orderStatuses(shop);
  if (names[from] && names[to]) {
    addNote(shop, order.id, `Order status changed from ${names[from]} to ${names[to]}.`);
  }
}

/** `total_sales` is counted by SQL: the product's stamp stays. */
function countSales(shop: Shop, order: OrderRow): void {
  if (order.salesCounted) return;
  order.salesCounted = true;
  for (const line of order.lines) {
    const product = shop.products.get(line.productId);
    if (product) product.totalSales += line.quantity;
  }
}

/** `usage_count` and `used_by` grow with orders and shrink with cancelled ones (recording "coupon after use"). */
export function countCoupons(shop: Shop, order: OrderRow): void {
  const counts = ['pending', ...taking].includes(order.status);
  const undo = ['cancelled', 'failed'].includes(order.status) && order.couponsCounted;
  if (order.couponsCounted === counts || (!counts && !undo)) return;
  order.couponsCounted = counts;
  const user = order.customerId > 0 ? String(order.customerId) : order.billing.email;
  for (const line of order.couponLines) {
    const coupon = [...shop.coupons.values()].find((row) => row.code === line.code);
    if (!coupon) continue;
    coupon.usageCount += counts ? 1 : -1;
    if (counts) coupon.usedBy.push(user);
    else coupon.usedBy = coupon.usedBy.toSpliced(coupon.usedBy.indexOf(user), 1);
  }
}

/** Waits for money: what the buyer can still pay. */
export function needsPayment(order: OrderRow): boolean {
  return ['pending', 'failed', 'checkout-draft'].includes(order.status) && decimal(order.total).gt(0);
}
