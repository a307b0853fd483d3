import { contentHash } from '../../../canonical/content-hash.ts';
import { decodedText } from '../../../canonical/plain-text.ts';
import type { CanonicalCustomer } from '../../../domain/customer.ts';
import type { ReportItem, SourceRecord } from '../../../domain/record.ts';
import { metaFields } from '../products/meta-fields.ts';
import { canonicalAddress, type StateNames } from '../wire/address.ts';
import type { WireCustomer } from './customer-schema.ts';

/** Roles of people who work for the shop (fidelity §6.1). */
const STAFF: ReadonlySet<string> = new Set(['administrator', 'shop_manager', 'editor', 'author', 'contributor']);
/** Roles of plain shoppers, who need no group. */
const PLAIN: ReadonlySet<string> = new Set(['', 'customer', 'subscriber']);

export function isGroup(role: string): boolean {
  return !STAFF.has(role) && !PLAIN.has(role);
}

function canonicalCustomer(row: WireCustomer, stateName: StateNames): CanonicalCustomer {
  return {
    email: row.email.trim(),
    firstName: decodedText(row.first_name).trim(),
    lastName: decodedText(row.last_name).trim(),
    phone: '',
    username: row.username,
    role: row.role,
    group: isGroup(row.role) ? row.role : null,
    isStaff: STAFF.has(row.role),
    isGuest: false,
    hasOrders: row.is_paying_customer,
    billing: canonicalAddress(row.billing, stateName),
    shipping: canonicalAddress(row.shipping, stateName),
    otherAddresses: [],
    createdAt: row.date_created_gmt,
    meta: metaFields(row.meta_data).meta,
  };
}

export function customerRecord(
  row: WireCustomer,
  stateName: StateNames,
  unknown: readonly ReportItem[],
): SourceRecord<'customer'> {
  const canonical = canonicalCustomer(row, stateName);
  return {
    entity: 'customer',
    sourceId: row.id,
    // WooCommerce stamps a customer at every login and order (source-apis §1.4): it says nothing of the record.
    modifiedAt: null,
    canonical,
    contentHash: contentHash('customer', canonical),
    references:
      canonical.group === null
        ? []
        : [{ entity: 'customer_group', sourceId: canonical.group, kind: 'hard', field: 'role' }],
    urls: [],
    reports: [...unknown, ...metaFields(row.meta_data).reports],
  };
}

/** The group that a role becomes: of the same name (fidelity §6.1). */
export function groupRecord(role: string): SourceRecord<'customer_group'> {
  const canonical = { name: role };
  return {
    entity: 'customer_group',
    sourceId: role,
    modifiedAt: null,
    canonical,
    contentHash: contentHash('customer_group', canonical),
    references: [],
    urls: [],
    reports: [],
  };
}
