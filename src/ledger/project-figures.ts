import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import type { AlertKind } from '../domain/alerts.ts';
import type { Phase, RunKind } from '../domain/phases.ts';
import { allEntityLags, type EntityLag } from './lags.ts';
import { STILL_WAITS } from './project-stores.ts';
import { deliveryCounts, hookStates } from './hook-deliveries.ts';
import { storeRequests } from './store-requests.ts';
import { ADJUSTED } from './records/accounts.ts';
import type { LedgerTables } from './tables.ts';

/** How all projects stand at one moment, as figures. Projects are named by their slugs, stores by their own names. */
export interface ProjectFigures {
  readonly projects: readonly ProjectRow[];
  /** Changes in the queue. */
  readonly queued: readonly { readonly project: string; readonly state: string; readonly count: number }[];
  /** Over all runs: each record that was settled, by what became of it. */
  readonly settled: readonly (OfEntity & { readonly word: string })[];
  /** Of those, records that were made acceptable by a named fix. */
  readonly adjusted: readonly OfEntity[];
  readonly deadLetters: readonly OfEntity[];
  /** Open ones, by kind. */
  readonly alerts: readonly { readonly project: string; readonly kind: AlertKind; readonly count: number }[];
  /** How far each entity is behind that has changes waiting or that capture was started for. */
  readonly lags: readonly (EntityLag & { readonly project: string })[];
  readonly stores: readonly StoreRow[];
  /** Sent over all time, by what they came to. */
  readonly requests: Awaited<ReturnType<typeof storeRequests>>;
  /** Deliveries of webhooks over all time. */
  readonly deliveries: Awaited<ReturnType<typeof deliveryCounts>>;
  readonly hooks: Awaited<ReturnType<typeof hookStates>>;
  /** Requests that wait now, by cause (P12). */
  readonly waits: readonly { readonly store: string; readonly cause: string; readonly waiting: number }[];
}
interface OfEntity {
  readonly project: string;
  readonly entity: string;
  readonly count: number;
}
interface ProjectRow {
  readonly project: string;
  readonly phase: Phase;
  readonly paused: boolean;
  readonly attention: boolean;
  readonly openGates: number;
  /** Age of the oldest change in the queue, seconds; null when it is empty. */
  readonly oldestChangeSeconds: number | null;
  /** Since the entity that was captured longest ago was captured; null before the first capture. */
  readonly captureSeconds: number | null;
  /** Since the entity that was swept longest ago was swept; null before the first sweep. */
  readonly sweepSeconds: number | null;
  /** Of the latest run; null before the first. */
  readonly run: string | null;
  readonly runKind: RunKind | null;
  readonly runState: string | null;
  readonly runStep: string | null;
  readonly runStartedSeconds: number | null;
}
interface StoreRow {
  readonly store: string;
  /** Requests in flight. */
  readonly inFlight: number;
  readonly concurrency: number;
  /** Of the rate window that is open; null where the store names none. */
  readonly windowUsed: number | null;
  readonly windowLimit: number | null;
  readonly reservePercent: number;
}

/** A scrape that takes longer is given up: watching must not hold up the work. */
const LONGEST_MS = 5_000;

/** A handful of statements over all projects, at one moment, however many projects there are. */
export function projectFigures(db: Kysely<LedgerTables>): Promise<ProjectFigures> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (transaction) => {
      await sql`SELECT set_config('statement_timeout', ${String(LONGEST_MS)}, true)`.execute(transaction);
      const settled = await settledRecords(transaction);
      return {
        projects: await projectRows(transaction),
        queued: await queuedChanges(transaction),
        settled: settled.filter(({ word }) => word !== ADJUSTED),
        adjusted: settled.filter(({ word }) => word === ADJUSTED),
        deadLetters: await deadLetters(transaction),
        alerts: await openAlerts(transaction),
        lags: await allEntityLags(transaction),
        stores: await storeRows(transaction),
        requests: await storeRequests(transaction),
        deliveries: await deliveryCounts(transaction),
        hooks: await hookStates(transaction),
        waits: await requestWaits(transaction),
      };
    });
}

