import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Tally } from '../../src/activities/request-meter.ts';
import type { RunScope } from '../../src/activities/run-scope.ts';
import { watchRun } from '../../src/activities/watch-run.ts';
import { listDecisions } from '../../src/ledger/decisions.ts';
import { latestSamples } from '../../src/ledger/metrics.ts';
import { changeOptions, projectOptions } from '../../src/ledger/project-options.ts';
import { openRun } from '../../src/ledger/runs.ts';
import { setStoreRates, storeConcurrency } from '../../src/ledger/store-rates.ts';
import { connectSource, type LedgerUnderTest, makeProject, openTestLedger } from '../ledger/ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const QUIET: Tally = { sourceRequests: 0, sourceMs: 0, targetRequests: 0, targetMs: 0, retried: 0, refused: 0 };
const queue = async () => ({ outstanding: 7, stuck: 1 });

/** A run that began an hour ago and is watched on a clock of its own. */
async function watched(slug: string) {
  const { id: projectId } = await makeProject(ledger, slug);
  await connectSource(ledger, { id: projectId, slug });
  const run = await openRun(ledger.db, { projectId, kind: 'full', mappingVersion: 1, mappingFingerprint: 'f' });
  const runId = run?.id ?? 0;
  await sql`UPDATE runs SET started_at = clock_timestamp() - interval '1 hour' WHERE id = ${runId}`.execute(ledger.db);
  const clock = { now: 0, tally: QUIET };
  const scope = {
    db: ledger.db,
    projectId,
    runId,
    now: () => clock.now,
    takeTally: () => clock.tally,
    settings: { concurrency: 4 },
  } as unknown as RunScope;
  return { projectId, clock, scope, watch: watchRun(scope), store: `woocommerce:key-${slug}` };
}

it('writes down every ten seconds, and at the end, what was done since', async () => {
  const { projectId, clock, watch } = await watched('samples');
  watch.did({ settled: 3 });
  watch.did({ settled: 2, failed: 1 });
  expect(await watch.look(queue)).toBeNull();
  const samples = () =>
    latestSamples(ledger.db, projectId, { name: 'records_settled', since: null, before: null, limit: 9 });
  expect(await samples()).toEqual([]);
  clock.now += 10_000;
  await watch.look(queue);
  watch.did({ settled: 4 });
  await watch.look(queue, true);
  expect((await samples()).map(({ value }) => value)).toEqual([4, 5]);
  const [held] = await latestSamples(ledger.db, projectId, { name: 'queue_held', since: null, before: null, limit: 1 });
  expect(held?.value).toBe(1);
});

it('says which rule is broken, by the limits of the project', async () => {
  const { projectId, watch } = await watched('broken');
  watch.did({ settled: 20, failed: 10 });
  expect(await watch.look(queue, true)).toContain('error-rate: 10 of 20 records failed');
  const { stopRules } = await projectOptions(ledger.db, projectId);
  await changeOptions(ledger.db, projectId, { stopRules: { ...stopRules, errorRate: 0.9 } });
  expect(await watch.look(queue, true)).toBeNull();
});

/** A run whose source answered in 100 ms at the beginning, fifty minutes ago. */
async function watchedAWhile(slug: string) {
  const bench = await watched(slug);
  const { projectId, clock, watch, store } = bench;
  clock.tally = { ...QUIET, sourceRequests: 60, sourceMs: 6_000 };
  await watch.look(queue, true);
  await sql`UPDATE metric_samples SET at = at - interval '55 minutes' WHERE project_id = ${projectId}`.execute(
    ledger.db,
  );
  return {
    ...bench,
    /** What was set a while ago was set two minutes earlier, and what was sampled is no longer of late. */
    later: async () => {
      await sql`UPDATE quota_windows SET set_at = set_at - interval '2 minutes' WHERE store = ${store}`.execute(
        ledger.db,
      );
      await sql`UPDATE metric_samples SET at = at - interval '2 minutes'
        WHERE project_id = ${projectId} AND at > clock_timestamp() - interval '30 minutes'`.execute(ledger.db);
    },
    answersIn: (ms: number) => {
      clock.tally = { ...QUIET, sourceRequests: 3, sourceMs: 3 * ms };
    },
    allowed: async () => (await storeConcurrency(ledger.db, store)).concurrency,
    steps: async () => {
      const decisions = await listDecisions(ledger.db, projectId, { before: null, limit: 20 });
      return decisions.map(({ what, detail }) => `${what} to ${(detail as { to: number }).to}`).toReversed();
    },
  };
}

it('gives a slowing source rest before it stops: half as many requests at once, down to one', async () => {
  const { watch, later: rested, answersIn, allowed, steps } = await watchedAWhile('slow');
  answersIn(3_000);
  expect(await watch.look(queue, true)).toBeNull();
  expect(await allowed()).toBe(2);
  expect(await watch.look(queue, true)).toBeNull();
  expect(await allowed()).toBe(2);
  await rested();
  expect(await watch.look(queue, true)).toBeNull();
  expect(await allowed()).toBe(1);
  await rested();
  expect(await watch.look(queue, true)).toContain('source-slowing: a request to the source takes 3000 ms');
  expect(await steps()).toEqual(['source concurrency lowered to 2', 'source concurrency lowered to 1']);
});

it('asks a source that has recovered for more again, step by step, up to what was set', async () => {
  const { watch, later, answersIn, allowed, steps, store } = await watchedAWhile('recovers');
  await setStoreRates(ledger.db, store, { concurrency: 6 });
  const seen = [];
  // The third is no longer too slow, but not well either: nothing changes.
  for (const ms of [3_000, 3_000, 600, 200, 200, 200, 200]) {
    await later();
    answersIn(ms);
    expect(await watch.look(queue, true)).toBeNull();
    // Another look at the same moment changes nothing more.
    expect(await watch.look(queue, true)).toBeNull();
    seen.push(await allowed());
  }
  expect(seen).toEqual([3, 1, 1, 2, 4, 6, 6]);
  expect(await storeConcurrency(ledger.db, store)).toMatchObject({ resting: false, restedFrom: null });
  expect((await steps()).slice(2)).toEqual([
    'source concurrency raised to 2',
    'source concurrency raised to 4',
    'source concurrency raised to 6',
  ]);
});

it('leaves what nobody had set unset when the rest is over, and never raises what a person set', async () => {
  const { watch, later, answersIn, allowed, store } = await watchedAWhile('unset-before');
  const look = async (ms: number) => {
    await later();
    answersIn(ms);
    await watch.look(queue, true);
    return allowed();
  };
  expect(await look(3_000)).toBe(2);
  expect(await look(100)).toBeNull();
  expect(await look(3_000)).toBe(2);
  await setStoreRates(ledger.db, store, { reservePercent: 20 });
  expect(await storeConcurrency(ledger.db, store)).toMatchObject({ resting: true });
  await setStoreRates(ledger.db, store, { concurrency: 1 });
  expect(await look(100)).toBe(1);
});

it('is lowered once by two workers that see it at the same time', async () => {
  const { watch, later, answersIn, allowed, steps, scope } = await watchedAWhile('two-workers');
  const other = watchRun(scope);
  await later();
  answersIn(3_000);
  await Promise.all([watch.look(queue, true), other.look(queue, true)]);
  expect(await allowed()).toBe(2);
  expect(await steps()).toEqual(['source concurrency lowered to 2']);
});
