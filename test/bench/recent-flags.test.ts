import { expect, test } from 'vitest';
import { benchFlags } from '../../bench/flags.ts';
import type { RecentFlags } from '../../bench/recent-flags.ts';
import { UsageError } from '../../bench/usage.ts';

const recent = (...more: string[]) => benchFlags(['recent', ...more]) as RecentFlags;
const sizes = (...more: string[]) => recent(...more).extents.map(({ name }) => name);
const lags = (...more: string[]) => recent(...more).lags.map(({ rate, way }) => `${rate} ${way}`);

test('the cost of changes is measured on baselines of several sizes', () => {
  expect(sizes()).toEqual(['S', 'M', 'L']);
  expect(sizes('--quick')).toEqual(['S', 'Q2']);
  expect(sizes('--size', 'M')).toEqual(['S', 'M']);
  expect(sizes('--size', 'S')).toEqual(['S']);
  expect(recent('--json').json).toBe(true);
});

test('the lag is measured at several rates, by polls alone and with webhooks; quickly at one rate by polls', () => {
  expect(lags()).toEqual(['1 polls', '10 polls', '20 polls', '1 webhooks', '10 webhooks', '20 webhooks']);
  expect(lags('--quick')).toEqual(['20 polls']);
  expect(lags('--rates', '5,1,5', '--by', 'webhooks')).toEqual(['5 webhooks', '1 webhooks']);
  expect(lags('--quick', '--by', 'webhooks')).toEqual(['20 webhooks']);
  expect([recent().lagSeconds, recent('--seconds', '15').lagSeconds]).toEqual([60, 15]);
});

test('one figure can be had alone; the size is then that of the shop that is followed', () => {
  expect([sizes('--only', 'lag'), lags('--only', 'lag').length]).toEqual([[], 6]);
  expect([sizes('--only', 'cost', '--size', 'L'), lags('--only', 'cost')]).toEqual([['S', 'L'], []]);
  expect(recent('--only', 'lag', '--size', 'M').followed.name).toBe('M');
  expect([recent('--only', 'lag').followed.name, recent('--size', 'M').followed.name]).toEqual(['S', 'S']);
  expect(recent('--only', 'long', '--minutes', '10')).toMatchObject({ extents: [], lags: [] });
});

test('nobody gets a long run unasked', () => {
  expect(recent()).not.toHaveProperty('long');
  expect(recent('--minutes', '10').long).toEqual({ minutes: 10, rate: 2 });
  expect(recent('--only', 'long', '--minutes', '600', '--long-rate', '20').long).toEqual({ minutes: 600, rate: 20 });
});

test.each([
  ['--latency 20', 'expected --latency with full only'],
  ['--only speed', 'expected --only cost, lag or long, got speed'],
  ['--by phone', 'expected --by polls or webhooks, got phone'],
  ['--rates 1,,2', 'expected --rates as a whole number from 1 to 100, got '],
  ['--rates 0', 'expected --rates as a whole number from 1 to 100, got 0'],
  ['--rates 1.5', 'got 1.5'],
  ['--seconds 300', 'expected --seconds as a whole number from 5 to 240, got 300'],
  ['--minutes 1', 'expected --minutes as a whole number from 2 to 10080, got 1'],
  ['--minutes ten', 'got ten'],
  ['--minutes 10 --long-rate 101', 'expected --long-rate as a whole number from 1 to 100, got 101'],
  ['--long-rate 2', 'expected --minutes with a long run, got none'],
  ['--only long', 'expected --minutes with a long run, got none'],
  ['--only cost --rates 1', 'expected no --rates with --only cost'],
  ['--only lag --minutes 10', 'expected no --minutes with --only lag'],
  ['--only long --minutes 10 --by polls', 'expected no --by with --only long'],
])('recent %s is refused: %s', (line, message) => {
  expect(() => recent(...line.split(' '))).toThrow(UsageError);
  expect(() => recent(...line.split(' '))).toThrow(message);
});
