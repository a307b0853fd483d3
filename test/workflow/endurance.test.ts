import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { afterEach, expect, it } from 'vitest';
import { DEFAULT_LANES, runSettledSignal, runWorkflowId, taskQueueName } from '../../src/workflows/contract.ts';
import type { FullMigrationInput } from '../../src/workflows/contract.ts';
import { SHORT } from './bench.ts';
import type { TestProject } from './bench.ts';
import { eventsOf, eventually, untilPhase, useBench } from './test-bench.ts';
import type { WorkerMessage } from './worker-process.ts';

const bench = useBench();
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function runIdOf(project: TestProject): Promise<string> {
  return (await project.parent.describe()).runId;
}

/** A project that has continued as new with its run open, so that the server tells it nothing of the run by itself. */
async function continuedWithOpenRun(watchdogMs: number): Promise<TestProject> {
  const project = bench().project({ timings: { watchdogMs } });
  project.facts.close('applyChanges');
  await project.start({ continueAfterCommands: 2 });
  const first = await runIdOf(project);
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.calls.applyChanges).toBe(DEFAULT_LANES.apply));
  await project.give('pause', { by: 'ops' });
  await eventually(async () => expect(await runIdOf(project)).not.toBe(first));
  expect(project.facts.phase).toBe('copying');
  return project;
}

it('continues as new with its run open, and loses neither the pause nor the report', async () => {
  const project = await continuedWithOpenRun(60_000);
  const refused = await project.give('startRun', { by: 'ops', kind: 'full' });
  expect(refused).toMatchObject({
    accepted: false,
    refusal: { phase: 'copying', allowed: ['resume', 'cancel', 'setRate'] },
  });
  await project.give('resume', { by: 'ops' });
  project.facts.open('applyChanges');
  await untilPhase(project, 'syncing');
  expect(project.facts.runs.get('full-1')?.state).toBe('completed');
  // The history that is left is that of the last execution alone.
  expect((await eventsOf(project.parent)).get('workflowExecutionStarted')).toBe(1);
});

it('continues as new after every command and still takes each of a burst of Signals', async () => {
  const project = bench().project();
  await project.start({ continueAfterCommands: 1 });
  for (let index = 0; index < 10; index++) {
    await project.parent.signal(index % 2 === 0 ? 'pause' : 'resume', { by: `signal ${index}` });
  }
  await eventually(() => expect(project.facts.decisions).toHaveLength(10));
  expect(project.facts.decisions.map((line) => line.split(' ')[3])).toEqual(
    Array.from({ length: 10 }, (_, i) => `${i}`),
  );
  await eventually(() => expect(project.facts.paused).toBe(false));
});

it('settles a run whose workflow was terminated, at once while the server tells of it', async () => {
  const project = bench().project();
  project.facts.close('applyChanges');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.calls.applyChanges).toBe(DEFAULT_LANES.apply));
  await project.run('full-1').terminate('by mistake');
  await untilPhase(project, 'failed');
  expect(project.facts.attention).toBe('run full-1 failed: its workflow is gone');
  project.facts.open('applyChanges');
  expect(await project.give('startRun', { by: 'ops', kind: 'full' })).toMatchObject({ accepted: true, run: 'full-2' });
  await untilPhase(project, 'syncing');
});

it('settles it by the watchdog when nobody tells of it', async () => {
  const project = await continuedWithOpenRun(500);
  const looks = project.facts.calls.inspectRun;
  await eventually(() => expect(project.facts.calls.inspectRun).toBeGreaterThan(looks));
  expect(project.facts.phase).toBe('copying');
  await project.run('full-1').terminate('by mistake');
  await untilPhase(project, 'failed');
  expect(project.facts.runs.get('full-1')).toEqual({ state: 'failed', reason: 'its workflow is gone' });
});

it('tries again to settle a run while the ledger is away', async () => {
  const project = bench().project({ timings: { watchdogMs: 200 } });
  project.facts.fail('recordPhase', ApplicationFailure.nonRetryable('the ledger is away'), 2);
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await untilPhase(project, 'syncing');
  expect(project.facts.calls.recordPhase).toBe(3);
});

