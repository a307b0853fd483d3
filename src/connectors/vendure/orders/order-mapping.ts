import { contentHash } from '../../../canonical/content-hash.ts';
import { tidyText } from '../../../canonical/plain-text.ts';
import type { CanonicalAddress } from '../../../domain/address.ts';
import { compareSourceIds } from '../../../domain/entity.ts';
import type { CanonicalOrder, CanonicalRefund } from '../../../domain/order.ts';
import type { Json, MetaField, Reference, ReportItem, SourceRecord } from '../../../domain/record.ts';
import { latest } from '../../walks/instants.ts';
import type { ShopFacts } from '../shop-facts.ts';
import { canonicalAddress } from '../wire/address.ts';
import { decimalMoney, taxedMoney } from '../wire/money.ts';
import { customMeta } from '../wire/read-row.ts';
import { orderNotes, reachedAt } from './history.ts';
import { discountFields, orderCoupons, orderLine, shippingLine, surchargeFee, taxLine } from './order-lines.ts';
import type { WireHistoryEntry, WireOrder } from './order-schema.ts';
import { orderStatus, settledRefunds } from './order-status.ts';

export function orderRecord(
  row: WireOrder,
  history: readonly WireHistoryEntry[],
  facts: ShopFacts,
): SourceRecord<'order'> {
  const canonical = canonicalOrder(row, history, facts);
  return {
    entity: 'order',
    sourceId: row.id,
    // The order's own stamp stands still while it moves on: its history tells the time.
    modifiedAt: latest([row.updatedAt, ...history.map(({ createdAt }) => createdAt)]),
    canonical,
    contentHash: contentHash('order', canonical),
    references: canonical.status === 'checkout-draft' ? [] : referencesOf(canonical),
    urls: [],
    reports: reportsOf(row, facts),
  };
}

/** Lines wait for their products, so that one which is only late does not become a custom line for ever (P9). */
function referencesOf({ customer, lines }: CanonicalOrder): readonly Reference[] {
  const products = new Set(lines.flatMap(({ product }) => (product === null ? [] : [product])));
  return [
    ...(customer === null
      ? []
      : [{ entity: 'customer', sourceId: customer, kind: 'hard', field: 'customer' } as const]),
    ...[...products].map((sourceId) => ({ entity: 'product', sourceId, kind: 'hard', field: 'lines' }) as const),
  ];
}

function canonicalOrder(row: WireOrder, history: readonly WireHistoryEntry[], facts: ShopFacts): CanonicalOrder {
  const { moneyDecimals: decimals } = facts;
  const lines = row.lines.map((line) => orderLine(line, facts));
  const payments = row.payments ?? [];
  const paid = payments.filter(({ state }) => state === 'Settled');
  const sent = (row.fulfillments ?? []).filter(({ trackingCode }) => trackingCode !== '');
  const named = paid.length > 0 ? paid : payments;
  return {
    number: row.code || row.id,
    status: orderStatus(row),
    currency: row.currencyCode,
    createdAt: row.orderPlacedAt ?? row.createdAt,
    paidAt: reachedAt(history, 'ORDER_PAYMENT_TRANSITION', 'Settled') ?? paid[0]?.createdAt ?? null,
    completedAt: reachedAt(history, 'ORDER_STATE_TRANSITION', 'Delivered'),
    pricesIncludeTax: facts.pricesIncludeTax,
    // Who never registered is a guest: Vendure keeps a record of him, not an account.
    customer: row.customer === null || row.customer.user === null ? null : row.customer.id,
    customerNote: '',
    ipAddress: '',
    ...addressesOf(row),
    paymentTitle: named.map(({ method }) => method).join(' + '),
    paymentMethod: named[0]?.method ?? '',
    transactionId: paid.find(({ transactionId }) => transactionId !== '')?.transactionId ?? '',
    total: {
      incTax: decimalMoney(row.totalWithTax, decimals),
      tax: decimalMoney(row.totalWithTax - row.total, decimals),
    },
    shippingTotal: taxedMoney(row.shipping, row.shippingWithTax, decimals),
    discountTotal: discountOf(row, decimals),
    lines,
    shippingLines: row.shippingLines.map((line) => shippingLine(line, facts)),
    fees: row.surcharges.map((surcharge) => surchargeFee(surcharge, facts)),
    coupons: orderCoupons(row, facts),
    taxLines: row.taxSummary.map((line) => taxLine(line, facts)),
    refunds: refundsOf(row, decimals),
    notes: orderNotes(history),
    tracking: sent.map(({ id, method, trackingCode }) => ({
      carrier: tidyText(method),
      number: trackingCode,
      shippedAt: (shippedAt(history, id) ?? '').slice(0, 10),
    })),
    origin: { parent: '', key: '', createdVia: row.type, version: '' },
    meta: [...stateFields(row, facts), ...customMeta(row.customFields, facts, 'Order').meta],
  };
}

