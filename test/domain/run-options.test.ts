import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_RUN_OPTIONS,
  namedOptions,
  passAt,
  passName,
  passSizes,
  runOptionsProblem,
} from '../../src/domain/run-options.ts';

describe('the plan of passes', () => {
  const sizes = [50, 400, 3_200];

  it('takes fifty, then eight times as many each time, then all that is left', () => {
    expect(DEFAULT_RUN_OPTIONS.passes).toEqual(sizes);
    expect([0, 49, 50, 449, 450, 3_649, 3_650].map((place) => passAt(place, sizes).pass)).toEqual([
      1, 1, 2, 2, 3, 3, 4,
    ]);
    expect(passAt(49, sizes).room).toBe(1);
    expect(passAt(50, sizes).room).toBe(400);
    expect(passAt(9_999, sizes).room).toBe(Infinity);
  });

  it('gives every record a pass, and never one before that of the record before it', () => {
    const plan = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 });
    fc.assert(
      fc.property(plan, (some) => {
        const passes = Array.from({ length: 120 }, (_, place) => passAt(place, some).pass);
        expect(passes.toSorted((a, b) => a - b)).toEqual(passes);
        for (const [index, size] of some.entries()) {
          const end = some.slice(0, index + 1).reduce((sum, one) => sum + one, 0);
          // The last of the passes that are seen here may be cut short.
          expect(passes.filter((pass) => pass === index + 1)).toHaveLength(
            Math.max(0, Math.min(size, 120 - end + size)),
          );
        }
      }),
    );
  });

  it('has a trial only where much is written for the first time', () => {
    expect(passSizes('full', { passes: sizes })).toEqual(sizes);
    expect(passSizes('demo', { passes: sizes })).toEqual([]);
    expect(passSizes('resync', { passes: sizes })).toEqual([]);
  });

  it('has names that operators understand', () => {
    expect([1, 2, 3, 4].map((pass) => passName('full', pass, sizes))).toEqual([
      'trial',
      'pass 2',
      'pass 3',
      'full speed',
    ]);
    expect(passName('full', 1, [])).toBe('full');
    expect(passName('demo', 1, [])).toBe('demo');
  });
});

const of = (given: object) => runOptionsProblem(given as never);

describe('options of a run that come from outside', () => {
  it.each([
    [{ autoApprove: 'yes' }, 'autoApprove must be true or false'],
    [{ perEntity: 0 }, 'perEntity must be a whole number from 1 to 1000'],
    [{ perEntity: 2.5 }, 'perEntity must be a whole number from 1 to 1000'],
    [{ passes: 5 }, 'passes must be at most 12 whole numbers from 1 to 1000000'],
    [{ passes: [5, 0] }, 'passes must be at most 12 whole numbers from 1 to 1000000'],
    [{ passes: Array.from({ length: 13 }, () => 1) }, 'passes must be at most 12 whole numbers from 1 to 1000000'],
    [{ slice: 'x' }, 'slice must be the id of a slice'],
  ])('%j are refused', (given, message) => {
    expect(of(given)).toBe(message);
  });

  it('pass when they make sense, and only those that are named are told on', () => {
    expect(of({ autoApprove: true, perEntity: 3, passes: [], slice: 7 })).toBeUndefined();
    expect(of({})).toBeUndefined();
    expect(namedOptions({ perEntity: 3, ...({ other: 1 } as object) })).toEqual({ perEntity: 3 });
  });
});
