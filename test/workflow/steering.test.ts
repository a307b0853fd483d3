import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { expect, it, vi } from 'vitest';
import { DEFAULT_LANES, FAILURE_TYPES, SEARCH_ATTRIBUTES } from '../../src/workflows/contract.ts';
import type { TestProject } from './bench.ts';
import { currentDetails, eventually, untilPhase, useBench } from './test-bench.ts';

const bench = useBench();

/** A full run whose apply lanes stand still in the middle of their boxes. */
async function runInFullCopy(): Promise<TestProject> {
  const project = bench().project();
  project.facts.close('applyChanges');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.calls.applyChanges).toBe(DEFAULT_LANES.apply));
  return project;
}

it('pauses a run in the middle and goes on where it stood', async () => {
  const project = await runInFullCopy();
  expect(await project.give('pause', { by: 'ops', reason: 'stock count' })).toEqual({
    accepted: true,
    phase: 'copying',
    run: 'full-1',
  });
  project.facts.open('applyChanges');
  await eventually(async () => expect(await currentDetails(project.run('full-1'))).toContain('copy, paused'));
  // Both lanes hand back paused boxes and then wait for the project, not for time.
  await eventually(async () => {
    const { raw } = await project.run('full-1').describe();
    expect(raw.pendingActivities ?? []).toHaveLength(0);
  });
  const { settled } = project.facts;
  expect(settled).toBeLessThan(300);
  expect(await project.give('resume', { by: 'ops' })).toMatchObject({ accepted: true, phase: 'copying' });
  await untilPhase(project, 'syncing');
  expect(project.facts.settled).toBe(300);
});

it('begins no further stage while it is paused', async () => {
  const project = bench().project();
  project.facts.close('assess');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.calls.assess).toBe(1));
  await project.give('pause', { by: 'ops' });
  await eventually(async () => expect(await currentDetails(project.run('full-1'))).toContain('assess, paused'));
  project.facts.open('assess');
  await eventually(async () => expect(await currentDetails(project.run('full-1'))).toContain('match, paused'));
  expect(project.facts.calls.matchTarget).toBe(0);
  await project.give('resume', { by: 'ops' });
  await untilPhase(project, 'syncing');
});

it('goes on when the ledger said paused but the project has been resumed meanwhile', async () => {
  const project = bench().project();
  project.facts.close('applyChanges');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.calls.applyChanges).toBe(DEFAULT_LANES.apply));
  // Set behind the project's back: no word of a pause will come.
  project.facts.paused = true;
  project.facts.open('applyChanges');
  await eventually(() => expect(project.facts.calls.applyChanges).toBeGreaterThan(4));
  project.facts.paused = false;
  await untilPhase(project, 'syncing');
});

it('cancels a run in the middle, closes it as cancelled and lets another one start', async () => {
  const project = await runInFullCopy();
  expect(await project.give('cancel', { by: 'ops', reason: 'wrong store' })).toMatchObject({ accepted: true });
  await untilPhase(project, 'cancelled');
  expect(project.facts.runs.get('full-1')).toEqual({ state: 'cancelled', reason: null });
  expect(await project.run('full-1').result()).toEqual({ outcome: 'cancelled' });
  project.facts.open('applyChanges');
  // The ledger hears of the end a moment before the workflow takes the next command.
  await vi.waitFor(async () => {
    const answer = await project.give('startRun', { by: 'ops', kind: 'full' });
    expect(answer).toMatchObject({ accepted: true, run: 'full-2' });
  });
  await untilPhase(project, 'syncing');
});

it('cancels a run that is paused', async () => {
  const project = await runInFullCopy();
  await project.give('pause', { by: 'ops' });
  await project.give('cancel', { by: 'ops' });
  await untilPhase(project, 'cancelled');
  expect(project.facts.runs.get('full-1')?.state).toBe('cancelled');
  expect(project.facts.paused).toBe(true);
});

