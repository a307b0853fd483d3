import type { Cursor } from '../source.ts';
import { compareSourceIds } from '../../domain/entity.ts';
import { isLastPage, type RowList, rowId } from './row-list.ts';

/** Serves rows of a list in ascending id order, from an offset, at most `pageSize`. */
export type ListFrom = (offset: number) => Promise<RowList>;

export interface WalkPage {
  /** Rows with ids above all that came before. */
  readonly rows: readonly unknown[];
  readonly next: Cursor | null;
}

interface Place {
  /** Rows of the list up to and including the anchor, when it was last seen. */
  readonly seen: number;
  /** Highest id that came so far; '' = none. Numbers by number, UUIDs as text, as databases sort them. */
  readonly last: string;
}

/**
 * One page of a walk by id that survives edits under the cursor (source-apis §0.4). Each page starts one row early, at
 * the anchor: the last row of the page before. When rows before it were deleted, the list has moved up and another row
 * stands there: then the walk steps back until it meets a row that it knows. Rows that come again are dropped by id.
 *
 * @param pageSize at least 2: the anchor and a row after it
 */
export async function walkById(list: ListFrom, cursor: Cursor | null, pageSize: number): Promise<WalkPage> {
  const place: Place = cursor === null ? { seen: 0, last: '' } : (JSON.parse(cursor) as Place);
  const isNew = (row: unknown) => place.last === '' || compareSourceIds(rowId(row), place.last) > 0;
  let offset = Math.max(0, place.seen - 1);
  for (let back = 5; ;) {
    const page = await list(offset);
    const { rows } = page;
    const first = rows[0];
    const pastAnchor = first === undefined || isNew(first);
    if (pastAnchor && offset > 0) {
      offset = Math.max(0, offset - back);
      back = Math.min(back * 2, pageSize - 1);
      continue;
    }
    const fresh = rows.filter(isNew);
    if (isLastPage(page, offset, pageSize)) return { rows: fresh, next: null };
    if (fresh.length > 0) {
      const last = fresh.map(rowId).reduce((a, b) => (compareSourceIds(a, b) > 0 ? a : b), place.last);
      const reached: Place = { seen: offset + pageSize, last };
      return { rows: fresh, next: JSON.stringify(reached) };
    }
    // Nothing new on a full page: rows with lower ids came in before the anchor and pushed it on.
    offset += pageSize - 1;
  }
}
