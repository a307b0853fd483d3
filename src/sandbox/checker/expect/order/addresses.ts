import type { Row } from '../../raw/row.ts';
import { rowOf, rowsOf, textOf } from '../../raw/row.ts';
import { plain } from '../../rules/normalise.ts';
import { fits, sameState } from '../customer.ts';
import type { Expectation } from '../expectation.ts';
import { ownField } from '../expectation.ts';

const scope = 'order';
const LINES = [
  ['company', 'company'],
  ['address_1', 'street_1'],
  ['address_2', 'street_2'],
  ['city', 'city'],
  ['country', 'country_iso2'],
  ['phone', 'phone'],
] as const;

/** Fidelity §7: addresses of orders come as they were typed (T1). */
export function addressFields(row: Row): Expectation[] {
  const [billing, shipping] = [rowOf(row['billing']), rowOf(row['shipping'])];
  const isShipped = textOf(shipping['address_1']).trim() !== '' || textOf(shipping['city']).trim() !== '';
  const method = rowsOf(row['shipping_lines'])
    .map((line) => textOf(line['method_title']) || textOf(line['method_id']))
    .join(' + ');
  return [
    field(
      'billing_address',
      billing,
      ({ row: target }) => target['billing_address'],
      (actual) => sameAddress(billing, rowOf(actual), isShipped ? shipping : {}, true),
    ),
    field(
      'billing_address.email',
      billing['email'],
      ({ row: target }) => rowOf(target['billing_address'])['email'],
      (actual) => sameEmail(textOf(billing['email']), textOf(actual)),
    ),
    field(
      'shipping_addresses',
      isShipped ? shipping : 'the billing address',
      ({ row: target }) => target['shipping_addresses'],
      (actual) => {
        const [first, ...more] = rowsOf(actual);
        if (more.length > 0) return false;
        if (first === undefined) return !isShipped && method === '';
        return isShipped ? sameAddress(shipping, first, billing, false) : sameAddress(billing, first, {}, true);
      },
    ),
    ownField({
      scope,
      field: 'shipping_method',
      rule: 'EXACT §7 shipping_lines',
      expected: plain(method),
      read: ({ row: target }) => rowsOf(target['shipping_addresses'])[0]?.['shipping_method'] ?? '',
      agrees: (expected: string, actual) => fits(expected, actual, 255),
    }),
  ];
}

function field(
  name: string,
  source: unknown,
  read: Expectation['read'],
  agrees: (actual: unknown) => boolean,
): Expectation {
  return { scope, field: name, rule: 'EXACT §7 address', source, expected: source, read, agrees };
}

function sameAddress(source: Row, target: Row, other: Row, isBilling: boolean): boolean {
  return (
    LINES.every(([from, to]) => fits(plain(textOf(source[from])), target[to], 255)) &&
    sameName(source, target, other, 'first_name') &&
    sameName(source, target, other, 'last_name') &&
    sameState(textOf(source['state']), textOf(target['state'])) &&
    sameZip(plain(textOf(source['postcode'])), plain(textOf(target['zip'])), isBilling)
  );
}

/** Own, else the other address's, else `name-placeholder`. */
function sameName(source: Row, target: Row, other: Row, name: string): boolean {
  const told = plain(textOf(source[name])) || plain(textOf(other[name]));
  return told === '' ? textOf(target[name]) !== '' : fits(told, target[name], 255);
}

/** The target asks for two characters in a billing address (`postcode-placeholder`). */
function sameZip(expected: string, actual: string, isBilling: boolean): boolean {
  return isBilling && expected.length < 2 ? actual === 'N/A' : expected === actual;
}

function sameEmail(expected: string, actual: string): boolean {
  const isMail = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(expected.trim());
  return isMail ? expected.trim().toLowerCase() === actual.toLowerCase() : actual === '';
}
