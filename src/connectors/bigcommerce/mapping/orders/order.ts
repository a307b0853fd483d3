import { isIP } from 'node:net';
import { Big } from 'big.js';
import type { CanonicalOrder } from '../../../../domain/order.ts';
import type { Json } from '../../../../domain/json.ts';
import type { Mapped, MapContext } from '../../../target.ts';
import { refusedDate, rfc2822 } from '../dates.ts';
import { createFindings, type Findings } from '../findings.ts';
import { truncateText } from '../../../../canonical/truncate.ts';
import { fittingText, type FullTexts } from '../texts.ts';
import { wellFormed } from '../well-formed.ts';
import { orderAddresses } from './addresses.ts';
import { discountOf, orderFees } from './fees.ts';
import { orderLines } from './lines.ts';
import { orderMetafields } from './metafields.ts';
import { exact, type OrderMoney, orderMoney, withTax } from './money.ts';
import { staffNotes } from './staff-notes.ts';
import { isDraft, statusId } from './status.ts';

/** Keeps the order out of what the store is billed by (bigcommerce-api §5.1). */
export const MIGRATED = 'M-MIG';
const MAX_TEXT = 255;
const MAX_MESSAGE = 65_535;

/** The whole of an order, every figure as the source stored it, whatever they add up to (fidelity §7, T10). */
export function mapOrder(sourceId: string, order: CanonicalOrder, context: MapContext): Mapped {
  const findings = createFindings();
  if (isDraft(order.status)) {
    findings.report('draft-orders-skipped', 'status', order.status);
    const reason = `it never became an order: its status is "${order.status}"`;
    return { outcome: 'skip', reason, adjustments: [], reports: findings.reports };
  }
  const broken = refusedDate(order.createdAt, 'order');
  if (broken !== null) return broken;
  const full: FullTexts = new Map();
  const money = orderMoney(order.currency, findings);
  const marker = `${context.sourceKey}:${sourceId}`;
  const { billing, shipping } = orderAddresses(order, findings, full);
  const core: Record<string, Json> = {
    external_source: MIGRATED,
    external_order_id: marker,
    status_id: statusId(order, context, findings),
    date_created: order.createdAt === null ? null : rfc2822(order.createdAt),
    customer_id: customerOf(order, context, findings),
    default_currency_code: order.currency === context.target.currency ? null : order.currency,
    ...totalsOf(order, money, findings),
    billing_address: billing,
    shipping_addresses: shipping,
    ...payment(order, findings, full),
    ...ipOf(order.ipAddress),
    customer_message: messageOf(order, findings, full),
    staff_notes: staffNotes(sourceId, order, context.source.platformName),
  };
  const lines = {
    products: orderLines(order, context, money, findings, full),
    fees: orderFees(order, money, findings, full),
  };
  return {
    outcome: 'write',
    parts: [
      { part: 'core', desired: core },
      { part: 'lines', desired: lines },
      { part: 'metafields', desired: orderMetafields(marker, context.source.platform, order, full, findings) },
    ],
    adjustments: findings.adjustments,
    reports: findings.reports,
  };
}

/** In pairs, as the target asks for them (bigcommerce-api §5.1). */
function totalsOf(order: CanonicalOrder, money: OrderMoney, findings: Findings): Record<string, string> {
  const incTax = exact(order.total.incTax);
  const lines = order.lines.map(({ subtotal }) => subtotal);
  const totals: Record<string, Big> = {
    subtotal_ex_tax: sum(lines.map(({ amount }) => exact(amount))),
    subtotal_inc_tax: sum(lines.map(withTax)),
    shipping_cost_ex_tax: exact(order.shippingTotal.amount),
    shipping_cost_inc_tax: withTax(order.shippingTotal),
    total_ex_tax: incTax.minus(exact(order.total.tax)),
    total_inc_tax: incTax,
    discount_amount: discountOf(order, findings),
  };
  return Object.fromEntries(Object.entries(totals).map(([field, value]) => [field, money.total(value, field)]));
}

function sum(amounts: readonly Big[]): Big {
  return amounts.reduce((total, one) => total.plus(one), new Big(0));
}

/** With its line breaks; the limit is that of all texts whose limit is not published (bigcommerce-api §1.5). */
function messageOf({ customerNote }: CanonicalOrder, findings: Findings, full: FullTexts): string {
  const message = wellFormed(customerNote.replaceAll(/\r\n?/g, '\n')).trim();
  const cut = truncateText(message, MAX_MESSAGE);
  if (cut !== message) {
    full.set('customer_message', message);
    const why = 'the target takes 65535 characters; the whole text is in a metafield';
    findings.adjust('text-truncated', 'customer_note', message, cut, why);
  }
  return cut;
}

/** 0 = a guest. */
function customerOf({ customer }: CanonicalOrder, context: MapContext, findings: Findings): number {
  if (customer === null) return 0;
  const id = context.targetIdOf({ entity: 'customer', sourceId: customer });
  if (id !== null) return Number(id);
  const why = 'its account is not at the target: it is the order of a guest';
  findings.adjust('order-customer-missing-as-guest', 'customer_id', customer, 0, why);
  return 0;
}

function payment(order: CanonicalOrder, findings: Findings, full: FullTexts) {
  const title = fittingText(order.paymentTitle, MAX_TEXT, 'payment_method_title', findings, full);
  const paid = order.transactionId !== '' || order.paidAt !== null;
  // Payments of the past cannot be written (bigcommerce-api §5.2).
  if (paid) findings.report('payment-transactions', 'transactions');
  return {
    payment_method: title || order.paymentMethod || 'Manual',
    payment_provider_id: fittingText(order.transactionId, MAX_TEXT, 'transaction_id', findings, full),
  };
}

/** The first address of a list that is one; the target takes either kind, never both. */
function ipOf(stored: string): Record<string, Json> {
  const address = stored.split(/[\s,]+/).find((part) => isIP(part) !== 0);
  if (address === undefined) return {};
  return isIP(address) === 4 ? { ip_address: address } : { ip_address_v6: address };
}
