import type { LongFigure } from './long.ts';
import type { ProcessFigure } from './process-figures.ts';
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

/** Seconds that the sandbox's webhooks were on their way, from the shop's commit to our door. */
export interface DeliveryDelay {
  /** Records that a webhook told of before they were at the target, of so many that were asked for. */
  readonly told: number;
  readonly of: number;
  readonly mean: number;
  readonly max: number;
}

/** What `bench -- recent --json` prints; what was not measured is absent. */
export interface RecentReport {
  /** Size → what 100 changes cost there. */
  readonly cost?: Readonly<Record<string, CostFigure>>;
  /** Changes per second → from the source's commit to the target's, by polls alone. */
  readonly lagSeconds?: Readonly<Record<string, LagFigure>>;
  /** The same with webhooks, and hardly any polls; and from their arrival at our door. */
  readonly hookedLagSeconds?: Readonly<Record<string, LagFigure>>;
  readonly arrivalLagSeconds?: Readonly<Record<string, LagFigure>>;
  readonly delivery?: Readonly<Record<string, DeliveryDelay>>;
  /** Of the shops that were followed, what the target holds more than once, or not at all, when all is quiet. */
  readonly duplicates?: number;
  readonly lost?: number;
  readonly long?: LongFigure;
  readonly terms: {
    readonly changes: number;
    readonly seed: number;
    /** Size of the shop that is followed. */
    readonly followed: string;
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
  const { cost, delivery, duplicates, lost, long, terms } = report;
  const where = `${terms.lagForSeconds} s on ${terms.followed}`;
  const lags = (what: string, figures: RecentReport['lagSeconds']) =>
    section(`lag ${what}, ${where}`, figures, (rate, figure) => `${ofRate(rate)}  ${inWords(figure)}`);
  return [
    ...section(
      `cost of ${terms.changes} changes`,
      cost,
      (size, { requests, seconds }) => `${size.padEnd(4)} ${requests} requests, ${seconds} s`,
    ),
    ...lags('by polls', report.lagSeconds),
    ...lags('by webhooks', report.hookedLagSeconds),
    ...lags('by webhooks, from their arrival', report.arrivalLagSeconds),
    ...section(
      'webhooks on their way',
      delivery,
      (rate, { told, of, mean, max }) => `${ofRate(rate)}  mean ${mean} s, max ${max} s, of ${told} of ${of} records`,
    ),
    ...(long === undefined ? [] : longLines(long, terms.followed)),
    ...(duplicates === undefined ? [] : [`duplicates ${duplicates}, lost ${lost}`]),
    `seed ${terms.seed}`,
  ].join('\n');
}

function section<T>(
  title: string,
  figures: Readonly<Record<string, T>> | undefined,
  line: (key: string, figure: T) => string,
): readonly string[] {
  if (figures === undefined) return [];
  return [title, ...Object.entries(figures).map(([key, figure]) => `  ${line(key, figure)}`)];
}

const ofRate = (rate: string) => `${rate.padStart(2)} changes/s`;

function longLines(long: LongFigure, followed: string): readonly string[] {
  const title = `${long.minutes} minutes at ${long.changesPerSecond} changes/s on ${followed}, steady state`;
  return [
    ...section(title, long.processes, ofProcess),
    `  ${long.historyEventsPerHour} history events per hour, ${long.untilSweep} records waited for a sweep`,
  ];
}

function ofProcess(name: string, { cpuShare, rssMiB }: ProcessFigure): string {
  const { first, last, highest, growthPerHour } = rssMiB;
  return `${name.padEnd(8)}  ${cpuShare} of a core, ${first} MiB to ${last} MiB, at most ${highest}, ${growthPerHour} MiB more per hour`;
}
