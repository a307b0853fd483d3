import type { Row } from '../../raw/row.ts';
import { rowsOf, textOf } from '../../raw/row.ts';
import { amount } from './money.ts';

/** Fidelity §7.1. */
const STATUSES: Readonly<Record<string, number>> = {
  pending: 1,
  'on-hold': 7,
  processing: 11,
  completed: 10,
  cancelled: 5,
  refunded: 4,
  failed: 6,
  shipped: 2,
  'partially-shipped': 3,
  'ready-for-pickup': 8,
  'awaiting-shipment': 9,
  delivered: 10,
  disputed: 13,
  chargeback: 13,
  backordered: 11,
  // Proposed by name: the target's own words.
  'awaiting-payment': 7,
  'awaiting-pickup': 8,
  'awaiting-fulfillment': 11,
  'partially-refunded': 14,
};
const NO_ORDERS = new Set(['trash', 'checkout-draft', 'auto-draft']);

/** Carts and what was thrown away are no orders. */
export function isCarriedOrder(row: Row): boolean {
  return !NO_ORDERS.has(textOf(row['status']));
}

export function statusOf(row: Row): { id: number; adjusted: string[] } {
  const status = textOf(row['status']);
  const refunded = rowsOf(row['refunds']).reduce((sum, refund) => sum.plus(amount(refund['total']).abs()), amount(0));
  if (status === 'completed' && refunded.gt(0) && refunded.lt(amount(row['total']))) {
    return { id: 14, adjusted: ['partial-refund-status'] };
  }
  const known = STATUSES[status];
  return known === undefined ? { id: 12, adjusted: ['order-status-fallback'] } : { id: known, adjusted: [] };
}
