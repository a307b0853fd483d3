import type { Kysely } from 'kysely';
import type { KnownProject } from '../domain/known-project.ts';
import { openAlerts } from './alerts/standings.ts';
import type { Project } from './projects.ts';
import { activeRun, hasBaseline } from './runs.ts';
import type { LedgerTables } from './tables.ts';

/** What a command to the project's workflow brings along. */
export async function knownProject(db: Kysely<LedgerTables>, project: Project): Promise<KnownProject> {
  const active = await activeRun(db, project.id);
  return {
    slug: project.slug,
    phase: project.phase,
    paused: project.pausedAt !== null,
    attention: project.attention,
    alerts: await openAlerts(db, project.id),
    activeRun: active === null ? null : { name: active.name, kind: active.kind },
    hasBaseline: await hasBaseline(db, project.id),
  };
}
