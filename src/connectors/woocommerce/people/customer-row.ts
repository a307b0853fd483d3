import { inTurns } from '../../in-turns.ts';
import type { EntityRow } from '../entity-row.ts';
import { countryOf } from '../wire/address.ts';
import { readRows, rowId, unnamed } from '../wire/read-row.ts';
import type { StateLists } from '../wire/states.ts';
import { customerRecord, groupRecord, isGroup } from './customer-mapping.ts';
import { customerSchema } from './customer-schema.ts';

/** Accounts with every role, and the groups that their roles stand for (fidelity §6, §6.1). */
export function customerRow(states: StateLists): EntityRow {
  return {
    entity: 'customer',
    brings: ['customer_group'],
    // No filter by change (source-apis §1.3): hashes tell.
    modifiedFilter: false,
    pageSize: 100,
    route: '/customers',
    listQuery: { role: 'all' },
    scanFields: ['id'],
    hasTrash: false,
    goneCodes: ['woocommerce_rest_invalid_id', 'wc_user_invalid_id'],
    derive: ({ entity, sourceId }) => (entity === 'customer_group' ? groupRecord(sourceId) : null),
    async read(rows, signal) {
      const { good: customers, unreadable } = await readRows('customer', customerSchema, rows);
      const countries = customers.flatMap(({ row }) => [...countryOf(row.billing), ...countryOf(row.shipping)]);
      const names = await states.of(countries, signal);
      const roles = [...new Set(customers.map(({ row }) => row.role).filter(isGroup))];
      return {
        // Groups first: customers wait for theirs.
        records: [
          ...roles.map(groupRecord),
          ...(await inTurns(customers, ({ row, unknown }) => customerRecord(row, names, unknown))),
        ],
        unreadable,
      };
    },
    keys: (rows) => Promise.resolve(rows.map((row) => unnamed(rowId(row)))),
  };
}
