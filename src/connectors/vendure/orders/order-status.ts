import { Big } from 'big.js';
import type { WireOrder } from './order-schema.ts';

/** States of the default order process in the words that targets know; a process of the shop's own keeps its words. */
const WORDS: Readonly<Record<string, string>> = {
  Created: 'checkout-draft',
  Draft: 'checkout-draft',
  AddingItems: 'checkout-draft',
  ArrangingPayment: 'checkout-draft',
  PaymentAuthorized: 'on-hold',
  PaymentSettled: 'processing',
  PartiallyShipped: 'partially-shipped',
  Shipped: 'shipped',
  PartiallyDelivered: 'partially-shipped',
  Delivered: 'completed',
  // Changed after it was placed: somebody is at it, or a further payment is awaited.
  Modifying: 'on-hold',
  ArrangingAdditionalPayment: 'on-hold',
  Cancelled: 'cancelled',
};

export function statusWord(state: string): string {
  return Object.hasOwn(WORDS, state) ? (WORDS[state] ?? state) : state;
}

/** Paying back leaves the state as it is: an order that was paid back as a whole is told by its refunds. */
export function orderStatus(order: WireOrder): string {
  const word = statusWord(order.state);
  if (word === 'cancelled' || word === 'checkout-draft') return word;
  const paid = sum(order.payments ?? [], (payment) => (payment.state === 'Settled' ? payment.amount : 0));
  const back = sum(settledRefunds(order), (refund) => refund.total);
  return paid.gt(0) && back.gte(paid) ? 'refunded' : word;
}

/** Only these have moved money. */
export function settledRefunds(order: WireOrder) {
  return (order.payments ?? []).flatMap(({ refunds }) => refunds).filter(({ state }) => state === 'Settled');
}

function sum<T>(rows: readonly T[], of: (row: T) => number): Big {
  return rows.reduce((total, row) => total.plus(of(row)), new Big(0));
}
