import { ENTITIES, type Entity } from './entity.ts';
import { priceOf, type Weights } from './points.ts';

/** A recent run that was completed, and the time of the source's life that it made up for. */
export interface PastRun {
  /** Hours of changes that it carried. */
  readonly hours: number;
  /** Distinct records that it saw. */
  readonly records: Readonly<Partial<Record<Entity, number>>>;
  readonly seconds: number;
  /** To both stores; null: not known any more. */
  readonly requests: number | null;
}
export interface ForecastInput {
  readonly past: readonly PastRun[];
  /** Hours of changes that nobody has carried yet. */
  readonly hoursSinceLast: number;
  /** In the queue now: carried over into the next run. */
  readonly waiting: Readonly<Partial<Record<Entity, number>>>;
  /** Hours from now to the next run, from that to the one after it ...; null: one run, after the usual time. */
  readonly gapsHours: readonly number[] | null;
}

export interface ForecastRun {
  /** Hours from now. */
  readonly inHours: number;
  /** Hours of changes that it will carry. */
  readonly coversHours: number;
  readonly records: number;
  readonly entities: ReturnType<typeof priceOf>['entities'];
  readonly points: number;
  /** Points that one run may move; null: no limit. */
  readonly limit: number | null;
  readonly withinLimit: boolean;
  readonly seconds: number;
  /** null: no run of the past tells. */
  readonly requests: number | null;
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

/** Less of a record than this is of the arithmetic, not of the shop. */
const NOISE = 0.001;
const FAIR_RUNS = 3;
const FAIR_HOURS = 24;

/**
 * What the next recent runs will take, from the rate of change seen so far. A record that changes twice between two runs is
 * carried once, so longer gaps than those seen come out too high rather than too low.
 */
export function forecastOf(
  { past, hoursSinceLast, waiting, gapsHours }: ForecastInput,
  limits: { readonly weights: Weights; readonly pointsLimit: number | null },
): Forecast {
  const seen = past.filter(({ hours }) => hours > 0);
  const hours = seen.reduce((sum, run) => sum + run.hours, 0);
  const totals = ENTITIES.map((entity) => ({
    entity,
    records: seen.reduce((sum, run) => sum + (run.records[entity] ?? 0), 0),
  }));
  const records = totals.reduce((sum, row) => sum + row.records, 0);
  const basis = { runs: seen.length, hours: rounded(hours), records, ...confidenceOf(seen.length, hours) };
  if (seen.length === 0) return { basis, perHour: [], runs: [] };
  const rates = new Map(totals.map((row) => [row.entity, row.records / hours]));
  const seconds = costOf(seen.map((run) => ({ size: sizeOf(run.records), cost: run.seconds })));
  const asked = seen.flatMap((run) =>
    run.requests === null ? [] : [{ size: sizeOf(run.records), cost: run.requests }],
  );
  const requests = asked.length === 0 ? null : costOf(asked);
  const gaps = gapsHours ?? [Math.max(0, median(seen.map((run) => run.hours)) - hoursSinceLast)];
  let inHours = 0;
  const runs = gaps.map((gap, place) => {
    inHours += gap;
    const coversHours = place === 0 ? gap + hoursSinceLast : gap;
    const counts = countsOf(rates, coversHours, place === 0 ? waiting : {});
    const size = sizeOf(counts);
    return {
      inHours: rounded(inHours),
      coversHours: rounded(coversHours),
      records: size,
      ...priceOf(counts, limits),
      seconds: Math.ceil(seconds(size)),
      requests: requests === null ? null : Math.ceil(requests(size)),
    };
  });
  const perHour = totals
    .filter((row) => row.records > 0)
    .map(({ entity }) => ({ entity, records: rounded(rates.get(entity) ?? 0) }));
  return { basis, perHour, runs };
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

function countsOf(
  rates: ReadonlyMap<Entity, number>,
  hours: number,
  waiting: Readonly<Partial<Record<Entity, number>>>,
): Partial<Record<Entity, number>> {
  const counts: Partial<Record<Entity, number>> = {};
  for (const entity of ENTITIES) {
    const count = Math.max(0, Math.ceil((rates.get(entity) ?? 0) * hours - NOISE)) + (waiting[entity] ?? 0);
    if (count > 0) counts[entity] = count;
  }
  return counts;
}

interface Cost {
  readonly size: number;
  readonly cost: number;
}

/** A fixed part and a part for each record, neither below nothing, nearest to what was seen (least squares). */
function costOf(seen: readonly Cost[]): (size: number) => number {
  const mean = (of: (one: Cost) => number) => seen.reduce((sum, one) => sum + of(one), 0) / seen.length;
  const [size, cost] = [mean((one) => one.size), mean((one) => one.cost)];
  const spread = mean((one) => (one.size - size) ** 2);
  // Runs of one size say nothing of the fixed part: a larger one costs in proportion, a smaller one as much.
  if (spread === 0) return (next) => (size === 0 ? cost : cost * Math.max(1, next / size));
  const slope = mean((one) => (one.size - size) * (one.cost - cost)) / spread;
  if (slope <= 0) return () => cost;
  const fixed = cost - slope * size;
  if (fixed >= 0) return (next) => fixed + slope * next;
  const each = mean((one) => one.size * one.cost) / mean((one) => one.size ** 2);
  return (next) => each * next;
}

function sizeOf(records: Readonly<Partial<Record<Entity, number>>>): number {
  return Object.values(records).reduce((sum, count) => sum + count, 0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}
