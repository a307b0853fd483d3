import { describe, expect, it } from 'vitest';
import {
  brokenByReadBack,
  brokenRules,
  DEFAULT_STOP_LIMITS,
  type RunFacts,
  type Sample,
} from '../../src/domain/stop-rules.ts';
import { MINUTE, NOW, WELL } from './run-that-is-well.ts';

const facts = (given: Partial<RunFacts> = {}): RunFacts => ({ ...WELL, ...given });
const broken = (given: Partial<RunFacts>, limits = DEFAULT_STOP_LIMITS) =>
  brokenRules(facts(given), limits).map(({ rule }) => rule);
/** One sample a minute, the last of them now. */
const series = (...values: number[]): Sample[] =>
  values.map((value, at) => ({ atMs: NOW - (values.length - 1 - at) * MINUTE, value }));
const rising = (from: number, to: number) =>
  series(...Array.from({ length: 12 }, (_, at) => Math.round(from + ((to - from) * at) / 11)));

it('finds nothing wrong with a run in which all is well', () => {
  expect(broken({})).toEqual([]);
});

describe('a rate', () => {
  it('is broken by what failed of what was settled, but not by a few', () => {
    expect(broken({ failed: 51 })).toEqual(['error-rate']);
    expect(broken({ failed: 50 })).toEqual([]);
    expect(broken({ failed: 5, settled: series(6) })).toEqual([]);
    expect(broken({ failed: 6, settled: series(6) })).toEqual(['error-rate']);
    expect(broken({ failed: 51 }, { ...DEFAULT_STOP_LIMITS, errorRate: 0.2 })).toEqual([]);
  });

  it('is broken by requests that had to be repeated', () => {
    expect(broken({ retried: 501 })).toEqual(['retry-rate']);
    expect(broken({ retried: 500 })).toEqual([]);
    expect(broken({ retried: 20, requests: 20 })).toEqual([]);
  });

  it('says the figures in words', () => {
    const [found] = brokenRules(facts({ failed: 60 }), DEFAULT_STOP_LIMITS);
    expect(found?.message).toBe('60 of 1000 records failed (limit 5 %): see failures');
  });
});

describe('progress', () => {
  const still = { settled: [{ atMs: NOW - 11 * MINUTE, value: 5 }] };

  it('is missed after ten minutes in which nothing was settled although there was work', () => {
    expect(broken(still)).toEqual(['no-progress']);
    expect(broken({ settled: [{ atMs: NOW - 9 * MINUTE, value: 5 }] })).toEqual([]);
    expect(broken({ settled: [{ atMs: NOW - MINUTE, value: 0 }] })).toEqual(['no-progress']);
  });

  it('is not missed while the stores hold it up, without work, or right after a resume', () => {
    expect(broken({ ...still, heldUpByStores: true })).toEqual([]);
    expect(broken({ ...still, ready: 0 })).toEqual([]);
    expect(broken({ ...still, sinceMs: NOW - 9 * MINUTE })).toEqual([]);
  });

  it('is not missed when the first change of a quiet night has just come', () => {
    const quiet = { atMs: NOW - MINUTE, value: 0 };
    expect(broken({ ...still, ready: 1, queue: [quiet] })).toEqual([]);
    expect(broken({ ...still, ready: 1, queue: [{ ...quiet, value: 3 }] })).toEqual(['no-progress']);
    expect(broken({ ...still, ready: 1, queue: [{ ...quiet, atMs: NOW - 11 * MINUTE }] })).toEqual(['no-progress']);
  });
});

describe('a queue', () => {
  it('that grows for ten minutes is one too many', () => {
    expect(broken({ queue: rising(2_000, 4_000) })).toEqual(['queue-growing']);
  });

  it('may be small, or fall once, or grow a little, or be watched for a short time', () => {
    expect(broken({ queue: rising(10, 900) })).toEqual([]);
    expect(broken({ queue: [...rising(2_000, 4_000).slice(0, 11), { atMs: NOW, value: 3_000 }] })).toEqual([]);
    expect(broken({ queue: rising(20_000, 21_000) })).toEqual([]);
    expect(broken({ queue: rising(2_000, 4_000).slice(6) })).toEqual([]);
  });
});

describe('a lag', () => {
  it('that climbs for ten minutes, and is longer than that, stops new work', () => {
    expect(broken({ lag: rising(30, 700) })).toEqual(['lag-climbing']);
    expect(broken({ lag: rising(30, 200) })).toEqual([]);
    expect(broken({ lag: series(700, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700, 700) })).toEqual([]);
  });

  it('of changes that were found all at once is no fault of a run that writes more than comes in', () => {
    const lag = rising(30, 700);
    const falling = series(...Array.from({ length: 12 }, (_, at) => 9_000 - at * 100));
    expect(broken({ lag, queue: falling, onlyChanges: true })).toEqual([]);
    expect(broken({ lag, queue: series(900, 900), onlyChanges: true })).toEqual(['lag-climbing']);
    expect(broken({ lag, queue: [], onlyChanges: true })).toEqual(['lag-climbing']);
    // It fell long ago, and not since.
    const stuck = series(9_000, ...Array.from({ length: 11 }, () => 500));
    expect(broken({ lag, queue: stuck, onlyChanges: true })).toEqual(['lag-climbing']);
    // What is copied beside them may be what holds them up.
    expect(broken({ lag, queue: falling, onlyChanges: false })).toEqual(['lag-climbing']);
  });

  it('has a limit that a project sets', () => {
    const limits = { ...DEFAULT_STOP_LIMITS, lagClimbingMs: 2 * MINUTE };
    expect(broken({ lag: series(60, 90, 130, 190) }, limits)).toEqual(['lag-climbing']);
  });
});

it('notices a source that takes five times as long as at the beginning, and not a fast one', () => {
  expect(broken({ sourceMs: { first: 300, lately: 1_500 } })).toEqual(['source-slowing']);
  expect(broken({ sourceMs: { first: 300, lately: 1_400 } })).toEqual([]);
  expect(broken({ sourceMs: { first: 10, lately: 900 } })).toEqual([]);
  expect(broken({ sourceMs: null })).toEqual([]);
});

describe('a read-back', () => {
  const clean = { readBack: 200, mismatches: 0, recentlyEdited: 0, recentMismatches: 0 };
  const found = (given: Partial<typeof clean>) =>
    brokenByReadBack({ ...clean, ...given }, DEFAULT_STOP_LIMITS).map(({ rule }) => rule);

  it('may find a hundredth otherwise than meant, but no recent edit missing', () => {
    expect(found({})).toEqual([]);
    expect(found({ mismatches: 2 })).toEqual([]);
    expect(found({ mismatches: 3 })).toEqual(['mismatch-rate']);
    expect(found({ mismatches: 1, recentlyEdited: 4, recentMismatches: 1 })).toEqual(['recent-edits-not-appearing']);
    expect(found({ readBack: 0 })).toEqual([]);
  });
});
