import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import type { Arrival } from '../domain/change.ts';
import type { Entity } from '../domain/entity.ts';
import { ALL_GUARDS } from '../domain/guards.ts';
import type { Instant } from '../domain/record.ts';
import { enqueue } from './queue/enqueue.ts';
import { noteUnreadable, type UnreadableRow } from './queue/unreadable.ts';
import type { LedgerTables } from './tables.ts';

/**
 * Starts capture of an entity: from this instant of the source's own clock on, changes are to be polled. An earlier start
 * stands, so that a second attempt of a run leaves no hole (P1).
 */
export async function startCapture(
  db: QueryExecutorProvider,
  projectId: number,
  entity: Entity,
  from: Instant,
): Promise<void> {
  await sql`
    INSERT INTO watermarks (project_id, entity, captured_until) VALUES (${projectId}, ${entity}, ${from})
    ON CONFLICT (project_id, entity) DO NOTHING`.execute(db);
}

/** How far an entity is captured; null when capture was never started. */
export async function capturedUntil(
  db: QueryExecutorProvider,
  projectId: number,
  entity: Entity,
): Promise<Instant | null> {
  const { rows } = await sql<{ captured_until: Instant }>`
    SELECT captured_until FROM watermarks WHERE project_id = ${projectId} AND entity = ${entity}`.execute(db);
  return rows[0]?.captured_until ?? null;
}

/**
 * Seconds since the source was asked to the end what changed, or capture was started; of that entity of which it is longest ago.
 * null: capture of one was never started.
 */
export async function secondsSinceCapture(
  db: QueryExecutorProvider,
  projectId: number,
  entities: readonly Entity[],
): Promise<number | null> {
  const { rows } = await sql<{ seconds: number | null }>`
    SELECT CASE WHEN count(captured_at) = ${entities.length}
      THEN extract(epoch FROM clock_timestamp() - min(captured_at))::float8 END AS seconds
    FROM watermarks WHERE project_id = ${projectId} AND entity = ANY (${entities}::text[])`.execute(db);
  return rows[0]?.seconds ?? null;
}

/** A page of what changed. `capturedUntil`: with it the whole window is in the queue; null: more of it follows. */
export interface CapturedPage {
  readonly entity: Entity;
  readonly arrivals: readonly Arrival[];
  readonly unreadable: readonly UnreadableRow[];
  readonly capturedUntil: Instant | null;
}

/** Queues a page and, after the last of a window, moves the watermark over it: one transaction, and never backwards (P1). */
export async function advanceWatermark(
  db: Kysely<LedgerTables>,
  { projectId, runId }: { readonly projectId: number; readonly runId: number },
  page: CapturedPage,
): Promise<void> {
  await enqueue(db, { projectId, runId, guards: ALL_GUARDS }, page.arrivals, async (transaction) => {
    await noteUnreadable(transaction, { projectId, runId }, page.unreadable);
    if (page.capturedUntil === null) return;
    await sql`
      UPDATE watermarks SET captured_until = greatest(captured_until, ${page.capturedUntil}), captured_at = clock_timestamp()
      WHERE project_id = ${projectId} AND entity = ${page.entity}`.execute(transaction);
  });
}
