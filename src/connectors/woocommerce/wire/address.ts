import { z } from 'zod';
import { decodedText } from '../../../canonical/plain-text.ts';
import type { CanonicalAddress } from '../../../domain/address.ts';
import { text } from './fields.ts';

const line = text.default('');

/** A billing or shipping address; only the former has an e-mail (source-apis §1.4). PHP writes an empty one as a list. */
export const addressSchema = z.union([
  z.looseObject({
    first_name: line,
    last_name: line,
    company: line,
    address_1: line,
    address_2: line,
    city: line,
    state: line,
    postcode: line,
    country: line,
    phone: line,
    email: line,
  }),
  z.array(z.never()).transform(() => null),
  z.null(),
]);

export type WireAddress = z.output<typeof addressSchema>;

/** Name of a state by the shop's own lists; null when they do not know it. */
export type StateNames = (country: string, state: string) => string | null;

/** null when nothing of a place or a person is filled in. `word`: how the shop spells its texts (fidelity T1). */
export function canonicalAddress(
  wire: WireAddress,
  stateName: StateNames,
  word: (value: string) => string = decodedText,
): CanonicalAddress | null {
  if (wire === null) return null;
  const country = word(wire.country).toUpperCase();
  const state = word(wire.state);
  const address: CanonicalAddress = {
    firstName: word(wire.first_name),
    lastName: word(wire.last_name),
    company: word(wire.company),
    street1: word(wire.address_1),
    street2: word(wire.address_2),
    city: word(wire.city),
    state,
    stateName: state === '' ? null : stateName(country, state),
    postcode: word(wire.postcode),
    country,
    phone: word(wire.phone),
    email: word(wire.email),
  };
  // A country alone is what WooCommerce presets.
  const { country: _country, stateName: _stateName, state: _state, ...told } = address;
  return Object.values(told).every((value) => value === '') ? null : address;
}

/** Countries whose states an address needs names for. */
export function countryOf(wire: WireAddress): readonly string[] {
  return wire === null || wire.country === '' || wire.state === '' ? [] : [wire.country.toUpperCase()];
}
