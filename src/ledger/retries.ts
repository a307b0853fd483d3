import { type QueryExecutorProvider, sql } from 'kysely';
import type { RecordRef } from '../domain/entity.ts';
import { notifyChanges } from './queue/notify.ts';

/** Asks that dead letters be tried again: each is read anew at the source. Null: all of them. Returns how many there were. */
export async function retryDeadLetters(
  db: QueryExecutorProvider,
  projectId: number,
  one: RecordRef | null,
): Promise<number> {
  const { rows } = await sql`
    INSERT INTO hints (project_id, origin, entity, source_id)
    SELECT project_id, 'retry', entity, source_id FROM dead_letters
    WHERE project_id = ${projectId}
      AND (${one === null} OR entity = ${one?.entity ?? ''} AND source_id = ${one?.sourceId ?? ''})
    RETURNING id`.execute(db);
  await notifyChanges(db, projectId);
  return rows.length;
}
