import { expect, it, vi } from 'vitest';
import { openLedger } from '../../../src/ledger/database.ts';
import { createQuotaGovernor } from '../../../src/ledger/quota/quota-governor.ts';
import { type Governor, governorsUnderTest } from './governors-under-test.ts';
import { ModelStore } from './model-store.ts';

const { acquire, busyMs, busyTimePasses, causes, slots, twoGovernors } = governorsUnderTest();

async function through(governor: Governor, store: ModelStore, more: object = {}): Promise<void> {
  const permit = await acquire(governor, more);
  await permit.release(await store.request());
}

/** Six requests at a time by each governor, until `total` are made. */
async function drive(governors: readonly Governor[], store: ModelStore, total: number): Promise<void> {
  let left = total;
  const lane = async (governor: Governor) => {
    while (left-- > 0) await through(governor, store);
  };
  await Promise.all(governors.flatMap((governor) => Array.from({ length: 6 }, () => lane(governor))));
}

it('sends no more per window than the limit less the reserve, and no more at once than the slots', async () => {
  const store = new ModelStore({ limit: 40, windowMs: 400 });
  const governors = twoGovernors();
  await through(governors[0], store);
  await drive(governors, store, 240);
  expect(store.total).toBe(241);
  expect(store.fullestWindow).toBeLessThanOrEqual(36);
  expect(store.mostInFlight).toBeLessThanOrEqual(4);
});

it('leaves a merchant whose programs stay within the reserve without a single refusal', async () => {
  const store = new ModelStore({ limit: 40, windowMs: 400 });
  const governors = twoGovernors({ reservePercent: 25 });
  await through(governors[0], store);
  const merchant = setInterval(() => {
    if (store.foreignInWindow() < 10) store.foreignRequest();
  }, 20);
  await drive(governors, store, 150).finally(() => clearInterval(merchant));
  expect(Math.max(...store.foreign.values())).toBeGreaterThan(3);
  expect(store.refused).toBe(0);
});

it('follows a limit that shrinks while requests are under way', async () => {
  const store = new ModelStore({ limit: 40, windowMs: 400 });
  const governors = twoGovernors();
  await drive(governors, store, 60);
  store.limit = 10;
  await through(governors[0], store);
  store.arrived.clear();
  await drive(governors, store, 40);
  // In the window that was under way more than the new limit may be used already; every later one keeps it.
  const later = [...store.arrived].sort(([a], [b]) => a - b).slice(1);
  expect(Math.max(...later.map(([, count]) => count))).toBeLessThanOrEqual(9);
});

it('holds a store that tells no limit to its slots alone', async () => {
  const governors = twoGovernors({ concurrency: 3 });
  let inFlight = 0;
  let most = 0;
  let sent = 0;
  const lane = async (governor: Governor) => {
    while (sent++ < 100) {
      const permit = await acquire(governor);
      most = Math.max(most, ++inFlight);
      await new Promise(setImmediate);
      inFlight--;
      await permit.release({});
    }
  };
  await Promise.all(governors.flatMap((governor) => [lane(governor), lane(governor), lane(governor)]));
  expect(most).toBeLessThanOrEqual(3);
  const held = [await acquire(governors[0]), await acquire(governors[1]), await acquire(governors[0])];
  const fourth = acquire(governors[1]);
  await vi.waitFor(async () => expect(await causes()).toEqual([{ cause: 'concurrency', waiting: 1 }]));
  await Promise.all(held.map((permit) => permit.release({})));
  await (await fourth).release({});
});

it('keeps the cap of a resource over all workers and lets others pass', async () => {
  const [one, other] = twoGovernors();
  const capped = { resource: 'inventory', resourceSlots: 1 };
  const held = await acquire(one, capped);
  const second = acquire(other, capped);
  await vi.waitFor(async () => expect(await causes()).toEqual([{ cause: 'resource cap', waiting: 1 }]));
  await (await acquire(other)).release({});
  await held.release({});
  await (await second).release({});
  expect(await causes()).toEqual([]);
});

