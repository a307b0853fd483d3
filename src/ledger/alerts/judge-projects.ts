import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import { type AlertFacts, judgeAlerts } from '../../domain/alerts.ts';
import type { Entity } from '../../domain/entity.ts';
import { priceOf } from '../../domain/points.ts';
import { followsSource } from '../../domain/phases.ts';
import type { ProjectOptions } from '../../domain/project-options.ts';
import { rejectedSides } from '../connections.ts';
import { notedHooks } from '../hooks.ts';
import { projectOptions } from '../project-options.ts';
import { isPaused } from '../projects.ts';
import { seenByEntity } from '../records/run-account.ts';
import { captureLagSeconds, runFacts } from '../run-facts.ts';
import { activeRun, type Run } from '../runs.ts';
import type { LedgerTables } from '../tables.ts';
import { type AlertEvent, noteAlerts } from './alert-rows.ts';

export interface WatchedProject {
  readonly id: number;
  readonly slug: string;
}

/** Projects of which there may be something to tell, or to clear. */
export async function watchedProjects(db: QueryExecutorProvider): Promise<readonly WatchedProject[]> {
  const { rows } = await sql<WatchedProject>`
    SELECT id, slug FROM projects p
    WHERE deleted_at IS NULL AND (
      EXISTS (SELECT FROM runs r WHERE r.project_id = p.id AND r.state = 'running')
      OR EXISTS (SELECT FROM connections c WHERE c.project_id = p.id AND c.rejected_at IS NOT NULL)
      OR EXISTS (SELECT FROM source_hooks h WHERE h.project_id = p.id AND h.state <> 'active')
      OR EXISTS (SELECT FROM alerts a WHERE a.project_id = p.id AND a.cleared_at IS NULL))
    ORDER BY id`.execute(db);
  return rows;
}

/** Looks at one project. Nothing is told when another process is looking at it right now. */
export function judgeProject(
  db: Kysely<LedgerTables>,
  project: WatchedProject,
  quietMs?: number,
): Promise<readonly AlertEvent[]> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ mine: boolean }>`
      SELECT pg_try_advisory_xact_lock(hashtext('storeferry alerts'), ${project.id}::integer) AS mine`.execute(
      transaction,
    );
    if (rows[0]?.mine !== true) return [];
    const options = await projectOptions(transaction, project.id);
    const judged = judgeAlerts(await alertFacts(transaction, project.id, options), options.alerts);
    return noteAlerts(transaction, project, judged, quietMs);
  });
}

async function alertFacts(db: Kysely<LedgerTables>, projectId: number, options: ProjectOptions): Promise<AlertFacts> {
  const [rejected, disabledHooks] = [await rejectedSides(db, projectId), await silentHooks(db, projectId)];
  const run = await activeRun(db, projectId);
  if (run === null) return { run: null, rejected, disabledHooks };
  const price = priceOf(await movedByEntity(db, run), options);
  return {
    run: {
      facts: await runFacts(db, projectId, run.id),
      paused: await isPaused(db, projectId),
      lagSeconds: await captureLagSeconds(db, projectId),
      points: price.points,
      pointsLimit: price.limit,
    },
    rejected,
    disabledHooks,
  };
}

/** Topics of our webhooks that the source, as it said last, does not send: disabled, paused or gone. */
async function silentHooks(db: QueryExecutorProvider, projectId: number): Promise<readonly string[]> {
  const hooks = await notedHooks(db, projectId);
  return hooks.filter(({ state }) => state !== 'active').map(({ topic }) => topic);
}

/** What counts for the price of a run: of a recent one what it has seen, of others what they have written. */
async function movedByEntity(db: QueryExecutorProvider, run: Run): Promise<Partial<Record<Entity, number>>> {
  if (followsSource(run.kind)) return seenByEntity(db, run.id);
  const { rows } = await sql<{ entity: Entity; count: number }>`
    SELECT entity, sum(count)::integer AS count FROM run_counts
    WHERE run_id = ${run.id} AND word IN ('created', 'restored', 'updated', 'adopted') GROUP BY entity`.execute(db);
  return Object.fromEntries(rows.map(({ entity, count }) => [entity, count]));
}
