import { afterAll, beforeAll, expect, it } from 'vitest';
import { finishRun, followingOf, park, unpark } from '../../src/ledger/following.ts';
import { receiveHints } from '../../src/ledger/hints.ts';
import { closeRun, getRun, openRun } from '../../src/ledger/runs.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, queueUnderTest } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const NAME = 'continuous-1';

/** A project with a continuous run. */
async function following(slug: string) {
  const queue = await queueUnderTest(ledger, slug);
  const { projectId } = queue;
  await ledger.db.updateTable('runs').set({ state: 'completed' }).where('project_id', '=', projectId).execute();
  const run = await openRun(ledger.db, { projectId, kind: 'continuous', mappingVersion: 1, mappingFingerprint: 'f' });
  const runId = run?.id ?? 0;
  const step = async () => (await getRun(ledger.db, projectId, NAME))?.step;
  return { queue, projectId, runId, step };
}

it('a run that has nothing to do is parked, and exactly one who brings news wakes it', async () => {
  const run = await following('parked');
  expect(await park(ledger.db, run)).toBe(true);
  expect(await run.step()).toBe('parked');
  const woken = await Promise.all([1, 2, 3, 4].map(() => unpark(ledger.db, run.projectId)));
  expect(woken.filter((one) => one !== null)).toEqual([{ project: 'parked', run: NAME }]);
  expect(await followingOf(ledger.db, run.runId)).toEqual({ paused: false, finishing: false, parked: false });
});

it('one that has news already is not parked', async () => {
  const run = await following('news');
  await receiveHints(ledger.db, run.projectId, 'webhook', [{ entity: 'brand', sourceId: '1' }]);
  expect(await park(ledger.db, run)).toBe(false);
  const other = await following('queued');
  await other.queue.ledger.enqueue([brand('1', 1)]);
  expect(await park(ledger.db, other)).toBe(false);
  expect(await other.step()).not.toBe('parked');
});

it('one that is told to finish is not parked any more, and is not told twice', async () => {
  const run = await following('finishing');
  expect(await park(ledger.db, run)).toBe(true);
  await finishRun(ledger.db, run.projectId);
  await finishRun(ledger.db, run.projectId);
  expect(await followingOf(ledger.db, run.runId)).toMatchObject({ finishing: true, parked: false });
  expect(await run.step()).toBe('finishing');
  expect([await park(ledger.db, run), await unpark(ledger.db, run.projectId)]).toEqual([false, null]);
  await closeRun(ledger.db, run.runId, 'completed', null);
  expect(await run.step()).toBe('ended');
});

it('a run of another kind is not told to finish', async () => {
  const { projectId } = await queueUnderTest(ledger, 'other-kind');
  await ledger.db.updateTable('runs').set({ state: 'completed' }).where('project_id', '=', projectId).execute();
  const recent = await openRun(ledger.db, { projectId, kind: 'recent', mappingVersion: 1, mappingFingerprint: 'f' });
  await finishRun(ledger.db, projectId);
  expect(await followingOf(ledger.db, recent?.id ?? 0)).toMatchObject({ finishing: false });
});
