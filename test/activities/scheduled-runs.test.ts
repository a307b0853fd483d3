import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { noteSkippedFirings, requestRun, type Scheduling } from '../../src/activities/scheduled-runs.ts';
import type { ScheduleForm } from '../../src/domain/schedule.ts';
import { admitCommand } from '../../src/ledger/commands.ts';
import { listDecisions } from '../../src/ledger/decisions.ts';
import { mappingFingerprint } from '../../src/ledger/mappings.ts';
import { changeOptions } from '../../src/ledger/project-options.ts';
import { deleteProject, getProject, type Project } from '../../src/ledger/projects.ts';
import { closeRun, openRun } from '../../src/ledger/runs.ts';
import { changingSchedules, putSchedule } from '../../src/ledger/schedules.ts';
import type { CommandAnswer } from '../../src/workflows/contract.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from '../ledger/ledger-under-test.ts';
import { latch } from '../support/latch.ts';

let ledger: LedgerUnderTest;
let project: Project;
let number = 0;
/** What was asked of Temporal. */
let commands: object[];
let dropped: string[];
let answers: CommandAnswer[];
beforeAll(async () => {
  ledger = await openTestLedger();
});
beforeEach(async () => {
  project = await makeProject(ledger, `shop-${(number += 1)}`);
  [commands, dropped, answers] = [[], [], []];
});
afterAll(() => ledger.close());

const granted: CommandAnswer = { accepted: true, phase: 'syncing', run: 'recent-2' };
const refused = (message: string, allowed: readonly ('cancel' | 'resume')[] = []): CommandAnswer => ({
  accepted: false,
  refusal: { code: 'not-allowed-in-phase', message, phase: 'syncing', allowed },
});
const scheduling: Scheduling = {
  startRun: async (known, command, commandId) => {
    commands.push({ slug: known.slug, ...command, commandId });
    return answers.shift() ?? granted;
  },
  drop: async (slug, schedule) => void dropped.push(`${slug}/${schedule}`),
  overlaps: async () => 3,
};
const put = (form: ScheduleForm) => putSchedule(ledger.db, project.id, { name: 'often', form, setBy: 'ann' });
const ask = (firing = 'f-1') =>
  requestRun({ db: ledger.db, scheduling }, { project: project.slug, schedule: 'often', firing });
const decisions = async () => {
  const all = await listDecisions(ledger.db, project.id, { before: null, limit: 50 });
  return all.map(({ what, detail }) => ({ what, detail }));
};
const hourly = { every: '1h', sweep: false, until: null };

it('asks for a recent run in the name of the schedule, once for each firing', async () => {
  await put(hourly);
  expect(await ask()).toEqual({ run: 'recent-2' });
  expect(commands).toEqual([{ slug: project.slug, kind: 'recent', by: 'schedule often', commandId: 'f-1' }]);
});

it('asks for a sweep where the form wants one', async () => {
  await put({ ...hourly, sweep: true });
  await ask();
  await put({
    ladder: { goLiveAt: new Date(Date.now() - 86_400_000).toISOString(), hoursBefore: 1, finalSweepDays: 1 },
  });
  await ask();
  await put({ ladder: { goLiveAt: new Date(Date.now()).toISOString(), hoursBefore: 1, finalSweepDays: 1 } });
  await ask();
  expect(commands.map((command) => 'sweep' in command && command.sweep)).toEqual([true, true, false]);
});

it('tells the decision log why there was no run, once', async () => {
  await put(hourly);
  answers = [refused('the project is paused'), refused('the project is paused')];
  expect(await ask()).toEqual({ skipped: 'the project is paused' });
  expect(await ask()).toEqual({ skipped: 'the project is paused' });
  expect((await decisions()).slice(0, -1)).toEqual([
    { what: 'scheduled run skipped', detail: { code: 'not-allowed-in-phase', why: 'the project is paused' } },
  ]);
});

