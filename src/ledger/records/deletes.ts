import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity, RecordRef } from '../../domain/entity.ts';

/** What the brake on deletes looks at (P7): this run's deletes, done and queued, against the records there are. */
export async function deleteBudget(db: QueryExecutorProvider, projectId: number, runId: number | null, entity: Entity) {
  const { rows } = await sql<{ deletes: number; live: number }>`
    SELECT
      (SELECT count(*) FROM changes WHERE project_id = ${projectId} AND entity = ${entity} AND kind = 'delete')::integer
      + (SELECT coalesce(sum(count), 0) FROM run_counts WHERE run_id = ${runId} AND entity = ${entity}
          AND word IN ('deleted', 'archived', 'released'))::integer AS deletes,
      (SELECT count(*) FROM records WHERE project_id = ${projectId} AND entity = ${entity} AND state = 'live')::integer AS live`.execute(
    db,
  );
  return rows[0] ?? { deletes: 0, live: 0 };
}

/** Which of a record's referrers: those that cannot be without it; all, also those left out; or those that refer to it there. */
export type Referrers = 'hard' | 'all' | { readonly fields: readonly string[] };

/** Records of that kind whose last read does not lie after `readUntil` (P7, P9). */
export async function unreadReferrers(
  db: QueryExecutorProvider,
  projectId: number,
  ref: RecordRef,
  readUntil: number,
  which: Referrers,
): Promise<readonly RecordRef[]> {
  const isMeant = {
    hard: sql`f.kind = 'hard' AND r.state = 'live'`,
    all: sql`r.state IN ('live', 'skipped')`,
    fields: sql`r.state = 'live' AND f.field = ANY (${typeof which === 'string' ? [] : which.fields}::text[])`,
  }[typeof which === 'string' ? which : 'fields'];
  const { rows } = await sql<{ entity: Entity; source_id: string }>`
    SELECT DISTINCT r.entity, r.source_id
    FROM record_references f
    JOIN records r USING (project_id, entity, source_id)
    WHERE f.project_id = ${projectId} AND f.to_entity = ${ref.entity} AND f.to_source_id = ${ref.sourceId}
      AND ${isMeant} AND r.read_start <= ${readUntil}
    ORDER BY r.entity, r.source_id`.execute(db);
  return rows.map((row) => ({ entity: row.entity, sourceId: row.source_id }));
}
