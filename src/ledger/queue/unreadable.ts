import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../../domain/entity.ts';
import { FOLLOWING_KINDS } from '../../domain/phases.ts';
import { jsonText } from '../json-text.ts';

/** A record that a page held and nobody could make sense of. */
export interface UnreadableRow {
  readonly entity: Entity;
  readonly sourceId: string;
  readonly reason: string;
  readonly remedy: string;
}

/** Keeps what could not be read as dead letters, in the transaction that passes over it: never a failed page (design §4). */
export async function noteUnreadable(
  transaction: QueryExecutorProvider,
  options: { readonly projectId: number; readonly runId: number },
  unreadable: readonly UnreadableRow[],
): Promise<void> {
  if (unreadable.length === 0) return;
  await sql`
    INSERT INTO dead_letters (project_id, run_id, entity, source_id, reason, remedy)
    SELECT ${options.projectId}, ${options.runId}, u.entity, u."sourceId", u.reason, u.remedy
    FROM jsonb_to_recordset(${jsonText(unreadable)}::jsonb) AS u (entity text, "sourceId" text, reason text, remedy text)
    ON CONFLICT (project_id, entity, source_id) DO UPDATE SET
      reason = excluded.reason, remedy = excluded.remedy, run_id = excluded.run_id, since = clock_timestamp()`.execute(
    transaction,
  );
  await sql`
    INSERT INTO run_counts (run_id, entity, word, count)
    SELECT ${options.runId}, entity, 'dead letter', count(*) FROM unnest(${unreadable.map((u) => u.entity)}::text[]) AS u (entity) GROUP BY entity
    ON CONFLICT (run_id, entity, word) DO UPDATE SET count = run_counts.count + excluded.count`.execute(transaction);
  await sql`
    INSERT INTO run_records (run_id, entity, source_id, word)
    SELECT r.id, u.entity, u."sourceId", 'dead letter'
    FROM jsonb_to_recordset(${jsonText(unreadable)}::jsonb) AS u (entity text, "sourceId" text)
    JOIN runs r ON r.id = ${options.runId} AND r.kind = ANY (${FOLLOWING_KINDS}::text[])
    ON CONFLICT (run_id, entity, source_id) DO UPDATE SET word = excluded.word`.execute(transaction);
}
