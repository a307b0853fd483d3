import { z } from 'zod';

const text = z.string().nullish();
/** Money of V2 comes as text with four decimals (bigcommerce-api §5.1). */
const amount = z.union([z.string(), z.number()]).nullish();

export const orderSchema = z.looseObject({
  id: z.number(),
  status_id: z.number().nullish(),
  staff_notes: text,
  external_source: text,
  external_order_id: text,
  date_modified: text,
  is_deleted: z.boolean().nullish(),
  subtotal_ex_tax: amount,
  subtotal_inc_tax: amount,
  shipping_cost_ex_tax: amount,
  shipping_cost_inc_tax: amount,
  total_ex_tax: amount,
  total_inc_tax: amount,
  discount_amount: amount,
});
export type OrderRow = z.output<typeof orderSchema>;

export const orderLineSchema = z.looseObject({
  id: z.number(),
  name: text,
  quantity: z.number().nullish(),
  price_ex_tax: amount,
  price_inc_tax: amount,
});
export type OrderLineRow = z.output<typeof orderLineSchema>;
