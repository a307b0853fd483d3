import { trashOrder } from '../resources/sales/order-write.ts';
import { recalculate } from '../resources/sales/order-totals.ts';
import { emptyAddress, emptyBilling } from '../store/address.ts';
import type { OrderRow } from '../store/sales-rows.ts';
import { newMeta } from '../store/shop.ts';
import { putOrder } from './orders.ts';
import type { OrderShape } from './orders.ts';
import type { RefundShape } from './refunds.ts';
import { seedRefund } from './refunds.ts';
import type { StoreBench } from './store-bench.ts';

export type UglyOrder = (bench: StoreBench) => void;

function one(given: Partial<OrderRow>, shape: OrderShape = {}): UglyOrder {
  return (bench) => void putOrder(bench, { ...shape, given });
}

function withStatus(status: string): UglyOrder {
  return one({ status });
}

function refunded(...shapes: RefundShape[]): UglyOrder {
  return (bench) => {
    const order = putOrder(bench, { quantity: 3, price: '20.00', given: { status: 'completed' } });
    for (const shape of shapes) seedRefund(bench, order, shape);
  };
}

/** Statuses, amounts and currencies that orders come with. */
const plain: UglyOrder[] = [
  withStatus('pending'),
  one({ status: 'processing' }, { guest: true }),
  // The cheapest order there is.
  one({ status: 'completed' }, { lines: 1, quantity: 1, price: '0.01', shipping: null }),
  withStatus('on-hold'),
  withStatus('failed'),
  withStatus('cancelled'),
  withStatus('checkout-draft'),
  withStatus('awaiting-pickup'),
  withStatus('auto-draft'),
  one({ status: 'completed', currency: 'JPY' }, { price: '1200', shipping: '500' }),
  one({ status: 'completed', currency: 'KWD' }, { price: '1.375', shipping: '0.250' }),
  one({ status: 'completed' }, { price: '3.333333', quantity: 3, shipping: '1.005' }),
  one({ status: 'completed', pricesIncludeTax: true }),
  one({ status: 'completed' }, { coupon: true }),
  // A fee below zero is how some plugins give a discount.
  one({ status: 'completed' }, { fee: '-2.50' }),
  one({ status: 'completed' }, { lines: 0, fee: '15.00', shipping: null }),
  one({ status: 'completed' }, { lines: 0, shipping: null }),
  one({ status: 'completed', number: '#A-1001' }),
  one({ status: 'completed', number: '#A-1001' }),
  one({ status: 'completed' }, { quantity: 0.5 }),
  one({ status: 'completed' }, { lines: 60 }),
  one({ status: 'completed' }, { quantity: 0 }),
  // The same wall-clock hour twice: the end of summer time in New York.
  one({ status: 'completed', createdGmt: Date.UTC(2025, 10, 2, 5, 30) }),
  one({ status: 'completed', createdGmt: Date.UTC(2025, 10, 2, 6, 30) }),
];

/** Whose order it is, or was. */
const buyers: UglyOrder[] = [
  // A guest with the address of a registered customer, in other letters.
  one(
    { status: 'completed', customerId: 0, billing: { ...emptyBilling(), email: 'SHARED@example.test', country: 'US' } },
    { guest: true },
  ),
  one({ status: 'completed', billing: { ...emptyBilling(), first_name: 'No', last_name: 'Email' } }, { guest: true }),
  // The user went away without WordPress noticing.
  one({ status: 'completed', customerId: 999_999 }, { guest: true }),
  one(
    {
      status: 'completed',
      billing: { ...emptyBilling(), first_name: 'نور', city: 'القاهرة', email: 'noor@example.test' },
    },
    { guest: true },
  ),
  one({ status: 'completed', shipping: emptyAddress() }),
];

/** Every shape of a refund. */
const refunds: UglyOrder[] = [
  refunded('line'),
  refunded('full'),
  refunded('amount'),
  refunded('line with tax'),
  refunded('shipping'),
  refunded('line', 'rest'),
  refunded('amount', 'amount', 'amount'),
  refunded('nothing'),
  refunded('cent', 'line'),
];

function soldAndGone(bench: StoreBench): void {
  const order = putOrder(bench, { lines: 2, given: { status: 'completed' } });
  const [first, second] = order.lines;
  if (first) Object.assign(first, { name: 'A product of old', productId: 999_991, variationId: 0 });
  if (second) Object.assign(second, { name: 'Boot of old - Red', productId: 999_992, variationId: 999_993 });
  if (second) second.meta = [newMeta(bench.shop, 'pa_gone', 'red', 'orderItemMeta')];
}

/** A coupon that was deleted since: its code and discount stay. */
function goneCoupon(bench: StoreBench): void {
  const order = putOrder(bench, { lines: 1, quantity: 2, price: '10.00', given: { status: 'completed' } });
  const [line] = order.lines;
  if (!line) return;
  line.total = '15.00';
  order.couponLines.push({
    id: (bench.shop.sequences.orderItem += 1),
    code: 'summer-of-19',
    discount: '5',
    discountTax: '0',
    discountType: 'fixed_cart',
    nominalAmount: 5,
    freeShipping: false,
    meta: [],
  });
  recalculate(bench.shop, order);
}

function trashed(bench: StoreBench): void {
  const order = putOrder(bench, { given: { status: 'cancelled' } });
  const { modifiedGmt } = order;
  trashOrder(bench.shop, order);
  order.modifiedGmt = modifiedGmt;
}

/** A renewal of a subscription names the order it renews. */
function renewal(bench: StoreBench): void {
  const first = putOrder(bench, { lines: 1, given: { status: 'completed', createdVia: 'checkout' } });
  putOrder(bench, { lines: 1, given: { status: 'completed', createdVia: 'subscription', parentId: first.id } });
}

function awkwardMeta(bench: StoreBench): void {
  const order = putOrder(bench, { lines: 1, given: { status: 'completed' } });
  const add = (key: string, value: Parameters<typeof newMeta>[2]): void =>
    void order.meta.push(newMeta(bench.shop, key, value, 'orderMeta'));
  add('_stripe_fee', '0.59');
  add('nested', { parts: [1, { deep: null }], text: 'naïve' });
  add('rows', 'first');
  add('rows', 'second');
  add('vat_number', 'DE 123 456 789');
  order.customerNote = '<script>alert(1)</script> 🎁 مرحبا\nsecond line';
  order.lines[0]?.meta.push(newMeta(bench.shop, 'Engraving', 'For Zoë & <i>Max</i>', 'orderItemMeta'));
}

/** Every case, the kinds in turn, so that a small shop has some of each. */
export function uglyOrders(): UglyOrder[] {
  const kinds = [plain, [soldAndGone, goneCoupon, trashed, renewal, awkwardMeta, ...buyers], refunds];
  const most = Math.max(...kinds.map((kind) => kind.length));
  return Array.from({ length: most }, (_, at) => kinds.flatMap((kind) => (kind[at] ? [kind[at]] : []))).flat();
}
