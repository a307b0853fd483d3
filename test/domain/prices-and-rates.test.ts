import { describe, expect, it } from 'vitest';
import { priceInWords, priceOf } from '../../src/domain/points.ts';
import { backupProblem, completeOptions } from '../../src/domain/project-options.ts';
import { changedRates, namedRates, ratesProblem } from '../../src/domain/rates.ts';
import { throttleCause, type Holds } from '../../src/domain/throttle.ts';

describe('entity points', () => {
  const counts = { category: 9, product: 30, customer: 20, order: 50 };
  const options = completeOptions({ pointsLimit: 100 });

  it('weigh products, customers, orders and posts one each, and nothing else', () => {
    expect(priceOf(counts, options)).toMatchObject({ points: 100, limit: 100, withinLimit: true });
    expect(priceOf({ ...counts, blog_post: 1 }, options)).toMatchObject({ points: 101, withinLimit: false });
  });

  it('are those of what the run takes, by the weights of the project', () => {
    expect(priceOf(counts, options, 10).points).toBe(30);
    expect(priceOf(counts, { weights: { category: 2, order: 0.5 }, pointsLimit: null })).toMatchObject({ points: 43 });
  });

  it('come with their sum in words', () => {
    expect(priceInWords(priceOf(counts, { ...options, pointsLimit: 60 }))).toContain(
      "would take 100 entity points (30 product x 1 + 20 customer x 1 + 50 order x 1) and the project's limit is 60",
    );
  });
});

describe('a backup', () => {
  const now = '2026-11-20T12:00:00.000Z';
  const of = (at: string, hours = 168) =>
    backupProblem(completeOptions({ backup: { by: 'ops', at }, backupMaxAgeHours: hours }), now);

  it('has to be confirmed, and to be young enough', () => {
    expect(backupProblem(completeOptions(null), now)).toContain('nobody has confirmed a backup');
    expect(of('2026-11-14T12:00:00.000Z')).toBeUndefined();
    expect(of('2026-11-10T12:00:00.000Z')).toContain('is 240 hours old, 168 are allowed');
    expect(of('2026-11-20T10:00:00.000Z', 1)).toContain('is 2 hours old, 1 are allowed');
  });

  it('leaves options of before others existed with their defaults', () => {
    const options = completeOptions({ stopRules: { errorRate: 0.5 } as never });
    expect(options.stopRules).toMatchObject({ errorRate: 0.5, lagClimbingMs: 600_000 });
  });
});

describe('rates', () => {
  it.each([
    [{}, 'concurrency, batchSize, reservePercent: name at least one'],
    [{ concurrency: 33 }, 'concurrency must be a whole number from 1 to 32, or null to be as the service is set'],
    [{ batchSize: 0 }, 'batchSize must be a whole number from 1 to 100, or null to be as the service is set'],
    [{ reservePercent: 4 }, 'reservePercent must be a whole number from 5 to 90, or null to be as the service is set'],
    [{ concurrency: '4' }, 'concurrency must be a whole number from 1 to 32, or null to be as the service is set'],
  ])('%j are refused', (given, message) => {
    expect(ratesProblem(given)).toBe(message);
  });

  it('may be any subset', () => {
    expect(ratesProblem({ batchSize: 100, reservePercent: 90 })).toBeUndefined();
    expect(ratesProblem({ batchSize: null })).toBeUndefined();
    expect(namedRates({ batchSize: null, concurrency: undefined as never })).toEqual({ batchSize: null });
    expect(changedRates({ batchSize: 5, concurrency: 2 }, { batchSize: null })).toEqual({ concurrency: 2 });
    expect(namedRates({ batchSize: 5, ...({ by: 'ops' } as object) })).toEqual({ batchSize: 5 });
  });
});

const holds = (given: Partial<Holds>): Holds => ({
  running: true,
  paused: false,
  pauseReason: null,
  openGate: null,
  storeWaits: [],
  ready: 5,
  waiting: 0,
  ...given,
});

describe('what holds a run up', () => {
  it.each<[Partial<Holds>, string | null]>([
    [{}, null],
    [{ paused: true, pauseReason: 'lunch', openGate: 'trial' }, 'paused: lunch'],
    [{ running: false }, null],
    [{ openGate: 'trial' }, 'gate trial waits for approval'],
    [
      {
        storeWaits: [
          { side: 'source', cause: 'concurrency', count: 9 },
          { side: 'target', cause: 'window used up', count: 1 },
        ],
      },
      "the target's rate window is used up",
    ],
    [{ storeWaits: [{ side: 'source', cause: 'moon', count: 1 }] }, 'the source: moon'],
    [{ ready: 0, waiting: 3 }, '3 changes wait for other records or for the outcome of a write'],
  ])('%j is said: %s', (given, words) => {
    expect(throttleCause(holds(given))).toBe(words);
  });
});
