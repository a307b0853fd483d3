import { Big } from 'big.js';
import type { CanonicalOrder } from '../../../../domain/order.ts';
import type { MapContext } from '../../../target.ts';
import type { Findings } from '../findings.ts';
import { exact } from './money.ts';

/** The shop's own words, then those of plugins by their names (fidelity §7.1). One to one for the shop's own. */
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
  'partial-shipped': 3,
  'ready-for-pickup': 8,
  'awaiting-shipment': 9,
  delivered: 10,
  disputed: 13,
  chargeback: 13,
  backordered: 11,
  // The target's own words, where a plugin uses them.
  'awaiting-payment': 7,
  'awaiting-pickup': 8,
  'awaiting-fulfillment': 11,
  'partially-refunded': 14,
};
const PARTIALLY_REFUNDED = 14;
const MANUAL_VERIFICATION = 12;
/** Carts that never became orders, and what somebody threw away. */
const DRAFTS = new Set(['trash', 'checkout-draft', 'auto-draft']);

/** A shop may call a status `constructor`: what every object has is no decision. */
function own<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

export function isDraft(status: string): boolean {
  return DRAFTS.has(plainWord(status));
}

/** The project's own map first; a word that nobody decided on waits for a person (status 12). */
export function statusId(order: CanonicalOrder, context: Pick<MapContext, 'mapping'>, findings: Findings): number {
  const chosen = own(context.mapping.orderStatuses, order.status);
  if (chosen !== undefined) return Number(chosen);
  const word = plainWord(order.status);
  if (word === 'completed' && isPartlyRefunded(order)) {
    const why = 'the target has a status of its own for orders of which a part was paid back';
    findings.adjust('partial-refund-status', 'status', order.status, PARTIALLY_REFUNDED, why);
    return PARTIALLY_REFUNDED;
  }
  const known = own(STATUSES, word);
  if (known !== undefined) return known;
  const why = 'nobody has decided what this status is at the target: a person has to look';
  findings.adjust('order-status-fallback', 'status', order.status, MANUAL_VERIFICATION, why);
  return MANUAL_VERIFICATION;
}

/** Whether the project's map or the rulebook's names what becomes of a status; carts become nothing. */
export function knowsStatus(status: string, { mapping }: Pick<MapContext, 'mapping'>): boolean {
  return (
    isDraft(status) ||
    own(mapping.orderStatuses, status) !== undefined ||
    own(STATUSES, plainWord(status)) !== undefined
  );
}

export function refundTotal(order: CanonicalOrder): Big {
  return order.refunds.reduce((sum, refund) => sum.plus(exact(refund.amount)), new Big(0));
}

function isPartlyRefunded(order: CanonicalOrder): boolean {
  const refunded = refundTotal(order);
  return refunded.gt(0) && refunded.lt(exact(order.total.incTax));
}

function plainWord(status: string): string {
  return status
    .trim()
    .toLowerCase()
    .replace(/^wc-/, '')
    .replaceAll(/[_\s]+/g, '-');
}
