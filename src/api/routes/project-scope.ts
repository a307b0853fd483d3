import type { Kysely } from 'kysely';
import { getProject, type Project } from '../../ledger/projects.ts';
import type { Run } from '../../ledger/runs.ts';
import type { LedgerTables } from '../../ledger/tables.ts';
import { unknownProject } from '../problems.ts';

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

export function showRun(run: Run) {
  const { name, kind, state, step, mappingFingerprint, startedAt, endedAt, endedReason } = run;
  return { run: name, kind, state, step, mappingFingerprint, startedAt, endedAt, endedReason };
}
