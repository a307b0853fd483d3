import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { sweepsAt } from '../domain/schedule.ts';
import { admissionOf } from '../ledger/commands.ts';
import type { KnownProject } from '../domain/known-project.ts';
import { knownProject } from '../ledger/known-project.ts';
import { getProject, type Project } from '../ledger/projects.ts';
import { changingSchedules, getSchedule, noteOverlaps, noteSkipped, type Schedule } from '../ledger/schedules.ts';
import type { LedgerTables } from '../ledger/tables.ts';
import type { CommandAnswer, StartRunCommand } from '../workflows/contract.ts';
import type { RunGrant, RunRef, RunRequest } from './activity-types.ts';

/** What a firing asks of Temporal; the worker's composition root gives it. */
export interface Scheduling {
  /** To the project's workflow, which is started if there is none; throws when nobody answers in time. */
  readonly startRun: (known: KnownProject, command: StartRunCommand, commandId: string) => Promise<CommandAnswer>;
  /** Takes a Schedule away that belongs to nothing. */
  readonly drop: (project: string, schedule: string) => Promise<void>;
  /** Firings that were left out so far because the one before was not over; null: there is no such Schedule. */
  readonly overlaps: (project: string, schedule: string) => Promise<number | null>;
}
interface Deps {
  readonly db: Kysely<LedgerTables>;
  readonly scheduling: Scheduling;
}

const HEARS_WITHIN_MS = 5_000;
const HEARS_EVERY_MS = 200;

/** Asks the project's workflow for a recent run, and tells the decision log when there is none. */
export async function requestRun(deps: Deps, { project: slug, schedule, firing }: RunRequest): Promise<RunGrant> {
  const { db, scheduling } = deps;
  const project = await getProject(db, slug);
  const kept = project === null ? null : await keptSchedule(deps, project, schedule);
  if (project === null) await scheduling.drop(slug, schedule);
  if (project === null || kept === null) {
    return { skipped: `${slug} has no schedule ${schedule} any more: it was taken away` };
  }
  const command: StartRunCommand = {
    kind: 'recent',
    by: `schedule ${schedule}`,
    ...(sweepsAt(kept.form, Date.now()) ? { sweep: true } : {}),
  };
  const answer = await ask(deps, slug, command, firing);
  if (answer.accepted && answer.run !== null) return { run: answer.run };
  // The answer to an attempt before this one may have been lost, and its run be what this one is refused for.
  const earlier = await admissionOf(db, slug, `update ${firing}`);
  if (earlier?.admitted === true && earlier.run !== null) return { run: earlier.run };
  if (answer.accepted) throw new Error(`startRun of ${slug} was accepted without naming a run`);
  const { refusal } = answer;
  await noteSkipped(db, project.id, { id: firing, schedule, code: refusal.code, why: refusal.message });
  return { skipped: refusal.message };
}

/** What is not in the ledger may be about to come there: it is taken away only behind whoever changes schedules now. */
async function keptSchedule({ db, scheduling }: Deps, { id, slug }: Project, name: string): Promise<Schedule | null> {
  const kept = await getSchedule(db, id, name);
  if (kept !== null) return kept;
  return changingSchedules(db, id, async (transaction) => {
    const now = await getSchedule(transaction, id, name);
    if (now === null) await scheduling.drop(slug, name);
    return now;
  });
}

/** A run that has ended in the ledger is heard of by its project within moments: so long a refusal is asked again. */
async function ask(
  { db, scheduling }: Deps,
  slug: string,
  command: StartRunCommand,
  firing: string,
): Promise<CommandAnswer> {
  for (const begun = Date.now(); ; await sleep(HEARS_EVERY_MS)) {
    const project = await getProject(db, slug);
    if (project === null) throw new Error(`project ${slug} was deleted while one of its schedules fired`);
    const known = await knownProject(db, project);
    const answer = await scheduling.startRun(known, command, firing);
    if (answer.accepted) return answer;
    const hearsSoon = known.activeRun === null && answer.refusal.allowed.includes('cancel');
    if (!hearsSoon || Date.now() - begun > HEARS_WITHIN_MS) return answer;
  }
}

/** What Temporal left out by itself while the run was active goes to the decision log too. */
export async function noteSkippedFirings(
  { db, scheduling }: Deps,
  { project: slug, schedule, run }: RunRef & { readonly schedule: string },
): Promise<void> {
  const project = await getProject(db, slug);
  const overlaps = project === null ? null : await scheduling.overlaps(slug, schedule);
  if (project !== null && overlaps !== null) await noteOverlaps(db, project.id, { schedule, run, overlaps });
}
