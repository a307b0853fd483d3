import type { Row } from '../raw/row.ts';
import { groupBy, idOf, rowOf, rowsOf, textOf } from '../raw/row.ts';
import type { TargetRecord } from '../raw/target-store.ts';
import { cutAtWord, decoded, plain } from '../rules/normalise.ts';
import type { Expectation, Expected } from './expectation.ts';
import { ownField, ownMetafield, sameMoment, sourceIdField } from './expectation.ts';
import { expectedMetaFields } from './shop-metafields.ts';

const scope = 'customer';
const STAFF = new Set(['administrator', 'shop_manager', 'editor', 'author', 'contributor']);
const PLAIN = new Set(['customer', 'subscriber', '']);

/** Who is carried at all (fidelity §6, §6.1): accounts with a usable e-mail address; staff only with orders. */
export function isCarried(row: Row): boolean {
  if (STAFF.has(textOf(row['role'])) && row['is_paying_customer'] !== true) return false;
  return /^[^\s@,;:<>()"]+@[^\s@,;:<>()"]+$/.test(textOf(row['email']).trim());
}

/** The group of shoppers that a role becomes (fidelity §6.1); '' for roles that are none. */
export function groupOf(row: Row): string {
  const role = textOf(row['role']);
  return STAFF.has(role) || PLAIN.has(role) ? '' : role;
}

/** What a customer becomes (fidelity §6). */
export function expectedCustomer(row: Row, groupName: (target: TargetRecord) => string): Expected {
  const [billing, shipping] = [rowOf(row['billing']), rowOf(row['shipping'])];
  const role = textOf(row['role']);
  const group = groupOf(row);
  const billingEmail = textOf(billing['email']);
  const keepsBilling = billingEmail !== '' && billingEmail.toLowerCase() !== textOf(row['email']).trim().toLowerCase();
  const shop = expectedMetaFields(scope, row);
  const created = textOf(row['date_created_gmt']);
  const kept = (key: string, expected: string, rule: string, agrees?: (a: string, b: string) => boolean) =>
    ownMetafield({ scope, key, rule: `ADJUSTED ${rule}`, source: expected, expected, ...(agrees ? { agrees } : {}) });
  return {
    fields: [
      sourceIdField(scope, idOf(row['id'])),
      ownField({
        scope,
        field: 'email',
        rule: 'EXACT §6 email',
        expected: textOf(row['email']).trim(),
        agrees: (a: string, b) => a.toLowerCase() === textOf(b).toLowerCase(),
      }),
      nameField('first_name', [row, billing, shipping]),
      nameField('last_name', [row, billing, shipping]),
      shortField('company', textOf(billing['company']), 255),
      shortField('phone', textOf(billing['phone']), 50),
      ownField({
        scope,
        field: 'customer group',
        rule: 'EXACT §6.1 role',
        source: role,
        expected: group,
        read: groupName,
      }),
      ownField({
        scope,
        field: 'authentication.force_password_reset',
        rule: 'ADJUSTED password-reset-required',
        expected: true,
        read: ({ row: target }) => rowOf(target['authentication'])['force_password_reset'],
      }),
      addressesField([billing, shipping]),
      ...(textOf(row['username']) === '' ? [] : [kept('username', textOf(row['username']), 'username-login-lost')]),
      ...(keepsBilling ? [kept('billing_email', billingEmail, 'billing-email-in-metafield')] : []),
      ...(created === '' ? [] : [kept('date_created', `${created}Z`, 'created-date-in-metafield', sameMoment)]),
      ...shop.fields,
    ],
    adjusted: [
      'password-reset-required',
      ...(group !== '' ? ['role-as-group'] : []),
      ...(keepsBilling ? ['billing-email-in-metafield'] : []),
      ...shop.adjusted,
    ],
  };
}

/** Own, else of an address; where nobody says one, any will do (fidelity §6 `name-placeholder`). */
function nameField(field: 'first_name' | 'last_name', holders: readonly Row[]): Expectation {
  const told = holders.map((holder) => plain(decoded(textOf(holder[field])))).find((name) => name !== '') ?? '';
  return ownField({
    scope,
    field,
    rule: told === '' ? 'ADJUSTED name-placeholder' : 'EXACT §6 name',
    expected: told,
    agrees: (a: string, b) => (a === '' ? textOf(b) !== '' : fits(a, b, 100)),
  });
}

function shortField(field: 'company' | 'phone', value: string, longest: number): Expectation {
  const expected = plain(decoded(value));
  return ownField({ scope, field, rule: 'EXACT §6', expected, agrees: (a: string, b) => fits(a, b, longest) });
}

export function fits(expected: string, actual: unknown, longest: number): boolean {
  const text = plain(textOf(actual));
  return expected.length <= longest ? text === expected : text !== '' && expected.startsWith(cutAtWord(text, longest));
}

const LINES = [
  ['first_name', 'first_name'],
  ['last_name', 'last_name'],
  ['company', 'company'],
  ['address_1', 'address1'],
  ['address_2', 'address2'],
  ['city', 'city'],
  ['country', 'country_code'],
  ['phone', 'phone'],
] as const;

/** Billing, then shipping where it differs; what lacks country, street or city is left out (fidelity §6). */
function addressesField(given: readonly Row[]): Expectation {
  const whole = given.filter((one) =>
    ['country', 'address_1', 'city'].every((name) => textOf(one[name]).trim() !== ''),
  );
  const wanted = [...groupBy(whole, formOf).values()].flatMap(([first]) => (first === undefined ? [] : [first]));
  return {
    scope,
    field: 'addresses',
    rule: 'EXACT §6 addresses',
    source: given.length,
    expected: wanted.map(formOf),
    read: ({ row }) => rowsOf(row['addresses']),
    agrees: (actual) => {
      const left = rowsOf(actual);
      for (const address of wanted) {
        const at = left.findIndex((one) => sameAddress(address, one));
        if (at < 0) return false;
        left.splice(at, 1);
      }
      return left.length === 0;
    },
  };
}

function formOf(address: Row): string {
  return [...LINES.map(([name]) => name), 'state', 'postcode']
    .map((name) => plain(decoded(textOf(address[name]))))
    .join('|');
}

function sameAddress(source: Row, target: Row): boolean {
  const isSame = ([from, to]: readonly [string, string]): boolean => {
    const expected = plain(decoded(textOf(source[from])));
    // An address without a name takes the customer's.
    return expected === '' && to.endsWith('_name') ? textOf(target[to]) !== '' : fits(expected, target[to], 255);
  };
  return (
    LINES.every(isSame) &&
    sameState(textOf(source['state']), textOf(target['state_or_province'])) &&
    sameCode(source, target)
  );
}

/** A code becomes a name of the shop's own list, which the raw state does not hold; free text stays. */
export function sameState(state: string, actual: string): boolean {
  if (plain(decoded(state)) === plain(actual)) return true;
  return /^[A-Z0-9-]{1,5}$/.test(state) && actual.length > state.length;
}

function sameCode(source: Row, target: Row): boolean {
  const [code, actual] = [plain(textOf(source['postcode'])), plain(textOf(target['postal_code']))];
  return code === actual || (code === '' && actual === 'N/A');
}
