import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { brokenRules, DEFAULT_STOP_LIMITS } from '../../src/domain/stop-rules.ts';
import { receiveHints, takeHints } from '../../src/ledger/hints.ts';
import { type Metric, sampleMetrics } from '../../src/ledger/metrics.ts';
import { setPause } from '../../src/ledger/projects.ts';
import { captureLagSeconds, runFacts } from '../../src/ledger/run-facts.ts';
import { entityLags, longestAgo } from '../../src/ledger/lags.ts';
import { netPerMinute, quotaUse, recordsPerMinute, storeWaits } from '../../src/ledger/run-progress.ts';
import { openRun } from '../../src/ledger/runs.ts';
import { startCapture } from '../../src/ledger/watermarks.ts';
import { connectSource, type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();

async function runAt(slug: string, minutesAgo: number) {
  const { id: projectId } = await makeProject(ledger, slug);
  await connectSource(ledger, { id: projectId, slug });
  const run = await openRun(ledger.db, { projectId, kind: 'full', mappingVersion: 1, mappingFingerprint: 'f' });
  const runId = run?.id ?? 0;
  await sql`UPDATE runs SET started_at = clock_timestamp() - ${minutesAgo} * interval '1 minute' WHERE id = ${runId}`.execute(
    ledger.db,
  );
  /** A sample of so many minutes ago. */
  const sample = async (ago: number, values: Partial<Record<Metric, number>>) => {
    await sampleMetrics(ledger.db, projectId, values);
    await sql`
      UPDATE metric_samples SET at = statement_timestamp() - ${ago} * interval '1 minute'
      WHERE project_id = ${projectId} AND at > clock_timestamp() - interval '1 second'
        AND at = (SELECT max(at) FROM metric_samples WHERE project_id = ${projectId} AND at > clock_timestamp() - interval '1 second')`.execute(
      ledger.db,
    );
  };
  return { projectId, runId, sample, facts: () => runFacts(ledger.db, projectId, runId) };
}

it('adds up what all workers did since the run began', async () => {
  const { sample, facts } = await runAt('sums', 20);
  await sample(25, { records_settled: 900, records_failed: 9 });
  await sample(10, {
    records_settled: 40,
    records_failed: 2,
    source_requests: 5,
    target_requests: 7,
    requests_retried: 3,
  });
  await sample(5, {
    records_settled: 60,
    records_failed: 1,
    target_requests: 8,
    queue_outstanding: 30,
    lag_seconds: 4,
  });
  const found = await facts();
  expect(found.settled.map(({ value }) => value)).toEqual([40, 60]);
  expect(found).toMatchObject({ failed: 3, requests: 20, retried: 3, ready: 0, heldUpByStores: false, sourceMs: null });
  expect(found.queue.map(({ value }) => value)).toEqual([30]);
  expect(found.nowMs - found.sinceMs).toBeGreaterThan(19 * 60_000);
});

it('begins anew when a person let the project go on', async () => {
  const { projectId, sample, facts } = await runAt('resumed', 20);
  await sample(10, { records_settled: 40, records_failed: 30 });
  expect(brokenRules(await facts(), DEFAULT_STOP_LIMITS).map(({ rule }) => rule)).toEqual(['error-rate']);
  await setPause(ledger.db, projectId, 'error-rate');
  await setPause(ledger.db, projectId, null);
  expect(brokenRules(await facts(), DEFAULT_STOP_LIMITS)).toEqual([]);
});

it('knows whether anything is copied beside what changed', async () => {
  const { projectId, runId, facts } = await runAt('kinds', 5);
  expect((await facts()).onlyChanges).toBe(false);
  await sql`UPDATE runs SET state = 'completed' WHERE id = ${runId}`.execute(ledger.db);
  const recent = await openRun(ledger.db, { projectId, kind: 'recent', mappingVersion: 1, mappingFingerprint: 'f' });
  expect((await runFacts(ledger.db, projectId, recent?.id ?? 0)).onlyChanges).toBe(true);
});

it('holds what a request to the source takes lately against the beginning of the run', async () => {
  const { sample, facts } = await runAt('slowing', 30);
  await sample(29, { source_requests: 40, source_ms: 4_000 });
  await sample(28, { source_requests: 20, source_ms: 2_000 });
  expect((await facts()).sourceMs).toBeNull();
  await sample(0.5, { source_requests: 2, source_ms: 4_000 });
  expect((await facts()).sourceMs).toEqual({ first: 100, lately: 2_000 });
});

it('tells a store that holds the work up from requests that merely stand in line', async () => {
  const { projectId, facts } = await runAt('held-up', 5);
  const wait = (store: string, cause: string) =>
    sql`INSERT INTO quota_waits (store, waiter, resource, cause, waiting) VALUES (${store}, ${cause}, 'default', ${cause}, 3)`.execute(
      ledger.db,
    );
  await wait('bigcommerce:held-up', 'concurrency');
  expect((await facts()).heldUpByStores).toBe(false);
  await wait('bigcommerce:held-up', 'window used up');
  expect((await facts()).heldUpByStores).toBe(true);
  expect(await storeWaits(ledger.db, projectId)).toEqual([
    { side: 'target', cause: 'concurrency', count: 3 },
    { side: 'target', cause: 'window used up', count: 3 },
  ]);
});

it('measures the lag by what capture found, not by what is copied', async () => {
  const { projectId } = await runAt('lag', 5);
  expect(await captureLagSeconds(ledger.db, projectId)).toBe(0);
  const queued = (id: string, reason: string, state: string) => sql`
    INSERT INTO changes (project_id, entity, entity_rank, source_id, kind, reason, state, first_seen_at)
    VALUES (${projectId}, 'brand', 1, ${id}, 'fetch', ${reason}, ${state}, clock_timestamp() - interval '2 minutes')`;
  await queued('1', 'copy', 'ready').execute(ledger.db);
  await queued('2', 'poll', 'held').execute(ledger.db);
  expect(await captureLagSeconds(ledger.db, projectId)).toBe(0);
  await queued('3', 'hint', 'parked').execute(ledger.db);
  expect(await captureLagSeconds(ledger.db, projectId)).toBeGreaterThanOrEqual(119);
  expect(longestAgo(await entityLags(ledger.db, projectId, []), 'captureSeconds')).toBeNull();
  await startCapture(ledger.db, projectId, 'product', '2026-11-20T00:00:00.000Z');
  expect(longestAgo(await entityLags(ledger.db, projectId, []), 'captureSeconds')).toBeLessThan(60);
});

it('says by how much the queue shrinks or grows a minute, once it was watched for a moment', async () => {
  const { projectId, sample } = await runAt('net', 10);
  const net = (startedAt = at(10)) => netPerMinute(ledger.db, projectId, { startedAt });
  await sample(5, { queue_outstanding: 90_000 });
  expect(await net()).toBeNull();
  await sample(1.5, { queue_outstanding: 1_000 });
  await sample(1, { queue_outstanding: 800 });
  expect(await net()).toBeNull();
  await sample(0.5, { queue_outstanding: 600 });
  expect(await net()).toBe(400);
  await sample(0.1, { queue_outstanding: 5_000 });
  expect(await net()).toBeLessThan(0);
  expect(await net(at(0))).toBeNull();
});

it('says the rate of a young or ended run over all of it, else of the last minute', async () => {
  const { projectId, sample } = await runAt('rate', 10);
  await sample(0.5, { records_settled: 300 });
  await sample(5, { records_settled: 9_000 });
  const rate = (startedAt: string, endedAt: string | null) =>
    recordsPerMinute(ledger.db, projectId, { startedAt, endedAt }, 9_300);
  expect(await rate(at(10), null)).toBe(300);
  expect(await rate(at(10), at(0))).toBeCloseTo(930, -1);
  expect(await rate(at(1), null)).toBeCloseTo(9_300, -2);
});

it("shows a store's window as it is known, and none where the store names none", async () => {
  const { projectId } = await runAt('quota', 1);
  await sql`
    INSERT INTO quota_windows (store, request_limit, window_ms, used, resets_at, set_concurrency)
    VALUES ('bigcommerce:quota', 150, 30000, 40, clock_timestamp() + interval '10 seconds', 8),
      ('woocommerce:key-quota', NULL, NULL, 0, NULL, NULL)`.execute(ledger.db);
  expect(await quotaUse(ledger.db, projectId)).toMatchObject([
    { side: 'source', limit: null, used: 0, concurrency: null },
    { side: 'target', limit: 150, used: 40, concurrency: 8, inFlight: 0 },
  ]);
});

it('counts the lag of a hint from when it came, also while a pause leaves it untaken', async () => {
  const { projectId, runId } = await runAt('hinted', 5);
  await receiveHints(ledger.db, projectId, 'webhook', [{ entity: 'product', sourceId: '7' }]);
  await sql`UPDATE hints SET received_at = received_at - interval '3 minutes' WHERE project_id = ${projectId}`.execute(
    ledger.db,
  );
  expect(await captureLagSeconds(ledger.db, projectId)).toBeGreaterThanOrEqual(180);
  expect(await takeHints(ledger.db, { projectId, runId })).toBe(1);
  const { rows } = await sql<{ state: string }>`SELECT state FROM changes WHERE project_id = ${projectId}`.execute(
    ledger.db,
  );
  expect(rows).toHaveLength(1);
  expect(await captureLagSeconds(ledger.db, projectId)).toBeLessThan(60);
});
