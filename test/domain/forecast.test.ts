import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PastRun } from '../../src/domain/change-model.ts';
import { type ForecastInput, forecastOf } from '../../src/domain/forecast.ts';
import { DEFAULT_WEIGHTS } from '../../src/domain/points.ts';

const limits = { weights: DEFAULT_WEIGHTS, pointsLimit: null };
const run = (given: Partial<PastRun> = {}): PastRun => ({
  hours: 24,
  records: { product: 24, order: 48, stock: 240 },
  seconds: 100,
  requests: 500,
  ...given,
});
const input = (given: Partial<ForecastInput> = {}): ForecastInput => ({
  past: [run(), run(), run()],
  hoursSinceLast: 0,
  waiting: {},
  gapsHours: [24],
  ...given,
});

const anyRun = fc.record({
  hours: fc.double({ min: 0.01, max: 500, noNaN: true }),
  records: fc.record({ product: fc.nat(5_000), order: fc.nat(5_000), stock: fc.nat(50_000) }),
  seconds: fc.double({ min: 0, max: 50_000, noNaN: true }),
  requests: fc.option(fc.nat(100_000)),
});
const past = fc.array(anyRun, { minLength: 1, maxLength: 12 });
const gaps = fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 8 });
const of = (given: Partial<ForecastInput>) => forecastOf(input(given), limits);
const first = (given: Partial<ForecastInput>) => {
  const [found] = of(given).runs;
  if (found === undefined) throw new Error('nothing is foreseen');
  return found;
};

it('says honestly that there is nothing to go by', () => {
  expect(forecastOf(input({ past: [] }), limits)).toEqual({
    basis: {
      runs: 0,
      hours: 0,
      records: 0,
      confidence: 'none',
      says: expect.stringContaining('not enough history'),
    },
    perHour: [],
    runs: [],
  });
  expect(of({ past: [run({ hours: 0 })] }).basis.confidence).toBe('none');
});

it('says what it rests on, and when that is little', () => {
  expect(of({}).basis).toMatchObject({ runs: 3, hours: 72, records: 936, confidence: 'fair' });
  expect(of({ past: [run()] }).basis).toMatchObject({ runs: 1, confidence: 'thin' });
  expect(of({ past: [run({ hours: 1 }), run({ hours: 1 }), run({ hours: 1 })] }).basis).toMatchObject({
    confidence: 'thin',
    says: 'rests on 3 recent runs over 3 hours of changes: little history, so take it as a first guess (3 runs over 24 hours tell more)',
  });
});

it('takes the rate of each entity, and what waits into the first run alone', () => {
  const { perHour, runs } = of({ gapsHours: [12, 24], waiting: { order: 5, review: 2 } });
  expect(perHour).toEqual([
    { entity: 'product', records: 1 },
    { entity: 'order', records: 2 },
    { entity: 'stock', records: 10 },
  ]);
  expect(runs[0]).toMatchObject({ inHours: 12, coversHours: 12, records: 12 + 24 + 5 + 2 + 120, points: 12 + 29 });
  expect(runs[1]).toMatchObject({ inHours: 36, coversHours: 24, records: 312, points: 72, withinLimit: true });
});

it('holds each run against the limit of one run', () => {
  const found = forecastOf(input({ gapsHours: [24, 48] }), { ...limits, pointsLimit: 100 });
  expect(found.runs.map(({ points, limit, withinLimit }) => [points, limit, withinLimit])).toEqual([
    [72, 100, true],
    [144, 100, false],
  ]);
});

const since = (hoursSinceLast: number) => first({ gapsHours: null, hoursSinceLast });

it('is of one run after the usual time when no plan is given', () => {
  expect(since(6)).toMatchObject({ inHours: 18, coversHours: 24 });
  expect(since(30)).toMatchObject({ inHours: 0, coversHours: 30 });
});

const sized = (products: number, seconds: number) => run({ records: { product: products }, seconds });

describe('duration and requests', () => {
  it('have a part that any run costs and one for each record', () => {
    const two = [sized(100, 30), sized(1_100, 130)];
    const hours = 48 / 1_200;
    expect(first({ past: two, gapsHours: [500 * hours] }).seconds).toBe(70);
  });

  it('are never less than nothing, and not less for more records', () => {
    expect(first({ past: [sized(100, 130), sized(1_000, 30)], gapsHours: [240] }).seconds).toBe(80);
    expect(first({ past: [sized(10, 1), sized(100, 100)], gapsHours: [0] }).seconds).toBe(0);
  });

  it('of runs of one size grow with the size, and never fall below what they were', () => {
    expect(first({ past: [run()], gapsHours: [48] }).seconds).toBe(200);
    expect(first({ past: [run()], gapsHours: [1] }).seconds).toBe(100);
    expect(first({ past: [sized(0, 9)], gapsHours: [48] }).seconds).toBe(9);
  });

  it('are told only where the past tells them', () => {
    expect(first({ past: [run({ requests: null })] }).requests).toBeNull();
    expect(first({ past: [run({ requests: null }), run()] }).requests).toBe(500);
  });
});

describe('whatever the past was', () => {
  it('no figure is below nothing, and times follow each other', () => {
    fc.assert(
      fc.property(past, gaps, fc.double({ min: 0, max: 100, noNaN: true }), (runs, gapsHours, hoursSinceLast) => {
        const found = of({ past: runs, gapsHours, hoursSinceLast }).runs;
        expect(found).toHaveLength(gapsHours.length);
        for (const [place, one] of found.entries()) {
          expect(one.inHours).toBeGreaterThanOrEqual(found[place - 1]?.inHours ?? 0);
          for (const figure of [one.records, one.points, one.seconds, one.requests ?? 0, one.coversHours]) {
            expect(Number.isFinite(figure)).toBe(true);
            expect(figure).toBeGreaterThanOrEqual(0);
          }
        }
      }),
    );
  });

  it('a longer gap never costs less', () => {
    fc.assert(
      fc.property(past, fc.nat(500), fc.nat(500), (runs, gap, more) => {
        const [shorter, longer] = [
          first({ past: runs, gapsHours: [gap] }),
          first({ past: runs, gapsHours: [gap + more] }),
        ];
        expect(longer.records).toBeGreaterThanOrEqual(shorter.records);
        expect(longer.points).toBeGreaterThanOrEqual(shorter.points);
        expect(longer.seconds).toBeGreaterThanOrEqual(shorter.seconds);
        expect(longer.requests ?? 0).toBeGreaterThanOrEqual(shorter.requests ?? 0);
      }),
    );
  });

  it('the past over again is foreseen as it was', () => {
    fc.assert(
      fc.property(anyRun, (one) => {
        const next = first({ past: [one], gapsHours: [one.hours] });
        const size = one.records.product + one.records.order + one.records.stock;
        // Each of three entities is rounded up.
        expect(next.records).toBeGreaterThanOrEqual(size);
        expect(next.records).toBeLessThanOrEqual(size + 3);
        expect(next.seconds).toBeGreaterThanOrEqual(Math.floor(one.seconds));
      }),
    );
  });

  it('the order of the runs does not matter', () => {
    fc.assert(
      fc.property(past, (runs) => {
        const [there, back] = [of({ past: runs }), of({ past: runs.toReversed() })];
        expect(Math.abs((there.runs[0]?.records ?? 0) - (back.runs[0]?.records ?? 0))).toBeLessThanOrEqual(3);
      }),
    );
  });
});
