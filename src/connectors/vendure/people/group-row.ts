import { z } from 'zod';
import { contentHash } from '../../../canonical/content-hash.ts';
import { tidyText } from '../../../canonical/plain-text.ts';
import type { SourceRecord } from '../../../domain/record.ts';
import type { EntityRow } from '../entity-row.ts';
import type { ListRoot } from '../lists.ts';
import { id, instant, text } from '../wire/fields.ts';
import { readRows } from '../wire/read-row.ts';

const ROOT: ListRoot = { list: 'customerGroups', options: 'CustomerGroupListOptions', item: 'customerGroup' };

const groupSchema = z.looseObject({ id, updatedAt: instant, name: text });

/** Groups by their names; who is in them is told by the customers. */
export function groupRow(): EntityRow {
  return {
    entity: 'customer_group',
    brings: [],
    // Few: read whole.
    modifiedFilter: false,
    pageSize: 100,
    root: ROOT,
    filter: () => ({}),
    fields: () => 'id updatedAt name',
    scanFields: 'id name updatedAt',
    looks: [],
    read(rows) {
      const { good, unreadable } = readRows('customer_group', groupSchema, rows);
      return Promise.resolve({ records: good.map((row) => groupRecord(row)), unreadable });
    },
    keys: (rows) =>
      rows.map((row) => {
        const { id: sourceId, name, updatedAt } = groupSchema.parse(row);
        const named = { sourceId, name: tidyText(name), modifiedAt: updatedAt };
        return { ...named, sku: '', slug: '', parent: null, children: [] };
      }),
  };
}

function groupRecord(row: z.output<typeof groupSchema>): SourceRecord<'customer_group'> {
  const canonical = { name: tidyText(row.name) };
  return {
    entity: 'customer_group',
    sourceId: row.id,
    modifiedAt: row.updatedAt,
    canonical,
    contentHash: contentHash('customer_group', canonical),
    references: [],
    urls: [],
    reports: [],
  };
}