it('takes no notice of a report about another run', async () => {
  const project = bench().project();
  project.facts.close('assess');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await project.parent.signal(runSettledSignal, { run: 'full-7' });
  await project.give('pause', { by: 'ops' });
  expect(project.facts.calls.inspectRun).toBe(0);
  await project.give('resume', { by: 'ops' });
  project.facts.open('assess');
  await untilPhase(project, 'syncing');
});

it('finds its place again from the ledger when the workflow of the project was terminated', async () => {
  const project = bench().project();
  project.facts.close('applyChanges');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.calls.applyChanges).toBe(DEFAULT_LANES.apply));
  await project.parent.terminate('by mistake');
  // The run lives on by itself; the next command starts the project's workflow from what the ledger knows.
  expect(await project.give('pause', { by: 'ops' })).toEqual({ accepted: true, phase: 'copying', run: 'full-1' });
  await project.give('resume', { by: 'ops' });
  project.facts.open('applyChanges');
  await untilPhase(project, 'syncing');
  expect(project.facts.runs.get('full-1')?.state).toBe('completed');
});

it('cancels the run with the project when Temporal is asked to cancel the project', async () => {
  const project = bench().project();
  project.facts.close('applyChanges');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.calls.applyChanges).toBe(DEFAULT_LANES.apply));
  await project.parent.cancel();
  await expect(project.parent.result()).rejects.toBeInstanceOf(WorkflowFailedError);
  expect(project.facts.phase).toBe('cancelled');
  expect(project.facts.runs.get('full-1')?.state).toBe('cancelled');
});

it('continues a run as new between time boxes and finishes it', async () => {
  const project = bench().project({ lanes: { read: 1, apply: 1 } });
  project.facts.unread = 6;
  project.facts.runs.set('full-1', { state: 'running', reason: null });
  const input: FullMigrationInput = {
    project: project.slug,
    run: 'full-1',
    kind: 'full',
    queuePrefix: bench().prefix,
    timings: SHORT,
    lanes: { read: 1, apply: 1 },
    continueAfterBoxes: 4,
  };
  const handle = await bench().client.workflow.start('fullMigration', {
    workflowId: runWorkflowId(project.slug, 'full-1'),
    taskQueue: taskQueueName(bench().prefix, 'control'),
    args: [input],
  });
  // Nobody listens to its report: the outcome is in the ledger all the same.
  expect(await handle.result()).toEqual({ outcome: 'completed' });
  expect((await project.run('full-1').describe()).runId).not.toBe(handle.firstExecutionRunId);
  expect(project.facts.settled).toBe(600);
  expect(project.facts.calls.assess).toBe(1);
  expect(project.facts.runs.get('full-1')?.state).toBe('completed');
});

it('goes on after the worker was killed in the middle of a box, with another worker', async () => {
  const project = bench().project();
  await bench().stopWorker();
  project.facts.close('applyChanges');
  const first = startWorkerProcess();
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.calls.applyChanges).toBe(DEFAULT_LANES.apply));
  first.kill('SIGKILL');
  project.facts.open('applyChanges');
  await bench().startWorker();
  await untilPhase(project, 'syncing');
  expect(project.facts.unread).toBe(0);
  expect(project.facts.runs.get('full-1')?.state).toBe('completed');
});

/** A worker in a process of its own, whose activities are calls into this one. */
function startWorkerProcess(): ChildProcess {
  const { place, prefix, call } = bench();
  const child = fork(fileURLToPath(new URL('worker-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, WORKER_PLACE: JSON.stringify({ ...place, prefix }) },
  });
  children.push(child);
  child.on('message', ({ id, name, input }: WorkerMessage) => {
    const { signal } = new AbortController();
    const send = (message: object) => child.connected && child.send({ id, ...message });
    void call(name, input, signal).then(
      (answer) => send({ answer }),
      (error: Error) => send({ error: error.message }),
    );
  });
  return child;
}
