import { z } from 'zod';
import type { ShopFacts } from '../shop-facts.ts';
import { ADDRESS_LINES, addressLines } from '../wire/address.ts';
import { customFields, id, instant, text } from '../wire/fields.ts';
import { customSelection } from '../wire/read-row.ts';

const address = z.looseObject({
  id,
  ...addressLines,
  country: z.looseObject({ code: text }),
  defaultShippingAddress: z.boolean().nullish(),
  defaultBillingAddress: z.boolean().nullish(),
});

export const customerSchema = z.looseObject({
  id,
  createdAt: instant,
  updatedAt: instant,
  title: text,
  firstName: text,
  lastName: text,
  phoneNumber: text,
  emailAddress: text,
  addresses: z.array(address).nullable(),
  groups: z.array(z.looseObject({ id, name: text })),
  /** null: a guest, who never registered. */
  user: z.looseObject({ id, identifier: text }).nullable(),
  customFields,
});
export type WireCustomer = z.output<typeof customerSchema>;

export function customerFields(facts: ShopFacts): string {
  return `id createdAt updatedAt title firstName lastName phoneNumber emailAddress groups { id name } user { id identifier }
    addresses { id ${ADDRESS_LINES} country { code } defaultShippingAddress defaultBillingAddress }
    ${customSelection(facts, 'Customer')}`;
}
