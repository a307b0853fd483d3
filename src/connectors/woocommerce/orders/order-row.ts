import { inTurns } from '../../in-turns.ts';
import type { EntityRow } from '../entity-row.ts';
import { countryOf } from '../wire/address.ts';
import { readRows, rowId, unknownFields, unnamed } from '../wire/read-row.ts';
import type { StateLists } from '../wire/states.ts';
import type { WooApi } from '../woo-api.ts';
import { loadNotes } from './notes.ts';
import { orderRecord } from './order-mapping.ts';
import { lineSchema, orderSchema } from './order-schema.ts';
import { loadRefunds, orderRefunds } from './refunds.ts';

/** All six decimals of what is stored: rounded figures do not add up (fidelity T10). */
const EXACT = { dp: 6 };

/** Orders of every status but the trash, with their refunds and notes (fidelity §7, §8). */
export function orderRow(api: WooApi, states: StateLists): EntityRow {
  return {
    entity: 'order',
    brings: [],
    modifiedFilter: true,
    pageSize: 100,
    route: '/orders',
    listQuery: { status: 'any', ...EXACT },
    itemQuery: EXACT,
    scanFields: ['id', 'date_modified_gmt', 'status'],
    hasTrash: true,
    goneCodes: ['woocommerce_rest_shop_order_invalid_id'],
    async read(rows, signal) {
      const { good: orders, unreadable } = await readRows('order', orderSchema, rows);
      const wire = orders.map(({ row }) => row);
      const countries = wire.flatMap(({ billing, shipping }) => [...countryOf(billing), ...countryOf(shipping)]);
      const stateName = await states.of(countries, signal);
      const details = await loadRefunds(api, wire, signal);
      const notes = await loadNotes(
        api,
        wire.map(({ id }) => id),
        signal,
      );
      return {
        records: await inTurns(orders, ({ row, unknown }) =>
          orderRecord(row, { stateName, refunds: orderRefunds(row, details), notes: notes.get(row.id) ?? [] }, [
            ...unknown,
            ...row.line_items.flatMap((line) => unknownFields(lineSchema, line, 'line_items.')),
          ]),
        ),
        unreadable,
      };
    },
    keys: (rows) => Promise.resolve(rows.map((row) => ({ ...unnamed(rowId(row)), busy: isBusy(row) }))),
  };
}

/** Nobody works with an order any more that is in one of these; what we do not know may still be worked with. */
const FINAL: readonly unknown[] = ['completed', 'refunded', 'cancelled'];

function isBusy(row: unknown): boolean {
  return !FINAL.includes((row as { readonly status?: unknown }).status);
}
