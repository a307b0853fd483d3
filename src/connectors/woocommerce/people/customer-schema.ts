import { z } from 'zod';
import { addressSchema } from '../wire/address.ts';
import { derived, flag, gmt, id, listOf, meta, text } from '../wire/fields.ts';

/** A customer of wc/v3; modification stamps follow logins and orders, so they are no facts about the record. */
export const customerSchema = z.looseObject({
  id,
  email: text.default(''),
  first_name: text.default(''),
  last_name: text.default(''),
  role: text.default(''),
  username: text.default(''),
  billing: addressSchema.default(null),
  shipping: addressSchema.default(null),
  is_paying_customer: flag.default(false),
  date_created_gmt: gmt.default(null),
  meta_data: listOf(meta).default([]),
  date_created: derived,
  date_modified: derived,
  date_modified_gmt: derived,
  avatar_url: derived,
});

export type WireCustomer = z.output<typeof customerSchema>;