async function projectRows(db: QueryExecutorProvider): Promise<readonly ProjectRow[]> {
  const { rows } = await sql<ProjectRow>`
    SELECT p.slug AS project, p.phase, p.paused_at IS NOT NULL AS paused, p.attention IS NOT NULL AS attention,
      coalesce(g.open, 0)::integer AS "openGates",
      extract(epoch FROM clock_timestamp() - q.oldest)::float8 AS "oldestChangeSeconds",
      extract(epoch FROM clock_timestamp() - w.captured_at)::float8 AS "captureSeconds",
      extract(epoch FROM clock_timestamp() - w.swept_at)::float8 AS "sweepSeconds",
      r.kind || '-' || r.number AS run, r.kind AS "runKind", r.state AS "runState", r.step AS "runStep",
      extract(epoch FROM r.started_at)::float8 AS "runStartedSeconds"
    FROM projects p
    LEFT JOIN (SELECT project_id, count(*) AS open FROM gates
      WHERE state = 'open' AND coalesce(expires_at > clock_timestamp(), true) GROUP BY project_id) g ON g.project_id = p.id
    LEFT JOIN (SELECT project_id, min(first_seen_at) AS oldest FROM changes GROUP BY project_id) q ON q.project_id = p.id
    LEFT JOIN (SELECT project_id, min(captured_at) AS captured_at, min(swept_at) AS swept_at FROM watermarks GROUP BY project_id) w ON w.project_id = p.id
    LEFT JOIN (SELECT DISTINCT ON (project_id) project_id, kind, number, state, step, started_at FROM runs
      ORDER BY project_id, id DESC) r ON r.project_id = p.id
    WHERE p.deleted_at IS NULL ORDER BY p.slug`.execute(db);
  return rows;
}

async function queuedChanges(db: QueryExecutorProvider): Promise<ProjectFigures['queued']> {
  const { rows } = await sql<ProjectFigures['queued'][number]>`
    SELECT p.slug AS project, q.state, q.count
    FROM (SELECT project_id, state, count(*)::integer AS count FROM changes GROUP BY project_id, state) q
    JOIN projects p ON p.id = q.project_id WHERE p.deleted_at IS NULL ORDER BY p.slug, q.state`.execute(db);
  return rows;
}

async function settledRecords(db: QueryExecutorProvider): Promise<ProjectFigures['settled']> {
  const { rows } = await sql<ProjectFigures['settled'][number]>`
    SELECT p.slug AS project, c.entity, c.word, sum(c.count)::float8 AS count
    FROM run_counts c JOIN runs r ON r.id = c.run_id JOIN projects p ON p.id = r.project_id
    WHERE p.deleted_at IS NULL GROUP BY p.slug, c.entity, c.word ORDER BY p.slug, c.entity, c.word`.execute(db);
  return rows;
}

async function deadLetters(db: QueryExecutorProvider): Promise<readonly OfEntity[]> {
  const { rows } = await sql<OfEntity>`
    SELECT p.slug AS project, d.entity, d.count
    FROM (SELECT project_id, entity, count(*)::integer AS count FROM dead_letters GROUP BY project_id, entity) d
    JOIN projects p ON p.id = d.project_id WHERE p.deleted_at IS NULL ORDER BY p.slug, d.entity`.execute(db);
  return rows;
}

async function openAlerts(db: QueryExecutorProvider): Promise<ProjectFigures['alerts']> {
  const { rows } = await sql<ProjectFigures['alerts'][number]>`
    SELECT p.slug AS project, a.kind, count(*)::integer AS count FROM alerts a JOIN projects p ON p.id = a.project_id
    WHERE a.cleared_at IS NULL AND p.deleted_at IS NULL GROUP BY p.slug, a.kind ORDER BY p.slug, a.kind`.execute(db);
  return rows;
}

async function storeRows(db: QueryExecutorProvider): Promise<readonly StoreRow[]> {
  const { rows } = await sql<StoreRow>`
    SELECT w.store, coalesce(s.taken, 0)::integer AS "inFlight",
      coalesce(w.set_concurrency, w.concurrency) AS concurrency,
      coalesce(w.set_reserve_percent, w.reserve_percent) AS "reservePercent",
      w.request_limit AS "windowLimit",
      CASE WHEN w.request_limit IS NULL THEN NULL WHEN w.resets_at > clock_timestamp() THEN w.used ELSE 0 END AS "windowUsed"
    FROM quota_windows w
    LEFT JOIN (SELECT store, count(*) AS taken FROM quota_slots WHERE expires_at > clock_timestamp() GROUP BY store) s
      ON s.store = w.store
    ORDER BY w.store`.execute(db);
  return rows;
}

async function requestWaits(db: QueryExecutorProvider): Promise<ProjectFigures['waits']> {
  const { rows } = await sql<ProjectFigures['waits'][number]>`
    SELECT store, cause, sum(waiting)::integer AS waiting FROM quota_waits
    WHERE ${STILL_WAITS} GROUP BY store, cause ORDER BY store, cause`.execute(db);
  return rows;
}
