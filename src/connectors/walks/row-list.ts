import { StoreFailure } from '../http/failures.ts';

/** One page of a list as a store sent it. */
export interface RowList {
  readonly rows: readonly unknown[];
  /** Rows of the whole list, counted about when the page was read; null when the store does not say. */
  readonly total: number | null;
}

/**
 * Whether a list ends with its page at `offset`. Stores read and count in two statements, between which rows may go: a
 * full page is not the end, whatever the count says. A short one need not be it either: a key may not see every row.
 */
export function isLastPage({ rows, total }: RowList, offset: number, pageSize: number): boolean {
  return rows.length < pageSize && (total === null || offset + pageSize >= total);
}

/** The id of a row as text. A row without one makes the whole page unusable: nobody could say which record it is. */
export function rowId(row: unknown): string {
  const id = typeof row === 'object' && row !== null ? (row as { id?: unknown }).id : undefined;
  if (typeof id === 'number' && Number.isSafeInteger(id) && id > 0) return String(id);
  if (typeof id === 'string' && /^(?!0$)[A-Za-z0-9][\w-]*$/.test(id)) return id;
  throw new StoreFailure('unintelligible', 'The store sent a list with a row that has no id');
}
