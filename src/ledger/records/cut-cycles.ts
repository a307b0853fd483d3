import { type QueryExecutorProvider, sql } from 'kysely';
import { type Entity, NESTED, type RecordRef, refKey } from '../../domain/entity.ts';
import type { Settlement } from '../apply-ledger.ts';
import type { EnqueueOptions } from '../queue/enqueue.ts';
import { lookAgain } from '../queue/look-again.ts';
import { refArrays } from '../queue/rows.ts';

/** Longest chain of parents that is followed; a real tree is far shallower. */
export const LONGEST_CHAIN = 60;

/** Of these, those that have moved among their own kind: what lies above them is not what it was. Asked before they are stored. */
export async function movedInTree(
  transaction: QueryExecutorProvider,
  { projectId }: EnqueueOptions,
  settlements: readonly Settlement[],
): Promise<readonly RecordRef[]> {
  const nested = settlements.filter(
    ({ claim, progress }) => progress?.references != null && NESTED.has(claim.ref.entity),
  );
  if (nested.length === 0) return [];
  const { entities, sourceIds } = refArrays(nested.map(({ claim }) => claim.ref));
  const { rows } = await sql<{ key: string; above: readonly string[] }>`
    SELECT r.entity || ':' || r.source_id AS key, array_remove(array_agg(f.to_source_id), NULL) AS above
    FROM unnest(${entities}::text[], ${sourceIds}::text[]) AS w (entity, source_id)
    JOIN records r ON r.project_id = ${projectId} AND r.entity = w.entity AND r.source_id = w.source_id
    LEFT JOIN record_references f ON f.project_id = r.project_id AND f.entity = r.entity AND f.source_id = r.source_id
      AND f.to_entity = f.entity AND f.kind = 'hard'
    GROUP BY r.entity, r.source_id`.execute(transaction);
  const before = new Map(rows.map(({ key, above }) => [key, above.toSorted()]));
  return nested.flatMap(({ claim, progress }) => {
    const above = (progress?.references ?? []).filter((to) => to.kind === 'hard' && to.entity === claim.ref.entity);
    const ids = above.map(({ sourceId }) => sourceId).toSorted();
    const known = before.get(refKey(claim.ref));
    return known === undefined || known.join('\n') === ids.join('\n') ? [] : [claim.ref];
  });
}

/**
 * Has those below the moved ones looked at again whose reference to their own kind had to be adjusted: a cycle that was cut may
 * be none any more (P9).
 */
export async function callCut(
  transaction: QueryExecutorProvider,
  options: EnqueueOptions,
  moved: readonly RecordRef[],
): Promise<void> {
  if (moved.length === 0) return;
  const { entities, sourceIds } = refArrays(moved);
  const { rows } = await sql<{ entity: Entity; source_id: string }>`
    WITH RECURSIVE below (entity, source_id, field, depth) AS (
      SELECT w.entity, w.source_id, NULL::text, 0 FROM unnest(${entities}::text[], ${sourceIds}::text[]) AS w (entity, source_id)
      UNION
      SELECT f.entity, f.source_id, f.field, b.depth + 1 FROM below b
      JOIN record_references f ON f.project_id = ${options.projectId} AND f.to_entity = b.entity AND f.to_source_id = b.source_id
        AND f.entity = b.entity AND f.kind = 'hard'
      WHERE b.depth < ${LONGEST_CHAIN}
    )
    SELECT DISTINCT b.entity, b.source_id FROM below b
    JOIN adjustments a ON a.project_id = ${options.projectId} AND a.entity = b.entity AND a.source_id = b.source_id
      AND a.field = b.field
    ORDER BY b.entity, b.source_id`.execute(transaction);
  await lookAgain(transaction, options, rows, 'reference');
}
