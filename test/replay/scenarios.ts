import { ApplicationFailure } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import { COMMAND_SIGNALS, DEFAULT_LANES, FAILURE_TYPES, scheduleId, wakeSignal } from '../../src/workflows/contract.ts';
import type { Bench, TestProject } from '../workflow/bench.ts';

/** A story whose histories are kept: each branch of the workflows' code that puts commands into history has one. */
export interface Scenario {
  readonly name: string;
  /** Names the histories to keep: file name → handle of the execution that is recorded. */
  readonly play: (bench: Bench) => Promise<Record<string, WorkflowHandle>>;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'full run', play: fullRun },
  { name: 'pause, resume, refusals, cancel', play: steered },
  { name: 'credentials rejected', play: credentialsRejected },
  { name: 'run stopped', play: runStopped },
  { name: 'run terminated', play: runTerminated },
  { name: 'continued as new', play: continuedAsNew },
  { name: 'cancelled in Temporal', play: cancelledInTemporal },
  { name: 'passes, a gate, a broken rule, a rate', play: inPasses },
  { name: 'a schedule', play: bySchedule },
  { name: 'a continuous run', play: continuous },
  { name: 'alerts', play: alerts },
];

async function fullRun(bench: Bench) {
  const project = bench.project({ slug: 'recorded-full' });
  await project.give('startRun', { by: 'recorder', kind: 'full' });
  await until(() => project.facts.phase === 'syncing');
  return { 'migration-full': project.parent, 'full-migration-completed': project.run('full-1') };
}

async function steered(bench: Bench) {
  const project = bench.project({ slug: 'recorded-steered' });
  await startAndHold(project);
  await project.parent.signal(COMMAND_SIGNALS.startRun, { by: 'recorder', kind: 'full' });
  await until(() => project.facts.decisions.length === 2);
  await project.give('pause', { by: 'recorder', reason: 'a look around' });
  await project.give('resume', { by: 'recorder' });
  await project.give('cancel', { by: 'recorder' });
  await until(() => project.facts.phase === 'cancelled');
  return { 'migration-steered': project.parent, 'full-migration-cancelled': project.run('full-1') };
}

/** Follows, is parked, is woken, sweeps, and finishes. */
async function continuous(bench: Bench) {
  const project = bench.project({ slug: 'recorded-continuous', lanes: { read: 1, apply: 1 } });
  await project.give('startRun', { by: 'recorder', kind: 'full' });
  await until(() => project.facts.phase === 'syncing');
  project.facts.unread = 0;
  await project.give('startRun', { by: 'recorder', kind: 'continuous' });
  await until(() => project.facts.parked);
  project.facts.queued = 40;
  await project.run('continuous-2').signal(wakeSignal);
  await until(() => project.facts.settled === 340);
  project.facts.unread = 1;
  project.facts.sweepDue = true;
  await until(() => project.facts.settled === 440);
  await project.give('finish', { by: 'recorder' });
  await until(() => project.facts.runs.get('continuous-2')?.state === 'completed');
  return { 'continuous-sync': project.run('continuous-2') };
}

/** Alerts open before and during a pause, and close: before its end, and after it. */
async function alerts(bench: Bench) {
  const project = bench.project({ slug: 'recorded-alerts' });
  const stand = { version: 1, names: ['lag-above-limit'] };
  await project.give('resume', { by: 'recorder' });
  await project.tell(stand);
  await project.give('pause', { by: 'recorder', reason: 'a look around', attention: true });
  await project.tell({ version: 2, names: [...stand.names, 'no-progress'] });
  await project.tell(stand);
  await project.give('resume', { by: 'recorder' });
  await project.tell({ version: 3, names: [] });
  await project.give('startRun', { by: 'recorder', kind: 'full' });
  await until(() => project.facts.phase === 'syncing');
  return { 'migration-alerts': project.parent };
}

async function inPasses(bench: Bench) {
  const project = bench.project({ slug: 'recorded-passes' });
  project.facts.passes = 3;
  project.facts.verdicts.push(
    { verdict: 'gate', gate: 'trial', livesMs: 60_000 },
    { verdict: 'go' },
    { verdict: 'stop', reason: 'pass 2: mismatch-rate: 3 of 50' },
  );
  await project.give('startRun', { by: 'recorder', kind: 'full', passes: [5, 40] });
  await until(() => project.facts.reviews.length === 1);
  await project.give('setRate', { by: 'recorder', concurrency: 2 });
  await project.give('approve', { by: 'recorder', gate: 'trial', token: 'once' });
  await until(() => project.facts.paused);
  await project.give('resume', { by: 'recorder' });
  await until(() => project.facts.phase === 'syncing');
  return { 'migration-passes': project.parent, 'full-migration-passes': project.run('full-1') };
}

