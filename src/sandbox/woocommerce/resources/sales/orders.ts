import { RestError } from '../../rest/errors.ts';
import type { Call, Resource } from '../../rest/resource.ts';
import { places } from '../../store/money.ts';
import type { OrderRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { listOrders, orderListParams } from './order-query.ts';
import { orderWire } from './order-wire.ts';
import { createOrder, orderWriteParams, trashOrder, updateOrder } from './order-write.ts';
import { refundsOf } from './refund-wire.ts';

/** Places of amounts in an answer: `dp`, else those of the shop (source-apis §1.6). */
export function placesOf(call: Call): number {
  const given = call.params['dp'];
  return given === undefined ? places(call.shop) : Number(given);
}

const wire = (call: Call, row: OrderRow): Record<string, unknown> => orderWire(call.shop, row, placesOf(call));

export const orders: Resource = {
  path: '/wc/v3/orders',
  ownFieldOrder: true,
  listParams: orderListParams,
  writeParams: orderWriteParams,
  batch: true,
  list: listOrders,
  render: (call, row: OrderRow) => {
    const out = wire(call, row);
    const [only, without] = [call.params['include_meta'], call.params['exclude_meta']] as (string[] | undefined)[];
    if (only?.length) out['meta_data'] = row.meta.filter((meta) => only.includes(meta.key));
    else if (without?.length) out['meta_data'] = row.meta.filter((meta) => !without.includes(meta.key));
    return out;
  },
  read: (call, id) => wire(call, orderOr404(call.shop, id, 404)),
  create: (call, body) => wire(call, createOrder(call.shop, body, { strict: true })),
  update: (call, id, body) => {
    const row = orderOr404(call.shop, id, 400);
    updateOrder(call.shop, row, body);
    return wire(call, row);
  },
  remove: (call, id, force) => {
    const row = orderOr404(call.shop, id, 404);
    // The answer shows the state before (source-apis §1.4).
    const before = wire(call, row);
    if (force) deleteOrder(call.shop, row);
    else if (row.status === 'trash') {
      throw new RestError('woocommerce_rest_already_trashed', 'The order has already been deleted.', 410);
    } else trashOrder(call.shop, row);
    return before;
  },
};

/** Gone for good, with its refunds and notes. */
function deleteOrder(shop: Shop, row: OrderRow): void {
  for (const refund of refundsOf(shop, row.id)) shop.refunds.delete(refund.id);
  for (const note of shop.notes.values()) if (note.orderId === row.id) shop.notes.delete(note.id);
  shop.orders.delete(row.id);
  shop.revision += 1;
}

function orderOr404(shop: Shop, id: number, status: 400 | 404): OrderRow {
  const row = shop.orders.get(id);
  if (!row) throw new RestError('woocommerce_rest_shop_order_invalid_id', 'Invalid ID.', status);
  return row;
}
