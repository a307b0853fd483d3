import { idOf, rowsOf, textOf } from '../../../src/sandbox/checker/raw/row.ts';
import type { TargetRecord, TargetStore } from '../../../src/sandbox/checker/raw/target-store.ts';
import type { ReportBuilder } from '../../../src/sandbox/checker/report.ts';
import { plain } from '../../../src/sandbox/checker/rules/normalise.ts';
import type { AddressRow, CustomerRow, StoreRows } from '../read/rows.ts';
import { compareWith, type Want, words } from './expect.ts';
import { type Checked, checkPairs } from './pairs.ts';

export function checkCustomers(check: Checked, rows: readonly CustomerRow[], store: TargetStore): void {
  checkPairs(check, rows, (row, target) => {
    compareWith(check.report, { ...check, sourceId: row.id, target }, customerWants(row, store));
  });
}

function customerWants(row: CustomerRow, store: TargetStore): Want[] {
  const groups = row.groups.map((group) => group.name);
  const groupName = ({ row: target }: TargetRecord) => {
    const group = store.customerGroups.find(({ id }) => idOf(id) === idOf(target['customer_group_id']));
    return textOf(group?.['name']);
  };
  return [
    {
      field: 'email',
      is: row.emailAddress,
      agrees: (actual) => textOf(actual).toLowerCase() === row.emailAddress.trim().toLowerCase(),
    },
    personName('first_name', row.firstName),
    personName('last_name', row.lastName),
    {
      field: 'group',
      is: groups,
      read: groupName,
      agrees: (name) => (groups.length === 0 ? name === '' : groups.includes(String(name))),
    },
    { ...words('phone', row.phoneNumber ?? '', 50), ...phoneOf(row) },
    addressesWant(row),
  ];
}

/** The account's own, or one of its address book: what the target shows is a shopper's number, and never another one's. */
function phoneOf(row: CustomerRow): Pick<Want, 'agrees'> {
  const known = [row.phoneNumber, ...row.addresses.map(({ phoneNumber }) => phoneNumber)].map((one) =>
    plain(one ?? ''),
  );
  const own = known[0] ?? '';
  return { agrees: (actual) => (own === '' ? known.includes(plain(textOf(actual))) : plain(textOf(actual)) === own) };
}

/** The target wants a name of everybody: who has none gets one. */
function personName(field: string, is: string): Want {
  const kept = words(field, is, 100);
  return plain(is) === '' ? { ...kept, agrees: (actual) => textOf(actual) !== '' } : kept;
}

/** Each address of the book once: the same one twice is one. */
function addressesWant({ addresses }: CustomerRow): Want {
  const wanted = [...new Set(addresses.map((address) => addressForm(address)))].toSorted();
  const agrees = (actual: unknown) => {
    const left = [...(actual as string[])];
    for (const address of wanted) {
      const at = left.findIndex((found) => sameAddress(address, found));
      if (at < 0) return false;
      left.splice(at, 1);
    }
    return left.length === 0;
  };
  return { field: 'addresses', is: wanted, read: addressesAt, agrees };
}

function addressesAt({ row }: TargetRecord): string[] {
  return rowsOf(row['addresses'])
    .map((address) =>
      formOf({
        name: [address['first_name'], address['last_name']].map(textOf).join(' '),
        lines: [address['company'], address['address1'], address['address2'], address['city'], address['postal_code']],
        country: address['country_code'],
      }),
    )
    .toSorted();
}

/** The target wants a name in each address: one without any gets one. */
export function sameAddress(wanted: string, found: string): boolean {
  return found === wanted || (wanted.startsWith(' | ') && nameless(found) === nameless(wanted));
}

function nameless(form: string): string {
  return form.slice(form.indexOf(' | '));
}

export function addressForm(address: AddressRow): string {
  const { fullName, company, streetLine1, streetLine2, city, postalCode, countryCode } = address;
  return formOf({
    name: fullName ?? '',
    lines: [company, streetLine1, streetLine2, city, postalCode],
    country: countryCode,
  });
}

/** An address in one line; what the target puts in place of nothing counts as nothing. */
export function formOf(address: {
  readonly name: string;
  readonly lines: readonly unknown[];
  readonly country: unknown;
}): string {
  return [address.name, ...address.lines, address.country]
    .map((part) => plain(textOf(part)))
    .map((part) => (part === 'N/A' ? '' : part))
    .join(' | ');
}

/** Groups have no marker: each name that somebody has, and each that nobody has, is there once. */
export function checkGroups(report: ReportBuilder, groups: StoreRows['groups'], store: TargetStore): void {
  const about = { entity: 'customer_group', scope: 'customer' } as const;
  report.count('customer_group', 'source', groups.length);
  for (const { id, name } of groups) {
    const [found, ...doubles] = store.customerGroups.filter((group) => plain(textOf(group['name'])) === plain(name));
    if (found === undefined) report.add('lost', { ...about, sourceId: id, expected: name, rule: 'lost' });
    else report.count('customer_group', 'target');
    for (const double of doubles)
      report.add('doubled', {
        ...about,
        sourceId: id,
        targetId: idOf(double['id']),
        expected: 'once',
        rule: 'doubled',
      });
  }
}