it('closes a cancelled run only when its boxes have really stopped', async () => {
  const project = await runInFullCopy();
  const order: string[] = [];
  project.facts.onCall = (name) => order.push(name);
  await project.give('cancel', { by: 'ops' });
  await untilPhase(project, 'cancelled');
  const ends = order.filter((name) => name === 'applyChanges' || name === 'closeRun');
  expect(ends).toEqual([...Array.from({ length: DEFAULT_LANES.apply }, () => 'applyChanges'), 'closeRun']);
});

it('pauses the project, says so, and tries again after the resume when credentials are rejected', async () => {
  const project = bench().project();
  const rejected = ApplicationFailure.create({
    message: 'the source answered 401: enter new keys',
    type: FAILURE_TYPES.credentialsRejected,
    nonRetryable: true,
  });
  project.facts.fail('readSlices', rejected, Infinity);
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.paused).toBe(true));
  expect(project.facts.phase).toBe('copying');
  expect(project.facts.attention).toBe('readSlices failed: the source answered 401: enter new keys');
  expect(project.facts.runs.get('full-1')?.state).toBe('running');
  await eventually(async () => {
    const { typedSearchAttributes: shown } = await project.parent.describe();
    expect(shown.get(SEARCH_ATTRIBUTES.attention)).toBe(true);
  });
  expect(await currentDetails(project.parent)).toContain('**Needs a person:** readSlices failed');
  project.facts.mend('readSlices');
  await project.give('resume', { by: 'ops' });
  await untilPhase(project, 'syncing');
  expect(project.facts.attention).toBeNull();
});

it('asks for a person when a stage fails for good, whatever the failure', async () => {
  const project = bench().project();
  project.facts.fail('planSlices', ApplicationFailure.nonRetryable('the mapping names no entity'), 1);
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.attention).toBe('planSlices failed: the mapping names no entity'));
  await eventually(async () => expect(await currentDetails(project.run('full-1'))).toContain('plan, paused'));
  await project.give('resume', { by: 'ops' });
  await untilPhase(project, 'syncing');
  expect(project.facts.calls.planSlices).toBe(2);
});

it('retries a failure that may pass without asking anybody', async () => {
  const project = bench().project();
  project.facts.fail('applyChanges', ApplicationFailure.retryable('the store answered 503'), 1);
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await untilPhase(project, 'syncing');
  expect(project.facts.decisions.some((line) => line.startsWith('pause'))).toBe(false);
});

it('fails a run that assessment stops, with the reasons, and leads back to the phase before', async () => {
  const project = bench().project();
  project.facts.stops = [
    { key: 'currency', message: 'the source sells in EUR, the target in USD' },
    { key: 'plan', message: 'the target plan has no room' },
  ];
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await untilPhase(project, 'failed');
  const reason = 'the source sells in EUR, the target in USD; the target plan has no room';
  expect(project.facts.runs.get('full-1')).toEqual({ state: 'failed', reason });
  expect(project.facts.attention).toBe(`run full-1 failed: ${reason}`);
  expect(project.facts.calls.matchTarget).toBe(0);
  await expect(project.run('full-1').result()).rejects.toBeInstanceOf(WorkflowFailedError);
  project.facts.stops = [];
  expect(await project.give('startRun', { by: 'ops', kind: 'full' })).toMatchObject({ accepted: true, run: 'full-2' });
  expect(project.facts.attention).toBeNull();
  await untilPhase(project, 'syncing');
});

it('stops the other lanes when one says that the run is over', async () => {
  const project = bench().project();
  project.facts.close('readSlices');
  project.facts.fail(
    'applyChanges',
    ApplicationFailure.nonRetryable('deletes need a person', FAILURE_TYPES.runStopped),
  );
  await project.give('startRun', { by: 'ops', kind: 'full' });
  // Its read lanes would stand in their boxes for ever.
  await untilPhase(project, 'failed');
  expect(project.facts.runs.get('full-1')).toEqual({ state: 'failed', reason: 'deletes need a person' });
  expect(project.facts.unread).toBe(3);
});
