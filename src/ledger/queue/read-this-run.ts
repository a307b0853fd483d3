import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../../domain/entity.ts';

/** Which of these records were read since the run began, and are at the target or on their way: no need to read them again. */
export async function readThisRun(
  db: QueryExecutorProvider,
  { projectId, runId }: { readonly projectId: number; readonly runId: number },
  entity: Entity,
  sourceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ source_id: string }>`
    SELECT source_id FROM records
    WHERE project_id = ${projectId} AND entity = ${entity} AND source_id = ANY (${sourceIds}::text[]) AND run_id = ${runId}
    UNION
    SELECT source_id FROM changes
    WHERE project_id = ${projectId} AND entity = ${entity} AND source_id = ANY (${sourceIds}::text[]) AND run_id = ${runId}
      AND kind = 'upsert'`.execute(db);
  return new Set(rows.map((row) => row.source_id));
}
