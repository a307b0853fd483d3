import type { TargetEntity } from '../../target.ts';
import type { RowDeps } from '../entity-table.ts';
import { customerKeys, mapCustomer } from '../mapping/people/customer.ts';
import { OWNABLE_PLACES } from '../ownable.ts';
import { agreesCustomerPart } from '../projection/people/customer.ts';
import { existingScanner } from '../reading/existing.ts';
import {
  customersChangedSince,
  existingCustomers,
  lookUpCustomers,
  readCustomers,
} from '../reading/people/customers.ts';
import { deleteByIds } from '../writing/deletes.ts';
import { metafieldReader } from '../reading/metafields.ts';
import { ownEntries, writeMetafields } from '../writing/metafields.ts';
import { writeAddresses } from '../writing/people/addresses.ts';
import { createCustomers, updateCustomers } from '../writing/people/customers.ts';
import { perItem } from '../writing/per-item.ts';
import { FILLING, laterPart, stepwisePart, unknownPart } from './part-spec.ts';

const PATH = '/v3/customers';

/** Ten at a time (bigcommerce-api §4.1), no more than three updates at once (§1.4). */
export function customerRow({ api }: RowDeps): TargetEntity<'customer'> {
  const place = {
    resource: 'customers',
    batchPath: `${PATH}/metafields`,
    listPath: ({ resourceId }: { resourceId: number }) => `${PATH}/${resourceId}/metafields`,
  };
  return {
    entity: 'customer',
    parts: [
      { part: 'core', createBatch: 10, updateBatch: 10, deleteBatch: 10, bundles: ['addresses'], concurrency: 3 },
      { ...stepwisePart('addresses', 1), concurrency: 3 },
      laterPart('metafields', FILLING),
    ],
    foreignEdits: 'modified-since',
    derivedFrom: null,
    ownable: OWNABLE_PLACES.customer,
    wantedKeys: customerKeys,
    map: mapCustomer,
    agrees: agreesCustomerPart,
    write: async (part, items, call) => {
      if (part === 'metafields') return writeMetafields(api, part, place, ownEntries, items, call);
      if (part === 'addresses') return perItem(part, items, null, (item, id) => writeAddresses(api, item, id, call));
      if (part !== 'core') throw unknownPart('customer', part);
      switch (items[0]?.action) {
        case 'create':
          return createCustomers(api, items, call);
        case 'delete':
          return deleteByIds(api, { path: PATH, filter: 'id:in' }, items, call);
        default:
          return updateCustomers(api, items, call);
      }
    },
    lookUp: (items, call) => lookUpCustomers(api, items, call),
    read: (targetIds, call) => readCustomers(api, targetIds, call),
    readApart: metafieldReader(api, 'customer', [{ part: 'metafields', place, entriesOf: ownEntries }]),
    changedSince: (since, call) => customersChangedSince(api, since, call),
    scanExisting: existingScanner(api, existingCustomers),
  };
}
