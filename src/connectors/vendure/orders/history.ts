import { z } from 'zod';
import { tidyText } from '../../../canonical/plain-text.ts';
import { compareSourceIds } from '../../../domain/entity.ts';
import type { CanonicalOrderNote } from '../../../domain/order.ts';
import type { Instant, Json } from '../../../domain/record.ts';
import type { VendureApi } from '../vendure-api.ts';
import { HISTORY_FIELDS, HISTORY_PAGE, historySchema, type WireHistoryEntry, type WireOrder } from './order-schema.ts';

const NOTE = 'ORDER_NOTE';
const restSchema = z.looseObject({ item: z.looseObject({ history: historySchema }).nullable() });

/** An order's whole history: the first entries came with the order, the others are asked for, as many requests as it takes. */
export async function wholeHistory(
  api: VendureApi,
  order: WireOrder,
  signal: AbortSignal,
): Promise<readonly WireHistoryEntry[]> {
  const entries = new Map(order.history.items.map((entry) => [entry.id, entry]));
  for (let skip = order.history.items.length; skip > 0 && skip < order.history.totalItems;) {
    const document = `query History($id: ID!, $options: HistoryEntryListOptions) {
      item: order(id: $id) { history(options: $options) { ${HISTORY_FIELDS} } }
    }`;
    const options = { skip, take: HISTORY_PAGE, sort: { createdAt: 'ASC', id: 'ASC' } };
    const ask = {
      document,
      variables: { id: order.id, options },
      route: 'order/:id/history',
      schema: restSchema,
      signal,
    };
    const found = (await api.query(ask)).data.item?.history.items ?? [];
    for (const entry of found) entries.set(entry.id, entry);
    if (found.length === 0) break;
    skip += found.length;
  }
  return [...entries.values()].toSorted(
    (a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? '') || compareSourceIds(a.id, b.id),
  );
}

/** When something of an order first came to a state; null when its history does not tell. */
export function reachedAt(
  history: readonly WireHistoryEntry[],
  type: string,
  state: string,
  about: (data: Readonly<Record<string, Json>>) => boolean = () => true,
): Instant | null {
  const entry = history.find(({ type: own, data }) => own === type && data?.['to'] === state && about(data));
  return entry?.createdAt ?? null;
}

/** What people wrote, and how the order went from state to state. */
export function orderNotes(history: readonly WireHistoryEntry[]): readonly CanonicalOrderNote[] {
  return history.flatMap((entry) => {
    const text = textOf(entry);
    if (text === null) return [];
    const author =
      entry.administrator === null ? '' : tidyText(`${entry.administrator.firstName} ${entry.administrator.lastName}`);
    const byPerson = entry.type === NOTE;
    return {
      sourceId: entry.id,
      author: byPerson ? author : 'Vendure',
      createdAt: entry.createdAt,
      text,
      toCustomer: byPerson && entry.isPublic,
      bySystem: !byPerson,
    };
  });
}

/** HTML; null for entries that say nothing that the order's own fields do not. */
function textOf({ type, data }: WireHistoryEntry): string | null {
  const word = (name: string) => {
    const value = data?.[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  switch (type) {
    case NOTE:
      return escaped(word('note')).replaceAll(/\r\n?|\n/g, '<br>');
    case 'ORDER_STATE_TRANSITION':
      return escaped(`Order: ${word('from')} → ${word('to')}`);
    case 'ORDER_PAYMENT_TRANSITION':
      return escaped(`Payment ${word('paymentId')}: ${word('from')} → ${word('to')}`);
    case 'ORDER_FULFILLMENT_TRANSITION':
      return escaped(`Fulfillment ${word('fulfillmentId')}: ${word('from')} → ${word('to')}`);
    case 'ORDER_REFUND_TRANSITION':
      return escaped(`Refund ${word('refundId')}: ${word('from')} → ${word('to')}`);
    case 'ORDER_CANCELLATION':
      return escaped(`Cancelled: ${word('reason')}`);
    case 'ORDER_MODIFIED':
      return 'Modified';
    default:
      return null;
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
