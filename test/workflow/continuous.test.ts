import { expect, it } from 'vitest';
import { runWorkflowId, SEARCH_ATTRIBUTES, taskQueueName, wakeSignal } from '../../src/workflows/contract.ts';
import type { FullMigrationInput } from '../../src/workflows/contract.ts';
import { SHORT, type TestProject } from './bench.ts';
import { currentDetails, eventsOf, eventually, untilPhase, useBench } from './test-bench.ts';

const bench = useBench();
const RUN = 'continuous-2';
const start = { by: 'ops', kind: 'continuous' } as const;
const finish = (project: TestProject) => project.give('finish', { by: 'ops' });
const parked = (project: TestProject) =>
  eventually(async () => expect(await currentDetails(project.run(RUN))).toContain('parked'));
const wake = (project: TestProject) => project.run(RUN).signal(wakeSignal);

/** A project that follows its source after a full run of 300 records. */
async function following(): Promise<TestProject> {
  const project = bench().project();
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await untilPhase(project, 'syncing');
  project.facts.unread = 0;
  expect(await project.give('startRun', start)).toEqual({ accepted: true, phase: 'syncing', run: RUN });
  return project;
}

it('follows the source until it is told to finish, and then brings over what is there', async () => {
  const project = await following();
  project.facts.changed = 120;
  await eventually(() => expect(project.facts.settled).toBe(420));
  project.facts.changed = 30;
  await eventually(() => expect(project.facts.settled).toBe(450));
  expect(project.facts.runs.get(RUN)?.state).toBe('running');
  project.facts.changed = 7;
  expect(await finish(project)).toMatchObject({ accepted: true, run: RUN });
  await eventually(() => expect(project.facts.runs.get(RUN)).toEqual({ state: 'completed', reason: null }));
  expect(project.facts.settled).toBe(457);
  const { type, typedSearchAttributes: shown } = await project.run(RUN).describe();
  expect([type, shown.get(SEARCH_ATTRIBUTES.runKind)]).toEqual(['continuousSync', 'continuous']);
  await untilPhase(project, 'syncing');
});

it('is parked while nothing happens, and one signal wakes it', async () => {
  const project = await following();
  await parked(project);
  project.facts.queued = 40;
  await wake(project);
  await eventually(() => expect(project.facts.settled).toBe(340));
  await parked(project);
});

it('looks at the source from time to time while it is parked', async () => {
  const project = await following();
  await parked(project);
  project.facts.changed = 25;
  await eventually(() => expect(project.facts.settled).toBe(325));
});

it('costs few events while it is parked, whatever the lanes', async () => {
  const project = await following();
  await parked(project);
  const total = async () => [...(await eventsOf(project.run(RUN))).values()].reduce((sum, count) => sum + count, 0);
  const before = {
    events: await total(),
    polls: project.facts.calls.followSource,
    applied: project.facts.calls.applyChanges,
  };
  await eventually(() => expect(project.facts.calls.followSource).toBeGreaterThanOrEqual(before.polls + 5));
  const polls = project.facts.calls.followSource - before.polls;
  // An activity, the task that takes its result, and the timer until the next one.
  expect((await total()) - before.events).toBeLessThanOrEqual(12 * (polls + 1));
  expect(project.facts.calls.applyChanges - before.applied).toBeLessThanOrEqual(8);
});

it('sweeps when it is time for that, each time as a pass of its own, while it follows', async () => {
  const project = await following();
  await eventually(() => expect(project.facts.calls.followSource).toBeGreaterThan(0));
  for (const sweep of [1, 2]) {
    const { planSlices } = project.facts.calls;
    project.facts.unread = 2;
    project.facts.sweepDue = true;
    await eventually(() => expect(project.facts.calls.planSlices).toBe(planSlices + 1));
    await eventually(() => expect(project.facts.settled).toBe(300 + 200 * sweep));
  }
  expect(project.facts.planned.slice(-2)).toEqual([2, 3]);
});

it('rests while the project is paused, and is cancelled like every run', async () => {
  const project = await following();
  await parked(project);
  await project.give('pause', { by: 'ops' });
  project.facts.changed = 10;
  await project.give('resume', { by: 'ops' });
  await eventually(() => expect(project.facts.settled).toBe(310));
  expect(await project.give('cancel', { by: 'ops' })).toMatchObject({ accepted: true });
  await eventually(() => expect(project.facts.runs.get(RUN)?.state).toBe('cancelled'));
});

it('pauses by itself when a stop rule is broken', async () => {
  const project = await following();
  project.facts.broken = 'lag-climbing: the oldest change waits for 700 s, 10 min ago it was 60 s';
  project.facts.changed = 5;
  await eventually(() => expect(project.facts.paused).toBe(true));
  expect(project.facts.attention).toContain('lag-climbing');
  await project.give('resume', { by: 'ops' });
  await eventually(() => expect(project.facts.settled).toBe(305));
});

it('goes on in a new history when the old one has grown enough', async () => {
  const project = bench().project();
  project.facts.unread = 0;
  project.facts.runs.set(RUN, { state: 'running', reason: null });
  const { prefix, client } = bench();
  const input: FullMigrationInput = {
    project: project.slug,
    run: RUN,
    kind: 'continuous',
    queuePrefix: prefix,
    timings: SHORT,
    lanes: { read: 1, apply: 1 },
    continueAfterBoxes: 6,
  };
  const handle = await client.workflow.start('continuousSync', {
    workflowId: runWorkflowId(project.slug, RUN),
    taskQueue: taskQueueName(prefix, 'control'),
    args: [input],
  });
  const current = async () => (await project.run(RUN).describe()).runId;
  await eventually(async () => expect(await current()).not.toBe(handle.firstExecutionRunId));
  project.facts.changed = 3;
  await eventually(() => expect(project.facts.settled).toBe(3));
  project.facts.finishing = true;
  expect(await handle.result()).toEqual({ outcome: 'completed' });
  expect(project.facts.calls.assess).toBe(1);
});

it('may be finished only where one is under way', async () => {
  const project = bench().project();
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await untilPhase(project, 'syncing');
  expect(await finish(project)).toMatchObject({ accepted: false, refusal: { code: 'not-allowed-in-phase' } });
});
