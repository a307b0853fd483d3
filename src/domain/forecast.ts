import {
  type ChangeModel,
  changeModel,
  type Counts,
  type ForeseenRun,
  type Limits,
  type PastRun,
} from './change-model.ts';
import type { Entity } from './entity.ts';

export interface ForecastInput {
  readonly past: readonly PastRun[];
  /** Hours of changes that nobody has carried yet. */
  readonly hoursSinceLast: number;
  /** In the queue now: carried over into the next run. */
  readonly waiting: Counts;
  /** Hours from now to the next run, from that to the one after it ...; null: one run, after the usual time. */
  readonly gapsHours: readonly number[] | null;
}

export interface ForecastRun extends ForeseenRun {
  /** Hours from now. */
  readonly inHours: number;
  /** Hours of changes that it will carry. */
  readonly coversHours: number;
}
export interface Forecast {
  readonly basis: {
    readonly runs: number;
    readonly hours: number;
    readonly records: number;
    /** `thin`: one or two runs, or less than a day of changes; what they did not see is not foreseen. */
    readonly confidence: 'none' | 'thin' | 'fair';
    readonly says: string;
  };
  readonly perHour: readonly { readonly entity: Entity; readonly records: number }[];
  readonly runs: readonly ForecastRun[];
}

const FAIR_RUNS = 3;
const FAIR_HOURS = 24;

/**
 * What the next recent runs will take, from the rate of change seen so far. A record that changes twice between two runs is
 * carried once, so longer gaps than those seen come out too high rather than too low.
 */
export function forecastOf({ past, hoursSinceLast, waiting, gapsHours }: ForecastInput, limits: Limits): Forecast {
  const model = changeModel(past, limits);
  if (model === null) return { basis: basisOf(null), perHour: [], runs: [] };
  const gaps = gapsHours ?? [
    Math.max(0, median(past.map((run) => run.hours).filter((hours) => hours > 0)) - hoursSinceLast),
  ];
  let inHours = 0;
  const runs = gaps.map((gap, place) => {
    inHours += gap;
    const coversHours = place === 0 ? gap + hoursSinceLast : gap;
    const changed = model.countsOf(0, coversHours);
    const counts = place === 0 ? together(changed, waiting) : changed;
    return { inHours: rounded(inHours), coversHours: rounded(coversHours), ...model.runOf(counts, null) };
  });
  const perHour = model.totals
    .filter((row) => row.records > 0)
    .map((row) => ({ entity: row.entity, records: rounded(row.perHour) }));
  return { basis: basisOf(model), perHour, runs };
}

function basisOf(model: ChangeModel | null): Forecast['basis'] {
  const { runs = 0, hours = 0, totals = [] } = model ?? {};
  const records = totals.reduce((sum, row) => sum + row.records, 0);
  return { runs, hours: rounded(hours), records, ...confidenceOf(runs, hours) };
}

export function together(one: Counts, other: Counts): Counts {
  const sums: Partial<Record<Entity, number>> = { ...one };
  for (const [entity, count] of Object.entries(other) as [Entity, number][]) sums[entity] = (sums[entity] ?? 0) + count;
  return sums;
}

function confidenceOf(runs: number, hours: number): Pick<Forecast['basis'], 'confidence' | 'says'> {
  if (runs === 0) {
    return {
      confidence: 'none',
      says: 'not enough history: no recent run has been completed yet; the first one tells the rate of change',
    };
  }
  const rests = `rests on ${runs} recent ${runs === 1 ? 'run' : 'runs'} over ${rounded(hours)} hours of changes`;
  if (runs >= FAIR_RUNS && hours >= FAIR_HOURS) return { confidence: 'fair', says: rests };
  return {
    confidence: 'thin',
    says: `${rests}: little history, so take it as a first guess (${FAIR_RUNS} runs over ${FAIR_HOURS} hours tell more)`,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export function rounded(value: number): number {
  return Number(value.toFixed(2));
}
