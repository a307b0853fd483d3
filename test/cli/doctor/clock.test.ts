import { expect, it } from 'vitest';
import { clockCheck } from '../../../src/cli/doctor/clock.ts';

const NOW = 1_800_000_000_000;
const off = (skewMs: number, tookMs = 10) =>
  clockCheck('clock-there', 'That clock', {
    sentMs: NOW,
    theirsMs: NOW + tookMs / 2 + skewMs,
    answeredMs: NOW + tookMs,
  });

it.each([
  [0, 'ok'],
  [-900, 'ok'],
  [1_500, 'warning'],
  [-20_000, 'warning'],
  [40_000, 'failed'],
  [-3_600_000, 'failed'],
] as const)('a clock that is off by %i ms is %s', (skewMs, state) => {
  expect(off(skewMs).state).toBe(state);
});

it('says by how much, in which direction, and what to do', () => {
  expect(off(-2_000)).toEqual({
    name: 'clock-there',
    state: 'warning',
    found: 'That clock is 2000 ms behind this machine (± 5 ms)',
    remedy: expect.stringContaining('NTP'),
  });
  expect(off(2_000).found).toContain('2000 ms ahead of this machine');
});

it('takes a slow answer for no slow clock', () => {
  expect(off(3_000, 5_000)).toMatchObject({ state: 'ok', remedy: null });
});
