import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepLease } from '../../src/activities/apply/keep-lease.ts';
import type { ClaimBatch } from '../../src/ledger/apply-ledger.ts';

const batch: ClaimBatch = { entity: 'product', claims: [], leaseMs: 90_000, rates: {} };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A lease of 90 s whose requests take up to 30 s, from a moment that is called 0. */
function keep(answers: readonly (boolean | Error)[]) {
  const start = Date.now();
  const stop = new AbortController();
  const asked: number[] = [];
  const now = () => Date.now() - start;
  const ledger = {
    renew: async () => {
      const answer = answers[asked.length] ?? false;
      asked.push(now());
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const lease = keepLease(ledger, batch, { startedAt: 0, requestTimeoutMs: 30_000, signal: stop.signal, now });
  return { lease, asked, stop };
}

it('is renewed when half of the time for sending is over, as often as it is held', async () => {
  const { lease, asked } = keep([true, true, false]);
  expect(lease.call.sendBefore).toBe(60_000);
  await vi.advanceTimersByTimeAsync(29_999);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(lease.call.sendBefore).toBe(90_000);
  await vi.advanceTimersByTimeAsync(200_000);
  expect(asked).toEqual([30_000, 60_000, 90_000]);
  expect(lease.call.sendBefore).toBe(120_000);
});

it('costs nothing when the batch ends early, and gives nothing to one that has ended', async () => {
  const early = keep([true]);
  early.lease.end();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(early.asked).toEqual([]);
  expect(early.lease.call.sendBefore).toBe(60_000);
});

it('ends by itself when the ledger cannot be reached, and when the worker is about to stop', async () => {
  const unreachable = keep([new Error('connection refused'), true]);
  await vi.advanceTimersByTimeAsync(100_000);
  expect([unreachable.asked, unreachable.lease.call.sendBefore]).toEqual([[30_000], 60_000]);
  const stopping = keep([true]);
  stopping.stop.abort();
  await vi.advanceTimersByTimeAsync(100_000);
  expect([stopping.asked, stopping.lease.call.sendBefore]).toEqual([[], 60_000]);
});
