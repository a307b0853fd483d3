import { ApplicationFailure, CancellationScope, continueAsNew, isCancellation } from '@temporalio/workflow';
import type { RunOutcome } from '../activities/activity-types.ts';
import { FAILURE_TYPES, runSettledSignal } from './contract.ts';
import type { FullMigrationInput, FullMigrationState } from './contract.ts';
import { copy } from './copy.ts';
import { endPass } from './end-pass.ts';
import { enter, openRun, tellProject, untilDone } from './run.ts';
import type { Run } from './run.ts';
import { closingActivities, preparingActivities } from './stages.ts';

export interface RunReport {
  readonly outcome: RunOutcome;
}

interface Ending {
  readonly outcome: RunOutcome;
  readonly reason: string | null;
  /** How the workflow itself closes after a run that did not complete. */
  readonly error?: unknown;
}

/**
 * One full run, demo or resync: assess, match the target, plan slices, copy them in passes with a look at each, catch up,
 * report. Its progress and outcome are in the ledger.
 */
export async function fullMigration(input: FullMigrationInput): Promise<RunReport> {
  const run = openRun(input);
  const ending = await perform(run);
  if (ending === 'continue') {
    return continueAsNew<typeof fullMigration>({ ...input, state: stateOf(run) });
  }
  await CancellationScope.nonCancellable(() => report(run, ending));
  if (ending.error !== undefined) throw ending.error;
  return { outcome: ending.outcome };
}

function stateOf({ step, paused, pass, passes }: Run): FullMigrationState {
  return { version: 1, step, paused, pass, passes };
}

async function perform(run: Run): Promise<Ending | 'continue'> {
  try {
    const done = await run.scope.run(() => steps(run));
    // A cancel that came when nothing was left to interrupt was accepted all the same.
    if (run.cancelled) return { outcome: 'cancelled', reason: null };
    return done === 'continue' ? 'continue' : { outcome: 'completed', reason: null };
  } catch (error) {
    return endingAfter(run, error);
  }
}

async function steps(run: Run): Promise<'finished' | 'continue'> {
  if (run.step === 'assess') await assess(run);
  if (run.step === 'match') await matchTarget(run);
  if (run.step === 'plan') await planSlices(run);
  while (run.pass <= run.passes) {
    if ((await onePass(run)) === 'continue') return 'continue';
    run.pass += 1;
    enter(run, 'copy');
  }
  return 'finished';
}

/**
 * Copies a pass, takes in what changed at the source meanwhile, and looks at what was made of it. After the last pass the
 * changes are brought over too before it ends; those of the others come along with the next.
 */
async function onePass(run: Run): Promise<'finished' | 'continue'> {
  if (run.step === 'copy') {
    if ((await copy(run)) === 'continue') return 'continue';
    enter(run, 'capture');
  }
  if (run.step === 'capture') {
    await captureChanges(run);
    enter(run, run.pass === run.passes ? 'catch-up' : 'review');
  }
  if (run.step === 'catch-up') {
    if ((await copy(run)) === 'continue') return 'continue';
    enter(run, 'review');
  }
  await endPass(run);
  return 'finished';
}

async function assess(run: Run): Promise<void> {
  const { stops } = await untilDone(run, () =>
    preparing(run).assess.executeWithOptions({ summary: 'assess the source' }, [run.ref]),
  );
  if (stops.length > 0) {
    const reasons = stops.map(({ message }) => message).join('; ');
    throw ApplicationFailure.nonRetryable(reasons, FAILURE_TYPES.runStopped);
  }
  enter(run, 'match');
}

async function matchTarget(run: Run): Promise<void> {
  await untilDone(run, () =>
    preparing(run).matchTarget.executeWithOptions({ summary: 'match what the target holds' }, [run.ref]),
  );
  enter(run, 'plan');
}

async function planSlices(run: Run): Promise<void> {
  const { passes } = await untilDone(run, () =>
    preparing(run).planSlices.executeWithOptions({ summary: 'start capture and plan slices' }, [run.ref]),
  );
  run.passes = passes;
  enter(run, 'copy');
}

/** The store was alive while it was copied: what changed meanwhile is brought over before the run ends. */
async function captureChanges(run: Run): Promise<void> {
  await untilDone(run, () =>
    preparing(run).captureChanges.executeWithOptions({ summary: `pass ${run.pass}: capture what changed` }, [run.ref]),
  );
}

function preparing({ input }: Run) {
  return preparingActivities(input.queuePrefix, input.timings);
}

const LONGEST_REASON = 500;

/** A plain Error is a bug of ours: it is thrown on and fails the workflow task, loudly, until the code is mended. */
function endingAfter(run: Run, error: unknown): Ending {
  if (isCancellation(error) && run.scope.consideredCancelled) {
    return run.cancelled
      ? { outcome: 'cancelled', reason: null }
      : { outcome: 'cancelled', reason: 'cancelled in Temporal', error };
  }
  if (error instanceof ApplicationFailure && error.type === FAILURE_TYPES.runStopped) {
    return { outcome: 'failed', reason: error.message.slice(0, LONGEST_REASON), error };
  }
  throw error;
}

/** The outcome goes to the ledger before the project is told to look there. */
async function report(run: Run, { outcome, reason }: Ending): Promise<void> {
  enter(run, 'settle');
  const closing = closingActivities(run.input.queuePrefix);
  await closing.closeRun.executeWithOptions({ summary: `close the run: ${outcome}` }, [
    { ...run.ref, outcome, reason },
  ]);
  await tellProject(run, runSettledSignal, { run: run.input.run });
}
