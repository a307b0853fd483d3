import { expect, it } from 'vitest';
import { nextFirings } from '../../src/domain/firings.ts';
import { isBad, parseSchedule, type GivenSchedule } from '../../src/domain/schedule.ts';
import { Schedules, scheduleFault } from '../../src/temporal/schedules.ts';
import { scheduledWorkflowId, scheduleId, SEARCH_ATTRIBUTES } from '../../src/workflows/contract.ts';
import type { TestProject } from './bench.ts';
import { currentDetails, eventsOf, eventually, untilPhase, useBench } from './test-bench.ts';

const bench = useBench();
const HOURLY = { every: '1h' };

function formOf(given: GivenSchedule) {
  const form = parseSchedule(given);
  if (isBad(form)) throw new Error(form.problem);
  return form;
}

/** A project whose full run is over, and a schedule that does not fire by itself while the test lasts. */
async function scheduled(given: GivenSchedule = HOURLY) {
  const project = bench().project();
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await untilPhase(project, 'syncing');
  // The project's workflow has heard of the end, not only the ledger.
  await eventually(async () => expect(await currentDetails(project.parent)).toContain('**Run:** none'));
  project.facts.unread = 0;
  await project.schedules.set(project.slug, 'often', formOf(given));
  return project;
}

const handleOf = ({ slug }: TestProject) => bench().client.schedule.getHandle(scheduleId(slug, 'often'));

/** Executions that the schedule has started so far, oldest first. */
async function firings(project: TestProject) {
  const { info } = await handleOf(project).describe();
  return info.recentActions.map(({ action }) =>
    bench().client.workflow.getHandle(action.workflow.workflowId, action.workflow.firstExecutionRunId),
  );
}

/** The execution of the firing with this number, from 0. */
async function firing(project: TestProject, number = 0) {
  await eventually(async () => expect((await firings(project)).length).toBeGreaterThan(number));
  const found = (await firings(project))[number];
  if (found === undefined) throw new Error(`no firing ${number}`);
  return found;
}

it('a firing starts a recent run and ends with it, in few events', async () => {
  const project = await scheduled();
  project.facts.changed = 30;
  await project.schedules.trigger(project.slug, 'often');
  const fired = await firing(project);
  expect(await fired.result()).toEqual({ run: 'recent-2', outcome: 'completed' });
  expect(project.facts.runs.get('recent-2')).toEqual({ state: 'completed', reason: null });
  expect(project.facts.settled).toBe(330);
  expect(project.facts.decisions).toContain('startRun by schedule often admitted');
  const { type, workflowId, typedSearchAttributes: shown, raw } = await fired.describe();
  expect([type, shown.get(SEARCH_ATTRIBUTES.project), shown.get(SEARCH_ATTRIBUTES.runKind)]).toEqual([
    'scheduledRun',
    project.slug,
    'recent',
  ]);
  expect(workflowId.startsWith(scheduledWorkflowId(project.slug, 'often'))).toBe(true);
  const summary = Buffer.from(raw.executionConfig?.userMetadata?.summary?.data ?? []).toString();
  expect(summary).toBe(JSON.stringify(`recent run of ${project.slug} by schedule often`));
  const events = [...(await eventsOf(fired)).values()].reduce((sum, count) => sum + count, 0);
  expect(events).toBeLessThan(100);
});

it('a firing while another run is active is skipped and says so', async () => {
  const project = await scheduled();
  project.facts.changed = 10;
  project.facts.close('applyChanges');
  await project.give('startRun', { by: 'ops', kind: 'recent' });
  await project.schedules.trigger(project.slug, 'often');
  const skipped = expect.stringContaining('while run recent-2 is active') as string;
  expect(await (await firing(project)).result()).toEqual({ skipped });
  expect(project.facts.decisions).toContain('schedule often skipped: not-allowed-in-phase');
  expect(project.facts.runs.get('recent-2')?.state).toBe('running');
  project.facts.open('applyChanges');
  await eventually(() => expect(project.facts.runs.get('recent-2')?.state).toBe('completed'));
  expect(project.facts.runs.size).toBe(2);
});

it('a firing while its own run is active is left out, and told of when that ends', async () => {
  const project = await scheduled();
  project.facts.changed = 10;
  project.facts.close('applyChanges');
  await project.schedules.trigger(project.slug, 'often');
  await eventually(() => expect(project.facts.runs.get('recent-2')?.state).toBe('running'));
  await eventually(async () => expect((await handleOf(project).describe()).info.runningActions).toHaveLength(1));
  await project.schedules.trigger(project.slug, 'often');
  await eventually(async () =>
    expect(await project.schedules.look(project.slug, 'often')).toMatchObject({ fired: 1, overlapped: 1 }),
  );
  project.facts.open('applyChanges');
  expect(await (await firing(project)).result()).toEqual({ run: 'recent-2', outcome: 'completed' });
  expect(project.facts.decisions).toContain('schedule often skipped 1 during recent-2');
  expect(project.facts.runs.size).toBe(2);
});

