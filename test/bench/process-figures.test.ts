import { expect, test } from 'vitest';
import { processFigure, slope, steady } from '../../bench/process-figures.ts';
import type { ProcessSample } from '../../bench/processes.ts';

const MINUTE = 60_000;
const sample = (minute: number, rssMiB: number, cpuSeconds = 0, pid = 7): ProcessSample => ({
  pid,
  atMs: 1_700_000_000_000 + minute * MINUTE,
  cpuSeconds,
  rssMiB,
});
/** One each minute, from the first moment on. */
const over = (minutes: number) => Array.from({ length: minutes + 1 }, (_, minute) => sample(minute, 1));

test('the slope is that of the line with the least squares', () => {
  expect(
    slope([
      [0, 1],
      [1, 3],
      [2, 5],
    ]),
  ).toBe(2);
  // By hand: the means are 2.5 and 4; 8.5 over 5.
  expect(
    slope([
      [1, 2],
      [2, 2],
      [3, 6],
      [4, 6],
    ]),
  ).toBeCloseTo(1.6);
});

test('a process is told by its share of a core, its memory, and what that grows by in an hour', () => {
  const samples = [sample(0, 200, 10), sample(10, 220.04, 100), sample(20, 205, 310), sample(30, 215, 460)];
  expect(processFigure(samples)).toEqual({
    cpuShare: 0.25,
    rssMiB: { first: 200, last: 215, highest: 220, growthPerHour: 18 },
  });
});

test('memory that comes and goes does not grow', () => {
  const sawtooth = [200, 230, 200, 230, 200].map((rss, minute) => sample(minute, rss));
  expect(processFigure(sawtooth).rssMiB).toMatchObject({ growthPerHour: 0, highest: 230 });
});

test('what was started anew, or seen but once, has no figure', () => {
  expect(() => processFigure([sample(0, 200), sample(1, 90, 0, 8)])).toThrow('started anew');
  expect(() => processFigure([sample(0, 200)])).toThrow('got 1');
  expect(() => processFigure([])).toThrow('got 0');
});

test('the warm-up is a fifth of the time, and never more than ten minutes', () => {
  expect(steady(over(10)).map(({ atMs }) => atMs)).toEqual(
    [2, 3, 4, 5, 6, 7, 8, 9, 10].map((at) => sample(at, 1).atMs),
  );
  expect(steady(over(600))).toHaveLength(591);
  expect(steady([])).toEqual([]);
});
