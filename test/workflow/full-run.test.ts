import { expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/workflows/contract.ts';
import { currentDetails, eventsOf, eventually, summariesOf, untilPhase, useBench } from './test-bench.ts';

const bench = useBench();

it('takes a project from draft over copying to syncing', async () => {
  const project = bench().project();
  project.facts.close('applyChanges');
  const answer = await project.give('startRun', { by: 'ops', kind: 'full' });
  expect(answer).toEqual({ accepted: true, phase: 'copying', run: 'full-1' });
  expect(project.facts.phase).toBe('copying');
  project.facts.open('applyChanges');
  await untilPhase(project, 'syncing');
  expect(project.facts.runs.get('full-1')).toEqual({ state: 'completed', reason: null });
  expect(project.facts.settled).toBe(300);
  expect(await project.run('full-1').result()).toEqual({ outcome: 'completed' });
});

it('brings over what changed while it copied, before it ends', async () => {
  const project = bench().project();
  project.facts.close('captureChanges');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.calls.captureChanges).toBe(1));
  expect(project.facts.settled).toBe(300);
  expect(project.facts.phase).toBe('copying');
  project.facts.changed = 250;
  project.facts.open('captureChanges');
  await untilPhase(project, 'syncing');
  expect(project.facts.settled).toBe(550);
});

it('lets a second full run start from syncing, under a name of its own', async () => {
  const project = bench().project();
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await untilPhase(project, 'syncing');
  const second = await project.give('startRun', { by: 'ops', kind: 'full' });
  expect(second).toEqual({ accepted: true, phase: 'copying', run: 'full-2' });
  await untilPhase(project, 'syncing');
  expect(project.facts.runs.get('full-2')?.state).toBe('completed');
});

it('reads the whole source before it believes that nothing is outstanding', async () => {
  const project = bench().project();
  project.facts.close('readSlices');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  // An empty queue while slices are unread must bring another box, not the end of the run.
  await eventually(() => expect(project.facts.calls.applyChanges).toBeGreaterThan(2));
  expect(project.facts.phase).toBe('copying');
  project.facts.open('readSlices');
  await untilPhase(project, 'syncing');
  expect(project.facts.settled).toBe(300);
});

it('shows itself to operators in details, summaries and search attributes', async () => {
  const project = bench().project();
  project.facts.batch = 20;
  project.facts.close('applyChanges');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  const run = project.run('full-1');
  await eventually(async () => expect(await currentDetails(run)).toContain('**Step:** copy'));
  expect(await currentDetails(project.parent)).toContain('**Phase:** copying');
  expect(await currentDetails(project.parent)).toContain('startRun by ops: accepted');
  await eventually(async () => {
    const { typedSearchAttributes: shown, staticSummary } = await project.parent.describe();
    expect(shown.get(SEARCH_ATTRIBUTES.project)).toBe(project.slug);
    expect(shown.get(SEARCH_ATTRIBUTES.phase)).toBe('copying');
    expect(shown.get(SEARCH_ATTRIBUTES.runKind)).toBe('full');
    expect(shown.get(SEARCH_ATTRIBUTES.attention)).toBe(false);
    expect(await staticSummary()).toBe(`migration of ${project.slug}`);
  });
  const described = await run.describe();
  expect(described.typedSearchAttributes.get(SEARCH_ATTRIBUTES.runKind)).toBe('full');
  expect(await described.staticSummary()).toBe(`run full-1 of ${project.slug}`);
  project.facts.open('applyChanges');
  await untilPhase(project, 'syncing');
  const summaries = await summariesOf(run);
  expect(summaries).toContain('assess the source');
  expect(summaries).toContain('pass 1 of 1: read slices');
  expect(summaries.some((summary) => /^pass 1 of 1: apply changes, \d+ outstanding$/.test(summary))).toBe(true);
  expect(summaries).toContain('close the run: completed');
  const ofProject = ['ask the ledger: startRun', 'see how run full-1 stands', 'run full-1 completed: phase syncing'];
  expect(await summariesOf(project.parent)).toEqual(expect.arrayContaining(ofProject));
  await eventually(async () => {
    const { typedSearchAttributes: shown } = await project.parent.describe();
    expect(shown.get(SEARCH_ATTRIBUTES.phase)).toBe('syncing');
    expect(shown.get(SEARCH_ATTRIBUTES.runKind)).toBeUndefined();
  });
});

it('grows its history with its time boxes, not with the records', async () => {
  const project = bench().project();
  // 60 boxes of the one and at least 60 of the other; each moves 100 records, and could as well move 10,000.
  project.facts.unread = 60;
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await untilPhase(project, 'syncing');
  const { readSlices, applyChanges } = project.facts.calls;
  const boxes = readSlices + applyChanges;
  const events = await eventsOf(project.run('full-1'));
  const total = [...events.values()].reduce((sum, count) => sum + count, 0);
  expect(events.get('activityTaskScheduled')).toBe(boxes + 6);
  // Three events for the activity, three for the workflow task that it wakes, two for the wait of an idle lane.
  expect(total).toBeLessThanOrEqual(8 * boxes + 40);
  const parent = await eventsOf(project.parent);
  expect([...parent.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(60);
});

it('stretches the boxes by the open lanes, so that more lanes do not mean more history', async () => {
  const project = bench().project({ lanes: { read: 1, apply: 3 } });
  project.facts.batch = 20;
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await untilPhase(project, 'syncing');
  expect(project.facts.boxes.slice(0, 4)).toEqual([8_000, 8_000, 8_000, 8_000]);
  // Once all is read only the lanes that write are open.
  expect(Math.min(...project.facts.boxes)).toBeLessThanOrEqual(6_000);
});

it('backs off from a stage that comes back early with nothing done', async () => {
  const project = bench().project({ lanes: { read: 1, apply: 1 }, timings: { guardMs: 60_000, timeBoxMs: 60_000 } });
  project.facts.batch = 0;
  project.facts.unread = 0;
  project.facts.queued = 50;
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(async () => expect((await eventsOf(project.run('full-1'))).get('timerStarted')).toBe(1));
  expect(project.facts.calls.applyChanges).toBe(1);
  await project.give('cancel', { by: 'ops' });
  await untilPhase(project, 'cancelled');
});
