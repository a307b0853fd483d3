import type { CanonicalOrder } from '../../../../domain/order.ts';
import type { Json } from '../../../../domain/json.ts';
import type { Findings } from '../findings.ts';
import { ownMetafields, shopMetafields, type WireMetafield } from '../metafields.ts';
import type { FullTexts } from '../texts.ts';
import { exact } from './money.ts';
import { refundTotal } from './status.ts';

/** What has no field at the target and is kept all the same (fidelity §7, §8). People's data stays out of the findings. */
export function orderMetafields(
  marker: string,
  platform: string,
  order: CanonicalOrder,
  full: FullTexts,
  findings: Findings,
): readonly WireMetafield[] {
  const note = (key: string, field: string, before: Json, name: string, why: string) =>
    findings.adjust(key, field, before, `storeferry/${name}`, why);
  const kept: Record<string, Json> = {
    order_number: order.number,
    origin: originOf(order, note),
    lines: linesOf(order, note),
    ...listOf('taxes', order.taxLines, () =>
      note('order-tax-lines-in-metafield', 'tax_lines', order.taxLines.length, 'taxes', 'tax lines are read-only'),
    ),
    ...listOf('shipping', order.shippingLines),
    ...listOf('fees', order.fees),
    ...listOf('coupons', order.coupons, () =>
      note(
        'order-coupon-in-notes',
        'coupon_lines',
        order.coupons.length,
        'coupons',
        "an order's coupons are read-only",
      ),
    ),
    ...listOf('tracking', order.tracking, () =>
      note('tracking-in-notes', 'tracking', order.tracking.length, 'tracking', 'a shipment would send a mail'),
    ),
    ...refundsOf(order, note),
    ...notesOf(order, note, findings),
  };
  note('order-renumbered', 'number', order.number, 'order_number', 'the target numbers orders itself');
  return [
    ...ownMetafields(marker, kept, full, findings),
    ...shopMetafields(platform, order.meta, new Set(), 'meta', findings),
  ];
}

type Note = (key: string, field: string, before: Json, name: string, why: string) => void;

/** Nothing is kept of an empty list. */
function listOf(name: string, rows: readonly object[], noted: () => void = () => undefined): Record<string, Json> {
  if (rows.length === 0) return {};
  noted();
  return { [name]: rows as unknown as Json };
}

function originOf(order: CanonicalOrder, note: Note): Json {
  const { parent, key, createdVia, version } = order.origin;
  note('order-origin-in-metafield', 'origin', createdVia, 'origin', 'the target has no such fields');
  if (order.paymentMethod !== '') {
    const why = 'the target knows a payment by its title alone';
    note('payment-gateway-in-metafield', 'payment_method', order.paymentMethod, 'origin', why);
  }
  const dates = { paid: order.paidAt, completed: order.completedAt };
  if (order.paidAt !== null || order.completedAt !== null) {
    note('order-dates-in-metafield', 'dates', dates, 'origin', 'the target stamps orders itself');
  }
  return {
    parent,
    order_key: key,
    created_via: createdVia,
    version,
    payment_method: order.paymentMethod,
    date_paid: order.paidAt,
    date_completed: order.completedAt,
    prices_include_tax: order.pricesIncludeTax,
  };
}

function linesOf(order: CanonicalOrder, note: Note): Json {
  const discounted = order.lines.filter(
    ({ subtotal, total }) =>
      !exact(subtotal.amount).eq(exact(total.amount)) || !exact(subtotal.tax).eq(exact(total.tax)),
  );
  if (discounted.length > 0) {
    const why = 'the target takes discounts of the whole order';
    note('line-discount-at-order-level', 'line_items', discounted.length, 'lines', why);
  }
  return order.lines as unknown as Json;
}

function refundsOf(order: CanonicalOrder, note: Note): Record<string, Json> {
  if (order.refunds.length === 0) return {};
  const total = refundTotal(order).toString();
  note('refund-in-notes', 'refunds', total, 'refunds', 'a refund at the target would move money');
  return { refunds: order.refunds as unknown as Json, refund_total: total };
}

function notesOf(order: CanonicalOrder, note: Note, findings: Findings): Record<string, Json> {
  if (order.notes.length === 0) return {};
  const system = order.notes.filter(({ bySystem }) => bySystem).length;
  const said = order.notes.length - system;
  if (said > 0) note('notes-in-staff-notes', 'notes', said, 'notes', 'an order has one text for the staff');
  if (system > 0) note('system-notes-in-metafield', 'notes', system, 'notes', 'they would hide what people wrote');
  if (order.notes.some(({ toCustomer }) => toCustomer)) findings.report('customer-notes-not-visible', 'notes');
  return { notes: order.notes as unknown as Json };
}
