import { type QueryExecutorProvider, sql } from 'kysely';
import type { RecordRef } from '../../domain/entity.ts';
import type { Settlement } from '../apply-ledger.ts';
import { jsonText } from '../json-text.ts';
import type { EnqueueOptions } from './enqueue.ts';
import { lookAgain } from './look-again.ts';

/**
 * Keeps what retrying will not cure, with the reason in a merchant's words; a record that came right leaves the list, and whoever
 * was carried without it is looked at again (P9).
 */
export async function writeDeadLetters(
  transaction: QueryExecutorProvider,
  options: EnqueueOptions,
  settlements: readonly Settlement[],
): Promise<void> {
  const dead = settlements.flatMap(({ claim, disposition }) =>
    disposition.to === 'dead'
      ? [
          {
            entity: claim.ref.entity,
            source_id: claim.ref.sourceId,
            reason: disposition.reason,
            remedy: disposition.remedy,
            payload: claim.change.payload,
            read_start: claim.change.version?.read.start ?? null,
            read_end: claim.change.version?.read.end ?? null,
          },
        ]
      : [],
  );
  if (dead.length > 0) {
    await sql`
      INSERT INTO dead_letters (project_id, run_id, entity, source_id, reason, remedy, payload, read_start, read_end)
      SELECT ${options.projectId}, ${options.runId}::bigint, d.* FROM jsonb_to_recordset(${jsonText(dead)}::jsonb) AS d (
        entity text, source_id text, reason text, remedy text, payload jsonb, read_start bigint, read_end bigint)
      ON CONFLICT (project_id, entity, source_id) DO UPDATE SET
        run_id = excluded.run_id, reason = excluded.reason, remedy = excluded.remedy, payload = excluded.payload,
        read_start = excluded.read_start, read_end = excluded.read_end, since = clock_timestamp()`.execute(transaction);
  }
  const cured = settlements.filter(({ disposition }) => disposition.to === 'done').map(({ claim }) => claim.ref);
  if (cured.length === 0) return;
  const { rows } = await sql<{ entity: RecordRef['entity']; source_id: string }>`
    WITH cured AS (
      DELETE FROM dead_letters d
      USING unnest(${cured.map((r) => r.entity)}::text[], ${cured.map((r) => r.sourceId)}::text[]) AS c (entity, source_id)
      WHERE d.project_id = ${options.projectId} AND d.entity = c.entity AND d.source_id = c.source_id
      RETURNING d.entity, d.source_id
    )
    SELECT DISTINCT r.entity, r.source_id FROM cured c
    JOIN record_references f ON f.project_id = ${options.projectId} AND f.to_entity = c.entity AND f.to_source_id = c.source_id
    JOIN records r ON r.project_id = f.project_id AND r.entity = f.entity AND r.source_id = f.source_id
    WHERE r.state IN ('live', 'skipped')
    ORDER BY r.entity, r.source_id`.execute(transaction);
  await lookAgain(transaction, options, rows, 'reference');
}
