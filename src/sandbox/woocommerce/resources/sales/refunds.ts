import { RestError } from '../../rest/errors.ts';
import type { Call, Resource } from '../../rest/resource.ts';
import type { OrderRow, RefundRow } from '../../store/sales-rows.ts';
import { idFilter } from '../post-query.ts';
import { instantFilter, saleFilters, saleListParams, sortSales } from './order-query.ts';
import { placesOf } from './orders.ts';
import { createRefund, removeRefund } from './refund-write.ts';
import { refundsOf, refundWire } from './refund-wire.ts';

function listRefunds(call: Call, candidates: Iterable<RefundRow>): RefundRow[] {
  const { shop, params, controls } = call;
  const filters = [controls.shows, idFilter(params), instantFilter(params, shop.zone), ...saleFilters(params)];
  return sortSales(
    [...candidates].filter((row) => filters.every((filter) => filter(row))),
    params,
  );
}

/** Below one order. An order that does not exist has none. */
export const orderRefunds: Resource = {
  path: '/wc/v3/orders/:order_id(^\\d+$)/refunds',
  ownFieldOrder: true,
  listParams: saleListParams,
  writeParams: {
    amount: { type: 'string' },
    reason: { type: 'string' },
    refunded_by: { type: 'integer' },
    meta_data: { type: 'array' },
    line_items: { type: 'array' },
    shipping_lines: { type: 'array' },
    fee_lines: { type: 'array' },
    api_refund: { type: 'boolean' },
    api_restock: { type: 'boolean' },
  },
  list: (call) => listRefunds(call, refundsOf(call.shop, call.ids['order_id'] ?? 0)),
  render: (call, row: RefundRow) => refundWire(call.shop, row, placesOf(call), false),
  read: (call, id) => refundWire(call.shop, refundOr404(call, id), placesOf(call), false),
  create: (call, body) =>
    refundWire(call.shop, createRefund(call.shop, orderOf(call), body, { strict: true }), placesOf(call), false),
  remove: (call, id) => {
    // Without `force` it goes for good all the same, and the order is not bumped (source-apis §1.4, §1.5).
    const row = refundOr404(call, id);
    const before = refundWire(call.shop, row, placesOf(call), false);
    removeRefund(call.shop, row);
    return before;
  },
};

/** All refunds of the shop: the way to ask for changed ones at once (source-apis §1.6). */
export const allRefunds: Resource = {
  path: '/wc/v3/refunds',
  ownFieldOrder: true,
  listParams: saleListParams,
  writeParams: {},
  list: (call) => listRefunds(call, call.shop.refunds.values()),
  render: (call, row: RefundRow) => refundWire(call.shop, row, placesOf(call), true),
};

function orderOf(call: Call): OrderRow {
  const row = call.shop.orders.get(call.ids['order_id'] ?? 0);
  if (!row) throw new RestError('woocommerce_rest_invalid_order_id', 'Invalid order ID.', 404);
  return row;
}

function refundOr404(call: Call, id: number): RefundRow {
  const row = call.shop.refunds.get(id);
  if (row?.parentId !== orderOf(call).id) {
    throw new RestError('woocommerce_rest_invalid_order_refund_id', 'Invalid order refund ID.', 404);
  }
  return row;
}
