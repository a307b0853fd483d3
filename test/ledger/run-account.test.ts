import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Disposition } from '../../src/ledger/apply-ledger.ts';
import { createProjectLedger } from '../../src/ledger/project-ledger.ts';
import { noteUnreadable } from '../../src/ledger/queue/unreadable.ts';
import { accountOf, carryOver, seenByEntity } from '../../src/ledger/records/run-account.ts';
import { changedAmong, hoursSinceSweep, noteSweep, unknownAmong } from '../../src/ledger/records/sweeps.ts';
import { closeRun, openRun } from '../../src/ledger/runs.ts';
import { startCapture } from '../../src/ledger/watermarks.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, queueUnderTest } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

/** A run of a kind with its queue; `settle` ends the claimed brands with a word each, in the order of their ids. */
async function runOf(slug: string, kind: 'recent' | 'full' = 'recent') {
  const { projectId, targetStore } = await queueUnderTest(ledger, slug);
  const run = await openRun(ledger.db, { projectId, kind, mappingVersion: 1, mappingFingerprint: 'f' });
  const runId = run?.id ?? 0;
  const queue = createProjectLedger(ledger.db, { projectId, targetStore, runId, leaseMs: 60_000 });
  const settle = async (words: readonly (string | null)[], disposition: Disposition = { to: 'done' }) => {
    const batch = await queue.claim('writer', { brand: words.length });
    if (batch === null || batch === 'paused') throw new Error('nothing was there to claim');
    await queue.commit(
      batch.claims.map((claim, at) => ({
        claim,
        progress: null,
        resolved: [],
        uncertain: [],
        disposition,
        account: words[at] ?? null,
        arrivals: [],
      })),
    );
  };
  const account = async () => {
    const { lines, ...sums } = await accountOf(ledger.db, projectId, runId);
    return { ...sums, lines: lines.map(({ word, reason, count }) => [word, reason, count]) };
  };
  return { projectId, runId, queue, settle, account };
}

it('counts each distinct record once, with the word of its settlement', async () => {
  const { queue, settle, account, runId } = await runOf('once');
  await queue.enqueue([brand('1'), brand('2'), brand('3')]);
  await queue.enqueue([brand('1', 10, 'edited again')]);
  expect(await seenByEntity(ledger.db, runId)).toEqual({ brand: 3 });
  await settle(['created', 'updated', 'unchanged']);
  expect(await account()).toEqual({
    seen: 3,
    closed: true,
    lines: [
      ['created', null, 1],
      ['unchanged', null, 1],
      ['updated', null, 1],
    ],
  });
});

it.each([
  ['created', 'updated', 'created'],
  ['created', 'deleted', 'deleted'],
  ['deleted', 'restored', 'restored'],
  ['restored', 'updated', 'restored'],
  ['updated', 'unchanged', 'updated'],
  ['unchanged', 'updated', 'updated'],
])('a record that was %s and then %s is %s', async (first, then, word) => {
  const { queue, settle, account } = await runOf(`${first}-${then}`);
  await queue.enqueue([brand('1')]);
  await settle([first]);
  await queue.enqueue([brand('1', 20, 'once more')]);
  await settle([then]);
  expect(await account()).toEqual({ seen: 1, closed: true, lines: [[word, null, 1]] });
});

it('says for what a record waits, and does not close over one that is nowhere', async () => {
  const { queue, settle, account, projectId } = await runOf('open');
  await queue.enqueue([brand('1'), brand('2')]);
  await settle([null, null], { to: 'held', reason: 'conflict', evidence: null });
  expect(await account()).toMatchObject({ closed: true, lines: [['waiting', 'conflict', 2]] });
  await sql`DELETE FROM changes WHERE project_id = ${projectId} AND source_id = '2'`.execute(ledger.db);
  expect(await account()).toMatchObject({
    closed: false,
    lines: [
      ['unexplained', null, 1],
      ['waiting', 'conflict', 1],
    ],
  });
});

