import { describe, expect, it } from 'vitest';
import {
  type AlertFacts,
  DEFAULT_ALERT_LIMITS,
  DELIVERY_LIVES_MS,
  deliveryRetryMs,
  judgeAlerts,
} from '../../src/domain/alerts.ts';
import { brokenRules, DEFAULT_STOP_LIMITS, type RunFacts } from '../../src/domain/stop-rules.ts';
import { MINUTE, NOW, WELL } from './run-that-is-well.ts';

type Run = NonNullable<AlertFacts['run']>;
const judge = (run: Partial<Run> | null, given: Partial<AlertFacts> = {}) =>
  judgeAlerts(
    {
      run: run === null ? null : { facts: WELL, paused: false, lagSeconds: 0, points: 0, pointsLimit: null, ...run },
      rejected: [],
      disabledHooks: [],
      ...given,
    },
    DEFAULT_ALERT_LIMITS,
  );
const kinds = (run: Partial<Run> | null, given: Partial<AlertFacts> = {}) =>
  judge(run, given).raised.map(({ kind }) => kind);
const work = (facts: Partial<RunFacts>) => ({ facts: { ...WELL, ...facts } });

it('raises nothing while all is well, or while there is nothing', () => {
  expect(judge({})).toEqual({ raised: [], unjudged: [] });
  expect(judge(null)).toEqual({ raised: [], unjudged: [] });
});

describe('of the work', () => {
  const settled = [{ atMs: NOW - 6 * MINUTE, value: 10 }];
  const queue = Array.from({ length: 8 }, (_, at) => ({ atMs: NOW - (7 - at) * MINUTE, value: 1_000 + at * 200 }));

  it.each([
    ['no-progress', { settled }, { ready: 100 }],
    ['retries-jumping', { retried: 300 }, { requests: 1_000, retried: 300 }],
    ['queue-growing', { queue }, { from: 1_000, to: 2_400 }],
    ['source-slowing', { sourceMs: { first: 400, lately: 1_300.4 } }, { firstMs: 400, latelyMs: 1_300 }],
  ] as const)('%s is raised before a stop rule would stop the run, with its figures', (kind, facts, evidence) => {
    expect(brokenRules({ ...WELL, ...facts }, DEFAULT_STOP_LIMITS)).toEqual([]);
    expect(judge(work(facts)).raised).toEqual([{ kind, subject: '', message: expect.any(String), evidence }]);
  });

  it('is neither raised nor over while the project is paused', () => {
    const { raised, unjudged } = judge({ ...work({ settled }), paused: true });
    expect(raised).toEqual([]);
    expect([...unjudged].sort()).toEqual(['no-progress', 'queue-growing', 'retries-jumping', 'source-slowing']);
  });

  it('does not blame a run for a store that asks to wait', () => {
    expect(kinds(work({ settled, retried: 900, heldUpByStores: true }))).toEqual([]);
  });

  it('leaves rules without an alert of their own to the pause that they cause', () => {
    expect(kinds(work({ failed: 900 }))).toEqual([]);
  });
});

it('raises a lag above the limit, paused or not: it goes on counting', () => {
  expect(kinds({ lagSeconds: 900 })).toEqual([]);
  for (const paused of [false, true]) {
    expect(judge({ lagSeconds: 900.6, paused }).raised).toEqual([
      expect.objectContaining({ kind: 'lag-above-limit', evidence: { lagSeconds: 901, limit: 900 } }),
    ]);
  }
});

it('raises points that are nearly used, and none without a limit', () => {
  expect(kinds({ points: 89, pointsLimit: 100 })).toEqual([]);
  expect(kinds({ points: 90, pointsLimit: 100 })).toEqual(['points-nearly-used']);
  expect(kinds({ points: 1e9 })).toEqual([]);
});

it('raises rejected credentials and hooks that were switched off one by one, also without a run', () => {
  const { raised } = judge(null, { rejected: ['source', 'target'], disabledHooks: ['order.updated'] });
  expect(raised.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
    'credentials-rejected source',
    'credentials-rejected target',
    'hook-disabled order.updated',
  ]);
});

it('sends again after a second, then later and later, but at least every hour', () => {
  const waits = Array.from({ length: 40 }, (_, at) => deliveryRetryMs(at + 1));
  expect(waits.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(waits.every((wait, at) => at === 0 || wait >= (waits[at - 1] ?? 0))).toBe(true);
  expect(Math.max(...waits)).toBe(3_600_000);
  expect(deliveryRetryMs(1e9)).toBe(3_600_000);
  expect(DELIVERY_LIVES_MS).toBe(86_400_000);
});
