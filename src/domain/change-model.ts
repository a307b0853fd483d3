import { ENTITIES, type Entity } from './entity.ts';
import { priceOf, type Weights } from './points.ts';

/** A recent run that was completed, and the time of the source's life that it made up for. */
export interface PastRun {
  /** Hours of changes that it carried. */
  readonly hours: number;
  /** Distinct records that it saw. */
  readonly records: Counts;
  readonly seconds: number;
  /** To both stores; null: not known any more. */
  readonly requests: number | null;
  /** It read every entity as a whole. */
  readonly sweep?: boolean;
}
export type Counts = Readonly<Partial<Record<Entity, number>>>;
export interface Limits {
  readonly weights: Weights;
  readonly pointsLimit: number | null;
}

export interface ForeseenRun {
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

/** What changes in an hour, and what runs take, by those that were. */
export interface ChangeModel {
  readonly runs: number;
  readonly hours: number;
  readonly totals: readonly { readonly entity: Entity; readonly records: number; readonly perHour: number }[];
  /** A run of the past has read every entity as a whole. */
  readonly knowsSweeps: boolean;
  /**
   * Records that change between two moments, hours from any beginning. Parts of a record are rounded up from the beginning on,
   * so that many short stretches come to as much as the long one that they make up.
   */
  countsOf(fromHours: number, toHours: number): Counts;
  /** @param sweep whether the run reads every entity as a whole; null: it may or may not */
  runOf(counts: Counts, sweep: boolean | null): ForeseenRun;
}

/** Less of a record than this is of the arithmetic, not of the shop. */
const NOISE = 0.001;

/** null: no run carried any time of the source's life. */
export function changeModel(past: readonly PastRun[], limits: Limits): ChangeModel | null {
  const seen = past.filter((run) => run.hours > 0);
  if (seen.length === 0) return null;
  const hours = seen.reduce((sum, run) => sum + run.hours, 0);
  const totals = ENTITIES.map((entity) => {
    const records = seen.reduce((sum, run) => sum + (run.records[entity] ?? 0), 0);
    return { entity, records, perHour: records / hours };
  });
  const [sweeps, others] = [seen.filter((run) => run.sweep === true), seen.filter((run) => run.sweep !== true)];
  const costs = {
    any: costsOf(seen),
    sweep: costsOf(sweeps) ?? costsOf(seen),
    other: costsOf(others) ?? costsOf(seen),
  };
  return {
    runs: seen.length,
    hours,
    totals,
    knowsSweeps: sweeps.length > 0,
    countsOf: (fromHours, toHours) => {
      const counts = totals.map(({ entity, perHour }) => [entity, upTo(perHour, toHours) - upTo(perHour, fromHours)]);
      return Object.fromEntries(counts.filter(([, count]) => count !== 0)) as Counts;
    },
    runOf: (counts, sweep) => {
      const size = sizeOf(counts);
      const cost = sweep === null ? costs.any : sweep ? costs.sweep : costs.other;
      return {
        records: size,
        ...priceOf(counts, limits),
        seconds: Math.ceil(cost?.seconds(size) ?? 0),
        requests: cost?.requests == null ? null : Math.ceil(cost.requests(size)),
      };
    },
  };
}

function upTo(perHour: number, hours: number): number {
  return Math.max(0, Math.ceil(perHour * hours - NOISE));
}

type CostOf = (size: number) => number;

function costsOf(seen: readonly PastRun[]): { readonly seconds: CostOf; readonly requests: CostOf | null } | null {
  if (seen.length === 0) return null;
  const asked = seen.flatMap((run) =>
    run.requests === null ? [] : [{ size: sizeOf(run.records), cost: run.requests }],
  );
  return {
    seconds: costOf(seen.map((run) => ({ size: sizeOf(run.records), cost: run.seconds }))),
    requests: asked.length === 0 ? null : costOf(asked),
  };
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

function sizeOf(records: Counts): number {
  return Object.values(records).reduce((sum, count) => sum + count, 0);
}
