import { makeFeeLine, makeLine, makeShippingLine } from '../resources/sales/order-lines.ts';
import { addNote } from '../resources/sales/order-notes.ts';
import { recalculate } from '../resources/sales/order-totals.ts';
import { emptyOrder, orderKey } from '../resources/sales/empty-order.ts';
import { emptyAddress, emptyBilling } from '../store/address.ts';
import { decimal } from '../store/money.ts';
import type { OrderRow } from '../store/sales-rows.ts';
import { newMeta, nextId } from '../store/shop.ts';
import { address } from './people.ts';
import { putCouponLine } from './coupons.ts';
import { seedRefund } from './refunds.ts';
import type { StoreBench } from './store-bench.ts';
import { day } from './store-bench.ts';

export interface OrderShape {
  /** Number of product lines. Default one to three. */
  lines?: number;
  quantity?: number;
  /** Price of every piece instead of the product's own. */
  price?: string;
  /** Default 7.50; null leaves shipping out. */
  shipping?: string | null;
  fee?: string;
  coupon?: boolean;
  guest?: boolean;
  given?: Partial<OrderRow>;
}

/** An order of the past as an ordinary shop would have it: its stock and its counters moved long ago. */
export function putOrder(bench: StoreBench, shape: OrderShape = {}): OrderRow {
  const { shop, random } = bench;
  const created = bench.baseMs - random.int(1, 700) * day - random.int(0, 86_399) * 1_000;
  const row: OrderRow = {
    ...emptyOrder(shop),
    id: nextId(shop, 'post'),
    createdGmt: created,
    modifiedGmt: created + random.int(0, 10) * day,
    visibleSinceMs: 0,
    stockReduced: true,
    salesCounted: true,
    couponsCounted: true,
    createdVia: 'checkout',
    customerIp: '192.0.2.10',
    customerAgent: 'Mozilla/5.0',
    status: random.pick(everydayStatuses),
    ...payment(bench),
    ...buyer(bench, shape.guest ?? random.chance(0.3)),
    ...shape.given,
  };
  row.orderKey = orderKey(row.id);
  addLines(bench, row, shape);
  recalculate(shop, row);
  setDates(row);
  if (random.chance(0.15)) row.customerNote = random.pick(customerNotes);
  if (random.chance(0.2)) row.meta.push(newMeta(shop, 'channel', random.pick(['web', 'app']), 'orderMeta'));
  shop.orders.set(row.id, row);
  bench.orders.push(row.id);
  const note = `Order status changed from Pending payment to ${row.status}.`;
  addNote(shop, row.id, note, { createdGmt: row.createdGmt });
  return row;
}

const everydayStatuses = ['pending', 'processing', 'on-hold', ...Array.from({ length: 7 }, () => 'completed')];
const customerNotes = ['Leave at door', 'Ring twice 🔔', '<b>Gift</b> & no invoice', 'يرجى الاتصال قبل التسليم'];

function payment(bench: StoreBench): Pick<OrderRow, 'paymentMethod' | 'paymentMethodTitle' | 'transactionId'> {
  const [paymentMethod, paymentMethodTitle] = bench.random.pick([
    ['bacs', 'Bank transfer'],
    ['cod', 'Cash on delivery'],
    ['stripe', 'Credit card'],
    ['paypal', 'PayPal'],
  ] as [string, string][]);
  const online = ['stripe', 'paypal'].includes(paymentMethod);
  return { paymentMethod, paymentMethodTitle, transactionId: online ? `txn_${bench.random.int(1e6, 9e6)}` : '' };
}

function buyer(bench: StoreBench, guest: boolean): Pick<OrderRow, 'customerId' | 'billing' | 'shipping'> {
  const known =
    bench.customers.length > 0 && !guest ? bench.shop.customers.get(bench.random.pick(bench.customers)) : null;
  if (known) return { customerId: known.id, billing: { ...known.billing }, shipping: { ...known.shipping } };
  const home = address(bench);
  const email = `guest${bench.random.int(1, 400)}@example.test`;
  const shipping = bench.random.chance(0.5) ? { ...home } : emptyAddress();
  return { customerId: 0, billing: { ...emptyBilling(), ...home, email }, shipping };
}

function addLines(bench: StoreBench, row: OrderRow, shape: OrderShape): void {
  const { shop, random } = bench;
  const count = bench.sellables.length === 0 ? 0 : (shape.lines ?? random.int(1, 3));
  for (let at = 0; at < count; at += 1) {
    const sold = random.pick(bench.sellables);
    const quantity = shape.quantity ?? random.int(1, 3);
    const subtotal = decimal(shape.price ?? sold.price)
      .times(quantity)
      .toFixed();
    const body = { product_id: sold.productId, variation_id: sold.variationId, quantity, subtotal, total: subtotal };
    row.lines.push(makeLine(shop, row, body, false));
  }
  const shipping = shape.shipping === undefined ? '7.50' : shape.shipping;
  if (shipping !== null) {
    const method = { method_id: 'flat_rate', method_title: 'Flat rate', instance_id: '1', total: shipping };
    row.shippingLines.push(makeShippingLine(shop, method));
  }
  if (shape.fee !== undefined) row.feeLines.push(makeFeeLine(shop, { name: 'Gift wrap', total: shape.fee }));
  if (shape.coupon) putCouponLine(bench, row);
}

/** Paid and completed follow from the status; both stay null where nothing was paid. */
function setDates(row: OrderRow): void {
  if (!['processing', 'completed', 'refunded'].includes(row.status)) return;
  row.paidGmt ??= row.createdGmt + 60_000;
  if (row.status === 'completed') row.completedGmt ??= row.modifiedGmt;
}

export function everydayOrder(bench: StoreBench): void {
  const { random } = bench;
  const order = putOrder(bench, {
    coupon: random.chance(0.1),
    ...(random.chance(0.1) ? { fee: '3.00' } : {}),
    ...(random.chance(0.1) ? { shipping: null } : {}),
  });
  if (order.status === 'completed' && random.chance(0.07)) {
    seedRefund(bench, order, random.pick(['line', 'amount', 'full'] as const));
  }
  if (random.chance(0.05)) {
    addNote(bench.shop, order.id, 'Your parcel is on its way.', { createdGmt: order.modifiedGmt, customerNote: true });
  }
}
