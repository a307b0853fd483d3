import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import { followsSource, type RunKind } from '../domain/phases.ts';
import type { Entity } from '../domain/entity.ts';
import type { RunFacts, Sample } from '../domain/stop-rules.ts';
import type { Metric } from './metrics.ts';
import { STILL_WAITS, storesOf } from './project-stores.ts';
import type { LedgerTables } from './tables.ts';

/** No rule looks back further than its own limit; this is what most of them need. */
const WINDOW_MS = 1_800_000;
/** What counts as the beginning of a run, and as lately. */
const BEGINNING_REQUESTS = 50;
const LATELY_MS = 60_000;

/** What the stop rules judge: samples of the window and the queue as it stands. */
export async function runFacts(db: Kysely<LedgerTables>, projectId: number, runId: number): Promise<RunFacts> {
  const { nowMs, sinceMs, startedMs, kind } = await windowOf(db, projectId, runId);
  const samples = await samplesOf(db, projectId, startedMs);
  const within = (name: Metric) => (samples.get(name) ?? []).filter(({ atMs }) => atMs >= sinceMs);
  const total = (name: Metric) => within(name).reduce((sum, { value }) => sum + value, 0);
  return {
    nowMs,
    sinceMs,
    settled: within('records_settled'),
    failed: total('records_failed'),
    requests: total('source_requests') + total('target_requests'),
    retried: total('requests_retried'),
    queue: within('queue_outstanding'),
    lag: within('lag_seconds'),
    onlyChanges: followsSource(kind),
    ready: await readyChanges(db, projectId),
    heldUpByStores: await heldUp(db, projectId),
    sourceMs: sourceMs(samples, nowMs),
  };
}

async function windowOf(db: QueryExecutorProvider, projectId: number, runId: number) {
  const { rows } = await sql<{ now: number; since: number; started: number; kind: RunKind }>`
    SELECT extract(epoch FROM clock_timestamp()) * 1000::float8 AS now,
      extract(epoch FROM greatest(r.started_at, p.resumed_at, clock_timestamp() - ${WINDOW_MS} * interval '1 millisecond')) * 1000::float8 AS since,
      extract(epoch FROM r.started_at) * 1000::float8 AS started, r.kind
    FROM runs r JOIN projects p ON p.id = r.project_id WHERE r.id = ${runId} AND p.id = ${projectId}`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Error(`run ${runId} is not in the ledger`);
  return { nowMs: row.now, sinceMs: row.since, startedMs: row.started, kind: row.kind };
}

async function samplesOf(db: QueryExecutorProvider, projectId: number, startedMs: number) {
  const { rows } = await sql<{ name: Metric; at_ms: number; value: number }>`
    SELECT name, (extract(epoch FROM at) * 1000)::float8 AS at_ms, value FROM metric_samples
    WHERE project_id = ${projectId} AND at >= to_timestamp(${startedMs}::float8 / 1000)
      -- Of the time before the window only the beginning matters, and that of the source's requests alone.
      AND (at >= clock_timestamp() - ${WINDOW_MS} * interval '1 millisecond' OR name IN ('source_requests', 'source_ms')
        AND at < to_timestamp(${startedMs}::float8 / 1000) + interval '10 minutes')
    ORDER BY at`.execute(db);
  const byName = new Map<Metric, Sample[]>();
  for (const { name, at_ms: atMs, value } of rows) byName.set(name, [...(byName.get(name) ?? []), { atMs, value }]);
  return byName;
}

/** Mean milliseconds of the first requests and of those of the last minute; null before there are enough of both. */
function sourceMs(samples: ReadonlyMap<Metric, readonly Sample[]>, nowMs: number): RunFacts['sourceMs'] {
  const spent = new Map((samples.get('source_ms') ?? []).map(({ atMs, value }) => [atMs, value]));
  const all = (samples.get('source_requests') ?? []).map(({ atMs, value }) => ({
    atMs,
    requests: value,
    ms: spent.get(atMs) ?? 0,
  }));
  let seen = 0;
  const first = all.filter(({ requests }) => {
    const early = seen < BEGINNING_REQUESTS;
    seen += requests;
    return early;
  });
  const lately = all.filter((one) => one.atMs > nowMs - LATELY_MS && !first.includes(one));
  const mean = (some: typeof all) => some.reduce((sum, { ms }) => sum + ms, 0) / count(some);
  const count = (some: typeof all) => some.reduce((sum, { requests }) => sum + requests, 0);
  return count(first) < BEGINNING_REQUESTS || count(lately) === 0 ? null : { first: mean(first), lately: mean(lately) };
}

/** Changes that could be written now, of all entities or of these; with `ahead` also those that were read for the next pass. */
export async function readyChanges(
  db: QueryExecutorProvider,
  projectId: number,
  { ahead = false, entities = null }: { readonly ahead?: boolean; readonly entities?: readonly Entity[] | null } = {},
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::integer AS count FROM changes
    WHERE project_id = ${projectId} AND state = 'ready' AND (${ahead} OR NOT ahead)
      AND (${entities}::text[] IS NULL OR entity = ANY (${entities}::text[]))
      AND (not_before IS NULL OR not_before <= clock_timestamp())`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Requests that wait for a rate window or for a busy store to come back. */
async function heldUp(db: Kysely<LedgerTables>, projectId: number): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM quota_waits w JOIN (${storesOf(projectId)}) s ON s.store = w.store
    WHERE ${STILL_WAITS} AND w.cause NOT IN ('concurrency', 'resource cap') LIMIT 1`.execute(db);
  return rows.length > 0;
}

/** Seconds that the oldest change found by capture, or told by a hint that nobody has taken yet, waits to be written; 0: none does. */
export async function captureLagSeconds(db: QueryExecutorProvider, projectId: number): Promise<number> {
  const { rows } = await sql<{ seconds: number }>`
    SELECT coalesce(extract(epoch FROM clock_timestamp() - least(
      (SELECT min(first_seen_at) FROM changes
       WHERE project_id = ${projectId} AND reason IN ('poll', 'hint', 'sweep') AND state IN ('ready', 'leased', 'parked')),
      (SELECT min(received_at) FROM hints WHERE project_id = ${projectId}))), 0)::float8 AS seconds`.execute(db);
  return rows[0]?.seconds ?? 0;
}
