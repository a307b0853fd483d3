import { contentHash } from '../../../canonical/content-hash.ts';
import { tidyText } from '../../../canonical/plain-text.ts';
import type { CanonicalAddress } from '../../../domain/address.ts';
import type { Json } from '../../../domain/json.ts';
import type { CanonicalOrder, CanonicalOrderNote, CanonicalRefund } from '../../../domain/order.ts';
import type { Reference, ReportItem, SourceRecord } from '../../../domain/record.ts';
import { metaFields } from '../products/meta-fields.ts';
import { canonicalAddress, type StateNames } from '../wire/address.ts';
import { feeLine, orderLine, shippingLine, taxedAmount, taxLine } from './order-lines.ts';
import type { WireOrder } from './order-schema.ts';

/** Parcels of the plugin "Shipment Tracking": a row of its own in the rulebook (fidelity §7). */
const TRACKING = '_wc_shipment_tracking_items';
/** Carts that are no orders yet refer to nothing that anybody has to wait for. */
const DRAFTS = new Set(['checkout-draft', 'auto-draft']);

export interface OrderParts {
  readonly stateName: StateNames;
  readonly refunds: readonly CanonicalRefund[];
  readonly notes: readonly CanonicalOrderNote[];
}

export function orderRecord(row: WireOrder, parts: OrderParts, unknown: readonly ReportItem[]): SourceRecord<'order'> {
  const canonical = canonicalOrder(row, parts);
  const technical = row.customer_user_agent !== '' || row.cart_hash !== '';
  return {
    entity: 'order',
    sourceId: row.id,
    modifiedAt: row.date_modified_gmt,
    canonical,
    contentHash: contentHash('order', canonical),
    references: DRAFTS.has(row.status) ? [] : referencesOf(canonical),
    urls: [],
    reports: [
      ...unknown,
      ...metaFields(row.meta_data).reports,
      ...(technical ? [{ key: 'order-technical-fields', field: 'customer_user_agent' }] : []),
    ],
  };
}

/** Lines wait for their products, so that a product which is only late does not become a custom line for ever (P9). */
function referencesOf({ customer, lines }: CanonicalOrder): readonly Reference[] {
  const products = new Set(lines.flatMap(({ product }) => (product === null ? [] : [product])));
  return [
    ...(customer === null
      ? []
      : [{ entity: 'customer' as const, sourceId: customer, kind: 'hard' as const, field: 'customer_id' }]),
    ...[...products].map((sourceId) => ({
      entity: 'product' as const,
      sourceId,
      kind: 'hard' as const,
      field: 'line_items.product_id',
    })),
  ];
}

function canonicalOrder(row: WireOrder, { stateName, refunds, notes }: OrderParts): CanonicalOrder {
  // Addresses of orders come as they were typed (fidelity T1).
  const billing = canonicalAddress(row.billing, stateName, tidyText);
  const shipping = canonicalAddress(row.shipping, stateName, tidyText);
  return {
    number: row.number || row.id,
    status: row.status,
    currency: row.currency.toUpperCase(),
    createdAt: row.date_created_gmt,
    paidAt: row.date_paid_gmt,
    completedAt: row.date_completed_gmt,
    pricesIncludeTax: row.prices_include_tax,
    customer: row.customer_id === '' ? null : row.customer_id,
    customerNote: row.customer_note,
    ipAddress: row.customer_ip_address,
    billing: billing ?? nobody(row.billing?.country ?? ''),
    shipping,
    paymentTitle: tidyText(row.payment_method_title),
    paymentMethod: row.payment_method,
    transactionId: row.transaction_id,
    total: { incTax: row.total ?? '0', tax: row.total_tax ?? '0' },
    shippingTotal: taxedAmount(row.shipping_total, row.shipping_tax),
    discountTotal: taxedAmount(row.discount_total, row.discount_tax),
    lines: row.line_items.map(orderLine),
    shippingLines: row.shipping_lines.map(shippingLine),
    fees: row.fee_lines.map(feeLine),
    coupons: row.coupon_lines.map((line) => ({
      code: line.code,
      discount: taxedAmount(line.discount, line.discount_tax),
      type: line.discount_type,
      nominalAmount: line.nominal_amount,
      freeShipping: line.free_shipping,
    })),
    taxLines: row.tax_lines.map(taxLine),
    refunds,
    notes,
    tracking: trackingOf(row),
    origin: { parent: row.parent_id, key: row.order_key, createdVia: row.created_via, version: row.version },
    meta: metaFields(row.meta_data.filter(({ key }) => key !== TRACKING)).meta,
  };
}

function nobody(country: string): CanonicalAddress {
  const none = { firstName: '', lastName: '', company: '', street1: '', street2: '', city: '', postcode: '' };
  return { ...none, state: '', stateName: null, country: country.trim().toUpperCase(), phone: '', email: '' };
}

function trackingOf({ meta_data: rows }: WireOrder): CanonicalOrder['tracking'] {
  return rows
    .filter(({ key }) => key === TRACKING)
    .flatMap(({ value }) => (Array.isArray(value) ? (value as Json[]) : []))
    .map((item) => {
      const parcel = (typeof item === 'object' && item !== null && !Array.isArray(item) ? item : {}) as Record<
        string,
        Json
      >;
      const word = (name: string) => tidyText(plain(parcel[name]));
      return {
        carrier: word('tracking_provider') || word('custom_tracking_provider'),
        number: word('tracking_number'),
        shippedAt: day(plain(parcel['date_shipped'])),
      };
    })
    .filter(({ number }) => number !== '');
}

function plain(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The plugin keeps seconds; others write a day. */
function day(stored: string): string {
  if (!/^\d{9,11}$/.test(stored)) return stored;
  return new Date(Number(stored) * 1000).toISOString().slice(0, 10);
}
