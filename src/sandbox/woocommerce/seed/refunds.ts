import type { Params } from '../rest/params.ts';
import { createRefund } from '../resources/sales/refund-write.ts';
import { refundsOf } from '../resources/sales/refund-wire.ts';
import { decimal, total } from '../store/money.ts';
import type { OrderRow, RefundRow } from '../store/sales-rows.ts';
import type { StoreBench } from './store-bench.ts';
import { day } from './store-bench.ts';

export type RefundShape = 'line' | 'line with tax' | 'amount' | 'shipping' | 'full' | 'rest' | 'nothing' | 'cent';

/** One refund of a shape that shops have. Stock does not move: it is the past. */
export function seedRefund(bench: StoreBench, order: OrderRow, shape: RefundShape): RefundRow {
  const at = new Date(order.modifiedGmt + day).toISOString().slice(0, 19);
  const body = { date_created_gmt: at, reason: `Shape: ${shape}`, api_refund: false, api_restock: false };
  const status = order.status;
  const row = createRefund(bench.shop, order, { ...body, ...refundBody(bench, order, shape) }, { strict: false });
  row.visibleSinceMs = 0;
  if (order.status !== status) order.completedGmt ??= order.modifiedGmt;
  order.modifiedGmt = row.createdGmt;
  return row;
}

function refundBody(bench: StoreBench, order: OrderRow, shape: RefundShape): Params {
  const [line] = order.lines;
  const [shipping] = order.shippingLines;
  const left = decimal(order.total).minus(total(refundsOf(bench.shop, order.id).map((row) => row.amount)));
  const piece = line
    ? decimal(line.total)
        .div(line.quantity || 1)
        .round(2)
        .toFixed()
    : '0';
  switch (shape) {
    case 'line':
      return { line_items: line ? [{ id: line.id, quantity: 1, refund_total: piece }] : [] };
    case 'line with tax': {
      const taxes = (line?.taxes ?? []).map((share) => ({ id: share.id, refund_total: share.total }));
      return { line_items: [{ id: line?.id, quantity: line?.quantity, refund_total: line?.total, refund_tax: taxes }] };
    }
    case 'shipping':
      return { shipping_lines: [{ id: shipping?.id, refund_total: shipping?.total }] };
    case 'full':
    case 'rest':
      return { amount: left.toFixed() };
    case 'nothing':
      return { amount: '0' };
    case 'cent':
      return { amount: '0.01' };
    case 'amount':
      return { amount: left.div(3).round(2).toFixed() };
  }
}
