import { fixed } from '../../store/money.ts';
import type { RefundRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { naive } from '../../store/zone.ts';
import { orderChildLinks } from '../links.ts';
import { lineWire, otherLinesWire } from './order-lines-wire.ts';

const indexes = new WeakMap<Shop, { size: number; last: number; byOrder: Map<number, RefundRow[]> }>();

/** Refunds of one order, newest first. */
export function refundsOf(shop: Shop, orderId: number): RefundRow[] {
  const last = shop.sequences.post;
  let held = indexes.get(shop);
  if (held?.size !== shop.refunds.size || held.last !== last) {
    const byOrder = new Map<number, RefundRow[]>();
    for (const row of shop.refunds.values()) {
      const list = byOrder.get(row.parentId);
      if (list) list.unshift(row);
      else byOrder.set(row.parentId, [row]);
    }
    held = { size: shop.refunds.size, last, byOrder };
    indexes.set(shop, held);
  }
  return held.byOrder.get(orderId) ?? [];
}

/** A refund as its order's list shows it, and as `/refunds` does, which names the order (recording "partial refund"). */
export function refundWire(shop: Shop, row: RefundRow, dp: number, namesOrder: boolean): Record<string, unknown> {
  const { tax_lines: taxLines, ...others } = otherLinesWire(row, dp);
  return {
    id: row.id,
    ...(namesOrder && shop.unconfirmed.refundsNameTheirOrder ? { parent_id: row.parentId } : {}),
    date_created: shop.zone.local(row.createdGmt),
    date_created_gmt: naive(row.createdGmt),
    amount: fixed(row.amount, dp),
    reason: row.reason,
    refunded_by: row.refundedBy,
    refunded_payment: row.refundedPayment,
    meta_data: [...row.meta],
    line_items: row.lines.map((line) => lineWire(shop, line, dp)),
    shipping_lines: others.shipping_lines,
    tax_lines: taxLines,
    fee_lines: others.fee_lines,
    _links: orderChildLinks(shop, 'refunds', row.id, row.parentId),
  };
}
