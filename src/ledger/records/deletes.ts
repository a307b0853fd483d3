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

/**
 * Live records with a hard reference to this one whose last read does not lie after `readUntil`: they are re-read and moved
 * before it goes (P7).
 */
export async function unreadReferrers(
  db: QueryExecutorProvider,
  projectId: number,
  ref: RecordRef,
  readUntil: number,
): Promise<readonly RecordRef[]> {
  const { rows } = await sql<{ entity: Entity; source_id: string }>`
    SELECT r.entity, r.source_id
    FROM record_references f
    JOIN records r USING (project_id, entity, source_id)
    WHERE f.project_id = ${projectId} AND f.to_entity = ${ref.entity} AND f.to_source_id = ${ref.sourceId}
      AND f.kind = 'hard' AND r.state = 'live' AND r.read_start <= ${readUntil}
    ORDER BY r.source_id`.execute(db);
  return rows.map((row) => ({ entity: row.entity, sourceId: row.source_id }));
}
