import { sql } from 'kysely';
import { beforeEach, expect, it, vi } from 'vitest';
import { createQuotaGovernor } from '../../../src/ledger/quota/quota-governor.ts';
import { governorsUnderTest } from './governors-under-test.ts';

const HOUR_MS = 3_600_000;

const { another, db, store: storeOf } = governorsUnderTest();

let store: string;
let ends: number;
beforeEach(() => {
  store = storeOf();
  ends = Date.now() + HOUR_MS;
});

/** Asks the ledger for each request, so that every figure is exact. */
const governor = (options: { reservePercent?: number; concurrency?: number; keepMs?: number } = {}) =>
  createQuotaGovernor({ db: db(), concurrency: 50, keepMs: 0, ...options });
const ask = (signal = new AbortController().signal) =>
  [{ store, resource: 'default', resourceSlots: 100, timeoutMs: 60_000 }, signal] as const;

/** A reply of a store whose window lasts an hour and ends at one instant, however often it is told. */
const reply = (limit: number, left: number, resetsInMs = ends - Date.now()) => ({
  limit,
  left,
  windowMs: HOUR_MS,
  resetsInMs,
});

/** The present window is over, by PostgreSQL's own clock. */
async function endWindow(): Promise<void> {
  await sql`UPDATE quota_windows SET resets_at = clock_timestamp() - interval '1 millisecond' WHERE store = ${store}`.execute(
    db(),
  );
}

/** How many requests are let through now, one after the other, before one has to wait. */
async function letThrough(limits: { reservePercent?: number } = {}): Promise<number> {
  const rows = async () =>
    (
      await sql<{ slot_id: number | null }>`
        SELECT slot_id FROM quota_acquire(${store}, 'default', 100, 60000, 50, ${limits.reservePercent ?? 10}, 'other', 1, 0)`.execute(
        db(),
      )
    ).rows;
  for (let count = 0; ; count++) {
    if ((await rows())[0]?.slot_id === null) return count;
  }
}

it('counts requests that are still on their way when a window ends against the next one', async () => {
  const first = governor();
  await (await first.acquire(...ask())).release(reply(20, 19));
  for (let count = 0; count < 3; count++) await first.acquire(...ask());
  await endWindow();
  expect(await letThrough()).toBe(18 - 3);
});

it('does not end the present window by a late reply that speaks of the one before', async () => {
  const first = governor();
  await (await first.acquire(...ask())).release(reply(20, 19));
  const late = await first.acquire(...ask());
  await endWindow();
  await (await first.acquire(...ask())).release(reply(20, 19));
  await late.release(reply(20, 0, 0));
  expect(await letThrough()).toBe(18 - 2);
});

it('counts what others sent when a reply tells of it', async () => {
  const first = governor();
  await (await first.acquire(...ask())).release(reply(20, 19));
  await (await first.acquire(...ask())).release(reply(20, 5));
  expect(await letThrough()).toBe(18 - 15);
});

it('counts what is in flight when it hears of a limit for the first time', async () => {
  const first = governor();
  for (let count = 0; count < 3; count++) await first.acquire(...ask());
  await (await first.acquire(...ask())).release(reply(20, 19));
  expect(await letThrough()).toBe(18 - 1 - 3);
});

it('starts anew with the first reply of a window that it did not know', async () => {
  const first = governor();
  await (await first.acquire(...ask())).release(reply(20, 0));
  await endWindow();
  const second = await first.acquire(...ask());
  await endWindow();
  await second.release(reply(20, 15, 2 * HOUR_MS));
  expect(await letThrough()).toBe(18 - 5);
});

it('believes the store that the window ends sooner', async () => {
  const first = governor();
  await (await first.acquire(...ask())).release(reply(20, 19));
  await (await first.acquire(...ask())).release(reply(20, 18, HOUR_MS / 2));
  const { rows } = await sql`
    SELECT 1 FROM quota_windows WHERE store = ${store} AND resets_at < clock_timestamp() + interval '31 minutes'`.execute(
    db(),
  );
  expect(rows).toHaveLength(1);
});

