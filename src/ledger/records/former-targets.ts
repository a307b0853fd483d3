import { type QueryExecutorProvider, sql } from 'kysely';
import type { RecordRef } from '../../domain/entity.ts';
import { refArrays } from '../queue/rows.ts';

/**
 * What records that are not at the target any more were there when we deleted them last, by `refKey`. Only their histories know
 * these pairs (P7). What another record is paired with by now, whatever its project, is left out (P6).
 */
export async function formerTargets(
  db: QueryExecutorProvider,
  projectId: number,
  refs: readonly RecordRef[],
): Promise<ReadonlyMap<string, string>> {
  if (refs.length === 0) return new Map();
  const { entities, sourceIds } = refArrays(refs);
  const { rows } = await sql<{ key: string; target_id: string }>`
    SELECT r.entity || ':' || r.source_id AS key, h.target_id
    FROM records r
    JOIN unnest(${entities}::text[], ${sourceIds}::text[]) AS w (entity, source_id) USING (entity, source_id)
    CROSS JOIN LATERAL (
      SELECT detail ->> 'targetId' AS target_id FROM record_history
      WHERE project_id = r.project_id AND entity = r.entity AND source_id = r.source_id
        AND event = 'deleted' AND detail ->> 'targetId' IS NOT NULL
      ORDER BY id DESC LIMIT 1
    ) h
    WHERE r.project_id = ${projectId} AND NOT EXISTS (
      SELECT FROM records o WHERE o.target_store = r.target_store AND o.entity = r.entity AND o.target_id = h.target_id)`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.key, row.target_id]));
}
