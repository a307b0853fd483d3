import type { Kysely } from 'kysely';
import { getProject, type Project } from '../../ledger/projects.ts';
import { DEFAULT_RUN_OPTIONS } from '../../domain/run-options.ts';
import { getRun, type Run } from '../../ledger/runs.ts';
import type { LedgerTables } from '../../ledger/tables.ts';
import { Problem, unknownProject } from '../problems.ts';

/** @throws Problem 404 */
export async function projectOf(db: Kysely<LedgerTables>, slug: string): Promise<Project> {
  const project = await getProject(db, slug);
  if (project === null) throw unknownProject(slug);
  return project;
}

export function showProject(project: Project) {
  return {
    project: project.slug,
    phase: project.phase,
    paused: project.pausedAt !== null,
    pauseReason: project.pauseReason,
    attention: project.attention,
    mappingVersion: project.mappingVersion,
    sourceKey: project.sourceKey,
    targetStore: project.targetStore,
    createdAt: project.createdAt,
  };
}

/** Runs of before an option existed have its default. */
export function showRun(run: Run, project: Pick<Project, 'mappingVersion'>) {
  const { name, kind, state, step, mappingVersion, mappingFingerprint, startedAt, endedAt, endedReason, sweepReason } =
    run;
  const { passes, ...options } = { ...DEFAULT_RUN_OPTIONS, ...run.options };
  return {
    run: name,
    kind,
    state,
    step,
    mappingFingerprint,
    mappingChanged: mappingVersion !== project.mappingVersion,
    options: { ...options, passes: [...passes] },
    startedAt,
    endedAt,
    endedReason,
    sweepReason,
  };
}

/** @throws Problem 404 */
export async function runOf(db: Kysely<LedgerTables>, project: Project, name: string): Promise<Run> {
  const run = await getRun(db, project.id, name);
  if (run === null) throw new Problem(404, 'unknown-run', `project ${project.slug} has no run ${name}`);
  return run;
}
