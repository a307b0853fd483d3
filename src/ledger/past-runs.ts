import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../domain/entity.ts';
import type { PastRun } from '../domain/change-model.ts';
import type { ForecastInput } from '../domain/forecast.ts';
import { ledgerClock } from './project-ledger.ts';

/** Runs of longer ago say little about the shop of today. */
const LOOKED_AT = 30;

interface RunRow {
  readonly id: number;
  readonly kind: 'full' | 'recent' | 'continuous';
  readonly started: number;
  readonly ended: number;
  readonly requests: number | null;
  readonly sweep: boolean;
}

/**
 * What a forecast rests on. A recent run carries what changed since the one before it began, or since a full or continuous run ended,
 * whose own capture covers it to its end; what failed or was cancelled is made up for by the next that is completed.
 */
export async function changeHistory(
  db: QueryExecutorProvider,
  projectId: number,
): Promise<Pick<ForecastInput, 'past' | 'hoursSinceLast' | 'waiting'>> {
  const runs = await completedRuns(db, projectId);
  const records = await recordsOf(
    db,
    runs.filter(({ kind }) => kind === 'recent').map(({ id }) => id),
  );
  const past: PastRun[] = [];
  for (const [place, run] of runs.entries()) {
    const before = runs[place - 1];
    if (run.kind !== 'recent' || before === undefined) continue;
    past.push({
      hours: (run.started - coveredUntil(before)) / 3_600,
      records: records.get(run.id) ?? {},
      seconds: run.ended - run.started,
      requests: run.requests,
      sweep: run.sweep,
    });
  }
  const last = runs.at(-1);
  const now = Date.parse(await ledgerClock(db)) / 1_000;
  return {
    past,
    hoursSinceLast: last === undefined ? 0 : Math.max(0, (now - coveredUntil(last)) / 3_600),
    waiting: await waitingChanges(db, projectId),
  };
}

function coveredUntil({ kind, started, ended }: RunRow): number {
  return kind === 'recent' ? started : ended;
}

/** Oldest first. Requests are those that were sampled while the run was open; samples are not kept for ever. */
async function completedRuns(db: QueryExecutorProvider, projectId: number): Promise<readonly RunRow[]> {
  const { rows } = await sql<RunRow>`
    SELECT r.id, r.kind, extract(epoch FROM r.started_at)::float8 AS started, extract(epoch FROM r.ended_at)::float8 AS ended,
      coalesce((r.options ->> 'sweep')::boolean, false) AS sweep,
      (SELECT sum(s.value) FROM metric_samples s WHERE s.project_id = r.project_id
        AND s.name IN ('source_requests', 'target_requests') AND s.at BETWEEN r.started_at AND r.ended_at) AS requests
    FROM runs r
    WHERE r.project_id = ${projectId} AND r.state = 'completed' AND r.kind IN ('full', 'recent', 'continuous')
    ORDER BY r.id DESC LIMIT ${LOOKED_AT}`.execute(db);
  return rows.toReversed();
}

async function recordsOf(
  db: QueryExecutorProvider,
  runIds: readonly number[],
): Promise<ReadonlyMap<number, Partial<Record<Entity, number>>>> {
  const { rows } = await sql<{ run_id: number; entity: Entity; count: number }>`
    SELECT run_id, entity, count(*)::integer AS count FROM run_records WHERE run_id = ANY(${runIds}::bigint[])
    GROUP BY run_id, entity`.execute(db);
  const byRun = new Map<number, Partial<Record<Entity, number>>>();
  for (const { run_id: run, entity, count } of rows) byRun.set(run, { ...byRun.get(run), [entity]: count });
  return byRun;
}

async function waitingChanges(db: QueryExecutorProvider, projectId: number): Promise<Partial<Record<Entity, number>>> {
  const { rows } = await sql<{ entity: Entity; count: number }>`
    SELECT entity, count(*)::integer AS count FROM changes WHERE project_id = ${projectId} GROUP BY entity`.execute(db);
  return Object.fromEntries(rows.map(({ entity, count }) => [entity, count]));
}
