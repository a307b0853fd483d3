import { carryOut } from './carry-out.ts';
import type { RunReport } from './carry-out.ts';
import type { FullMigrationInput } from './contract.ts';
import { copy } from './copy.ts';
import { assess, captureChanges, planSlices } from './prepare.ts';
import { enter } from './run.ts';
import type { Run } from './run.ts';

/**
 * One recent run: what was added, changed and deleted since the last run of the project, and nothing else (design §5). Sweeps
 * that are due are planned as slices; the account is closed with the run.
 */
export function recentSync(input: FullMigrationInput): Promise<RunReport> {
  return carryOut(input, steps);
}

async function steps(run: Run): Promise<'finished' | 'continue'> {
  if (run.step === 'assess') {
    await assess(run);
    enter(run, 'plan');
  }
  if (run.step === 'plan') {
    await planSlices(run);
    enter(run, 'capture');
  }
  if (run.step === 'capture') {
    await captureChanges(run);
    enter(run, 'copy');
  }
  return copy(run);
}
