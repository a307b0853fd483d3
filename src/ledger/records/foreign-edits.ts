import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity, RecordRef } from '../../domain/entity.ts';
import type { Instant } from '../../domain/record.ts';
import type { PresentState } from '../../domain/target-state.ts';
import type { NotedEdit } from '../apply-ledger.ts';
import { jsonText } from '../json-text.ts';
import { refArrays } from '../queue/rows.ts';

/** The chain of polls for edits by others (P8): every edit since `from` is known up to `polledAt`. */
export async function pollChain(db: QueryExecutorProvider, targetStore: string, entity: Entity) {
  const { rows } = await sql<{ from: Instant; polledAt: Instant; ageMs: number }>`
    SELECT chain_from AS "from", polled_at AS "polledAt",
      (extract(epoch FROM clock_timestamp() - polled_at) * 1000)::float8 AS "ageMs"
    FROM target_polls WHERE target_store = ${targetStore} AND entity = ${entity}`.execute(db);
  return rows[0] ?? null;
}

/**
 * Marks records whose parts at the target differ from the base that our last write left. Left out: records that we have
 * written since `seenAt`. Of one that we are writing now (an open intent) nobody can tell whose state was seen: it is marked
 * to be read before the next write.
 */
export async function noteForeignEdits(
  db: QueryExecutorProvider,
  options: { readonly projectId: number; readonly targetStore: string },
  entity: Entity,
  seenAt: Instant,
  states: readonly PresentState[],
  extendsChain: boolean,
): Promise<void> {
  const rows = states.map((state) => ({ target_id: state.targetId, state }));
  await sql`
    WITH seen AS (
      SELECT r.project_id, r.entity, r.source_id, s.state,
        EXISTS (SELECT FROM intents i WHERE i.project_id = r.project_id AND i.entity = r.entity
          AND i.source_id = r.source_id AND i.resolved_at IS NULL) AS writing,
        EXISTS (SELECT FROM parts p WHERE p.project_id = r.project_id AND p.entity = r.entity AND p.source_id = r.source_id
          AND p.base IS NOT NULL AND s.state -> 'parts' ? p.part AND p.base IS DISTINCT FROM s.state -> 'parts' -> p.part) AS differs
      FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS s (target_id text, state jsonb)
      JOIN records r ON r.target_store = ${options.targetStore} AND r.entity = ${entity} AND r.target_id = s.target_id
      WHERE r.project_id = ${options.projectId} AND r.applied_at < ${seenAt}::timestamptz
    )
    UPDATE records r SET
      foreign_state = CASE WHEN seen.writing THEN r.foreign_state WHEN seen.differs THEN seen.state END,
      foreign_seen_at = CASE WHEN seen.differs AND NOT seen.writing THEN ${seenAt}::timestamptz ELSE r.foreign_seen_at END,
      unchecked = r.unchecked OR seen.writing
    FROM seen WHERE r.project_id = seen.project_id AND r.entity = seen.entity AND r.source_id = seen.source_id
      AND (seen.differs OR seen.writing OR r.foreign_state IS NOT NULL)`.execute(db);
  if (!extendsChain) return;
  await sql`
    INSERT INTO target_polls AS t (target_store, entity, chain_from, polled_at)
    -- It covers what is committed from now on: who commits after this sees it, and who wrote before it is looked at (progress.ts).
    VALUES (${options.targetStore}, ${entity}, clock_timestamp(), ${seenAt}::timestamptz)
    ON CONFLICT (target_store, entity) DO UPDATE SET polled_at = greatest(t.polled_at, excluded.polled_at)`.execute(db);
}

/** What stands noted of these records now: another worker may have looked since they were loaded. */
export async function notedEdits(
  db: QueryExecutorProvider,
  projectId: number,
  refs: readonly RecordRef[],
): Promise<ReadonlyMap<string, NotedEdit>> {
  const { entities, sourceIds } = refArrays(refs);
  const { rows } = await sql<NotedEdit & { key: string }>`
    SELECT r.entity || ':' || r.source_id AS key, r.foreign_state AS "foreignState", r.unchecked
    FROM records r JOIN unnest(${entities}::text[], ${sourceIds}::text[]) AS w (entity, source_id) USING (entity, source_id)
    WHERE r.project_id = ${projectId}`.execute(db);
  return new Map(rows.map(({ key, foreignState, unchecked }) => [key, { foreignState, unchecked }]));
}
