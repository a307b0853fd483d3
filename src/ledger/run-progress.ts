import { type QueryExecutorProvider, sql } from 'kysely';
import type { Instant } from '../domain/record.ts';
import type { Side } from './connections.ts';
import { STILL_WAITS, storesOf } from './project-stores.ts';

/** What a store's rate window looks like to us. */
export interface QuotaUse {
  readonly side: Side;
  /** Requests that a window allows; null: the store names none. */
  readonly limit: number | null;
  readonly used: number;
  readonly resetsAt: Instant | null;
  /** As set for the store by an operator or a rule; null: as the service is set. */
  readonly concurrency: number | null;
  readonly reservePercent: number | null;
  readonly inFlight: number;
}

export async function quotaUse(db: QueryExecutorProvider, projectId: number): Promise<readonly QuotaUse[]> {
  const { rows } = await sql<QuotaUse>`
    SELECT s.side, w.request_limit AS "limit", CASE WHEN w.resets_at > clock_timestamp() THEN w.used ELSE 0 END AS used,
      w.resets_at AS "resetsAt", w.set_concurrency AS concurrency, w.set_reserve_percent AS "reservePercent",
      (SELECT count(*)::integer FROM quota_slots q WHERE q.store = w.store AND q.expires_at > clock_timestamp()) AS "inFlight"
    FROM (${storesOf(projectId)}) s JOIN quota_windows w ON w.store = s.store ORDER BY s.side`.execute(db);
  return rows;
}

/** Why requests wait now, by store and cause. */
export async function storeWaits(
  db: QueryExecutorProvider,
  projectId: number,
): Promise<readonly { readonly side: Side; readonly cause: string; readonly count: number }[]> {
  const { rows } = await sql<{ side: Side; cause: string; count: number }>`
    SELECT s.side, w.cause, sum(w.waiting)::integer AS count
    FROM (${storesOf(projectId)}) s JOIN quota_waits w ON w.store = s.store AND ${STILL_WAITS}
    GROUP BY s.side, w.cause ORDER BY s.side, w.cause`.execute(db);
  return rows;
}

/** Samples of this many seconds make the rate; a run that is younger, or has ended, has that of all of it. */
const LATELY_SECONDS = 60;

/** Records settled a minute: lately, or over the whole run. */
export async function recordsPerMinute(
  db: QueryExecutorProvider,
  projectId: number,
  run: { readonly startedAt: Instant; readonly endedAt: Instant | null },
  settled: number,
): Promise<number> {
  const { rows } = await sql<{ lately: number | null; seconds: number }>`
    SELECT (SELECT sum(value) FROM metric_samples WHERE project_id = ${projectId} AND name = 'records_settled'
        AND at > clock_timestamp() - ${LATELY_SECONDS} * interval '1 second' AND at >= ${run.startedAt}) AS lately,
      extract(epoch FROM coalesce(${run.endedAt}::timestamptz, clock_timestamp()) - ${run.startedAt}::timestamptz)::float8 AS seconds`.execute(
    db,
  );
  const { lately = null, seconds = 1 } = rows[0] ?? {};
  const isYoung = seconds < LATELY_SECONDS * 1.5;
  const rate =
    run.endedAt !== null || isYoung || lately === null ? settled / Math.max(1, seconds) : lately / LATELY_SECONDS;
  return Math.round(rate * 60);
}

/** Over this many seconds the queue is watched. */
const WATCHED_SECONDS = 120;
const FEWEST_SAMPLES = 3;

/** Changes by which the queue shrinks a minute, lately: what is settled less what comes in. Below 0 it grows; null: not known yet. */
export async function netPerMinute(
  db: QueryExecutorProvider,
  projectId: number,
  { startedAt }: { readonly startedAt: Instant },
): Promise<number | null> {
  const { rows } = await sql<{ net: number | null; samples: number }>`
    SELECT (-60 * regr_slope(value, extract(epoch FROM at)))::float8 AS net, count(*)::integer AS samples FROM metric_samples
    WHERE project_id = ${projectId} AND name = 'queue_outstanding' AND at >= ${startedAt}
      AND at > clock_timestamp() - ${WATCHED_SECONDS} * interval '1 second'`.execute(db);
  const { net = null, samples = 0 } = rows[0] ?? {};
  return net === null || samples < FEWEST_SAMPLES ? null : Math.round(net);
}
