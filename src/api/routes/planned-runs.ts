import { z } from 'zod';
import { changeModel } from '../../domain/change-model.ts';
import { planInWords } from '../../domain/plan-in-words.ts';
import { plannedRuns } from '../../domain/planned-runs.ts';
import type { ProjectOptions } from '../../domain/project-options.ts';
import type { changeHistory } from '../../ledger/past-runs.ts';
import { ledgerClock } from '../../ledger/project-ledger.ts';
import type { Project } from '../../ledger/projects.ts';
import { activeRun, hasBaseline } from '../../ledger/runs.ts';
import { listSchedules, type Schedule } from '../../ledger/schedules.ts';
import { scheduleFault } from '../../temporal/schedules.ts';
import type { ApiDeps } from '../deps.ts';

const MOST_SCHEDULES = 50;

const figures = {
  runs: z.number(),
  /** Sums over the runs; null: no run of the past tells. */
  records: z.number().nullable(),
  points: z.number().nullable(),
  seconds: z.number().nullable(),
  requests: z.number().nullable(),
};
export const plannedAnswer = z.object({
  /** So far it was looked ahead, and why no further. */
  until: z.string(),
  ends: z.enum(['final-sweep', 'last-firing', 'license', 'horizon', 'most-firings']),
  goLiveAt: z.string().nullable(),
  /** False: the license or the points will not do for all planned runs; `says` names which, and what to do. */
  suffices: z.boolean(),
  says: z.array(z.string()),
  steps: z.array(
    z.object({
      schedule: z.string(),
      step: z.enum(['interval', 'calendar', 'before-go-live', 'after-go-live', 'final-sweep']),
      sweep: z.boolean(),
      first: z.string(),
      last: z.string(),
      firings: z.number(),
      /** Firings that start no run: the run before is expected to be active, or the license does not allow one. */
      overlapped: z.number(),
      unlicensed: z.number(),
      ...figures,
      /** Of the largest of these runs. */
      mostPoints: z.number().nullable(),
      /** Runs that their price would refuse. */
      aboveLimit: z.number(),
    }),
  ),
  total: z.object(figures),
  untilGoLive: z.object(figures).nullable(),
});

/** What the project's schedules will fire and what that takes; null: it has none. Temporal is asked which of them are paused. */
export async function plannedOf(
  { db, schedules }: Pick<ApiDeps, 'db' | 'schedules'>,
  project: Project,
  history: Awaited<ReturnType<typeof changeHistory>>,
  options: ProjectOptions,
) {
  const kept = await listSchedules(db, project.id, { after: '', limit: MOST_SCHEDULES + 1 });
  if (kept.length === 0) return null;
  const looked = await lookAll(schedules, project.slug, kept.slice(0, MOST_SCHEDULES));
  const of = (fires: Firing) => looked.filter((one) => one.fires === fires).map(({ schedule }) => schedule.name);
  const model = changeModel(history.past, options);
  const plan = plannedRuns({
    ...history,
    now: Date.parse(await ledgerClock(db)),
    schedules: looked.filter(({ fires }) => fires === 'yes' || fires === 'unknown').map(({ schedule }) => schedule),
    license: options.license,
    model,
  });
  const active = await activeRun(db, project.id);
  const words = planInWords(plan, {
    license: options.license,
    pointsLimit: options.pointsLimit,
    knowsSweeps: model?.knowsSweeps ?? false,
    paused: project.pausedAt !== null,
    hasBaseline: await hasBaseline(db, project.id),
    follows: active?.kind === 'continuous' ? active.name : null,
    pausedSchedules: of('paused'),
    lostSchedules: of('lost'),
    silent: of('unknown').length > 0,
    more: kept.length > MOST_SCHEDULES,
  });
  return { plan, words };
}

type Firing = 'yes' | 'paused' | 'lost' | 'unknown';

function lookAll(
  schedules: ApiDeps['schedules'],
  slug: string,
  kept: readonly Schedule[],
): Promise<{ readonly schedule: Schedule; readonly fires: Firing }[]> {
  return Promise.all(
    kept.map(async (schedule) => {
      try {
        const standing = await schedules.look(slug, schedule.name);
        return { schedule, fires: standing === null ? 'lost' : standing.paused ? 'paused' : 'yes' };
      } catch (error) {
        if (scheduleFault(error) === null) throw error;
        // What is foreseen is no promise: a server that is away shall not keep it back.
        return { schedule, fires: 'unknown' };
      }
    }),
  );
}
