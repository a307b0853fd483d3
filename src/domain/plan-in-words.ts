import { HORIZON_DAYS, MOST_FIRINGS, type PlannedRuns, type PlannedStep } from './planned-runs.ts';
import type { LicenseWindow } from './project-options.ts';

/** What stands beside the plan: what of it fires now, and whether a firing would be given a run. */
export interface PlanStanding {
  readonly license: LicenseWindow | null;
  readonly pointsLimit: number | null;
  /** Whether a run of the past has read every entity as a whole. */
  readonly knowsSweeps: boolean;
  readonly paused: boolean;
  readonly hasBaseline: boolean;
  /** The continuous run that is active; null: none is. */
  readonly follows: string | null;
  /** Names of schedules that were left out of the plan. */
  readonly pausedSchedules: readonly string[];
  readonly lostSchedules: readonly string[];
  /** Temporal gave no answer: whether schedules are paused is not known. */
  readonly silent: boolean;
  /** There are more schedules than were looked at. */
  readonly more: boolean;
}

export interface PlanWords {
  /** Neither points nor license stand in the way of a planned run, as far as is foreseen. */
  readonly suffices: boolean;
  /** What does not suffice first, then what else a person should know. */
  readonly says: readonly string[];
}

/** Whether points and license will do for a plan of runs, and what its figures leave out. */
export function planInWords(plan: PlannedRuns, standing: PlanStanding): PlanWords {
  const short = [...licenseWords(plan, standing), ...pointsWords(plan, standing)];
  return { suffices: short.length === 0, says: [...short, ...standingWords(standing), ...figureWords(plan, standing)] };
}

const SET = 'PATCH /v1/projects/<project>/options';

function licenseWords({ steps }: PlannedRuns, { license }: PlanStanding): string[] {
  const left = steps.filter(({ unlicensed }) => unlicensed > 0);
  if (license === null || left.length === 0) return [];
  const { from, until } = license;
  const window = from === null ? `until ${until}` : `from ${from} until ${until}`;
  const steepest = left.find(({ step }) => step === 'final-sweep');
  const among =
    steepest === undefined ? '' : `, the final sweep of ${steepest.schedule} on ${steepest.last} among them`;
  const [count, all] = [sum(left, ({ unlicensed }) => unlicensed), sum(steps, ({ firings }) => firings)];
  return [
    `the license does not suffice: it allows runs ${window}, and ${count} of ${all} planned firings are outside it${among}: prolong it, then set {"license": …} with ${SET}`,
  ];
}

function pointsWords({ steps }: PlannedRuns, { pointsLimit }: PlanStanding): string[] {
  const above = steps.filter(({ aboveLimit }) => aboveLimit > 0);
  if (pointsLimit === null || above.length === 0) return [];
  const [count, all] = [sum(above, ({ aboveLimit }) => aboveLimit), sum(steps, ({ runs }) => runs)];
  const most = above.toSorted((one, other) => (other.mostPoints ?? 0) - (one.mostPoints ?? 0))[0];
  return [
    `the points do not suffice: one run may move ${pointsLimit}, and ${count} of ${all} planned runs would take more, up to ${most?.mostPoints} (${most?.schedule}): such a run is refused, and the next one has to carry its changes too. Raise {"pointsLimit": …} with ${SET}, or plan runs closer to each other`,
  ];
}

function standingWords(standing: PlanStanding): string[] {
  const { paused, hasBaseline, follows, pausedSchedules, lostSchedules, silent, more } = standing;
  return [
    ...(hasBaseline ? [] : ['no full run was completed: until one is, firings start nothing']),
    ...(paused ? ['the project is paused: until it is resumed, firings start nothing'] : []),
    ...(follows === null ? [] : [`${follows} follows the source: until it is finished, firings start nothing`]),
    ...pausedSchedules.map((name) => `schedule ${name} is paused: it is not in the plan`),
    ...lostSchedules.map((name) => `schedule ${name} is not known to Temporal, so it is not in the plan: set it again`),
    ...(silent ? ['Temporal gave no answer: schedules that are paused are in the plan'] : []),
    ...(more ? ['there are more schedules than were looked at: the plan is of the first by name'] : []),
  ];
}

function figureWords({ steps, ends }: PlannedRuns, { knowsSweeps }: PlanStanding): string[] {
  const overlapped = sum(steps, (step) => step.overlapped);
  const figures = steps.some(({ records }) => records !== null);
  const sweeps = steps.some(({ sweep, runs }) => sweep && runs > 0);
  return [
    ...(overlapped === 0
      ? []
      : [`firings that come while the run before is expected to be active, which start none: ${overlapped}`]),
    ...(figures && sweeps && !knowsSweeps
      ? ['no run so far was asked to read everything: what a sweep takes beyond its changes is not in these figures']
      : []),
    ...(ends === 'horizon' ? [`nothing ends the schedules: they were looked at for ${HORIZON_DAYS} days`] : []),
    ...(ends === 'most-firings' ? [`only the first ${MOST_FIRINGS} firings were looked at`] : []),
  ];
}

function sum(steps: readonly PlannedStep[], of: (step: PlannedStep) => number): number {
  return steps.reduce((total, step) => total + of(step), 0);
}
