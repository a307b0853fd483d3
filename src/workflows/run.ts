import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  rootCause,
  setCurrentDetails,
  setHandler,
  TemporalFailure,
} from '@temporalio/workflow';
import type { SignalDefinition } from '@temporalio/common';
import type { RunRef, WaitingGate } from '../activities/activity-types.ts';
import { COMMAND_SIGNALS, FAILURE_TYPES, migrationWorkflowId, steerSignal } from './contract.ts';
import type { FullMigrationInput, RunStep } from './contract.ts';

/** What one execution of a run's workflow holds in memory. */
export interface Run {
  readonly input: FullMigrationInput;
  readonly ref: RunRef;
  /** All work of the run; cancelled by the project, or with the workflow. */
  readonly scope: CancellationScope;
  step: RunStep;
  pass: number;
  passes: number;
  /** The gate behind the pass, while it waits for a person. */
  gate: string | null;
  /** The gate that holds deletes back, as the project was told of it. */
  deleteGate: WaitingGate | null;
  /** Somebody brought news since this was last cleared. */
  woken: boolean;
  /** The project told something since this was last cleared. */
  stirred: boolean;
  /** Nothing happens until somebody brings news. */
  parked: boolean;
  paused: boolean;
  /** By the project; not by a request to Temporal itself. */
  cancelled: boolean;
  /** Time boxes that this execution has scheduled. */
  boxes: number;
  /** While the project is being asked to pause: all lanes that failed wait for the same answer. */
  hold: Promise<void> | null;
}

/** To be called before the workflow first awaits anything. */
export function openRun(input: FullMigrationInput): Run {
  const run: Run = {
    input,
    ref: { project: input.project, run: input.run },
    scope: new CancellationScope(),
    step: input.state?.step ?? 'assess',
    pass: input.state?.pass ?? 1,
    passes: input.state?.passes ?? 1,
    gate: null,
    deleteGate: null,
    woken: false,
    stirred: false,
    parked: false,
    paused: input.state?.paused ?? false,
    cancelled: false,
    boxes: 0,
    hold: null,
  };
  const steer = ({ paused, cancelled }: { readonly paused: boolean; readonly cancelled: boolean }) => {
    run.paused = paused;
    run.stirred = true;
    run.woken = true;
    if (cancelled) run.cancelled = true;
    if (cancelled) run.scope.cancel();
    showRun(run);
  };
  setHandler(steerSignal, steer, { description: 'From the project: { paused, cancelled }' });
  showRun(run);
  return run;
}

export function enter(run: Run, step: RunStep): void {
  run.step = step;
  showRun(run);
}

export function showRun({ input, step, pass, passes, gate, paused, parked, cancelled }: Run): void {
  const state = cancelled ? ', being cancelled' : paused ? ', paused' : parked ? ', parked: nothing happens' : '';
  const lines = [`**Run:** ${input.run} of ${input.project}`, `**Step:** ${step}${state}`];
  if (PASSING.has(step)) lines.push(`**Pass:** ${pass} of ${passes}`);
  if (gate !== null) lines.push(`**Waits for a person:** gate ${gate}`);
  setCurrentDetails(lines.map((line) => `- ${line}`).join('\n'));
}

const PASSING: ReadonlySet<RunStep> = new Set(['copy', 'capture', 'catch-up', 'review']);

/**
 * Does the work until it succeeds, never while the project is paused. A failure that retrying does not cure ends no run: it
 * pauses the project for a person to look, and the work is done again after the resume. RunStopped is passed on.
 */
export async function untilDone<T>(run: Run, work: () => Promise<T>): Promise<T> {
  for (;;) {
    await condition(() => !run.paused);
    try {
      return await work();
    } catch (error) {
      const cancelled = isCancellation(error) && CancellationScope.current().consideredCancelled;
      if (cancelled || !(error instanceof ActivityFailure)) throw error;
      const cause = error.cause;
      if (cause instanceof ApplicationFailure && cause.type === FAILURE_TYPES.runStopped) throw cause;
      await pauseFor(run, reasonOf(error));
    }
  }
}

const LONGEST_REASON = 300;

function reasonOf(error: ActivityFailure): string {
  return `${error.activityType} failed: ${rootCause(error) ?? error.message}`.slice(0, LONGEST_REASON);
}

/** Asks the project to pause, once for all lanes that want it at the same time. */
export function pauseFor(run: Run, reason: string): Promise<void> {
  run.hold ??= askForPause(run, reason).finally(() => {
    run.hold = null;
  });
  return run.hold;
}

/** Only the project pauses. If it does not in time, its ledger may be away: the work is tried again, and then this. */
async function askForPause(run: Run, reason: string): Promise<void> {
  log.warn('asking the project to pause', { reason });
  await tellProject(run, COMMAND_SIGNALS.pause, { by: `run ${run.input.run}`, reason, attention: true });
  await condition(() => run.paused, run.input.timings.timeBoxMs, { summary: 'wait for the project to pause' });
}

/** By the workflow's id alone: the project may have continued as new. */
export async function tellProject<A extends unknown[]>(
  run: Run,
  signal: SignalDefinition<A>,
  ...args: A
): Promise<void> {
  try {
    await getExternalWorkflowHandle(migrationWorkflowId(run.input.project)).signal(signal, ...args);
  } catch (error) {
    if (!(error instanceof TemporalFailure) || isCancellation(error)) throw error;
    log.warn('the project took no signal', { signal: signal.name });
  }
}