it('is refused by the license like any other, and the decision log says so', async () => {
  await put(hourly);
  const license = { from: null, until: '2020-01-01T00:00:00.000Z' };
  await changeOptions(ledger.db, project.id, { license });
  const known = (await getProject(ledger.db, project.slug)) ?? project;
  const admission = await admitCommand(ledger.db, known, {
    command: 'startRun',
    kind: 'recent',
    by: 'schedule often',
    commandId: 'update f-1',
    phase: 'syncing',
    nextPhase: 'syncing',
    attention: null,
    knownRun: null,
  });
  if (admission.admitted) throw new Error('it was admitted');
  const { code, message } = admission;
  answers = [{ accepted: false, refusal: { code, message, phase: 'syncing', allowed: [] } }];
  expect(await ask()).toEqual({ skipped: expect.stringContaining('the license was over') as string });
  expect((await decisions())[0]).toMatchObject({
    what: 'scheduled run skipped',
    detail: { code: 'license-window', why: expect.stringContaining('2020-01-01') as string },
  });
});

it('asks again while the project has not heard yet that its last run ended', async () => {
  await put(hourly);
  answers = [refused('run recent-1 is active', ['cancel'])];
  expect(await ask()).toEqual({ run: 'recent-2' });
  expect(commands).toHaveLength(2);
});

it('does not ask again while a run is active', async () => {
  await put(hourly);
  await openRun(ledger.db, { projectId: project.id, kind: 'full', mappingVersion: 1, mappingFingerprint: 'f' });
  answers = [refused('run full-1 is active', ['cancel'])];
  expect(await ask()).toEqual({ skipped: 'run full-1 is active' });
  expect(commands).toHaveLength(1);
});

it('finds the run of an attempt whose answer was lost, and does not call it skipped', async () => {
  await put(hourly);
  const full = await openRun(ledger.db, {
    projectId: project.id,
    kind: 'full',
    mappingVersion: 1,
    mappingFingerprint: mappingFingerprint(project.mapping),
  });
  await closeRun(ledger.db, full?.id ?? 0, 'completed', null);
  const known = (await getProject(ledger.db, project.slug)) ?? project;
  const stand = { phase: 'syncing', nextPhase: 'syncing', attention: null, knownRun: null } as const;
  await admitCommand(ledger.db, known, {
    command: 'startRun',
    kind: 'recent',
    by: 'schedule often',
    commandId: 'update f-1',
    ...stand,
  });
  answers = [refused('run recent-1 is active', ['cancel'])];
  expect(await ask()).toEqual({ run: 'recent-1' });
  expect((await decisions()).map(({ what }) => what)).not.toContain('scheduled run skipped');
});

it('takes a schedule away that nobody set, or whose project is gone', async () => {
  const gone = { skipped: expect.stringContaining('taken away') as string };
  expect(await ask()).toEqual(gone);
  await put(hourly);
  await deleteProject(ledger.db, project.slug);
  expect(await ask()).toEqual(gone);
  expect(dropped).toEqual([`${project.slug}/often`, `${project.slug}/often`]);
  expect(commands).toEqual([]);
});

it('leaves a schedule that is just being set, and asks by it', async () => {
  const [set, held] = [latch(), latch()];
  const setting = changingSchedules(ledger.another().db, project.id, async (transaction) => {
    await putSchedule(transaction, project.id, { name: 'often', form: hourly, setBy: 'ann' });
    set.open();
    await held.opened;
  });
  await set.opened;
  const asking = ask();
  held.open();
  await setting;
  expect(await asking).toEqual({ run: 'recent-2' });
  expect(dropped).toEqual([]);
});

it('tells of what was left out meanwhile, and nothing of a project that is gone', async () => {
  await put(hourly);
  const deps = { db: ledger.db, scheduling };
  const firings = { project: project.slug, schedule: 'often', run: 'recent-2' };
  for (const _ of [1, 2]) await noteSkippedFirings(deps, firings);
  expect((await decisions()).slice(0, -1)).toEqual([
    { what: 'scheduled runs skipped', detail: { firings: 3, during: 'recent-2' } },
  ]);
  await noteSkippedFirings(deps, { ...firings, project: 'nobody' });
});
