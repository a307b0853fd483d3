import { afterAll, beforeAll, expect, it } from 'vitest';
import { followSource } from '../../src/activities/follow-source.ts';
import type { RunScope } from '../../src/activities/run-scope.ts';
import { finishRun, followingOf } from '../../src/ledger/following.ts';
import { changeOptions } from '../../src/ledger/project-options.ts';
import { setPause } from '../../src/ledger/projects.ts';
import { askForSweeps, noteSweep } from '../../src/ledger/records/sweeps.ts';
import { openRun } from '../../src/ledger/runs.ts';
import { startCapture } from '../../src/ledger/watermarks.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from '../ledger/ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

/** A source of products alone, of which `changed` says what a poll finds. */
async function following(slug: string, sweptBefore = true) {
  const { id: projectId, targetStore } = await makeProject(ledger, slug);
  const run = await openRun(ledger.db, { projectId, kind: 'continuous', mappingVersion: 1, mappingFingerprint: 'f' });
  const runId = run?.id ?? 0;
  await changeOptions(ledger.db, projectId, { pollSeconds: 0.2 });
  await startCapture(ledger.db, projectId, 'product', new Date().toISOString());
  if (sweptBefore) await noteSweep(ledger.db, projectId, 'product', null);
  const state = { polls: 0, changed: (_poll: number): string[] => [] };
  const source = {
    platform: 'woocommerce',
    entities: [{ entity: 'product', modifiedFilter: true }],
    readChanged: async () => {
      state.polls += 1;
      const missing = state.changed(state.polls).map((sourceId) => ({ entity: 'product' as const, sourceId }));
      return { records: [], missing, unreadable: [], next: null };
    },
  };
  const scope = {
    db: ledger.db,
    projectId,
    runId,
    targetStore,
    run: { kind: 'continuous', options: { sweep: false } },
    options: { sweepHours: 24 },
    entities: ['product'],
    scannedEntities: ['product'],
    source,
    settings: { concurrency: 2 },
    sourceProfile: { clockSkewMs: 0 },
    now: () => performance.now(),
    rest: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
    signal: new AbortController().signal,
    heartbeat: () => undefined,
  } as unknown as RunScope;
  const box = (timeBoxMs: number, sweeping = false) => followSource(scope, { timeBoxMs, sweeping });
  return { projectId, runId, state, box, standing: () => followingOf(ledger.db, runId) };
}

it('polls at the pace of the project until its box ends, and tells what it saw', async () => {
  const run = await following('pace');
  run.state.changed = (poll) => (poll === 2 ? ['7', '8'] : []);
  expect(await run.box(700)).toEqual({
    recordsSeen: 2,
    paused: false,
    finishing: false,
    sweepDue: false,
    parked: false,
  });
  expect(run.state.polls).toBeGreaterThanOrEqual(3);
  expect(run.state.polls).toBeLessThanOrEqual(4);
});

it('polls no oftener where a box ends before the next poll, and is busy to the end of the box', async () => {
  const run = await following('seldom');
  run.state.changed = () => ['7'];
  const pace = (pollSeconds: number) => changeOptions(ledger.db, run.projectId, { pollSeconds });
  await pace(0);
  // What it found is in the queue, which keeps the run from being parked.
  expect(await run.box(0)).toMatchObject({ recordsSeen: 1, parked: false });
  await pace(60);
  const began = performance.now();
  for (let box = 0; box < 2; box += 1) expect(await run.box(300)).toMatchObject({ recordsSeen: 0, parked: false });
  expect(performance.now() - began).toBeGreaterThanOrEqual(599);
  expect(run.state.polls).toBe(1);
  await pace(0.6);
  expect(await run.box(300)).toMatchObject({ recordsSeen: 1 });
  expect(run.state.polls).toBe(2);
});

it('hears of a sweep that somebody asked for, although no poll is due', async () => {
  const run = await following('asked');
  await changeOptions(ledger.db, run.projectId, { pollSeconds: 3_600 });
  await askForSweeps(ledger.db, run.projectId, ['product']);
  expect(await run.box(60_000)).toMatchObject({ sweepDue: true, parked: false });
  expect(run.state.polls).toBe(0);
});

it('parks the run after a box in which nothing happened, not after one that found something to do', async () => {
  const run = await following('quiet');
  await changeOptions(ledger.db, run.projectId, { pollSeconds: 0 });
  expect(await run.box(0)).toMatchObject({ recordsSeen: 0, parked: true });
  expect(await run.standing()).toMatchObject({ parked: true });
  // What was found is in the queue: nobody parks before that is settled.
  run.state.changed = (poll) => (poll === 2 ? ['7'] : []);
  expect(await run.box(0)).toMatchObject({ recordsSeen: 1, parked: false });
  expect(await run.box(0)).toMatchObject({ recordsSeen: 0, parked: false });
  expect(await run.standing()).toMatchObject({ parked: false });
});

it('ends at once when the run is told to finish, or paused, and polls no more', async () => {
  const run = await following('told');
  const box = run.box(60_000);
  await finishRun(ledger.db, run.projectId);
  expect(await box).toMatchObject({ finishing: true, parked: false });
  const { polls } = run.state;
  expect(await run.box(60_000)).toMatchObject({ finishing: true });
  expect(run.state.polls).toBe(polls);
  const other = await following('paused');
  await setPause(ledger.db, other.projectId, 'a look around');
  expect(await other.box(60_000)).toMatchObject({ paused: true });
  expect(other.state.polls).toBe(0);
});

it('says that a sweep is due, unless one is under way', async () => {
  const run = await following('sweep', false);
  expect(await run.box(60_000)).toMatchObject({ sweepDue: true, parked: false });
  expect(await run.box(0, true)).toMatchObject({ sweepDue: false, parked: false });
  await noteSweep(ledger.db, run.projectId, 'product', null);
  expect(await run.box(0)).toMatchObject({ sweepDue: false, parked: true });
});
