import { setTimeout as sleep } from 'node:timers/promises';
import { CommandUnanswered } from '../../temporal/migrations.ts';
import { knownProject } from '../../ledger/known-project.ts';
import type { Command, CommandInputs } from '../../workflows/contract.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import { projectOf } from './project-scope.ts';

const HEARS_WITHIN_MS = 5_000;
const HEARS_EVERY_MS = 100;

/**
 * Gives a command to the project's workflow, which alone accepts or refuses it (design §4).
 * @throws Problem 409 with the phase and what it allows; 503 when no worker answered
 */
export async function give<C extends Command>(
  deps: Pick<ApiDeps, 'db' | 'migrations'>,
  slug: string,
  command: C,
  given: CommandInputs[C],
) {
  const known = await knownProject(deps.db, await projectOf(deps.db, slug));
  try {
    for (const begun = Date.now(); ; await sleep(HEARS_EVERY_MS)) {
      const answer = await deps.migrations.command(known, command, given);
      if (answer.accepted) return answer;
      const { code, message, phase, allowed } = answer.refusal;
      // The ledger says that the last run has ended, as clients saw; its project hears of it within moments.
      const hearsSoon = command === 'startRun' && known.activeRun === null && allowed.includes('cancel');
      if (!hearsSoon || Date.now() - begun > HEARS_WITHIN_MS) throw new Problem(409, code, message, { phase, allowed });
    }
  } catch (error) {
    if (error instanceof CommandUnanswered) throw new Problem(503, 'unanswered', error.message);
    throw error;
  }
}
