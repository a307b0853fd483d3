import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../domain/entity.ts';
import type { Instant } from '../domain/record.ts';

/**
 * Starts capture of an entity: from this instant of the source's own clock on, changes are to be polled. An earlier start
 * stands, so that a second attempt of a run leaves no hole (P1).
 */
export async function startCapture(
  db: QueryExecutorProvider,
  projectId: number,
  entity: Entity,
  capturedUntil: Instant,
): Promise<void> {
  await sql`
    INSERT INTO watermarks (project_id, entity, captured_until) VALUES (${projectId}, ${entity}, ${capturedUntil})
    ON CONFLICT (project_id, entity) DO NOTHING`.execute(db);
}
