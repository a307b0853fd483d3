import type { ProcessSample } from './processes.ts';
import { rounded } from './report.ts';

/** What a process used in the steady state of a long run. */
export interface ProcessFigure {
  /** Of one core, in the mean: 1 is a core that is never idle. */
  readonly cpuShare: number;
  readonly rssMiB: {
    readonly first: number;
    readonly last: number;
    readonly highest: number;
    /** MiB per hour: the slope of the line through all samples that fits best. */
    readonly growthPerHour: number;
  };
}

const HOUR_MS = 3_600_000;
/** Of the whole time: caches fill and code is compiled first. */
const WARM_UP_SHARE = 0.2;
const LONGEST_WARM_UP_MS = 600_000;

/** The samples behind the warm-up, which is a fifth of the time and at most ten minutes. */
export function steady(samples: readonly ProcessSample[]): readonly ProcessSample[] {
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (first === undefined || last === undefined) return [];
  const warmUpMs = Math.min(LONGEST_WARM_UP_MS, (last.atMs - first.atMs) * WARM_UP_SHARE);
  return samples.filter(({ atMs }) => atMs >= first.atMs + warmUpMs);
}

/** @param samples of one process, in the order of time, two or more @throws RangeError */
export function processFigure(samples: readonly ProcessSample[]): ProcessFigure {
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) {
    throw new RangeError(`expected samples of a process over some time, got ${samples.length}`);
  }
  if (samples.some(({ pid }) => pid !== first.pid)) {
    throw new RangeError('expected one process from start to end, but it was started anew: see why it ended');
  }
  return {
    cpuShare: rounded((last.cpuSeconds - first.cpuSeconds) / ((last.atMs - first.atMs) / 1_000), 3),
    rssMiB: {
      first: rounded(first.rssMiB, 1),
      last: rounded(last.rssMiB, 1),
      highest: rounded(Math.max(...samples.map(({ rssMiB }) => rssMiB)), 1),
      growthPerHour: rounded(slope(samples.map(({ atMs, rssMiB }) => [atMs / HOUR_MS, rssMiB] as const)), 1),
    },
  };
}

/** Of the line through the points that leaves the least squares. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const sum = (of: (x: number, y: number) => number) => points.reduce((all, [x, y]) => all + of(x, y), 0);
  const [middle, level] = [sum((x) => x) / points.length, sum((_, y) => y) / points.length];
  return sum((x, y) => (x - middle) * (y - level)) / sum((x) => (x - middle) ** 2);
}
