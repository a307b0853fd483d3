import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunKind } from '../../src/domain/phases.ts';
import {
  activeRun,
  closeRun,
  getRun,
  hasBaseline,
  latestRun,
  listRuns,
  openRun,
  setRunStep,
} from '../../src/ledger/runs.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const open = (projectId: number, kind: RunKind = 'full') =>
  openRun(ledger.db, { projectId, kind, mappingVersion: 1, mappingFingerprint: 'f' });

it('opens one of two runs that start at once', async () => {
  const { id } = await makeProject(ledger, 'twice');
  const opened = await Promise.all([open(id), open(id, 'resync'), open(id)]);
  expect(opened.filter((run) => run !== null)).toHaveLength(1);
  expect(await listRuns(ledger.db, id, { before: null, limit: 10 })).toHaveLength(1);
});

it('numbers runs per project and kind, newest first', async () => {
  const { id } = await makeProject(ledger, 'numbered');
  for (const kind of ['full', 'resync', 'full'] as const) {
    await closeRun(ledger.db, (await open(id, kind))?.id ?? 0, 'completed', null);
  }
  expect((await listRuns(ledger.db, id, { before: null, limit: 10 })).map((run) => run.name)).toEqual([
    'full-2',
    'resync-1',
    'full-1',
  ]);
  expect(await getRun(ledger.db, id, 'resync-1')).toMatchObject({ kind: 'resync', number: 1, state: 'completed' });
  expect(await getRun(ledger.db, id, 'resync-2')).toBeNull();
  const { id: other } = await makeProject(ledger, 'another');
  expect((await open(other))?.name).toBe('full-1');
});

it('keeps the first end of a run', async () => {
  const { id } = await makeProject(ledger, 'ended');
  const run = await open(id);
  const runId = run?.id ?? 0;
  await setRunStep(ledger.db, runId, 'copying products');
  expect(await activeRun(ledger.db, id)).toMatchObject({ step: 'copying products', endedAt: null });
  await closeRun(ledger.db, runId, 'cancelled', 'enough');
  await closeRun(ledger.db, runId, 'completed', null);
  await setRunStep(ledger.db, runId, 'too late');
  expect(await getRun(ledger.db, id, 'full-1')).toMatchObject({
    state: 'cancelled',
    step: 'ended',
    endedReason: 'enough',
  });
  expect(await activeRun(ledger.db, id)).toBeNull();
});

it('has a baseline once a full run was completed, however many runs came after it', async () => {
  const { id } = await makeProject(ledger, 'based');
  expect([await hasBaseline(ledger.db, id), await latestRun(ledger.db, id)]).toEqual([false, null]);
  const end = async (kind: RunKind, outcome: 'completed' | 'failed') =>
    closeRun(ledger.db, (await open(id, kind))?.id ?? 0, outcome, null);
  await end('full', 'failed');
  await end('resync', 'completed');
  expect(await hasBaseline(ledger.db, id)).toBe(false);
  await end('full', 'completed');
  for (let n = 0; n < 101; n += 1) await end('resync', 'completed');
  expect(await hasBaseline(ledger.db, id)).toBe(true);
  expect(await latestRun(ledger.db, id)).toMatchObject({ name: 'resync-102' });
});
