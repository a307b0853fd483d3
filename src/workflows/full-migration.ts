import { carryOut } from './carry-out.ts';
import type { RunReport } from './carry-out.ts';
import type { FullMigrationInput } from './contract.ts';
import { copy } from './copy.ts';
import { endPass } from './end-pass.ts';
import { assess, captureChanges, planSlices, preparing } from './prepare.ts';
import { enter, untilDone } from './run.ts';
import type { Run } from './run.ts';

/**
 * One full run, demo or resync: assess, match the target, plan slices, copy them in passes with a look at each, catch up,
 * report. Its progress and outcome are in the ledger.
 */
export function fullMigration(input: FullMigrationInput): Promise<RunReport> {
  return carryOut(input, steps);
}

async function steps(run: Run): Promise<'finished' | 'continue'> {
  if (run.step === 'assess') {
    await assess(run);
    enter(run, 'match');
  }
  if (run.step === 'match') {
    await matchTarget(run);
    enter(run, 'plan');
  }
  if (run.step === 'plan') {
    await planSlices(run);
    enter(run, 'copy');
  }
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

async function matchTarget(run: Run): Promise<void> {
  await untilDone(run, () =>
    preparing(run).matchTarget.executeWithOptions({ summary: 'match what the target holds' }, [run.ref]),
  );
}
