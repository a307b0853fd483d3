import type { Instant } from '../../domain/record.ts';
import type { Cursor } from '../source.ts';
import { addSeconds, latest, wholeSecond } from './instants.ts';
import { isLastPage, type RowList, rowId } from './row-list.ts';

/** One page (from 1) of the rows modified in `(after, until]`, modified ascending, at most `pageSize`. */
export type ListChanged = (window: { after: Instant; until: Instant; page: number }) => Promise<RowList>;

export interface ChangedRows {
  readonly rows: readonly unknown[];
  readonly next: Cursor | null;
  readonly seenUntil: Instant | null;
}

interface Place {
  /** Stamps up to it are done. */
  readonly after: Instant;
  readonly page: number;
  /** Rows on earlier pages of this `after`, and how many there were before the first of them was read. */
  readonly read: number;
  readonly opened: number | null;
  readonly seenUntil: Instant | null;
  /** The step that led here: from where, how many rows it read up to `after`, how many the shop counted. */
  readonly step: { readonly from: Instant; readonly passed: number; readonly total: number } | null;
}

/** How one reads a row's own stamp. */
type StampOf = (row: unknown) => Instant | null;

/**
 * One page of the bounded keyset walk (source-apis §0.4). The place advances to one second before the last stamp and
 * asks for page 1 again; only when a whole page lies within one second does it take the next page of the same window. It
 * begins that with page 1 once more: the count must be older than the rows, and stores count after they have read.
 *
 * A shop may sort by its local clock and filter by UTC (WooCommerce, source-apis §1.3): in the repeated hour of a clock change, or
 * after a change of zone, the last row of a page need not have the largest stamp, and advancing to it would pass over
 * others. The totals tell: if the window shrank by more than the rows that were read, the stretch in between is read
 * again, by time alone.
 */
export async function walkChanged(
  list: ListChanged,
  stampOf: StampOf,
  window: { readonly after: Instant; readonly until: Instant },
  cursor: Cursor | null,
  pageSize: number,
): Promise<ChangedRows> {
  const start: Place = { after: window.after, page: 1, read: 0, opened: null, seenUntil: null, step: null };
  const place = cursor === null ? start : (JSON.parse(cursor) as Place);
  const { after, page } = place;
  const answer = await list({ after, until: window.until, page });
  const isLast = isLastPage(answer, (page - 1) * pageSize, pageSize);
  const rows = [...answer.rows, ...(await passedOver())];
  const seenUntil = latest([place.seenUntil, ...rows.map(stampOf)]);
  if (isLast) return { rows: withoutRepeats(rows), next: null, seenUntil };

  const lastStamp = answer.rows.length === 0 ? null : stampOf(answer.rows.at(-1));
  const ahead = lastStamp === null ? after : addSeconds(wholeSecond(lastStamp), -1);
  if (ahead <= after) {
    const onward =
      place.opened === null && answer.total !== null
        ? { page: 1, read: 0, opened: answer.total }
        : { page: page + 1, read: place.read + answer.rows.length };
    const next: Place = { ...place, ...onward, seenUntil, step: null };
    return { rows: withoutRepeats(rows), next: JSON.stringify(next), seenUntil };
  }
  const passed = place.read + answer.rows.filter((row) => (stampOf(row) ?? '') <= ahead).length;
  const total = place.opened ?? answer.total;
  const step = total === null ? null : { from: after, passed, total };
  const next: Place = { after: ahead, page: 1, read: 0, opened: null, seenUntil, step };
  return { rows: withoutRepeats(rows), next: JSON.stringify(next), seenUntil };

  async function passedOver(): Promise<unknown[]> {
    const { step: came, read, opened } = place;
    if (came !== null && answer.total !== null && came.total - answer.total > came.passed) {
      return readStretch(list, came.from, after, pageSize);
    }
    // Pages within one second drift as any others do: at their end the count must be right too.
    const fellShort = isLast && page > 1 && opened !== null && read + answer.rows.length < opened;
    return fellShort ? readStretch(list, after, window.until, pageSize) : [];
  }
}

/** All rows of `(from, to]`, halving the stretch until each piece fits a page or is one second long. */
async function readStretch(list: ListChanged, from: Instant, to: Instant, pageSize: number): Promise<unknown[]> {
  const first = await list({ after: from, until: to, page: 1 });
  if (isLastPage(first, 0, pageSize)) return [...first.rows];
  const seconds = Math.round((Date.parse(to) - Date.parse(from)) / 1000);
  if (seconds > 1) {
    const middle = addSeconds(from, Math.floor(seconds / 2));
    return [...(await readStretch(list, from, middle, pageSize)), ...(await readStretch(list, middle, to, pageSize))];
  }
  const all = [...first.rows];
  for (let page = 2; ; page++) {
    const more = await list({ after: from, until: to, page });
    all.push(...more.rows);
    if (more.rows.length < pageSize) return all;
  }
}

function withoutRepeats(rows: readonly unknown[]): unknown[] {
  return [...new Map(rows.map((row) => [rowId(row), row])).values()];
}
