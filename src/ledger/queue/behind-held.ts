import { type QueryExecutorProvider, sql } from 'kysely';
import type { RecordRef } from '../../domain/entity.ts';
import { refArrays, refOf } from './rows.ts';

/** What a delete is held for whose referrers have a change that waits for a person: it keeps no run open, as they do not (P7). */
export const BEHIND_HELD = 'waits for records that refer to it and are held';

/** Those of these records whose change waits for a person. */
export async function heldAmong(
  db: QueryExecutorProvider,
  projectId: number,
  refs: readonly RecordRef[],
): Promise<readonly RecordRef[]> {
  const { entities, sourceIds } = refArrays(refs);
  const { rows } = await sql<{ entity: RecordRef['entity']; source_id: string }>`
    SELECT c.entity, c.source_id
    FROM changes c JOIN unnest(${entities}::text[], ${sourceIds}::text[]) AS r (entity, source_id) USING (entity, source_id)
    WHERE c.project_id = ${projectId} AND c.state = 'held' ORDER BY c.id`.execute(db);
  return rows.map(refOf);
}

/** Whoever is held behind others looks at them again: a person may have decided, or the source taken it back. */
export async function lookBehindAgain(db: QueryExecutorProvider, projectId: number): Promise<void> {
  await sql`
    UPDATE changes SET state = 'ready', state_reason = NULL, not_before = NULL
    WHERE project_id = ${projectId} AND state = 'held' AND state_reason = ${BEHIND_HELD}`.execute(db);
}
