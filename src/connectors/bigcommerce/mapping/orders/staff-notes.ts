import type { Big } from 'big.js';
import { htmlToText } from '../../../../canonical/html.ts';
import { comparableText } from '../../../../canonical/plain-text.ts';
import { truncateText } from '../../../../canonical/truncate.ts';
import type { CanonicalOrder, CanonicalOrderNote, CanonicalRefund } from '../../../../domain/order.ts';
import type { Instant } from '../../../../domain/record.ts';
import { wellFormed } from '../well-formed.ts';
import { isNegative } from './fees.ts';
import { atDecimals, currencyDecimals, exact, onBasis } from './money.ts';

/** The target takes 65,535 characters; the rest stays free for the merchant's own (fidelity §8). */
const MAX_NOTES = 60_000;

/** Which shop's order this was, what has no field, then what people wrote, oldest first: always the same text (§8). */
export function staffNotes(sourceId: string, order: CanonicalOrder, platform: string): string {
  const basis = order.pricesIncludeTax;
  const facts = [
    `${platform} order ${order.number} (id ${sourceId})`,
    ...dateLine('Paid', order.paidAt),
    ...dateLine('Completed', order.completedAt),
    ...order.coupons.map(({ code, discount }) => `Coupon ${code}: ${amount(order, onBasis(discount, basis))}`),
    ...order.fees
      .filter(isNegative)
      .map(({ name, total }) => `Discount ${name}: ${amount(order, onBasis(total, basis).abs())}`),
    ...order.tracking.map(({ carrier, number, shippedAt }) => words('Tracking', carrier, number, shippedAt)),
    ...order.refunds.map((refund) => refundLine(order, refund)),
  ];
  const said = order.notes.filter(({ bySystem }) => !bySystem).map(noteLine);
  return truncateText(wellFormed([...facts, ...(said.length > 0 ? ['', ...said] : [])].join('\n')), MAX_NOTES);
}

function refundLine(order: CanonicalOrder, { createdAt, amount: paid, reason }: CanonicalRefund): string {
  const line = words('Refund', createdAt?.slice(0, 10) ?? '', amount(order, exact(paid)));
  return reason === '' ? line : `${line}: ${comparableText(reason)}`;
}

function words(...parts: readonly string[]): string {
  return comparableText(parts.join(' '));
}

function noteLine({ author, createdAt, text, toCustomer }: CanonicalOrderNote): string {
  const at = createdAt === null ? '' : `[${utc(createdAt)}] `;
  return `${at}${author}${toCustomer ? ' (to customer)' : ''}: ${htmlToText(text)}`;
}

function dateLine(word: string, at: Instant | null): string[] {
  return at === null ? [] : [`${word} ${utc(at)}`];
}

function utc(at: Instant): string {
  return `${at.slice(0, 19).replace('T', ' ')} UTC`;
}

function amount({ currency }: CanonicalOrder, value: Big): string {
  const decimals = currencyDecimals(currency);
  return `${atDecimals(value, decimals).toFixed(decimals)} ${currency}`;
}