/** Of the goods only: what was taken off shipping is off its figure already. */
function discountOf(row: WireOrder, decimals: number) {
  const net = row.lines.reduce((sum, line) => sum + line.linePrice - line.proratedLinePrice, 0);
  const gross = row.lines.reduce((sum, line) => sum + line.linePriceWithTax - line.proratedLinePriceWithTax, 0);
  return taxedMoney(net, gross, decimals);
}

function shippedAt(history: readonly WireHistoryEntry[], fulfillment: string): string | null {
  // The server's own entries hold its ids as it stores them: numbers, or text.
  const isOf = ({ fulfillmentId }: Readonly<Record<string, Json>>) =>
    fulfillmentId === fulfillment || fulfillmentId === Number(fulfillment);
  return reachedAt(history, 'ORDER_FULFILLMENT_TRANSITION', 'Shipped', isOf);
}

/** By whom and where to; the e-mail address is the account's or the guest's. */
function addressesOf(row: WireOrder): Pick<CanonicalOrder, 'billing' | 'shipping'> {
  const email = (row.customer?.emailAddress ?? '').trim();
  const person = {
    firstName: tidyText(row.customer?.firstName ?? ''),
    lastName: tidyText(row.customer?.lastName ?? ''),
  };
  const of = (address: WireOrder['billingAddress'], mail: string) =>
    address === null ? null : canonicalAddress(address, address.countryCode || address.country, person, mail);
  const shipping = of(row.shippingAddress, '');
  const billing = of(row.billingAddress, email);
  // A checkout need not ask for a billing address: then the goods' is the only one known.
  return {
    billing: billing ?? (shipping === null ? nobody(person, email) : { ...shipping, email }),
    shipping,
  };
}

function nobody(person: { readonly firstName: string; readonly lastName: string }, email: string): CanonicalAddress {
  const none = { company: '', street1: '', street2: '', city: '', state: '', stateName: null, postcode: '' };
  return { ...person, ...none, country: '', phone: '', email };
}

/** Those that moved money. */
function refundsOf(row: WireOrder, decimals: number): readonly CanonicalRefund[] {
  return settledRefunds(row)
    .map((refund): CanonicalRefund => ({
      sourceId: refund.id,
      createdAt: refund.createdAt,
      amount: decimalMoney(refund.total, decimals),
      reason: tidyText(refund.reason),
      lines: {
        lines: refund.lines.map(({ orderLineId, quantity }) => ({ line: orderLineId, quantity })),
        items: decimalMoney(refund.items, decimals),
        shipping: decimalMoney(refund.shipping, decimals),
        adjustment: decimalMoney(refund.adjustment, decimals),
        method: refund.method,
        transaction: refund.transactionId,
      },
    }))
    .toSorted((a, b) => compareSourceIds(a.sourceId, b.sourceId));
}

/** The shop's own words and figures, where canonical fields hold less. */
function stateFields(row: WireOrder, facts: ShopFacts): MetaField[] {
  const payments = (row.payments ?? []).map(({ method, state, amount, transactionId, createdAt }) => {
    const paid = decimalMoney(amount, facts.moneyDecimals);
    return { method, state, amount: paid, transaction: transactionId, at: createdAt };
  });
  return [
    { key: 'state', value: row.state },
    ...(payments.length > 1 ? [{ key: 'payments', value: payments }] : []),
    ...(row.discounts.length > 0 ? [{ key: 'discounts', value: discountFields(row, facts) }] : []),
  ];
}

function reportsOf(row: WireOrder, facts: ShopFacts): ReportItem[] {
  const pending = (row.payments ?? []).flatMap(({ refunds }) => refunds).some(({ state }) => state === 'Pending');
  return [
    ...customMeta(row.customFields, facts, 'Order').reports,
    ...row.lines.flatMap((line) => customMeta(line.customFields, facts, 'OrderLine').reports).slice(0, 5),
    ...(pending ? [{ key: 'pending-refunds', field: 'payments.refunds' }] : []),
  ];
}
