import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queueGroups } from '../../src/ledger/queue/queue-groups.ts';
import { listDeadLetters } from '../../src/ledger/dead-letters.ts';
import { openRun } from '../../src/ledger/runs.ts';
import {
  advanceSlice,
  claimSlice,
  lastPass,
  type PlannedSlice,
  planSlices,
  plannedSoFar,
  SliceLost,
  slicesLeft,
} from '../../src/ledger/slices.ts';
import { runStatus } from '../../src/ledger/status.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, queueUnderTest } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const LEASE_MS = 60_000;
const planned = (ordinal: number, ...sourceIds: string[]) =>
  ({ entity: 'brand', ordinal, sourceIds, moneyBearing: false, pass: 1 }) as const;

async function runOn(slug: string, ...slices: PlannedSlice[]) {
  const queue = await queueUnderTest(ledger, slug);
  const { projectId } = queue;
  const run = await openRun(ledger.db, { projectId, kind: 'full', mappingVersion: 1, mappingFingerprint: 'f' });
  const runId = run?.id ?? 0;
  await planSlices(ledger.db, runId, slices);
  const claim = async () => {
    const slice = await claimSlice(ledger.db, { runId, pass: 1 }, ['brand'], LEASE_MS);
    if (slice === null) throw new Error('no slice was left');
    return slice;
  };
  return { ...queue, runId, claim, options: { projectId, runId, leaseMs: LEASE_MS } };
}

it('plans a slice once and says how far planning came', async () => {
  const { runId } = await runOn('planned', planned(0, '1', '2'), planned(1, '3'));
  expect(await planSlices(ledger.db, runId, [planned(1, 'other'), planned(2, '4')])).toBe(1);
  expect(await plannedSoFar(ledger.db, runId, 'brand')).toEqual({ slices: 3, ids: new Set(['1', '2', '3', '4']) });
  expect(await plannedSoFar(ledger.db, runId, 'product')).toEqual({ slices: 0, ids: new Set() });
});

it('never gives two readers the same slice', async () => {
  const { runId, claim } = await runOn('readers', ...[0, 1, 2, 3].map((at) => planned(at, String(at))));
  const taken = await Promise.all([claim(), claim(), claim(), claim()]);
  expect(new Set(taken.map((slice) => slice.ordinal))).toEqual(new Set([0, 1, 2, 3]));
  expect(await claimSlice(ledger.db, { runId, pass: 1 }, ['brand'], LEASE_MS)).toBeNull();
});

it('moves rows and cursor together to the end of the slice', async () => {
  const run = await runOn('cursor', planned(0, '1', '2', '3'));
  const slice = await run.claim();
  await advanceSlice(ledger.db, run.options, slice, 2, [brand('1'), brand('2')], []);
  expect((await run.rows()).map((row) => row.source_id)).toEqual(['1', '2']);
  expect(await slicesLeft(ledger.db, run.runId, 1)).toBe(1);
  const gone = { entity: 'brand', sourceId: '3', reason: 'no name', remedy: 'name it' } as const;
  await advanceSlice(ledger.db, run.options, slice, 3, [], [gone]);
  expect(await slicesLeft(ledger.db, run.runId, 1)).toBe(0);
  expect(await listDeadLetters(ledger.db, run.projectId, { after: null, limit: 5 })).toMatchObject([gone]);
  const { entities } = await runStatus(
    ledger.db,
    run.projectId,
    run.runId,
    await queueGroups(ledger.db, run.projectId),
  );
  expect(entities).toMatchObject([{ entity: 'brand', planned: 3, read: 3, ready: 2, failed: 1, created: 0 }]);
});

it('lets a reader that lost its slice store nothing', async () => {
  const run = await runOn('lost', planned(0, '1', '2'));
  const slept = await run.claim();
  await advanceSlice(ledger.db, run.options, slept, 1, [brand('1')], []);
  await sql`UPDATE slices SET lease_until = clock_timestamp() WHERE run_id = ${run.runId}`.execute(ledger.db);
  const holder = await run.claim();
  expect(holder).toMatchObject({ id: slept.id, readCount: 1, epoch: slept.epoch + 1 });
  const late = advanceSlice(ledger.db, run.options, slept, 2, [brand('2'), brand('1', 10, 'late')], []);
  await expect(late).rejects.toThrow(SliceLost);
  expect(await run.rows()).toMatchObject([{ source_id: '1', generation: 1 }]);
  await advanceSlice(ledger.db, run.options, holder, 2, [brand('2')], []);
  expect(await slicesLeft(ledger.db, run.runId, 1)).toBe(0);
});

it('leaves the cursor where it was when the rows cannot be stored', async () => {
  const run = await runOn('unstored', planned(0, '1'));
  const slice = await run.claim();
  const unstorable = { ...brand('1'), version: { ...brand('1').version, modifiedAt: 'not a time' } };
  await expect(advanceSlice(ledger.db, run.options, slice, 1, [unstorable], [])).rejects.toThrow('not a time');
  expect(await slicesLeft(ledger.db, run.runId, 1)).toBe(1);
  expect(await run.rows()).toEqual([]);
});

it('gives no slice of a later pass before its time', async () => {
  const { runId } = await runOn('passes', planned(0, '1'), { ...planned(1, '2'), pass: 2 });
  const claim = (pass: number) => claimSlice(ledger.db, { runId, pass }, ['brand'], LEASE_MS);
  expect(await lastPass(ledger.db, runId)).toBe(2);
  expect(await claim(1)).toMatchObject({ ordinal: 0 });
  expect(await claim(1)).toBeNull();
  expect(await slicesLeft(ledger.db, runId, 1)).toBe(1);
  expect(await slicesLeft(ledger.db, runId, 2)).toBe(2);
  expect(await claim(2)).toMatchObject({ ordinal: 1 });
});
