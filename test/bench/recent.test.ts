import { expect, test } from 'vitest';
import { lagFigure, recentTable, spread } from '../../bench/recent-report.ts';
import { happened } from '../../bench/shop-life.ts';

const at = '2026-03-01T12:00:00.250Z';

test('an event made what it touched first; what the shop refused made nothing', () => {
  const events = [
    { at, touched: ['order 17', 'product 4'] },
    { at, touched: ['review 9'], refused: 'the product is gone' },
    { at, touched: [] },
  ];
  expect(happened(events)).toEqual([{ ref: { entity: 'order', sourceId: '17' }, atMs: Date.parse(at) }]);
});

test('a share of the changes has arrived by its percentile, the last by the longest', () => {
  const lags = Array.from({ length: 100 }, (_, index) => (100 - index) / 10);
  expect(lagFigure(lags)).toEqual({ p50: 5, p95: 9.5, max: 10 });
  expect(lagFigure([1.234])).toEqual({ p50: 1.23, p95: 1.23, max: 1.23 });
  expect(() => lagFigure([])).toThrow('got none');
});

test('a sample is spread over all of them', () => {
  expect(spread([1, 2, 3, 4, 5, 6], 3)).toEqual([1, 3, 5]);
  expect(spread([1, 2], 3)).toEqual([1, 2]);
  expect(spread([], 3)).toEqual([]);
  expect(
    spread(
      Array.from({ length: 1_200 }, (_, index) => index),
      600,
    ),
  ).toHaveLength(600);
});

test('the table has a line for each size and each rate', () => {
  const table = recentTable({
    cost: { S: { requests: 120, seconds: 3.5 }, Q2: { requests: 130, seconds: 3.9 } },
    lagSeconds: { 20: { p50: 2, p95: 4, max: 5 } },
    duplicates: 0,
    lost: 0,
    terms: { changes: 100, seed: 5, followed: 'S', lagForSeconds: 60 },
  });
  expect(table).toContain('S    120 requests, 3.5 s');
  expect(table).toContain('20 changes/s  p50 2 s, p95 4 s, max 5 s');
  expect(table).toContain('duplicates 0, lost 0\nseed 5');
});

test('the table tells webhooks from polls, and what was not measured is left out', () => {
  const lag = { p50: 1, p95: 2, max: 3 };
  const terms = { changes: 100, seed: 5, followed: 'S', lagForSeconds: 60 };
  const polls = { lagSeconds: { 1: lag }, duplicates: 0, lost: 0, terms };
  expect(recentTable(polls)).not.toContain('webhooks');
  const both = {
    ...polls,
    hookedLagSeconds: { 10: lag },
    arrivalLagSeconds: { 10: lag },
    delivery: { 10: { told: 380, of: 600, mean: 0.2, max: 0.4 } },
  };
  expect(recentTable(both).split('\n')).toEqual([
    'lag by polls, 60 s on S',
    '   1 changes/s  p50 1 s, p95 2 s, max 3 s',
    'lag by webhooks, 60 s on S',
    '  10 changes/s  p50 1 s, p95 2 s, max 3 s',
    'lag by webhooks, from their arrival, 60 s on S',
    '  10 changes/s  p50 1 s, p95 2 s, max 3 s',
    'webhooks on their way',
    '  10 changes/s  mean 0.2 s, max 0.4 s, of 380 of 600 records',
    'duplicates 0, lost 0',
    'seed 5',
  ]);
});

test('the table says what a long run took, each process by itself', () => {
  const rssMiB = { first: 200, last: 210.5, highest: 230, growthPerHour: 3.2 };
  const long = {
    minutes: 10,
    changesPerSecond: 2,
    historyEventsPerHour: 300,
    untilSweep: 4,
    processes: { worker: { cpuShare: 0.25, rssMiB }, postgres: { cpuShare: 0.1, rssMiB } },
  };
  const terms = { changes: 100, seed: 5, followed: 'M', lagForSeconds: 60 };
  expect(recentTable({ long, duplicates: 0, lost: 0, terms }).split('\n')).toEqual([
    '10 minutes at 2 changes/s on M, steady state',
    '  worker    0.25 of a core, 200 MiB to 210.5 MiB, at most 230, 3.2 MiB more per hour',
    '  postgres  0.1 of a core, 200 MiB to 210.5 MiB, at most 230, 3.2 MiB more per hour',
    '  300 history events per hour, 4 records waited for a sweep',
    'duplicates 0, lost 0',
    'seed 5',
  ]);
});
