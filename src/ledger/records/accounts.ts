import { type QueryExecutorProvider, sql } from 'kysely';
import type { Settlement } from '../apply-ledger.ts';
import { wordsOfRecords } from './run-account.ts';

/** Of those that were carried, records that were made acceptable by a named fix; no word of the account's own sum. */
export const ADJUSTED = 'adjusted';
const CARRIED: ReadonlySet<string> = new Set(['created', 'restored', 'updated', 'adopted', 'unchanged']);

/** Adds what a commit settled to the run's account: a count per entity and word. */
export async function countSettled(
  transaction: QueryExecutorProvider,
  runId: number | null,
  settlements: readonly Settlement[],
): Promise<void> {
  if (runId === null) return;
  const counts = new Map<string, { entity: string; word: string; count: number }>();
  for (const { claim, account, progress } of settlements) {
    if (account === null) continue;
    const adjusted = (progress?.adjustments ?? []).length > 0 && CARRIED.has(account);
    for (const word of adjusted ? [account, ADJUSTED] : [account]) {
      const key = `${claim.ref.entity} ${word}`;
      const entry = counts.get(key) ?? { entity: claim.ref.entity, word, count: 0 };
      counts.set(key, { ...entry, count: entry.count + 1 });
    }
  }
  if (counts.size === 0) return;
  // In one order for everybody: two commits that add to the same rows must not wait for each other.
  const rows = [...counts.keys()].sort().map((key) => counts.get(key));
  await sql`
    WITH worded AS (${wordsOfRecords(runId, settlements)})
    INSERT INTO run_counts (run_id, entity, word, count)
    SELECT ${runId}, c.entity, c.word, c.count
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS c (entity text, word text, count integer)
    ON CONFLICT (run_id, entity, word) DO UPDATE SET count = run_counts.count + excluded.count`.execute(transaction);
}
