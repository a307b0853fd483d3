import { anyOf } from '../../../shared/life/life.ts';
import type { Params } from '../../rest/params.ts';
import { ownPrice } from '../../resources/sellable.ts';
import { refundsOf } from '../../resources/sales/refund-wire.ts';
import { address } from '../../seed/people.ts';
import { decimal, places, total } from '../../store/money.ts';
import type { SellableRow } from '../../store/rows.ts';
import type { CouponRow, OrderRow } from '../../store/sales-rows.ts';
import { nowSeconds } from '../../store/shop.ts';
import type { ShopHappening, ShopScene } from '../scene.ts';
import { amount, idOf } from '../scene.ts';

const path = '/wc/v3/orders';
const held = (row: OrderRow): boolean => row.status !== 'trash';

/** Something that can be bought now: a simple product or a variation, at a price and on the shelf. */
function someLine({ shop, random }: ShopScene): Params | null {
  const onSale = (row: SellableRow): boolean =>
    row.status === 'publish' && row.stockStatus !== 'outofstock' && ownPrice(row, shop.clock.now()) !== '';
  const quantity = random.int(1, 3);
  const variation = random.chance(0.4)
    ? anyOf(random, shop.variations, (row) => onSale(row) && shop.products.get(row.parentId)?.status === 'publish')
    : null;
  if (variation) return { product_id: variation.parentId, variation_id: variation.id, quantity };
  const product = anyOf(random, shop.products, (row) => row.type === 'simple' && onSale(row));
  return product && { product_id: product.id, quantity };
}

function buyer({ shop, random }: ShopScene): Params {
  const known = random.chance(0.7)
    ? anyOf(random, shop.customers, (row) => row.role === 'customer' && row.email !== '')
    : null;
  if (known) return { customer_id: known.id, billing: { ...known.billing }, shipping: { ...known.shipping } };
  const home = address({ random });
  const email = `guest${random.int(1, 9_999)}@example.test`;
  return { customer_id: 0, billing: { ...home, email }, shipping: home };
}

/** A coupon that any basket may use. Its `usage_count` will grow without a stamp (source-apis §1.6). */
function someCoupon({ shop, random }: ShopScene): Params[] {
  const usable = (row: CouponRow): boolean =>
    row.status === 'publish' &&
    (row.expiresGmt === null || row.expiresGmt > nowSeconds(shop)) &&
    (row.usageLimit === null || row.usageCount < row.usageLimit);
  const coupon = random.chance(0.1) ? anyOf(random, shop.coupons, usable) : null;
  return coupon ? [{ code: coupon.code }] : [];
}

/** What a till writes: the order, its stock, its counters and its note, in one go. */
const place: ShopHappening = {
  kind: 'order.place',
  weight: 24,
  happen: (scene) => {
    const lines = Array.from({ length: scene.random.int(1, 3) }, () => someLine(scene)).filter((line) => line !== null);
    if (lines.length === 0) return null;
    const [method, title, paid] = scene.random.pick([
      ['stripe', 'Credit card', true],
      ['paypal', 'PayPal', true],
      ['cod', 'Cash on delivery', true],
      ['bacs', 'Bank transfer', false],
    ] as const);
    const made = scene.api.create(path, {
      ...buyer(scene),
      created_via: 'checkout',
      payment_method: method,
      payment_method_title: title,
      ...(paid ? { set_paid: true } : { status: 'on-hold' }),
      line_items: lines,
      shipping_lines: [{ method_id: 'flat_rate', method_title: 'Flat rate', total: amount(scene, 0, 15) }],
      coupon_lines: someCoupon(scene),
    });
    return [`order ${idOf(made)}`, ...lines.map((line) => `product ${Number(line['product_id'])}`)];
  },
};

