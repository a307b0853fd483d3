import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../../domain/entity.ts';
import type { Instant } from '../../domain/record.ts';

/**
 * Stamps, by source id, of records at the target that were last modified in `(after, until]` by the source's own clock and have
 * no change in the queue: a poll that looks back over them learns nothing from a row that still bears its stamp.
 */
export async function heldStamps(
  db: QueryExecutorProvider,
  projectId: number,
  entity: Entity,
  { after, until }: { readonly after: Instant; readonly until: Instant },
): Promise<ReadonlyMap<string, Instant>> {
  const { rows } = await sql<{ source_id: string; modified_at: Instant }>`
    SELECT r.source_id, r.modified_at FROM records r
    WHERE r.project_id = ${projectId} AND r.entity = ${entity} AND r.state = 'live' AND r.target_id IS NOT NULL
      AND r.modified_at > ${after} AND r.modified_at <= ${until}
      AND NOT EXISTS (SELECT FROM changes c
        WHERE c.project_id = r.project_id AND c.entity = r.entity AND c.source_id = r.source_id)`.execute(db);
  return new Map(rows.map(({ source_id: id, modified_at: at }) => [id, at]));
}
