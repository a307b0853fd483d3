import { type QueryExecutorProvider, sql } from 'kysely';
import type { Instant } from '../domain/record.ts';
import { behind, type RowKey } from './keyset.ts';

/** One pair of ids, as other systems of a merchant need it after a migration. */
export interface IdPair {
  readonly entity: string;
  readonly sourceId: string;
  readonly targetId: string;
  /** It was there before us: we never delete it. */
  readonly adopted: boolean;
}

/** In order of entity and id; `after` is the entity and the id of the last one seen. */
export async function idMap(
  db: QueryExecutorProvider,
  projectId: number,
  page: { readonly after: RowKey; readonly limit: number },
): Promise<readonly IdPair[]> {
  const { rows } = await sql<IdPair>`
    SELECT entity, source_id AS "sourceId", target_id AS "targetId", adopted FROM records
    WHERE project_id = ${projectId} AND target_id IS NOT NULL AND ${behind(['entity', 'source_id'], page.after)}
    ORDER BY entity, source_id LIMIT ${page.limit}`.execute(db);
  return rows;
}

/** Notes that the map was read to its end, so that the project may be deleted. */
export async function noteExport(db: QueryExecutorProvider, projectId: number): Promise<void> {
  await sql`
    UPDATE projects SET options = options || jsonb_build_object('idMapExportedAt', clock_timestamp()) WHERE id = ${projectId}`.execute(
    db,
  );
}

/** When the newest pair was written after the map was last exported: then it is not in that export. Null: all of them are. */
export async function unexportedSince(db: QueryExecutorProvider, projectId: number): Promise<Instant | null> {
  const { rows } = await sql<{ at: Instant | null }>`
    SELECT max(r.applied_at) AS at FROM records r JOIN projects p ON p.id = r.project_id
    WHERE r.project_id = ${projectId} AND r.target_id IS NOT NULL
      AND r.applied_at > coalesce((p.options ->> 'idMapExportedAt')::timestamptz, '-infinity')`.execute(db);
  return rows[0]?.at ?? null;
}
