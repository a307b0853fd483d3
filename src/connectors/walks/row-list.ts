import { StoreFailure } from '../http/failures.ts';

/** One page of a list as a store sent it. */
export interface RowList {
  readonly rows: readonly unknown[];
  /** Rows of the whole list at the time of the request; null when the store does not say. */
  readonly total: number | null;
}

/** The id of a row as text. A row without one makes the whole page unusable: nobody could say which record it is. */
export function rowId(row: unknown): string {
  const id = typeof row === 'object' && row !== null ? (row as { id?: unknown }).id : undefined;
  if (typeof id === 'number' && Number.isSafeInteger(id) && id > 0) return String(id);
  if (typeof id === 'string' && /^(?!0$)[A-Za-z0-9][\w-]*$/.test(id)) return id;
  throw new StoreFailure('unintelligible', 'The store sent a list with a row that has no id');
}