function edit(
  kind: string,
  weight: number,
  fits: (row: OrderRow) => boolean,
  change: (scene: ShopScene, row: OrderRow) => Params,
): ShopHappening {
  return {
    kind,
    weight,
    happen: (scene) => {
      const row = anyOf(scene.random, scene.shop.orders, fits);
      if (row === null) return null;
      scene.api.update(path, row.id, change(scene, row));
      return [`order ${row.id}`];
    },
  };
}

/** How orders go on; cancelling gives stock back. */
const onward: Record<string, readonly string[]> = {
  pending: ['processing', 'cancelled', 'failed'],
  'on-hold': ['processing', 'cancelled'],
  processing: ['completed', 'completed', 'completed', 'on-hold', 'cancelled'],
  failed: ['pending'],
};

function remove(kind: string, weight: number, fits: (row: OrderRow) => boolean, force: boolean): ShopHappening {
  return {
    kind,
    weight,
    happen: ({ shop, random, api }) => {
      const row = anyOf(random, shop.orders, fits);
      if (row === null) return null;
      api.remove(path, row.id, force);
      return [`order ${row.id}`];
    },
  };
}

/** A piece of one line, a sum, or all that is left. */
const refund: ShopHappening = {
  kind: 'order.refund',
  weight: 3,
  happen: (scene) => {
    const { shop, random, api } = scene;
    const left = (row: OrderRow) => decimal(row.total).minus(total(refundsOf(shop, row.id).map((one) => one.amount)));
    const paid = (row: OrderRow): boolean => ['processing', 'completed'].includes(row.status) && left(row).gt(1);
    const row = anyOf(random, shop.orders, paid);
    if (row === null) return null;
    const rest = left(row).round(places(shop), 0);
    const [line] = row.lines;
    const piece = line && line.quantity > 0 ? decimal(line.total).div(line.quantity).round(places(shop), 0) : null;
    const body = random.pick([
      { amount: rest.toFixed() },
      { amount: rest.div(3).round(places(shop), 0).toFixed() },
      ...(line && piece?.gt(0) && piece.lte(rest)
        ? [{ amount: piece.toFixed(), line_items: [{ id: line.id, quantity: 1, refund_total: piece.toFixed() }] }]
        : []),
    ]);
    const made = api.create(`${path}/${row.id}/refunds`, { ...body, reason: 'Sent back', api_refund: false });
    return [`order ${row.id}`, `refund ${idOf(made)}`];
  },
};

/** `order.refunds[]` shrinks without a stamp (source-apis §1.4). */
const unrefund: ShopHappening = {
  kind: 'order.delete-refund',
  weight: 0.4,
  happen: ({ shop, random, api }) => {
    const row = anyOf(random, shop.refunds, (one) => shop.orders.has(one.parentId));
    if (row === null) return null;
    api.remove(`${path}/${row.parentId}/refunds`, row.id, true);
    return [`order ${row.parentId}`, `refund ${row.id}`];
  },
};

/** No stamp moves (source-apis §1.4). */
const note: ShopHappening = {
  kind: 'order.note',
  weight: 2,
  happen: ({ shop, random, api }) => {
    const row = anyOf(random, shop.orders, held);
    if (row === null) return null;
    const text = `Parcel ${random.int(1_000, 9_999)} is on its way.`;
    const made = api.create(`${path}/${row.id}/notes`, { note: text, customer_note: random.chance(0.5) });
    return [`order ${row.id}`, `note ${idOf(made)}`];
  },
};

export const orderEvents: ShopHappening[] = [
  place,
  edit(
    'order.status',
    10,
    (row) => onward[row.status] !== undefined,
    ({ random }, row) => ({ status: random.pick(onward[row.status] ?? []) }),
  ),
  edit('order.edit', 2, held, ({ random }) => ({ customer_note: `Ring ${random.int(1, 99)} times` })),
  edit(
    'order.restore',
    1,
    (row) => row.status === 'trash',
    () => ({ status: 'processing' }),
  ),
  remove('order.trash', 1, held, false),
  remove('order.delete', 0.5, () => true, true),
  refund,
  unrefund,
  note,
];
