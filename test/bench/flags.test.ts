import { expect, test } from 'vitest';
import { assertTerms, benchFlags, type FullFlags, LATENCY_MS } from '../../bench/flags.ts';
import { UsageError } from '../../bench/usage.ts';

/** Arguments of a scenario, which the first of them names. */
const full = (...more: string[]) => benchFlags(['full', ...more]) as FullFlags;

const names = (argv: string[]) => benchFlags(argv).extents.map(({ name }) => name);

test.each([
  [['full'], ['M', 'L']],
  [
    ['full', '--quick'],
    ['Q1', 'Q2'],
  ],
  [
    ['full', '--size', 'M'],
    ['Q1', 'M'],
  ],
  [
    ['full', '--size', 'L'],
    ['Q1', 'L'],
  ],
  [
    ['full', '--size', 'S'],
    ['S', 'Q1'],
  ],
])('%j compares two sizes, the smaller first', (argv, sizes) => {
  expect(names(argv)).toEqual(sizes);
});

test('without a word about it every reply is late by 20 ms', () => {
  expect(benchFlags(['full', '--json'])).toMatchObject({ latencyMs: LATENCY_MS, json: true, quick: false });
  expect(full('--latency', '0').latencyMs).toBe(0);
});

test('a small shop has a small window for its quota: there must be more to write than that allows', () => {
  expect(full('--quick').quota).toEqual({ quota: 15, windowMs: 3_000 });
  expect(full('--size', 'M').quota).toEqual({ quota: 15, windowMs: 3_000 });
  expect(full().quota).toEqual({ quota: 450, windowMs: 30_000 });
});

test.each([
  [[], 'expected the scenario full or recent, got none'],
  [['ful'], 'expected the scenario full or recent, got ful'],
  [['full', 'more'], 'expected the scenario full or recent, got full more'],
  [['full', '--size', 'XL'], 'expected --size S, M or L, got XL'],
  [['full', '--latency', '-3'], '--latency'],
  [['full', '--latency', 'long'], 'expected --latency as whole milliseconds, at most 9999, got long'],
  [['full', '--quick', '--size', 'M'], 'expected --quick or --size, got both'],
  [['full', '--fast'], '--fast'],
  [['full', '--only', 'lag'], 'expected --only with recent only'],
  [['full', '--minutes', '3'], 'expected --minutes with recent only'],
])('%j is refused: %s', (argv, message) => {
  expect(() => benchFlags(argv)).toThrow(UsageError);
  expect(() => benchFlags(argv)).toThrow(message);
});

test('figures under other terms than were asked for are refused', () => {
  expect(() => assertTerms({ latencyMs: 20, inFlight: 4 }, { latencyMs: 20 })).not.toThrow();
  expect(() => assertTerms({ latencyMs: 0, inFlight: 4 }, { latencyMs: 20 })).toThrow(
    'give --latency 0 if you mean it',
  );
  expect(() => assertTerms({ latencyMs: 20, inFlight: 8 }, { latencyMs: 20 })).toThrow(
    'expected at most 4 requests in flight at a store, got 8',
  );
});
