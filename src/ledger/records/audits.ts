import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity, RecordRef } from '../../domain/entity.ts';
import type { Json } from '../../domain/json.ts';

/** A record whose create was sent more than once: the first may have arrived after all (P2). */
export interface SentTwice {
  readonly ref: RecordRef;
  readonly targetId: string;
  /** Of its core, as last written. */
  readonly desired: Json;
}

export async function sentTwice(
  db: QueryExecutorProvider,
  projectId: number,
  entities: readonly Entity[],
): Promise<readonly SentTwice[]> {
  const { rows } = await sql<{ entity: Entity; source_id: string; target_id: string; desired: Json }>`
    SELECT r.entity, r.source_id, r.target_id, p.desired
    FROM (
      SELECT entity, source_id FROM intents
      WHERE project_id = ${projectId} AND entity = ANY (${entities}::text[]) AND action = 'create' AND resolved_at IS NOT NULL
      GROUP BY entity, source_id HAVING count(*) > 1 AND bool_or(audited_at IS NULL)
    ) i
    JOIN records r ON r.project_id = ${projectId} AND r.entity = i.entity AND r.source_id = i.source_id
    JOIN parts p ON p.project_id = ${projectId} AND p.entity = i.entity AND p.source_id = i.source_id AND p.part = 'core'
    WHERE r.state = 'live' AND r.target_id IS NOT NULL
    ORDER BY r.entity, r.source_id LIMIT 1000`.execute(db);
  return rows.map((row) => ({
    ref: { entity: row.entity, sourceId: row.source_id },
    targetId: row.target_id,
    desired: row.desired,
  }));
}

/** The target was searched for copies of it; those that were found and taken away go into its history. */
export async function noteAudit(
  db: QueryExecutorProvider,
  projectId: number,
  runId: number | null,
  ref: RecordRef,
  removed: readonly string[],
): Promise<void> {
  await sql`
    WITH audited AS (
      UPDATE intents SET audited_at = clock_timestamp()
      WHERE project_id = ${projectId} AND entity = ${ref.entity} AND source_id = ${ref.sourceId} AND action = 'create'
    )
    INSERT INTO record_history (project_id, run_id, entity, source_id, event, detail)
    SELECT ${projectId}, ${runId}::bigint, ${ref.entity}, ${ref.sourceId}, 'copy removed', jsonb_build_object('targetId', copy)
    FROM unnest(${removed}::text[]) AS copy`.execute(db);
}
