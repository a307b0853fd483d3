import { z } from 'zod';

const text = z.string().nullish();

export const addressSchema = z.looseObject({
  id: z.number(),
  customer_id: z.number().nullish(),
  first_name: text,
  last_name: text,
  company: text,
  address1: text,
  address2: text,
  city: text,
  state_or_province: text,
  postal_code: text,
  country_code: text,
  phone: text,
});
export type AddressRow = z.output<typeof addressSchema>;

/** A customer of V3 (bigcommerce-api §4.1); addresses only where they were asked for. */
export const customerSchema = z.looseObject({
  id: z.number(),
  email: z.string(),
  first_name: text,
  last_name: text,
  company: text,
  phone: text,
  customer_group_id: z.number().nullish(),
  date_created: text,
  date_modified: text,
  addresses: z.array(addressSchema).nullish(),
});
export type CustomerRow = z.output<typeof customerSchema>;

/** A group of V2, a bare row (§4.2). */
export const groupSchema = z.looseObject({ id: z.number(), name: z.string() });
export type GroupRow = z.output<typeof groupSchema>;
