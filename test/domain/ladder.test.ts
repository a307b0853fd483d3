import { expect, it } from 'vitest';
import { DEFAULT_LADDER, finalSweepAt, ladderProblem, ladderTimes } from '../../src/domain/ladder.ts';

const ladder = { goLiveAt: '2027-02-01T06:00:00.000Z', ...DEFAULT_LADDER };
const shown = (times: readonly number[]) => times.map((at) => new Date(at).toISOString().slice(0, 16));

it('comes every 15 minutes up to go-live, then a day, a week and two weeks after it', () => {
  const times = shown(ladderTimes(ladder));
  expect(times).toHaveLength(6 * 4 + 1 + 3);
  expect(times.slice(0, 2)).toEqual(['2027-02-01T00:00', '2027-02-01T00:15']);
  expect(times.slice(-5)).toEqual([
    '2027-02-01T05:45',
    '2027-02-01T06:00',
    '2027-02-02T06:00',
    '2027-02-08T06:00',
    '2027-02-15T06:00',
  ]);
  expect(finalSweepAt(ladder)).toBe(Date.parse('2027-02-15T06:00:00Z'));
});

it('ends with the final sweep, however early that is, and has no time twice', () => {
  for (const [finalSweepDays, after] of [
    [1, 1],
    [5, 2],
    [7, 2],
    [8, 3],
  ] as const) {
    const times = ladderTimes({ ...ladder, hoursBefore: 1, finalSweepDays });
    expect(times).toHaveLength(5 + after);
    expect(new Set(times).size).toBe(times.length);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(times.at(-1)).toBe(finalSweepAt({ ...ladder, finalSweepDays }));
  }
});

it.each([
  [{ hoursBefore: 0 }, 'hoursBefore'],
  [{ hoursBefore: 49 }, 'hoursBefore'],
  [{ hoursBefore: 1.5 }, 'hoursBefore'],
  [{ finalSweepDays: 0 }, 'finalSweepDays'],
  [{ finalSweepDays: 91, reason: 'x' }, 'finalSweepDays'],
  [{ finalSweepDays: 15 }, 'say in ladder.reason'],
  [{ finalSweepDays: 15, reason: '  ' }, 'say in ladder.reason'],
])('is refused: %j', (change, problem) => {
  expect(ladderProblem({ ...ladder, ...change })).toContain(problem);
});

it('may end later for a reason', () => {
  expect(ladderProblem(ladder)).toBeUndefined();
  expect(ladderProblem({ ...ladder, finalSweepDays: 15, reason: 'returns run until then' })).toBeUndefined();
});
