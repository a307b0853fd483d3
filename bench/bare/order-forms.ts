import { type Fields, fieldsOf, instant, type Metafield, metafields, type Row, rowsOf, textOf } from './rows.ts';

const STATUSES: Readonly<Record<string, number>> = {
  pending: 1,
  'on-hold': 7,
  processing: 11,
  completed: 10,
  cancelled: 5,
  refunded: 4,
  failed: 6,
  'awaiting-pickup': 8,
};

export interface SoldIds {
  readonly customers: ReadonlyMap<number, number>;
  readonly products: ReadonlyMap<number, { readonly id: number; readonly variant: ReadonlyMap<number, number> }>;
}

const money = (value: number): string => Math.max(0, value).toFixed(4);

export function orderForm(row: Row, ids: SoldIds, sourceId: string): Fields {
  const [total, tax] = [Number(row['total']), Number(row['total_tax'])];
  const [shipping, shippingTax] = [Number(row['shipping_total']), Number(row['shipping_tax'])];
  return {
    status_id: STATUSES[textOf(row['status'])] ?? 12,
    customer_id: ids.customers.get(Number(row['customer_id'])) ?? 0,
    date_created: new Date(instant(row['date_created_gmt'])).toUTCString(),
    external_source: 'M-MIG',
    external_order_id: sourceId,
    customer_message: textOf(row['customer_note']),
    staff_notes: `WooCommerce order ${textOf(row['number'])}`,
    payment_method: textOf(row['payment_method_title']).slice(0, 255),
    default_currency_code: textOf(row['currency']),
    total_inc_tax: money(total),
    total_ex_tax: money(total - tax),
    shipping_cost_inc_tax: money(shipping + shippingTax),
    shipping_cost_ex_tax: money(shipping),
    discount_amount: money(Number(row['discount_total'])),
    billing_address: addressForm(fieldsOf(row['billing']), row),
    shipping_addresses: [addressForm(fieldsOf(row['shipping']), row)],
    products: linesOf(row, ids),
  };
}

function linesOf(row: Row, ids: SoldIds): Fields[] {
  const lines = rowsOf(row['line_items']).map((line) => {
    const [quantity, total, tax] = [
      Math.max(1, Math.round(Number(line['quantity']))),
      Number(line['total']),
      Number(line['total_tax']),
    ];
    const product = ids.products.get(Number(line['product_id']));
    const variant = product?.variant.get(Number(line['variation_id']));
    const isWhole = product !== undefined && (product.variant.size === 0 || variant !== undefined);
    return {
      ...(isWhole ? { product_id: product.id, ...(variant === undefined ? {} : { variant_id: variant }) } : {}),
      name: textOf(line['name']).slice(0, 250) || 'Line',
      quantity,
      price_ex_tax: money(total / quantity),
      price_inc_tax: money((total + tax) / quantity),
    };
  });
  const none = { name: 'No lines', quantity: 1, price_ex_tax: '0.0000', price_inc_tax: '0.0000' };
  return lines.length === 0 ? [none] : lines;
}

function addressForm(one: Fields, order: Row): Fields {
  const country = textOf(one['country']);
  return {
    first_name: textOf(one['first_name']),
    last_name: textOf(one['last_name']),
    company: textOf(one['company']),
    street_1: textOf(one['address_1']),
    street_2: textOf(one['address_2']),
    city: textOf(one['city']),
    state: textOf(one['state']),
    zip: textOf(one['postcode']).trim().length < 2 ? 'N/A' : textOf(one['postcode']),
    country_iso2: /^[A-Z]{2}$/.test(country) ? country : 'US',
    phone: textOf(one['phone']),
    email: textOf(fieldsOf(order['billing'])['email']),
  };
}

/** What an order of the target has no field for. */
export function orderMetafields(row: Row, id: number, sourceId: string): Metafield[] {
  const origin = { created_via: row['created_via'], paid: row['date_paid_gmt'], completed: row['date_completed_gmt'] };
  const refunds = rowsOf(row['refund_rows']);
  const channel = rowsOf(row['meta_data']).find((meta) => textOf(meta['key']) === 'channel');
  return metafields(id, {
    source_id: sourceId,
    order_number: textOf(row['number']),
    origin,
    lines: row['line_items'],
    taxes: row['tax_lines'],
    shipping: row['shipping_lines'],
    coupons: row['coupon_lines'],
    fees: row['fee_lines'],
    refunds,
    refund_total: refunds.length === 0 ? '' : String(refunds.reduce((sum, one) => sum + Number(one['amount']), 0)),
    notes: rowsOf(row['note_rows']),
    channel: channel?.['value'] ?? '',
  });
}
