import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { knownProject } from '../../src/ledger/known-project.ts';
import { listDecisions } from '../../src/ledger/decisions.ts';
import { getProject, type Project } from '../../src/ledger/projects.ts';
import { closeRun, openRun } from '../../src/ledger/runs.ts';
import {
  changingSchedules,
  getSchedule,
  listSchedules,
  noteOverlaps,
  noteSkipped,
  putSchedule,
  removeSchedule,
} from '../../src/ledger/schedules.ts';
import { latch } from '../support/latch.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
let project: Project;
let number = 0;
beforeAll(async () => {
  ledger = await openTestLedger();
});
beforeEach(async () => {
  project = await makeProject(ledger, `shop-${(number += 1)}`);
});
afterAll(() => ledger.close());

const hourly = { every: '1h', sweep: false, until: null };
const put = (name: string, form: typeof hourly = hourly, setBy = 'ann') =>
  putSchedule(ledger.db, project.id, { name, form, setBy });
const told = async () => {
  const all = await listDecisions(ledger.db, project.id, { before: null, limit: 50 });
  return all.toReversed().map(({ decidedBy, what, detail }) => [what, decidedBy, detail]);
};

it('remembers who set a form first, and decides nothing when it is set again', async () => {
  await put('often');
  await put('often', hourly, 'bob');
  expect(await getSchedule(ledger.db, project.id, 'often')).toMatchObject({ form: hourly, setBy: 'ann' });
  await put('often', { ...hourly, every: '2h' }, 'bob');
  expect(await getSchedule(ledger.db, project.id, 'often')).toMatchObject({ form: { every: '2h' }, setBy: 'bob' });
  expect((await told()).map(([what, by]) => `${String(what)} by ${String(by)}`)).toEqual([
    'schedule often set by ann',
    'schedule often set by bob',
  ]);
});

it('lists by name and knows none of another project', async () => {
  for (const name of ['b', 'a-2', 'a', 'a0']) await put(name);
  const names = async (after: string, limit: number) =>
    (await listSchedules(ledger.db, project.id, { after, limit })).map(({ name }) => name);
  expect(await names('', 3)).toEqual(['a', 'a-2', 'a0']);
  expect(await names('a0', 3)).toEqual(['b']);
  const other = await makeProject(ledger, `other-${number}`);
  expect(await listSchedules(ledger.db, other.id, { after: '', limit: 9 })).toEqual([]);
});

it('removes once', async () => {
  await put('often');
  expect(await removeSchedule(ledger.db, project.id, 'often', 'ann')).toBe(true);
  expect(await removeSchedule(ledger.db, project.id, 'often', 'ann')).toBe(false);
  expect(await getSchedule(ledger.db, project.id, 'often')).toBeNull();
  expect(await told()).toHaveLength(2);
});

it('keeps nothing of a change that failed, and lets one change go after the other', async () => {
  const failing = changingSchedules(ledger.db, project.id, async (transaction) => {
    await putSchedule(transaction, project.id, { name: 'often', form: hourly, setBy: 'ann' });
    throw new Error('Temporal is away');
  });
  await expect(failing).rejects.toThrow('Temporal is away');
  expect(await getSchedule(ledger.db, project.id, 'often')).toBeNull();
  expect(await told()).toEqual([]);
  const order: string[] = [];
  const [begun, held] = [latch(), latch()];
  const first = changingSchedules(ledger.db, project.id, async () => {
    begun.open();
    await held.opened;
    order.push('first');
  });
  await begun.opened;
  const second = changingSchedules(ledger.another().db, project.id, async () => void order.push('second'));
  held.open();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
});

it('tells once of a firing that was skipped, however often it is told', async () => {
  const firing = { id: 'f-1', schedule: 'often', code: 'run-active', why: 'run recent-2 is active' };
  for (const _ of [1, 2, 3]) await noteSkipped(ledger.db, project.id, firing);
  await noteSkipped(ledger.db, project.id, { ...firing, id: 'f-2' });
  const one = ['scheduled run skipped', 'schedule often', { code: 'run-active', why: 'run recent-2 is active' }];
  expect(await told()).toEqual([one, one]);
});

it('tells how many firings were left out since it told last, also when Temporal counts anew', async () => {
  await put('often');
  const note = (overlaps: number) =>
    noteOverlaps(ledger.db, project.id, { schedule: 'often', run: 'recent-2', overlaps });
  for (const overlaps of [0, 2, 2, 5, 0, 1]) await note(overlaps);
  const counts = (await told()).slice(1).map(([, , detail]) => detail);
  expect(counts).toEqual([2, 3, 1].map((firings) => ({ firings, during: 'recent-2' })));
  await noteOverlaps(ledger.db, project.id, { schedule: 'gone', run: 'recent-2', overlaps: 4 });
  expect(await told()).toHaveLength(4);
});

it('knows how a project stands, as a command to its workflow needs it', async () => {
  expect(await knownProject(ledger.db, project)).toEqual({
    slug: project.slug,
    phase: 'draft',
    paused: false,
    attention: null,
    alerts: null,
    activeRun: null,
    hasBaseline: false,
  });
  const run = await openRun(ledger.db, {
    projectId: project.id,
    kind: 'full',
    mappingVersion: 1,
    mappingFingerprint: 'f',
  });
  const activeRun = { name: 'full-1', kind: 'full' };
  expect(await knownProject(ledger.db, project)).toMatchObject({ activeRun, hasBaseline: false });
  await closeRun(ledger.db, run?.id ?? 0, 'completed', null);
  const now = (await getProject(ledger.db, project.slug)) ?? project;
  expect(await knownProject(ledger.db, now)).toMatchObject({ activeRun: null, hasBaseline: true });
});
