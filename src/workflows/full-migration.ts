import { ApplicationFailure, CancellationScope, continueAsNew, isCancellation } from '@temporalio/workflow';
import type { RunOutcome } from '../activities/activity-types.ts';
import { FAILURE_TYPES, runSettledSignal } from './contract.ts';
import type { FullMigrationInput } from './contract.ts';
import { copy } from './copy.ts';
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

/** One full run: assess, match the target, plan slices, copy, catch up, report. Its progress and outcome are in the ledger. */
export async function fullMigration(input: FullMigrationInput): Promise<RunReport> {
  const run = openRun(input);
  const ending = await perform(run);
  if (ending === 'continue') {
    return continueAsNew<typeof fullMigration>({ ...input, state: { version: 1, step: run.step, paused: run.paused } });
  }
  await CancellationScope.nonCancellable(() => report(run, ending));
  if (ending.error !== undefined) throw ending.error;
  return { outcome: ending.outcome };
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
  if (run.step === 'copy') {
    if ((await copy(run)) === 'continue') return 'continue';
    enter(run, 'capture');
  }
  if (run.step === 'capture') await captureChanges(run);
  return run.step === 'catch-up' ? copy(run) : 'finished';
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
  await untilDone(run, () =>
    preparing(run).planSlices.executeWithOptions({ summary: 'start capture and plan slices' }, [run.ref]),
  );
  enter(run, 'copy');
}

/** The store was alive while it was copied: what changed meanwhile is brought over before the run ends. */
async function captureChanges(run: Run): Promise<void> {
  await untilDone(run, () =>
    preparing(run).captureChanges.executeWithOptions({ summary: 'capture what changed during the copy' }, [run.ref]),
  );
  enter(run, 'catch-up');
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
