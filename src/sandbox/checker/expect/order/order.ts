import type { Row } from '../../raw/row.ts';
import { idOf, rowsOf, textOf } from '../../raw/row.ts';
import { plain, sameAmount, sameInstant } from '../../rules/normalise.ts';
import { fits } from '../customer.ts';
import type { Expectation, Expected } from '../expectation.ts';
import { holdsAll, ownField, ownMetafield } from '../expectation.ts';
import { expectedMetaFields } from '../shop-metafields.ts';
import { addressFields } from './addresses.ts';
import { lineFields, type SoldAs } from './lines.ts';
import { amount, totalsOf } from './money.ts';
import { staffNotesField } from './notes.ts';
import { statusOf } from './status.ts';

const scope = 'order';

export interface OrderParts {
  /** Of this order, by id. */
  refunds: readonly Row[];
  /** Of this order, oldest first. */
  notes: readonly Row[];
  /** 0 where the account is not at the target. */
  customerId: (sourceId: number) => number;
  soldAs: SoldAs;
}

/** Everything that an order becomes (fidelity §7, §8). */
export function expectedOrder(row: Row, parts: OrderParts): Expected {
  const status = statusOf(row);
  const { totals, adjusted } = totalsOf(row);
  const lines = lineFields(row, parts.soldAs);
  // The plugin's parcels have a row of their own.
  const metas = rowsOf(row['meta_data']).filter((meta) => meta['key'] !== '_wc_shipment_tracking_items');
  const shop = expectedMetaFields(scope, { ...row, meta_data: metas });
  return {
    fields: [
      own('external_source', 'EXACT §7 id', 'M-MIG'),
      own('is_deleted', 'EXACT §7 status', false),
      own('status_id', status.adjusted[0] ? `ADJUSTED ${status.adjusted[0]}` : 'EXACT §7.1', status.id),
      own('default_currency_code', 'EXACT §7 currency', textOf(row['currency'])),
      own('date_created', 'EXACT §7 date_created (N5)', textOf(row['date_created_gmt']), sameInstant),
      own('customer_id', 'EXACT §7 customer_id', parts.customerId(idOf(row['customer_id']))),
      ...Object.entries(totals).map(([name, value]) => own(name, 'EXACT §7 totals', value.toFixed(), sameAmount)),
      own('customer_message', 'EXACT §7 customer_note', textOf(row['customer_note']), sameLines),
      own('payment_method', 'EXACT §7 payment_method_title', paymentOf(row), (a: string, b) => fits(a, b, 255)),
      own('payment_provider_id', 'EXACT §7 transaction_id', plain(textOf(row['transaction_id'])), (a: string, b) =>
        fits(a, b, 255),
      ),
      ipField(row),
      ...addressFields(row),
      ...lines.fields,
      staffNotesField(row, parts.refunds, parts.notes),
      ...keptFields(row, parts),
      ...shop.fields,
    ],
    adjusted: ['order-renumbered', ...status.adjusted, ...adjusted, ...lines.adjusted, ...shop.adjusted],
  };
}

function own(field: string, rule: string, expected: unknown, agrees?: (a: never, b: unknown) => boolean): Expectation {
  return ownField({ scope, field, rule, expected, ...(agrees ? { agrees } : {}) });
}

function paymentOf(row: Row): string {
  return plain(textOf(row['payment_method_title'])) || textOf(row['payment_method']) || 'Manual';
}

function lineForm(text: string): string {
  return text.replace(/\r\n?/g, '\n').trim();
}

function sameLines(expected: string, actual: unknown): boolean {
  return lineForm(expected) === lineForm(textOf(actual));
}

/** The first address of the list; of either kind, never both. */
function ipField(row: Row): Expectation {
  const stored = textOf(row['customer_ip_address'])
    .split(/[\s,]+/)
    .find((part) => /^(\d{1,3}\.){3}\d{1,3}$|^[\da-f:]*:[\da-f:.]*$/i.test(part));
  return ownField({
    scope,
    field: 'ip_address',
    rule: 'EXACT §7 customer_ip_address',
    expected: stored ?? '',
    read: ({ row: target }) => textOf(target['ip_address']) || textOf(target['ip_address_v6']),
  });
}

function idsIn(rows: readonly Row[]): string[] {
  return rows.map((one) => textOf(one['id']));
}

/** What has no field and is kept all the same, in a layout of nobody's concern (fidelity §7, §8). */
function keptFields(row: Row, { refunds, notes }: OrderParts): Expectation[] {
  const kept = (key: string, rule: string, texts: readonly string[]): Expectation[] =>
    texts.length === 0
      ? []
      : [
          ownMetafield({
            scope,
            key,
            rule: `ADJUSTED ${rule}`,
            source: texts,
            expected: texts.join(', '),
            agrees: holdsAll(texts),
          }),
        ];
  const refunded = refunds.reduce((sum, refund) => sum.plus(amount(refund['amount'])), amount(0));
  const dates = ['date_paid_gmt', 'date_completed_gmt'].map((name) => textOf(row[name])).filter((day) => day !== '');
  const tax = rowsOf(row['tax_lines']);
  return [
    ...kept('order_number', 'order-renumbered', [textOf(row['number']) || textOf(row['id'])]),
    ...kept(
      'origin',
      'order-origin-in-metafield',
      [textOf(row['order_key']), textOf(row['payment_method']), ...dates].filter((text) => text !== ''),
    ),
    ...kept('lines', 'line-discount-at-order-level', idsIn(rowsOf(row['line_items']))),
    ...kept(
      'taxes',
      'order-tax-lines-in-metafield',
      tax.map((line) => textOf(line['rate_code'])),
    ),
    ...kept('shipping', '§7 shipping_lines', idsIn(rowsOf(row['shipping_lines']))),
    ...kept('fees', '§7 fee_lines', idsIn(rowsOf(row['fee_lines']))),
    ...kept(
      'coupons',
      'order-coupon-in-notes',
      rowsOf(row['coupon_lines']).map((line) => textOf(line['code'])),
    ),
    ...kept('refunds', 'refund-in-notes', idsIn(refunds)),
    ...kept('notes', 'system-notes-in-metafield', idsIn(notes)),
    ...(refunds.length === 0
      ? []
      : [
          ownMetafield({
            scope,
            key: 'refund_total',
            rule: 'EXACT §8 amount',
            source: refunded.toFixed(),
            expected: refunded.toFixed(),
            agrees: sameAmount,
          }),
        ]),
  ];
}
