import { textOf } from '../../rest/params.ts';
import type { Json } from '../../store/rows.ts';
import type { Shop } from '../../store/shop.ts';

/** WordPress's own marks of a comment's state. */
const marks: Record<string, string> = { approved: '1', hold: '0' };

/**
 * Reviews follow their product into the trash, in no list any more; what they were is kept as meta of the product
 * (recording "force delete product"). Null when there are none.
 */
export function trashReviewsOf(shop: Shop, productId: number): Json {
  const held: Record<string, string> = {};
  for (const row of shop.reviews.values()) {
    if (row.productId !== productId || row.status === 'post-trashed') continue;
    held[String(row.id)] = marks[row.status] ?? row.status;
    row.status = 'post-trashed';
  }
  return Object.keys(held).length === 0 ? null : held;
}

export function restoreReviews(shop: Shop, held: Json | undefined): void {
  if (typeof held !== 'object' || held === null) return;
  for (const [id, mark] of Object.entries(held)) {
    const row = shop.reviews.get(Number(id));
    if (row) row.status = Object.keys(marks).find((status) => marks[status] === mark) ?? textOf(mark);
  }
}

export function deleteReviewsOf(shop: Shop, productId: number): void {
  for (const row of shop.reviews.values()) if (row.productId === productId) shop.reviews.delete(row.id);
}