it('lets who has waited longest for a slot go first', async () => {
  const attempt = async (waiter: string) =>
    (
      await sql<{ slot_id: number | null; cause: string }>`
        SELECT slot_id, cause FROM quota_acquire(${store}, 'default', 100, 60000, 1, 10, ${waiter}, 1, 0)`.execute(db())
    ).rows[0];
  const held = await attempt('holder');
  expect(await attempt('patient')).toMatchObject({ slot_id: null, cause: 'concurrency' });
  await sql`UPDATE quota_waits SET since = since - interval '1 second' WHERE store = ${store}`.execute(db());
  await sql`SELECT quota_release(${held?.slot_id ?? 0}, ${store}, NULL, NULL, NULL, NULL, false, NULL, 0, 0, 0, 0)`.execute(
    db(),
  );
  expect(await attempt('late')).toMatchObject({ slot_id: null, cause: 'concurrency' });
  expect((await attempt('patient'))?.slot_id).not.toBeNull();
});

it.each([1, 2, 5])('lets at least one request through per window of %i', async (limit) => {
  const first = governor();
  await (await first.acquire(...ask())).release(reply(limit, limit - 1));
  await endWindow();
  expect(await letThrough({ reservePercent: 90 })).toBe(1);
});

it('lets a request end after its slot expired while others ask', async () => {
  const [one, other] = [governor(), createQuotaGovernor({ db: another(), concurrency: 50, keepMs: 0 })];
  for (let round = 0; round < 40; round++) {
    const held = await Promise.all(Array.from({ length: 4 }, () => one.acquire(...ask())));
    await sql`UPDATE quota_slots SET expires_at = clock_timestamp() WHERE store = ${store}`.execute(db());
    await Promise.all([
      ...held.map((permit) => permit.release(reply(100_000, 100_000))),
      ...Array.from({ length: 4 }, async () => (await other.acquire(...ask())).release({})),
    ]);
  }
  const { rows } = await sql`SELECT id FROM quota_slots WHERE store = ${store}`.execute(db());
  expect(rows).toEqual([]);
});

const used = async () => {
  const { rows } = await sql<{ used: number }>`SELECT used FROM quota_windows WHERE store = ${store}`.execute(db());
  return rows[0]?.used;
};
const slots = async () => {
  const { rows } = await sql`SELECT FROM quota_slots WHERE store = ${store}`.execute(db());
  return rows.length;
};

it('draws tokens ahead for a slot that is kept, and gives back those that were not used', async () => {
  const first = governor({ keepMs: 10_000, concurrency: 2 });
  await (await first.acquire(...ask())).release(reply(100, 99));
  // What is left of 90, over twice the slots.
  const permit = await first.acquire(...ask());
  expect(await used()).toBe(1 + Math.floor((90 - 1) / 4));
  await permit.release(reply(100, 98));
  await vi.waitFor(async () => expect(await slots()).toBe(0));
  expect(await used()).toBe(2);
});

it('draws one token at a time when a window is nearly used up, or nearly over', async () => {
  const first = governor({ keepMs: 10_000, concurrency: 2 });
  await (await first.acquire(...ask())).release(reply(20, 3));
  await first.acquire(...ask());
  expect(await used()).toBe(18);
  await endWindow();
  await sql`UPDATE quota_windows SET window_ms = 90 WHERE store = ${store}`.execute(db());
  const { rows } = await sql<{ tokens: number; keep_ms: number }>`
    SELECT tokens, keep_ms FROM quota_acquire(${store}, 'default', 100, 60000, 50, 0, 'other', 1, 10000)`.execute(db());
  expect(rows).toEqual([{ tokens: 1, keep_ms: 0 }]);
});

it('does not give tokens of a window that is over back to the next', async () => {
  const first = governor({ keepMs: 10_000, concurrency: 2 });
  await (await first.acquire(...ask())).release(reply(100, 99));
  const late = await first.acquire(...ask());
  await endWindow();
  await first.acquire(...ask());
  const before = await used();
  await late.release({});
  await vi.waitFor(async () => expect(await slots()).toBe(1));
  expect(await used()).toBe(before);
});
