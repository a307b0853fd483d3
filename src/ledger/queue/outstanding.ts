import { type QueryExecutorProvider, sql } from 'kysely';
import type { RecordRef } from '../../domain/entity.ts';
import type { Outstanding } from '../apply-ledger.ts';
import { refArrays } from './rows.ts';

/** What the queue still holds, and when the next row that is not due yet will be; without what was read ahead. */
export async function outstandingChanges(db: QueryExecutorProvider, projectId: number): Promise<Outstanding> {
  const { rows } = await sql<{ state: keyof Omit<Outstanding, 'nextDueMs'>; count: number; due_ms: number | null }>`
    SELECT state, count(*)::integer AS count,
      (extract(epoch FROM min(CASE WHEN state = 'leased' THEN lease_until ELSE not_before END) - clock_timestamp()) * 1000)::float8 AS due_ms
    FROM changes WHERE project_id = ${projectId} AND NOT ahead GROUP BY state`.execute(db);
  const counts = { ready: 0, leased: 0, parked: 0, waiting: 0, held: 0 };
  for (const row of rows) counts[row.state] = row.count;
  const dues = rows.filter((row) => row.state === 'leased' || row.state === 'parked').map((row) => row.due_ms ?? 0);
  return { ...counts, nextDueMs: dues.length === 0 ? null : Math.max(0, Math.min(...dues)) };
}

/** Which of these records have a change in the queue, each with whom that change waits for. */
export async function pendingAmong(
  db: QueryExecutorProvider,
  projectId: number,
  refs: readonly RecordRef[],
): Promise<ReadonlyMap<string, readonly RecordRef[]>> {
  const { entities, sourceIds } = refArrays(refs);
  const { rows } = await sql<{
    entity: string;
    source_id: string;
    waits_on: { entity: RecordRef['entity']; source_id: string }[] | null;
  }>`
    SELECT c.entity, c.source_id,
      (SELECT jsonb_agg(jsonb_build_object('entity', w.on_entity, 'source_id', w.on_source_id)) FROM change_waits w
       WHERE w.project_id = c.project_id AND w.entity = c.entity AND w.source_id = c.source_id) AS waits_on
    FROM changes c JOIN unnest(${entities}::text[], ${sourceIds}::text[]) AS r (entity, source_id) USING (entity, source_id)
    WHERE c.project_id = ${projectId} AND c.state <> 'held'`.execute(db);
  return new Map(
    rows.map((row) => [
      `${row.entity}:${row.source_id}`,
      (row.waits_on ?? []).map((on) => ({ entity: on.entity, sourceId: on.source_id })),
    ]),
  );
}
