import { rounded } from './report.ts';

/** What so many changes cost on one baseline: of the recent run alone. */
export interface CostFigure {
  /** Both stores together. */
  readonly requests: number;
  readonly seconds: number;
}

/** Seconds. */
export interface LagFigure {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Seconds. */
export interface DeliveryDelay {
  readonly mean: number;
  readonly max: number;
}

/** What `bench -- recent --json` prints; what was not measured is absent. */
export interface RecentReport {
  /** Size → what 100 changes cost there. */
  readonly cost: Readonly<Record<string, CostFigure>>;
  /** Changes per second → from the source's commit to the target's, by polls alone. */
  readonly lagSeconds: Readonly<Record<string, LagFigure>>;
  /** The same with webhooks, and hardly any polls; and from their arrival at our door. */
  readonly hookedLagSeconds?: Readonly<Record<string, LagFigure>>;
  readonly arrivalLagSeconds?: Readonly<Record<string, LagFigure>>;
  /** How long the sandbox's webhooks were on their way. */
  readonly delivery?: DeliveryDelay;
  /** Records of the living shop that the target holds more than once, or not at all, when it is quiet. */
  readonly duplicates: number;
  readonly lost: number;
  readonly terms: {
    readonly changes: number;
    readonly seed: number;
    readonly lagSize: string;
    readonly lagForSeconds: number;
  };
}

/** @param lags seconds, at least one */
export function lagFigure(lags: readonly number[]): LagFigure {
  const sorted = lags.toSorted((a, b) => a - b);
  const last = sorted.at(-1);
  if (last === undefined) throw new RangeError('expected the lags of some changes, got none');
  const at = (share: number) => rounded(sorted[Math.ceil(sorted.length * share) - 1] ?? last, 2);
  return { p50: at(0.5), p95: at(0.95), max: rounded(last, 2) };
}

/** So many of them or fewer, evenly from the first to the last. */
export function spread<T>(items: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, items.length / most);
  return Array.from({ length: Math.min(most, items.length) }, (_, at) => items[Math.floor(at * step)] as T);
}

export function inWords({ p50, p95, max }: LagFigure): string {
  return `p50 ${p50} s, p95 ${p95} s, max ${max} s`;
}

/** For people. */
export function recentTable(report: RecentReport): string {
  const { cost, delivery, duplicates, lost, terms } = report;
  const lags = (what: string, figures: RecentReport['lagSeconds'] | undefined) =>
    figures === undefined
      ? []
      : [
          `lag ${what}, ${terms.lagForSeconds} s on ${terms.lagSize}`,
          ...Object.entries(figures).map(([rate, figure]) => `  ${rate.padStart(2)} changes/s  ${inWords(figure)}`),
        ];
  return [
    `cost of ${terms.changes} changes`,
    ...Object.entries(cost).map(
      ([size, { requests, seconds }]) => `  ${size.padEnd(4)} ${requests} requests, ${seconds} s`,
    ),
    ...lags('by polls', report.lagSeconds),
    ...lags('by webhooks', report.hookedLagSeconds),
    ...lags('by webhooks, from their arrival', report.arrivalLagSeconds),
    ...(delivery === undefined ? [] : [`webhooks on their way: mean ${delivery.mean} s, max ${delivery.max} s`]),
    `duplicates ${duplicates}, lost ${lost} (seed ${terms.seed})`,
  ].join('\n');
}
