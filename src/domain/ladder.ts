import type { Instant } from './record.ts';

/** Recent runs around the day on which a shop goes live (issue 5 of 5, point 3). */
export interface Ladder {
  readonly goLiveAt: Instant;
  /** For so long before it there is a run every 15 minutes. */
  readonly hoursBefore: number;
  /** Days after it of the last run, which reads every entity as a whole. */
  readonly finalSweepDays: number;
  /** Why the last run is later than usual. */
  readonly reason?: string;
}

export const LADDER_LIMITS = { hoursBefore: 48, finalSweepDays: 90 } as const;
export const DEFAULT_LADDER = { hoursBefore: 6, finalSweepDays: 14 } as const;
/** The final sweep is no later than this unless somebody says why. */
const LATEST_FINAL_SWEEP_DAYS = 14;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const STEP_MS = 15 * MINUTE_MS;
const AFTER_MS = [DAY_MS, 7 * DAY_MS];

/** All times of a ladder, ascending, milliseconds: every 15 minutes up to go-live, a day and a week after it, the final sweep. */
export function ladderTimes(ladder: Ladder): readonly number[] {
  const live = Date.parse(ladder.goLiveAt);
  const final = finalSweepAt(ladder);
  const steps = (ladder.hoursBefore * HOUR_MS) / STEP_MS;
  const before = Array.from({ length: steps + 1 }, (_, step) => live - (steps - step) * STEP_MS);
  const after = AFTER_MS.map((ms) => live + ms).filter((at) => at < final);
  return [...before, ...after, final];
}

export function finalSweepAt({ goLiveAt, finalSweepDays }: Ladder): number {
  return Date.parse(goLiveAt) + finalSweepDays * DAY_MS;
}

/** Why a ladder cannot be; undefined when it can. */
export function ladderProblem({ hoursBefore, finalSweepDays, reason }: Omit<Ladder, 'goLiveAt'>): string | undefined {
  const { hoursBefore: mostHours, finalSweepDays: mostDays } = LADDER_LIMITS;
  if (!Number.isInteger(hoursBefore) || hoursBefore < 1 || hoursBefore > mostHours)
    return `ladder.hoursBefore must be a whole number from 1 to ${mostHours}`;
  if (!Number.isInteger(finalSweepDays) || finalSweepDays < 1 || finalSweepDays > mostDays)
    return `ladder.finalSweepDays must be a whole number from 1 to ${mostDays}`;
  if (finalSweepDays > LATEST_FINAL_SWEEP_DAYS && (reason ?? '').trim() === '')
    return `ladder.finalSweepDays: the final sweep is ${LATEST_FINAL_SWEEP_DAYS} days after go-live at the latest; say in ladder.reason why it is to be ${finalSweepDays}`;
  return undefined;
}
