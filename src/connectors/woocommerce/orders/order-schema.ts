import { z } from 'zod';
import { addressSchema } from '../wire/address.ts';
import { decimal, derived, flag, gmt, id, listOf, meta, text } from '../wire/fields.ts';

const amount = decimal.default(null);
const json = z.json().nullable().default(null);
/** What a line of an order shows beside what is stored (fidelity §7): names and values in words. */
const shownMeta = meta.extend({ display_key: text.default(''), display_value: z.json().nullable().default(null) });
const metas = listOf(shownMeta).default([]);
const taxed = { total: amount, total_tax: amount, taxes: json };

export const lineSchema = z.looseObject({
  id,
  name: text.default(''),
  product_id: id.default(''),
  variation_id: id.default(''),
  /** Plugins sell parts of a piece; refunds have negative ones. */
  quantity: amount,
  tax_class: text.default(''),
  subtotal: amount,
  subtotal_tax: amount,
  ...taxed,
  meta_data: metas,
  sku: text.default(''),
  global_unique_id: text.default(''),
  price: derived,
  image: derived,
  parent_name: derived,
});

const shippingSchema = z.looseObject({
  id,
  method_title: text.default(''),
  method_id: text.default(''),
  instance_id: text.default(''),
  ...taxed,
  tax_status: text.default(''),
  meta_data: metas,
});

const feeSchema = z.looseObject({
  id,
  name: text.default(''),
  tax_class: text.default(''),
  tax_status: text.default(''),
  amount,
  ...taxed,
  meta_data: metas,
});

const taxSchema = z.looseObject({
  id,
  rate_code: text.default(''),
  rate_id: id.default(''),
  label: text.default(''),
  compound: flag.default(false),
  tax_total: amount,
  shipping_tax_total: amount,
  rate_percent: amount,
  meta_data: metas,
});

const couponSchema = z.looseObject({
  id,
  code: text.default(''),
  discount: amount,
  discount_tax: amount,
  meta_data: metas,
  discount_type: text.default(''),
  nominal_amount: amount,
  free_shipping: flag.default(false),
});

/** A refund as its order lists it: the total is negative there (fidelity T14). */
const listedRefund = z.looseObject({ id, reason: text.default(''), total: amount });

export const orderSchema = z.looseObject({
  id,
  parent_id: id.default(''),
  number: text.default(''),
  order_key: text.default(''),
  created_via: text.default(''),
  version: text.default(''),
  status: text,
  currency: text,
  date_created_gmt: gmt.default(null),
  date_modified_gmt: gmt.default(null),
  date_paid_gmt: gmt.default(null),
  date_completed_gmt: gmt.default(null),
  discount_total: amount,
  discount_tax: amount,
  shipping_total: amount,
  shipping_tax: amount,
  total: amount,
  total_tax: amount,
  prices_include_tax: flag.default(false),
  customer_id: id.default(''),
  customer_ip_address: text.default(''),
  customer_user_agent: text.default(''),
  customer_note: text.default(''),
  billing: addressSchema.default(null),
  shipping: addressSchema.default(null),
  payment_method: text.default(''),
  payment_method_title: text.default(''),
  transaction_id: text.default(''),
  cart_hash: text.default(''),
  meta_data: listOf(meta).default([]),
  line_items: listOf(lineSchema).default([]),
  tax_lines: listOf(taxSchema).default([]),
  shipping_lines: listOf(shippingSchema).default([]),
  fee_lines: listOf(feeSchema).default([]),
  coupon_lines: listOf(couponSchema).default([]),
  refunds: listOf(listedRefund).default([]),
  date_created: derived,
  date_modified: derived,
  date_paid: derived,
  date_completed: derived,
  cart_tax: derived,
  payment_url: derived,
  is_editable: derived,
  needs_payment: derived,
  needs_processing: derived,
  currency_symbol: derived,
});

/** Lines with their signs; who paid it back is a person of the shop and stays there. */
export const refundSchema = z.looseObject({
  id,
  date_created_gmt: gmt.default(null),
  amount,
  reason: text.default(''),
  line_items: listOf(lineSchema).default([]),
  shipping_lines: listOf(shippingSchema).default([]),
  fee_lines: listOf(feeSchema).default([]),
  tax_lines: listOf(taxSchema).default([]),
  meta_data: listOf(meta).default([]),
});

export const noteSchema = z.looseObject({
  id,
  author: text.default(''),
  date_created_gmt: gmt.default(null),
  note: text.default(''),
  customer_note: flag.default(false),
});

export type WireOrder = z.output<typeof orderSchema>;
export type WireLine = z.output<typeof lineSchema>;
export type WireRefund = z.output<typeof refundSchema>;
