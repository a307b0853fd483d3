import { describe, expect, test } from 'vitest';
import { oursOf, usedShare } from '../../bench/quota-share.ts';
import { type BenchReport, eventSlope, recordsIn, reportTable, requestFigures } from '../../bench/report.ts';
import { requestsOf } from '../../bench/requests.ts';
import { ENTITIES, type Entity } from '../../src/domain/entity.ts';

const least = { ...Object.fromEntries(ENTITIES.map((entity) => [entity, 0])), brand: 12 } as Record<Entity, number>;
const found = requestsOf(
  { byQuery: { 'GET /wc/v3/products/brands?include': 1 } },
  { byQuery: { 'POST /v3/catalog/brands?': 10, 'GET /v3/catalog/brands?id:in': 4 } },
);

test('requests are counted for each record, all of them, each purpose in a column of its own', () => {
  expect(requestFigures({ brand: 10, page: 0 }, found, least)).toEqual({
    brand: {
      records: 10,
      actual: 1.5,
      least: 1.2,
      sourceReads: 0.1,
      scans: 0,
      writes: 1,
      lookUps: 0,
      polls: 0,
      readBacks: 0.4,
      matching: 0,
    },
  });
});

test('the slope of events is what a thousand further records cost', () => {
  expect(eventSlope({ records: 2_000, events: 100 }, { records: 6_000, events: 112 })).toBe(3);
  expect(() => eventSlope({ records: 2_000, events: 100 }, { records: 2_000, events: 100 })).toThrow('two sizes');
});

test('all entities are records', () => {
  expect(recordsIn({ brand: 3, stock: 4, nonsense: 9 })).toBe(7);
});

test('of a window 10 percent are left to the merchant, whole requests, and never all of it', () => {
  expect([oursOf(15, 10), oursOf(450, 10), oursOf(1, 90)]).toEqual([13, 405, 1]);
});

/** Thirteen requests at the beginning of each window, which begins so many ms after the one before it ended. */
const bursts = (windows: number, lateMs = 0, each = 13) =>
  Array.from(
    { length: windows * each },
    (_, index) => Math.floor(index / each) * (3_000 + lateMs) + 10 * (index % each),
  );

describe('the share of the quota that is used', () => {
  const terms = { windowMs: 3_000, quota: 15, reservePercent: 10 };

  test.each([0, 1, 6, 12, 13, 14])(
    'is whole when nothing is left, though %i requests were sent before one looked',
    (skipped) => {
      expect(usedShare({ ...terms, atMs: bursts(9).slice(skipped) })).toBe(1);
    },
  );

  test('counts what goes by before a window begins, and requests that nobody sent', () => {
    expect(usedShare({ ...terms, atMs: bursts(9, 300).slice(5) })).toBeCloseTo(1 / 1.1);
    expect(usedShare({ ...terms, atMs: bursts(9, 0, 12).slice(5) })).toBeCloseTo(12 / 13);
  });

  test('is none where no window was seen whole', () => {
    expect(() => usedShare({ ...terms, atMs: bursts(1) })).toThrow('two windows of 3000 ms');
    expect(() => usedShare({ ...terms, atMs: [] })).toThrow('got 0 requests');
  });
});

test('people get a table with every figure and its terms', () => {
  const report: BenchReport = {
    sizes: { Q1: 2_000, Q2: 6_000 },
    storeferry: { recordsPerSecond: 90 },
    bare: { recordsPerSecond: 100 },
    ratio: 0.9,
    ratioNoLatency: 0.4,
    requestsPerRecord: requestFigures({ brand: 10 }, found, least),
    historyEventsPer1000Records: 3,
    workerRssMiB: { Q1: 300, Q2: 310.5 },
    quota: { usedShare: 0.97, answered429: 0 },
    terms: { latencyMs: 20, inFlight: 4, seed: 5 },
  };
  const table = reportTable(report);
  for (const words of [
    'Q1 2000, Q2 6000',
    '20 ms',
    '4 requests in flight',
    '0.9 (without latency 0.4)',
    '97 %',
    'Q2 310.5',
  ])
    expect(table).toContain(words);
  expect(table).toMatch(/^brand +\t10\t1\.5\t1\.2\t1\.25\t/m);
});