async function credentialsRejected(bench: Bench) {
  const project = bench.project({ slug: 'recorded-credentials' });
  const rejected = ApplicationFailure.nonRetryable('the target answered 401', FAILURE_TYPES.credentialsRejected);
  project.facts.fail('applyChanges', rejected, Infinity);
  await project.give('startRun', { by: 'recorder', kind: 'full' });
  await until(() => project.facts.paused);
  project.facts.mend('applyChanges');
  await project.give('resume', { by: 'recorder' });
  await until(() => project.facts.phase === 'syncing');
  return { 'migration-credentials': project.parent, 'full-migration-credentials': project.run('full-1') };
}

async function runStopped(bench: Bench) {
  const project = bench.project({ slug: 'recorded-stopped' });
  project.facts.stops = [{ key: 'currency', message: 'the currencies differ' }];
  await project.give('startRun', { by: 'recorder', kind: 'full' });
  await until(() => project.facts.phase === 'failed');
  return { 'migration-stopped': project.parent, 'full-migration-stopped': project.run('full-1') };
}

async function runTerminated(bench: Bench) {
  const project = bench.project({ slug: 'recorded-terminated' });
  await startAndHold(project);
  await project.run('full-1').terminate('recorded');
  await until(() => project.facts.phase === 'failed');
  return { 'migration-run-terminated': project.parent };
}

async function continuedAsNew(bench: Bench) {
  const project = bench.project({ slug: 'recorded-continued', timings: { watchdogMs: 300 } });
  project.facts.close('applyChanges');
  await project.start({ continueAfterCommands: 2 });
  const first = bench.client.workflow.getHandle(project.parent.workflowId, (await project.parent.describe()).runId);
  await project.give('startRun', { by: 'recorder', kind: 'full' });
  await project.give('pause', { by: 'recorder' });
  // The second execution looks after its run by the watchdog at least once before it is told of the end.
  await until(() => project.facts.calls.inspectRun > 1);
  project.facts.open('applyChanges');
  await project.give('resume', { by: 'recorder' });
  await until(() => project.facts.phase === 'syncing');
  return { 'migration-continues': first, 'migration-continued': project.parent };
}

async function cancelledInTemporal(bench: Bench) {
  const project = bench.project({ slug: 'recorded-cancelled' });
  await startAndHold(project);
  await project.parent.cancel();
  await project.parent.result().catch(() => undefined);
  return { 'migration-cancelled': project.parent, 'full-migration-cancelled-in-temporal': project.run('full-1') };
}

/** A firing that is given a run, and one that is refused. */
async function bySchedule(bench: Bench) {
  const project = bench.project({ slug: 'recorded-schedule' });
  const { slug, facts, schedules } = project;
  await project.give('startRun', { by: 'recorder', kind: 'full' });
  await until(() => facts.phase === 'syncing');
  facts.unread = 0;
  const form = { every: '1d', sweep: false, until: null };
  for (const name of ['often', 'nightly']) await schedules.set(slug, name, form);
  await schedules.trigger(slug, 'often');
  await until(() => facts.calls.noteSkippedFirings === 1);
  await project.give('pause', { by: 'recorder' });
  await schedules.trigger(slug, 'nightly');
  await until(() => facts.calls.requestRun === 2);
  const [completed, skipped] = await Promise.all(
    ['often', 'nightly'].map(async (name) => {
      const { info } = await bench.client.schedule.getHandle(scheduleId(slug, name)).describe();
      const { workflowId = '' } = info.recentActions[0]?.action.workflow ?? {};
      const handle = bench.client.workflow.getHandle(workflowId);
      await handle.result();
      await schedules.remove(slug, name);
      return handle;
    }),
  );
  if (completed === undefined || skipped === undefined) throw new Error('a schedule has not fired');
  return { 'scheduled-run-completed': completed, 'scheduled-run-skipped': skipped };
}

async function startAndHold(project: TestProject): Promise<void> {
  project.facts.close('applyChanges');
  await project.give('startRun', { by: 'recorder', kind: 'full' });
  await until(() => project.facts.calls.applyChanges === DEFAULT_LANES.apply);
}

const PATIENCE_MS = 60_000;
const POLL_MS = 20;

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`waited ${PATIENCE_MS} ms for: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
