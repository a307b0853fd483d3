import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../../domain/entity.ts';

/** Live records of an entity that a run's scan of the source did not list, in text order; what came after the scan is no matter. */
export async function unlistedRecords(
  db: QueryExecutorProvider,
  { projectId, runId }: { readonly projectId: number; readonly runId: number },
  entity: Entity,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const { rows } = await sql<{ source_id: string }>`
    WITH listed AS MATERIALIZED (
      SELECT unnest(source_ids) AS source_id FROM slices WHERE run_id = ${runId} AND entity = ${entity}
    )
    SELECT r.source_id FROM records r
    WHERE r.project_id = ${projectId} AND r.entity = ${entity} AND r.state = 'live' AND r.target_id IS NOT NULL
      AND r.source_id > ${page.after} AND NOT EXISTS (SELECT FROM listed l WHERE l.source_id = r.source_id)
    ORDER BY r.source_id LIMIT ${page.limit}`.execute(db);
  return rows.map((row) => row.source_id);
}
