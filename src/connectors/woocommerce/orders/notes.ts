import { z } from 'zod';
import { tidyText } from '../../../canonical/plain-text.ts';
import type { CanonicalOrderNote } from '../../../domain/order.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { WooApi } from '../woo-api.ts';
import { noteSchema } from './order-schema.ts';

/** Who writes the lines about status and stock (fidelity §8). */
const SYSTEM = 'WooCommerce';
const AT_ONCE = 8;

/** Notes are listed per order only, the whole list at once (source-apis §1.4): a request each, a few at a time. */
export async function loadNotes(
  api: WooApi,
  orderIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly CanonicalOrderNote[]>> {
  const notes = new Map<string, readonly CanonicalOrderNote[]>();
  const waiting = orderIds.values();
  const work = async () => {
    for (const orderId of waiting) notes.set(orderId, await notesOf(api, orderId, signal));
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, orderIds.length) }, work));
  return notes;
}

async function notesOf(api: WooApi, orderId: string, signal: AbortSignal): Promise<readonly CanonicalOrderNote[]> {
  try {
    const { rows } = await api.list({ path: `/orders/${orderId}/notes`, route: 'orders/:id/notes', signal });
    return z
      .array(noteSchema)
      .parse(rows)
      .map((row) => ({
        sourceId: row.id,
        author: tidyText(row.author),
        createdAt: row.date_created_gmt,
        text: row.note,
        toCustomer: row.customer_note,
        bySystem: row.author === SYSTEM,
      }))
      .toSorted(
        (a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? '') || Number(a.sourceId) - Number(b.sourceId),
      );
  } catch (error) {
    // Deleted since its page was read: the next look at the order says so.
    if (error instanceof StoreFailure && error.kind === 'missing') return [];
    throw error;
  }
}
