import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';

/** A statement that writes, or null where there is nothing to write. It has no WITH of its own, and what it returns is not read. */
export type Writing = RawBuilder<unknown> | null;

/**
 * Runs statements that write in one round trip. None of them sees what the others do, and no row may be written by two of them:
 * PostgreSQL gives all parts of one statement the same snapshot.
 */
export async function sideBySide(transaction: QueryExecutorProvider, statements: readonly Writing[]): Promise<void> {
  const due = statements.filter((statement) => statement !== null);
  const [only] = due;
  if (only === undefined) return;
  if (due.length === 1) {
    await only.execute(transaction);
    return;
  }
  const parts = due.map((statement, at) => sql`${sql.ref(`part_${at}`)} AS (${statement})`);
  await sql`WITH ${sql.join(parts)} SELECT`.execute(transaction);
}
