import type { CallOptions, TargetEntity, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import type { RowDeps } from '../entity-table.ts';
import { mapOrder } from '../mapping/orders/order.ts';
import { OWNABLE_PLACES } from '../ownable.ts';
import { agreesOrderPart } from '../projection/orders/order.ts';
import {
  copiesOfOrder,
  existingOrders,
  lookUpOrders,
  ordersChangedSince,
  readOrders,
} from '../reading/orders/orders.ts';
import { metafieldReader } from '../reading/metafields.ts';
import { ownEntries, writeMetafields } from '../writing/metafields.ts';
import { checkLines } from '../writing/orders/lines.ts';
import { archiveOrder, createOrder, updateOrder } from '../writing/orders/orders.ts';
import { restoreOrder } from '../writing/orders/restore.ts';
import { perItem } from '../writing/per-item.ts';
import { FILLING, laterPart, unknownPart } from './part-spec.ts';

const PATH = '/v3/orders';

/** Orders of V2, one request each; their metafields are of V3 (bigcommerce-api §5). */
export function orderRow({ api }: RowDeps): TargetEntity<'order'> {
  const place = {
    resource: 'orders',
    batchPath: `${PATH}/metafields`,
    listPath: ({ resourceId }: { resourceId: number }) => `${PATH}/${resourceId}/metafields`,
  };
  return {
    entity: 'order',
    parts: [
      { part: 'core', createBatch: 1, updateBatch: 1, deleteBatch: 1, bundles: ['lines'] },
      laterPart('lines', 1),
      laterPart('metafields', FILLING),
    ],
    foreignEdits: 'modified-since',
    derivedFrom: null,
    ownable: OWNABLE_PLACES.order,
    keepsReferences: true,
    restores: true,
    // Nothing of an order is unique.
    wantedKeys: () => [],
    map: mapOrder,
    agrees: agreesOrderPart,
    write: async (part, items, call) => {
      if (part === 'metafields') return writeMetafields(api, part, place, ownEntries, items, call);
      if (part === 'lines') return perItem(part, items, null, (item, id) => checkLines(api, item, id, call));
      if (part !== 'core') throw unknownPart('order', part);
      const outcomes: WriteOutcome[] = [];
      for (const item of items) {
        if (item.action === 'create') outcomes.push(await bringOrder(api, item, call));
        else if (item.action === 'delete') outcomes.push(await archiveOrder(api, item, call));
        else outcomes.push(await updateOrder(api, item, call));
      }
      return outcomes;
    },
    lookUp: (items, call) => lookUpOrders(api, items, call),
    copies: (desired, call) => copiesOfOrder(api, desired, call),
    read: (targetIds, call) => readOrders(api, targetIds, call),
    readApart: metafieldReader(api, 'order', [{ part: 'metafields', place, entriesOf: ownEntries }]),
    changedSince: (since, call) => ordersChangedSince(api, since, call),
    scanExisting: (cursor, call) => existingOrders(api, cursor, call),
  };
}

/** One that was here before comes back where the store lets it; any other is made. */
async function bringOrder(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  const former = item.formerTargetId ?? null;
  const restored = former === null ? null : await restoreOrder(api, item, former, call);
  return restored ?? createOrder(api, item, call);
}
