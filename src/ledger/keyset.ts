import { type RawBuilder, sql } from 'kysely';

/** The columns of the row where a page ended, in the order of the list; null: the first page. */
export type RowKey = readonly string[] | null;

/**
 * Rows behind that one in a list in ascending order of these columns. Compared as a row: an index of the columns finds the
 * place, and no two keys are taken for one, as they would be once joined to a text.
 */
export function behind(columns: readonly string[], key: RowKey): RawBuilder<boolean> {
  if (key === null) return sql<boolean>`true`;
  return sql<boolean>`(${sql.join(columns.map((column) => sql.ref(column)))}) > (${sql.join(key.map((value) => sql`${value}::text`))})`;
}
