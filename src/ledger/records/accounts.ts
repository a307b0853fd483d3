import { type QueryExecutorProvider, sql } from 'kysely';
import type { Settlement } from '../apply-ledger.ts';

/** Adds what a commit settled to the run's account: a count per entity and word. */
export async function countSettled(
  transaction: QueryExecutorProvider,
  runId: number | null,
  settlements: readonly Settlement[],
): Promise<void> {
  if (runId === null) return;
  const counts = new Map<string, { entity: string; word: string; count: number }>();
  for (const { claim, account } of settlements) {
    if (account === null) continue;
    const key = `${claim.ref.entity} ${account}`;
    const entry = counts.get(key) ?? { entity: claim.ref.entity, word: account, count: 0 };
    counts.set(key, { ...entry, count: entry.count + 1 });
  }
  if (counts.size === 0) return;
  // In one order for everybody: two commits that add to the same rows must not wait for each other.
  const rows = [...counts.keys()].sort().map((key) => counts.get(key));
  await sql`
    INSERT INTO run_counts (run_id, entity, word, count)
    SELECT ${runId}, c.entity, c.word, c.count
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS c (entity text, word text, count integer)
    ON CONFLICT (run_id, entity, word) DO UPDATE SET count = run_counts.count + excluded.count`.execute(transaction);
}
