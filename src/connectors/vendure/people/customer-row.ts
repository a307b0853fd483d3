import { contentHash } from '../../../canonical/content-hash.ts';
import { tidyText } from '../../../canonical/plain-text.ts';
import type { CanonicalAddress } from '../../../domain/address.ts';
import type { CanonicalCustomer } from '../../../domain/customer.ts';
import { compareSourceIds } from '../../../domain/entity.ts';
import type { MetaField, ReportItem, SourceRecord } from '../../../domain/record.ts';
import { rowId } from '../../walks/row-list.ts';
import type { EntityRow, Look } from '../entity-row.ts';
import type { ListRoot } from '../lists.ts';
import type { ShopFacts } from '../shop-facts.ts';
import { canonicalAddress } from '../wire/address.ts';
import { customMeta, readRows, unnamed } from '../wire/read-row.ts';
import { customerFields, customerSchema, type WireCustomer } from './customer-schema.ts';

const ROOT: ListRoot = { list: 'customers', options: 'CustomerListOptions', item: 'customer' };

/** Everybody who ever ordered or registered; those who only ordered are guests and get no account elsewhere either. */
export function customerRow(looks: readonly Look[]): EntityRow {
  return {
    entity: 'customer',
    brings: [],
    modifiedFilter: true,
    pageSize: 100,
    root: ROOT,
    filter: () => ({}),
    fields: customerFields,
    scanFields: 'id',
    looks,
    read(rows, facts) {
      const { good, unreadable } = readRows('customer', customerSchema, rows);
      return Promise.resolve({ records: good.map((row) => customerRecord(row, facts)), unreadable });
    },
    keys: (rows) => rows.map((row) => unnamed(rowId(row))),
  };
}

function customerRecord(row: WireCustomer, facts: ShopFacts): SourceRecord<'customer'> {
  const { meta, reports } = customMeta(row.customFields, facts, 'Customer');
  const [group, ...otherGroups] = row.groups.toSorted((a, b) => compareSourceIds(a.id, b.id));
  const { billing, shipping, others } = addressesOf(row);
  const canonical: CanonicalCustomer = {
    email: row.emailAddress.trim(),
    firstName: tidyText(row.firstName),
    lastName: tidyText(row.lastName),
    phone: tidyText(row.phoneNumber),
    // Shoppers log in by their e-mail address; what else identifies them is a strategy's own.
    username: row.user === null || row.user.identifier === row.emailAddress ? '' : row.user.identifier,
    role: group?.name ?? '',
    group: group?.id ?? null,
    isStaff: false,
    isGuest: row.user === null,
    hasOrders: false,
    billing,
    shipping,
    otherAddresses: others,
    createdAt: row.createdAt,
    meta: [...titleOf(row), ...meta],
  };
  return {
    entity: 'customer',
    sourceId: row.id,
    modifiedAt: row.updatedAt,
    canonical,
    contentHash: contentHash('customer', canonical),
    references:
      canonical.group === null
        ? []
        : [{ entity: 'customer_group', sourceId: canonical.group, kind: 'hard', field: 'groups' }],
    urls: [],
    reports: [...reports, ...groupReports(otherGroups)],
  };
}

/** Which address is for what is told by two marks; without any, the first serves for billing. */
function addressesOf(row: WireCustomer): {
  readonly billing: CanonicalAddress | null;
  readonly shipping: CanonicalAddress | null;
  readonly others: readonly CanonicalAddress[];
} {
  const inOrder = (row.addresses ?? []).toSorted((a, b) => compareSourceIds(a.id, b.id));
  const person = { firstName: tidyText(row.firstName), lastName: tidyText(row.lastName) };
  const canonical = (address: (typeof inOrder)[number] | undefined) =>
    address === undefined ? null : canonicalAddress(address, address.country.code, person, '');
  const shipping = inOrder.find((address) => address.defaultShippingAddress === true);
  const billing = inOrder.find((address) => address.defaultBillingAddress === true) ?? shipping ?? inOrder[0];
  return {
    billing: canonical(billing),
    shipping: canonical(shipping),
    others: inOrder
      .filter((address) => address !== billing && address !== shipping)
      .flatMap((address) => canonical(address) ?? []),
  };
}

function titleOf({ title }: WireCustomer): MetaField[] {
  return title === '' ? [] : [{ key: 'title', value: tidyText(title) }];
}

/** A customer has one group elsewhere: that of the lowest id. */
function groupReports(others: readonly { readonly name: string }[]): ReportItem[] {
  return others.length === 0
    ? []
    : [{ key: 'further-customer-groups', field: 'groups', sample: others.map(({ name }) => name).join(', ') }];
}
