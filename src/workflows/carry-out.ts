import { ApplicationFailure, CancellationScope, continueAsNew, isCancellation } from '@temporalio/workflow';
import type { RunOutcome } from '../activities/activity-types.ts';
import { FAILURE_TYPES, runSettledSignal } from './contract.ts';
import type { FullMigrationInput, FullMigrationState } from './contract.ts';
import { enter, openRun, tellProject } from './run.ts';
import type { Run } from './run.ts';
import { closingActivities } from './stages.ts';

export interface RunReport {
  readonly outcome: RunOutcome;
}

interface Ending {
  readonly outcome: RunOutcome;
  readonly reason: string | null;
  /** How the workflow itself closes after a run that did not complete. */
  readonly error?: unknown;
}

/** What a kind of run does, from the step at which it stands; `continue`: its history has grown enough. */
export type Steps = (run: Run) => Promise<'finished' | 'continue'>;

/** One run of any kind from its opening to its report; its progress and outcome are in the ledger. */
export async function carryOut(input: FullMigrationInput, steps: Steps): Promise<RunReport> {
  const run = openRun(input);
  const ending = await perform(run, steps);
  if (ending === 'continue')
    return continueAsNew<(input: FullMigrationInput) => Promise<RunReport>>({ ...input, state: stateOf(run) });
  await CancellationScope.nonCancellable(() => report(run, ending));
  if (ending.error !== undefined) throw ending.error;
  return { outcome: ending.outcome };
}

function stateOf({ step, paused, pass, passes }: Run): FullMigrationState {
  return { version: 1, step, paused, pass, passes };
}

async function perform(run: Run, steps: Steps): Promise<Ending | 'continue'> {
  try {
    const done = await run.scope.run(() => steps(run));
    // A cancel that came when nothing was left to interrupt was accepted all the same.
    if (run.cancelled) return { outcome: 'cancelled', reason: null };
    return done === 'continue' ? 'continue' : { outcome: 'completed', reason: null };
  } catch (error) {
    return endingAfter(run, error);
  }
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