it('gives the slots of a worker that died to others when their time is over', async () => {
  const [dead, alive] = twoGovernors({ concurrency: 2 });
  await acquire(dead, { timeoutMs: 300 });
  await acquire(dead, { timeoutMs: 300 });
  const permits = [await acquire(alive), await acquire(alive)];
  await Promise.all(permits.map((permit) => permit.release({})));
  await vi.waitFor(async () => expect(await slots()).toBe(0));
});

it('lets a single request of one worker in between the endless ones of another', async () => {
  const [greedy, modest] = twoGovernors({ concurrency: 2 });
  const served = new AbortController();
  const lane = async () => {
    while (!served.signal.aborted) await (await acquire(greedy)).release({});
  };
  const busy = [lane(), lane(), lane(), lane(), lane(), lane()];
  for (let count = 0; count < 10; count++) await (await acquire(modest)).release({});
  served.abort();
  await Promise.all(busy);
  expect(await causes()).toEqual([]);
});

it('stops every worker for as long as a busy store asks for', async () => {
  const [told, other] = twoGovernors();
  await (await acquire(told)).release({ busyForMs: 3_600_000 });
  const waiting = Promise.all([acquire(told), acquire(other)]);
  const busy = { cause: 'store is busy', waiting: 1 };
  await vi.waitFor(async () => expect(await causes()).toEqual([busy, busy]));
  await busyTimePasses();
  await Promise.all((await waiting).map((permit) => permit.release({})));
});

it('waits longer each time that a store is busy without saying for how long, and forgets it after a good reply', async () => {
  const [one, other] = twoGovernors();
  // Two in flight together are told together: one time.
  const together = [await acquire(one), await acquire(other)];
  for (const permit of together) await permit.release({ busyForMs: null });
  const first = await busyMs();
  expect(first.streak).toBe(1);
  for (const streak of [2, 3, 4]) {
    await busyTimePasses();
    await (await acquire(other)).release({ busyForMs: null });
    expect((await busyMs()).streak).toBe(streak);
  }
  expect((await busyMs()).ms).toBeGreaterThan(2 * first.ms);
  await busyTimePasses();
  await (await acquire(one)).release({});
  await vi.waitFor(async () => expect((await busyMs()).streak).toBe(0));
});

it.each([
  ['window used up', { reservePercent: 0 }, {}],
  ['reserve kept for the merchant', { reservePercent: 90 }, {}],
  ['concurrency', { concurrency: 1 }, {}],
  ['resource cap', {}, { resourceSlots: 1 }],
] as const)('names what is waited for: %s', async (cause, options, more) => {
  const [governor] = twoGovernors(options);
  await (
    await acquire(governor)
  ).release({ limit: 10, left: cause === 'window used up' ? 0 : 9, windowMs: 60_000, resetsInMs: 60_000 });
  const held = cause === 'concurrency' || cause === 'resource cap' ? await acquire(governor, more) : null;
  const given = new AbortController();
  const waiting = Array.from({ length: 3 }, () =>
    acquire(governor, more, given.signal).catch((error: unknown) => error),
  );
  await vi.waitFor(async () => expect(await causes()).toEqual([{ cause, waiting: 3 }]));
  given.abort(new Error('the run was cancelled'));
  for (const error of await Promise.all(waiting)) expect(error).toEqual(new Error('the run was cancelled'));
  await vi.waitFor(async () => expect(await causes()).toEqual([]));
  await held?.release({});
});

it('sends nothing without the ledger', async () => {
  const gone = openLedger({ url: 'postgres://nobody@127.0.0.1:1/nothing' });
  await expect(acquire(createQuotaGovernor({ db: gone.db }))).rejects.toThrow('ECONNREFUSED');
  await gone.close();
});
