import { setHandler } from '@temporalio/workflow';
import { carryOut } from './carry-out.ts';
import type { RunReport } from './carry-out.ts';
import { wakeSignal } from './contract.ts';
import type { FullMigrationInput } from './contract.ts';
import { copy } from './copy.ts';
import { follow } from './follow.ts';
import { beginFollowing, captureChanges } from './prepare.ts';
import { enter } from './run.ts';
import type { Run } from './run.ts';

/**
 * A recent run that goes on until it is told to finish: it keeps the target in step, by webhooks at once and by polls at the
 * project's pace, sweeps when it is time for that, and is parked while nothing happens (design §4). Its account is closed when
 * it ends.
 */
export function continuousSync(input: FullMigrationInput): Promise<RunReport> {
  return carryOut(input, steps);
}

async function steps(run: Run): Promise<'finished' | 'continue'> {
  setHandler(wakeSignal, () => void (run.woken = true), { description: 'There is something to do' });
  await beginFollowing(run, 'follow');
  if (run.step === 'follow') {
    if ((await follow(run)) === 'continue') return 'continue';
    run.passes = run.pass;
    enter(run, 'catch-up');
  }
  if (run.step === 'catch-up') {
    await captureChanges(run);
    enter(run, 'copy');
  }
  return copy(run);
}