it('takes over what waited when it began, and what could not be read', async () => {
  const { queue, runId, projectId } = await runOf('before');
  await queue.enqueue([brand('1')]);
  await closeRun(ledger.db, runId, 'cancelled', null);
  const next = await openRun(ledger.db, { projectId, kind: 'recent', mappingVersion: 1, mappingFingerprint: 'f' });
  const nextId = next?.id ?? 0;
  await carryOver(ledger.db, projectId, nextId);
  await carryOver(ledger.db, projectId, nextId);
  const unreadable = [{ entity: 'brand', sourceId: '9', reason: 'no name', remedy: 'name it' } as const];
  await noteUnreadable(ledger.db, { projectId, runId: nextId }, unreadable);
  const { seen, lines } = await accountOf(ledger.db, projectId, nextId);
  expect([seen, lines.map(({ word }) => word)]).toEqual([2, ['dead letter', 'waiting']]);
});

it('keeps no row of a full run: its size would be that of the store', async () => {
  const { queue, settle, account } = await runOf('full', 'full');
  await queue.enqueue([brand('1')]);
  await settle(['created']);
  expect(await account()).toEqual({ seen: 0, closed: true, lines: [] });
});

it('tells a sweep what is new to the ledger, and what is not as it was carried', async () => {
  const { projectId, runId } = await runOf('swept');
  const carried = brand('1').payload;
  await sql`
    INSERT INTO records (project_id, target_store, run_id, entity, source_id, target_id, state, read_start, read_end, content_hash, hash_version)
    VALUES (${projectId}, 't', ${runId}, 'brand', '1', '10', 'live', 1, 2, ${carried.contentHash}, 1)`.execute(
    ledger.db,
  );
  expect(await unknownAmong(ledger.db, projectId, 'brand', ['1', '2'])).toEqual(['2']);
  const other = { ...carried, contentHash: 'edited' };
  expect(await changedAmong(ledger.db, projectId, [carried], 1)).toEqual([]);
  expect(await changedAmong(ledger.db, projectId, [other], 1)).toEqual([other]);
  expect(await changedAmong(ledger.db, projectId, [carried], 2)).toEqual([carried]);
});

it('tells a sweep of what is as it was carried and has a change in the queue, or a dead letter, that this takes back', async () => {
  const { projectId, runId, queue } = await runOf('taken-back');
  const [queued, dead] = [brand('1').payload, brand('2').payload];
  for (const { sourceId, contentHash } of [queued, dead]) {
    await sql`
      INSERT INTO records (project_id, target_store, run_id, entity, source_id, target_id, state, read_start, read_end, content_hash, hash_version)
      VALUES (${projectId}, 't', ${runId}, 'brand', ${sourceId}, ${`1${sourceId}`}, 'live', 1, 2, ${contentHash}, 1)`.execute(
      ledger.db,
    );
  }
  expect(await changedAmong(ledger.db, projectId, [queued, dead], 1)).toEqual([]);
  await queue.enqueue([{ ...brand('1'), payload: { ...queued, contentHash: 'edited' } }]);
  await noteUnreadable(ledger.db, { projectId, runId }, [
    { entity: 'brand', sourceId: '2', reason: 'no name', remedy: 'name it' },
  ]);
  expect(await changedAmong(ledger.db, projectId, [queued, dead], 1)).toEqual([queued, dead]);
});

it('remembers when an entity was last swept', async () => {
  const { projectId } = await runOf('when');
  await startCapture(ledger.db, projectId, 'brand', '2026-01-01T00:00:00.000Z');
  expect((await hoursSinceSweep(ledger.db, projectId)).get('brand')).toBeNull();
  await noteSweep(ledger.db, projectId, 'brand');
  await sql`UPDATE watermarks SET swept_at = swept_at - interval '90 minutes' WHERE project_id = ${projectId}`.execute(
    ledger.db,
  );
  expect((await hoursSinceSweep(ledger.db, projectId)).get('brand')).toBeCloseTo(1.5, 2);
});
