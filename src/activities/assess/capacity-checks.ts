import { type AssessmentCheck, tallyOf } from '../../domain/assessment.ts';
import { type AssessmentFacts, check } from './check.ts';

/** Of a window, what we want for ourselves; and how long a run may take before somebody should know. */
const ENOUGH = 0.5;
const LONG_MS = 12 * 3_600_000;

export function headroom({ store: { quota }, requests }: AssessmentFacts): AssessmentCheck[] {
  if (quota === null || quota.limit === 0) return [];
  const lastsMs = (requests / quota.limit) * quota.windowMs;
  const hours = Math.ceil(lastsMs / 3_600_000);
  const isUsed = quota.left < quota.limit * ENOUGH;
  const found = [
    ...(isUsed ? [`${quota.left} of ${quota.limit} requests left`] : []),
    ...(lastsMs > LONG_MS ? [`about ${requests} requests: ${hours} hours at least`] : []),
  ];
  return [
    check(
      'quota-headroom',
      'warning',
      tallyOf(found),
      'the requests that the target allows are few for what is to be written, or others use them too',
      'pause other apps during the migration, ask the platform for a larger quota, or plan for the time',
    ),
  ];
}

/** A minute is what a poll looks back. */
const TOLERATED_MS = 60_000;

export function clocks({ source, target }: AssessmentFacts): AssessmentCheck[] {
  const skewed = [
    ['source', source.clockSkewMs],
    ['target', target.clockSkewMs],
  ] as const;
  const wrong = skewed.filter(([, skew]) => Math.abs(skew) > TOLERATED_MS);
  return [
    check(
      'clock-skew',
      'warning',
      tallyOf(wrong.map(([side, skew]) => `${side}: ${Math.round(skew / 1000)} s`)),
      'the clock of a store is wrong: it is allowed for, and changes at its edges are read twice',
      'correct the clock of the server',
    ),
  ];
}
