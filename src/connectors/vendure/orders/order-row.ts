import { rowId } from '../../walks/row-list.ts';
import type { EntityRow, Look } from '../entity-row.ts';
import type { ListRoot } from '../lists.ts';
import { PLACED } from '../looks.ts';
import type { VendureApi } from '../vendure-api.ts';
import { readRows, unnamed } from '../wire/read-row.ts';
import { wholeHistory } from './history.ts';
import { orderRecord } from './order-mapping.ts';
import { orderFields, orderSchema } from './order-schema.ts';

const ROOT: ListRoot = { list: 'orders', options: 'OrderListOptions', item: 'order' };

/** Orders that were placed, with everything that belongs to them. */
export function orderRow(api: VendureApi, looks: readonly Look[]): EntityRow {
  return {
    entity: 'order',
    brings: [],
    modifiedFilter: true,
    pageSize: 50,
    root: ROOT,
    filter: () => PLACED,
    fields: orderFields,
    scanFields: 'id',
    looks,
    async read(rows, facts, signal) {
      const { good, unreadable } = readRows('order', orderSchema, rows);
      const records = [];
      for (const row of good) records.push(orderRecord(row, await wholeHistory(api, row, signal), facts));
      return { records, unreadable };
    },
    keys: (rows) => rows.map((row) => unnamed(rowId(row))),
  };
}
