import { carryOut } from './carry-out.ts';
import type { RunReport } from './carry-out.ts';
import type { FullMigrationInput } from './contract.ts';
import { copy } from './copy.ts';
import { beginFollowing } from './prepare.ts';
import type { Run } from './run.ts';

/**
 * One recent run: what was added, changed and deleted since the last run of the project, and nothing else (design §5). Sweeps
 * that are due are planned as slices; the account is closed with the run.
 */
export function recentSync(input: FullMigrationInput): Promise<RunReport> {
  return carryOut(input, steps);
}

async function steps(run: Run): Promise<'finished' | 'continue'> {
  await beginFollowing(run, 'copy');
  return copy(run);
}
