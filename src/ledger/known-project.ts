import type { Kysely } from 'kysely';
import type { Phase, RunKind } from '../domain/phases.ts';
import type { Project } from './projects.ts';
import { activeRun, hasBaseline } from './runs.ts';
import type { LedgerTables } from './tables.ts';

/** A project as a command to its workflow begins with it, should that have to be started. */
export interface ProjectStand {
  readonly slug: string;
  readonly phase: Phase;
  readonly paused: boolean;
  readonly attention: string | null;
  readonly activeRun: { readonly name: string; readonly kind: RunKind } | null;
  readonly hasBaseline: boolean;
}

export async function knownProject(db: Kysely<LedgerTables>, project: Project): Promise<ProjectStand> {
  const active = await activeRun(db, project.id);
  return {
    slug: project.slug,
    phase: project.phase,
    paused: project.pausedAt !== null,
    attention: project.attention,
    activeRun: active === null ? null : { name: active.name, kind: active.kind },
    hasBaseline: await hasBaseline(db, project.id),
  };
}
