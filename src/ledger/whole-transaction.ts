import type { Kysely, Transaction } from 'kysely';
import type { LedgerTables } from './tables.ts';

/** PostgreSQL's words for: this transaction was undone, so that another could go on (deadlock, serialisation). */
const UNDONE = new Set(['40P01', '40001']);
const MOST_TRIES = 5;

/**
 * Runs a transaction, and again when PostgreSQL has undone it in favour of another: nothing of it was stored. Without this a
 * batch whose writes are done would be lost to its lease, and its records rest until that ends.
 */
export async function wholeTransaction<T>(
  db: Kysely<LedgerTables>,
  work: (transaction: Transaction<LedgerTables>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (attempt >= MOST_TRIES || typeof code !== 'string' || !UNDONE.has(code)) throw error;
    }
  }
}