it('a paused project refuses the firing, and the run of a cancelled one ends it', async () => {
  const project = await scheduled();
  await project.give('pause', { by: 'ops' });
  await project.schedules.trigger(project.slug, 'often');
  const skipped = expect.stringContaining('while the project is paused') as string;
  const refused = await firing(project);
  expect(await refused.result()).toEqual({ skipped });
  await project.give('resume', { by: 'ops' });
  // The Schedule hears of the start a moment after us, and of the end: until both it would leave the next firing out.
  await eventually(async () => {
    const { recentActions, runningActions } = (await handleOf(project).describe()).info;
    expect(recentActions).toHaveLength(1);
    expect(runningActions).toEqual([]);
  });
  // A firing is named by its second, and the server takes a name once.
  const second = refused.workflowId.slice(-'2026-01-01T00:00:00Z'.length);
  await eventually(() => expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(second) + 1_000));
  project.facts.changed = 10;
  project.facts.close('applyChanges');
  await project.schedules.trigger(project.slug, 'often');
  const fired = await firing(project, 1);
  await eventually(() => expect(project.facts.runs.get('recent-2')?.state).toBe('running'));
  await project.give('cancel', { by: 'ops' });
  expect(await fired.result()).toEqual({ run: 'recent-2', outcome: 'cancelled' });
});

it('is made once however often it is set, keeps its pause, and is taken away', async () => {
  const project = await scheduled();
  const { slug, schedules } = project;
  await schedules.pause(slug, 'often', 'sale today');
  await schedules.set(slug, 'often', formOf({ every: '2h' }));
  await schedules.set(slug, 'often', formOf({ every: '2h' }));
  const standing = await schedules.look(slug, 'often');
  expect(standing).toMatchObject({ paused: true, note: 'sale today' });
  await schedules.resume(slug, 'often', 'go on');
  expect(await schedules.look(slug, 'often')).toMatchObject({ paused: false });
  const { policies, spec } = await handleOf(project).describe();
  expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 7_200_000 });
  expect(spec.intervals).toMatchObject([{ every: 7_200_000 }]);
  await schedules.remove(slug, 'often');
  await schedules.remove(slug, 'often');
  expect(await schedules.look(slug, 'often')).toBeNull();
});

it.each([
  ['every', { every: '15m', until: '2037-01-01T00:00:00Z' }],
  ['calendar', { calendar: { days: ['mon', 'thu'], at: ['02:30', '02:45', '23:05'], zone: 'Europe/Berlin' } }],
  ['ladder', { ladder: { goLiveAt: new Date(Date.now() + 5 * 3_600_000).toISOString(), hoursBefore: 2 } }],
] as const)('Temporal fires when the rules say: %s', async (_, given) => {
  const project = bench().project();
  const form = formOf(given);
  await project.schedules.set(project.slug, 'often', form);
  const standing = await project.schedules.look(project.slug, 'often');
  const next = standing?.next.map((at) => at.getTime()) ?? [];
  expect(next.length).toBeGreaterThan(5);
  expect(next).toEqual(nextFirings(form, (next[0] ?? 0) - 1, next.length));
  await project.schedules.remove(project.slug, 'often');
});

it.each([
  // Clocks are put forward over 02:30: there is none that day.
  ['2027-03-27T00:00:00Z', ['2027-03-27T01:30:00.000Z', '2027-03-29T00:30:00.000Z', '2027-03-30T00:30:00.000Z']],
  // They are put back, 02:30 comes twice; the server takes the second of the two here.
  ['2027-10-30T00:00:00Z', ['2027-10-30T00:30:00.000Z', '2027-10-31T01:30:00.000Z', '2027-11-01T01:30:00.000Z']],
])('fires once a day at most where clocks are changed: from %s', async (startAt, expected) => {
  const project = bench().project();
  const { slug, schedules } = project;
  const form = formOf({ calendar: { at: ['02:30'], zone: 'Europe/Berlin' } });
  await schedules.set(slug, 'often', form);
  await handleOf(project).update(({ spec, action, policies, state }) => ({
    spec: { ...spec, startAt: new Date(startAt) },
    action,
    policies,
    state,
  }));
  const next = (await schedules.look(slug, 'often'))?.next.slice(0, 3).map((at) => at.toISOString());
  expect(next).toEqual(expected);
  const ours = nextFirings(form, Date.parse(startAt), 4).map((at) => new Date(at).toISOString());
  expect(ours).toEqual(expect.arrayContaining(expected));
  await schedules.remove(slug, 'often');
});

it('what Temporal refuses is told apart from no answer', async () => {
  const { slug, schedules } = bench().project();
  const form = formOf({ ladder: { goLiveAt: '9000-01-01T00:00:00Z' } });
  const refused: unknown = await schedules.set(slug, 'often', form).catch((error: unknown) => error);
  expect(scheduleFault(refused)).toEqual({ refused: true, message: expect.stringContaining('Year') });
  expect(await schedules.look(slug, 'often')).toBeNull();
  const unanswered = new Schedules({ client: bench().client, queuePrefix: bench().prefix, answerWithinMs: 0 });
  const late: unknown = await unanswered.look(slug, 'often').catch((error: unknown) => error);
  expect(scheduleFault(late)).toMatchObject({ refused: false });
  expect(scheduleFault(new Error('ours'))).toBeNull();
});

it('firings that no worker was there for are made up for once', async () => {
  const project = await scheduled();
  await bench().stopWorker();
  for (const overlapped of [0, 1, 2]) {
    await project.schedules.trigger(project.slug, 'often');
    await eventually(async () =>
      expect(await project.schedules.look(project.slug, 'often')).toMatchObject({ fired: 1, overlapped }),
    );
  }
  await bench().startWorker();
  expect(await (await firing(project)).result()).toEqual({ run: 'recent-2', outcome: 'completed' });
  expect(project.facts.runs.size).toBe(2);
  expect(project.facts.decisions).toContain('schedule often skipped 2 during recent-2');
});
