import type { Big } from 'big.js';
import type { Row } from '../../raw/row.ts';
import { idOf, rowsOf, textOf } from '../../raw/row.ts';
import { targetForm } from '../../rules/html.ts';
import { plain } from '../../rules/normalise.ts';
import type { Expectation } from '../expectation.ts';
import { amount, inCurrency, negativeFees, onBasis } from './money.ts';

/** The staff's text, line by line (fidelity §8): facts that have no field, a blank line, what people wrote. */
export function staffNotesField(row: Row, refunds: readonly Row[], notes: readonly Row[]): Expectation {
  const lines = [...facts(row, refunds), ...human(notes)];
  return {
    scope: 'order',
    field: 'staff_notes',
    rule: 'ADJUSTED notes-in-staff-notes',
    source: lines.length,
    expected: lines,
    read: ({ row: target }) => textOf(target['staff_notes']),
    agrees: (actual) => {
      const text = textOf(actual);
      const whole = plain(lines.join(' '));
      return text.length >= 59_000 ? whole.startsWith(plain(text).slice(0, 50_000)) : plain(text) === whole;
    },
  };
}

function facts(row: Row, refunds: readonly Row[]): string[] {
  const money = (value: Big): string => {
    const rounded = inCurrency(value, textOf(row['currency']));
    return `${rounded.toFixed(decimalsOf(row))} ${textOf(row['currency'])}`;
  };
  return [
    `WooCommerce order ${textOf(row['number']) || idOf(row['id'])} (id ${idOf(row['id'])})`,
    ...stampLine('Paid', row['date_paid_gmt']),
    ...stampLine('Completed', row['date_completed_gmt']),
    ...rowsOf(row['coupon_lines']).map(
      (line) => `Coupon ${textOf(line['code'])}: ${money(onBasis(row, line['discount'], line['discount_tax']))}`,
    ),
    ...negativeFees(row).map(
      (fee) => `Discount ${textOf(fee['name'])}: ${money(onBasis(row, fee['total'], fee['total_tax']).abs())}`,
    ),
    ...parcels(row),
    ...refunds.map((refund) => {
      const told = plain(textOf(refund['reason']));
      const line = `Refund ${textOf(refund['date_created_gmt']).slice(0, 10)} ${money(amount(refund['amount']))}`;
      return told === '' ? line : `${line}: ${told}`;
    }),
  ];
}

function stampLine(word: string, stamp: unknown): string[] {
  return textOf(stamp) === '' ? [] : [`${word} ${textOf(stamp).replace('T', ' ').slice(0, 19)} UTC`];
}

function decimalsOf(row: Row): number {
  const tiny = inCurrency(amount('0.005'), textOf(row['currency'])).toFixed();
  return tiny === '0' ? 0 : (tiny.split('.')[1]?.length ?? 0);
}

function parcels(row: Row): string[] {
  const stored = rowsOf(row['meta_data']).find((meta) => meta['key'] === '_wc_shipment_tracking_items');
  return rowsOf(stored?.['value'])
    .filter((item) => textOf(item['tracking_number']) !== '')
    .map((item) => {
      const carrier = textOf(item['tracking_provider']) || textOf(item['custom_tracking_provider']);
      const sent = textOf(item['date_shipped']);
      const day = /^\d{9,11}$/.test(sent) ? new Date(Number(sent) * 1_000).toISOString().slice(0, 10) : sent;
      return plain(`Tracking ${carrier} ${textOf(item['tracking_number'])} ${day}`);
    });
}

function human(notes: readonly Row[]): string[] {
  return notes
    .filter((note) => textOf(note['author']) !== 'WooCommerce')
    .map((note) => {
      const at = textOf(note['date_created_gmt']).replace('T', ' ').slice(0, 19);
      const to = note['customer_note'] === true ? ' (to customer)' : '';
      return `[${at} UTC] ${textOf(note['author'])}${to}: ${targetForm(textOf(note['note'])).text}`;
    });
}

/** Oldest first. */
export function byTime(rows: readonly Row[], field: string): Row[] {
  return rows.toSorted((a, b) => textOf(a[field]).localeCompare(textOf(b[field])) || idOf(a['id']) - idOf(b['id']));
}
