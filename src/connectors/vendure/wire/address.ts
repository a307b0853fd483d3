import { z } from 'zod';
import { tidyText } from '../../../canonical/plain-text.ts';
import type { CanonicalAddress } from '../../../domain/address.ts';
import { text } from './fields.ts';
import { provinceName } from './provinces.ts';

/** What addresses of customers and of orders have in common; the country is an object here and a code there. */
export const addressLines = {
  fullName: text,
  company: text,
  streetLine1: text,
  streetLine2: text,
  city: text,
  province: text,
  postalCode: text,
  phoneNumber: text,
};
export const ADDRESS_LINES = Object.keys(addressLines).join(' ');
const linesSchema = z.looseObject(addressLines);
type WireLines = z.output<typeof linesSchema>;

/** Who the address may be of: Vendure keeps a name in one field, the target in two. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
}

/** null when nothing of it is filled in but the country. */
export function canonicalAddress(
  wire: WireLines,
  country: string,
  person: Person,
  email: string,
): CanonicalAddress | null {
  const { fullName, company, streetLine1, streetLine2, city, postalCode, phoneNumber } = wire;
  const told = [fullName, company, streetLine1, streetLine2, city, wire.province, postalCode, phoneNumber];
  if (told.every((line) => tidyText(line) === '')) return null;
  const { firstName, lastName } = nameIn(tidyText(wire.fullName), person);
  const code = tidyText(country).toUpperCase();
  const province = tidyText(wire.province);
  return {
    firstName,
    lastName,
    company: tidyText(wire.company),
    street1: tidyText(wire.streetLine1),
    street2: tidyText(wire.streetLine2),
    city: tidyText(wire.city),
    state: province,
    // The shop checks nothing: whoever typed a code meant the name.
    stateName: provinceName(code, province),
    postcode: tidyText(wire.postalCode),
    country: code,
    phone: tidyText(wire.phoneNumber),
    email,
  };
}

/**
 * The account's own division where the name begins with its first name and ends with its last one; else the last word is the last name. Without
 * a name it is the account's.
 */
function nameIn(fullName: string, person: Person): Person {
  if (fullName === '') return person;
  if (fullName === `${person.firstName} ${person.lastName}`.trim()) return person;
  const at = fullName.lastIndexOf(' ');
  if (at < 0) return { firstName: fullName, lastName: '' };
  return { firstName: fullName.slice(0, at).trim(), lastName: fullName.slice(at + 1) };
}
