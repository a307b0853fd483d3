import { comparableText } from '../../../../canonical/plain-text.ts';
import { isObject, type Json, type JsonObject } from '../../../../domain/json.ts';
import type { ChildPair, PresentState } from '../../../../domain/target-state.ts';
import type { WireAddress } from '../../mapping/people/addresses.ts';
import type { AddressRow, CustomerRow, GroupRow } from '../../wire/people/customer.ts';
import { pair } from '../children.ts';
import { agreesFields, type FieldTable, projectFields, textField } from '../fields.ts';
import { sameJson } from '../field-changes.ts';

export const ADDRESS = 'address';

const CUSTOMER_FIELDS: FieldTable = {
  email: 'text',
  first_name: 'text',
  last_name: 'text',
  company: 'text',
  phone: 'text',
  customer_group_id: 'number',
};
const GROUP_FIELDS: FieldTable = { name: 'text' };

const ADDRESS_FIELDS = [
  'first_name',
  'last_name',
  'company',
  'address1',
  'address2',
  'city',
  'state_or_province',
  'postal_code',
  'country_code',
  'phone',
] as const;

export function presentCustomer(row: CustomerRow, children: readonly ChildPair[] = []): PresentState {
  return {
    targetId: String(row.id),
    createdAt: instantOf(row.date_created),
    modifiedAt: instantOf(row.date_modified),
    parts: {
      core: projectFields(CUSTOMER_FIELDS, row),
      ...(row.addresses == null ? {} : { addresses: presentAddresses(row.addresses) }),
    },
    children,
  };
}

export function presentGroup(row: GroupRow): PresentState {
  const parts = { core: projectFields(GROUP_FIELDS, row) };
  return { targetId: String(row.id), createdAt: null, modifiedAt: null, parts, children: [] };
}

/** In an order of their own, since the target promises none. */
export function presentAddresses(rows: readonly AddressRow[]): Json {
  const forms = rows.map((row): JsonObject => formOf(row));
  return forms.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

export function agreesCustomerPart(part: string, desired: Json, present: Json): boolean {
  if (part === 'core') return agreesFields(CUSTOMER_FIELDS, withoutCase(desired), withoutCase(present));
  if (part !== 'addresses' || !Array.isArray(desired) || !Array.isArray(present)) return false;
  const there = present.map((one) => JSON.stringify(one));
  return (desired as unknown as readonly WireAddress[]).every((wish) => there.includes(JSON.stringify(formOf(wish))));
}

export function agreesGroupPart(part: string, desired: Json, present: Json): boolean {
  return part === 'core' && agreesFields(GROUP_FIELDS, desired, present);
}

/** The rows that the wishes became, told by their content. */
export function pairAddresses(wishes: readonly WireAddress[], rows: readonly AddressRow[]): ChildPair[] {
  const free = [...rows];
  return wishes.flatMap((wish) => {
    const at = free.findIndex((row) => sameJson(formOf(row), formOf(wish)));
    const [row] = at < 0 ? [] : free.splice(at, 1);
    return row === undefined ? [] : [pair(ADDRESS, wish.key, row.id)];
  });
}

function formOf(row: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(
    ADDRESS_FIELDS.map((field) => [field, comparableText(typeof row[field] === 'string' ? row[field] : '')]),
  );
}

/** The target may keep e-mail addresses in lower case. */
function withoutCase(core: Json): Json {
  return isObject(core) ? { ...core, email: textField(core, 'email').toLowerCase() } : core;
}

function instantOf(stamp: string | null | undefined): string | null {
  const time = Date.parse(stamp ?? '');
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
