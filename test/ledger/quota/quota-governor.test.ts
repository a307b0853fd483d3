import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { type KyselyPlugin, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { openLedger } from '../../../src/ledger/database.ts';
import { createQuotaGovernor } from '../../../src/ledger/quota/quota-governor.ts';
import { type LedgerUnderTest, openTestLedger } from '../ledger-under-test.ts';
import { ModelStore } from './model-store.ts';

type Governor = ReturnType<typeof createQuotaGovernor>;
type Options = { reservePercent?: number; concurrency?: number; keepMs?: number };

let ledger: LedgerUnderTest;
let name: string;
beforeAll(async () => {
  ledger = await openTestLedger();
});
beforeEach(() => {
  name = `bigcommerce:${randomUUID().slice(0, 8)}`;
});
afterAll(() => ledger.close());

/** Two workers: a governor each, on pools of their own. */
const twoGovernors = (options: Options = {}) =>
  [ledger, ledger.another()].map(({ db }) => createQuotaGovernor({ db, ...options })) as [Governor, Governor];

const acquire = (governor: Governor, more: object = {}, signal = new AbortController().signal) =>
  governor.acquire({ store: name, resource: 'default', resourceSlots: 100, timeoutMs: 60_000, ...more }, signal);

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

const causes = async () =>
  (
    await sql<{
      cause: string;
      waiting: number;
    }>`SELECT cause, waiting FROM quota_waits WHERE store = ${name} ORDER BY cause`.execute(ledger.db)
  ).rows;

const slots = async () => (await sql`SELECT FROM quota_slots WHERE store = ${name}`.execute(ledger.db)).rows.length;

const busyMs = async () => {
  const { rows } = await sql<{ ms: number; streak: number }>`
    SELECT (extract(epoch FROM busy_until - clock_timestamp()) * 1000)::float8 AS ms, busy_streak AS streak
    FROM quota_windows WHERE store = ${name}`.execute(ledger.db);
  return rows[0] ?? { ms: 0, streak: 0 };
};
const busyTimePasses = () =>
  sql`UPDATE quota_windows SET busy_until = clock_timestamp() WHERE store = ${name}`.execute(ledger.db);

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

/** What the governor asked the ledger, by function. */
function counted() {
  const asked: string[] = [];
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      const text = JSON.stringify(node);
      asked.push(...['quota_handover', 'quota_acquire', 'quota_release'].filter((one) => text.includes(one)));
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { asked, db: ledger.db.withPlugin(plugin) };
}

it('brings a slot that is given back to the next in line in one round trip', async () => {
  const { asked, db } = counted();
  const governor = createQuotaGovernor({ db, concurrency: 1, keepMs: 0 });
  const first = await acquire(governor);
  const second = acquire(governor);
  // Once the ledger has said so, who comes next knows that there is none and stands in line.
  await vi.waitFor(async () => expect(await causes()).toHaveLength(1));
  await first.release({});
  let permit = await second;
  const rounds: string[] = [];
  for (let round = 0; round < 20; round++) {
    const next = acquire(governor);
    await turn();
    asked.length = 0;
    await permit.release({});
    permit = await next;
    rounds.push(asked.join(' '));
  }
  await permit.release({});
  // Who stands in line looks for itself now and then: a slot that comes back at that moment is given and taken. How often that
  // is depends on how busy the machine is.
  expect(rounds).toContain('quota_handover');
});

it("brings slots although the only one had gone back when the ledger's word that there is none arrived", async () => {
  const { asked, db } = counted();
  let arrives = Promise.resolve();
  const slowly: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: ({ result }) => arrives.then(() => result),
  };
  const governor = createQuotaGovernor({ db: db.withPlugin(slowly), concurrency: 1, keepMs: 0 });
  const first = await acquire(governor);
  let arrive!: () => void;
  arrives = new Promise((resolve) => (arrive = resolve));
  const second = acquire(governor);
  await vi.waitFor(async () => expect(await causes()).toHaveLength(1));
  const given = first.release({});
  await vi.waitFor(async () => expect(await slots()).toBe(0));
  arrive();
  await given;
  const permit = await second;
  asked.length = 0;
  const third = acquire(governor);
  await turn();
  // Nobody asks the ledger for a slot of which this process knows that it is out.
  expect(asked).toEqual([]);
  await permit.release({});
  await (await third).release({});
});

it('gives back what was brought to somebody who had given up', async () => {
  const governor = createQuotaGovernor({ db: ledger.db, concurrency: 1, keepMs: 0 });
  const first = await acquire(governor);
  const impatient = new AbortController();
  const second = acquire(governor, {}, impatient.signal);
  await vi.waitFor(async () => expect(await causes()).toHaveLength(1));
  const given = first.release({});
  impatient.abort(new Error('no patience'));
  await expect(second).rejects.toThrow('no patience');
  await given;
  expect(await slots()).toBe(0);
  await (await acquire(governor)).release({});
});

it('tells who is next what a reply said, before that one is let go', async () => {
  const governor = createQuotaGovernor({ db: ledger.db, concurrency: 1 });
  const first = await acquire(governor);
  const second = acquire(governor, {}, AbortSignal.timeout(5_000));
  second.catch(() => undefined);
  await vi.waitFor(async () => expect(await causes()).toHaveLength(1));
  await first.release({ busyForMs: 60_000 });
  await vi.waitFor(async () => expect(await causes()).toEqual([{ cause: 'store is busy', waiting: 1 }]));
  await busyTimePasses();
  await (await second).release({});
});

const LIMIT = { limit: 1_000, left: 900, windowMs: 60_000, resetsInMs: 60_000 };

it('sends one request after the other on a slot that it keeps, with one statement each way', async () => {
  const { asked, db } = counted();
  const governor = createQuotaGovernor({ db, keepMs: 10_000 });
  await (await acquire(governor)).release(LIMIT);
  asked.length = 0;
  for (let count = 0; count < 20; count++) await (await acquire(governor)).release({ ...LIMIT, left: 899 - count });
  await vi.waitFor(async () => expect(await slots()).toBe(0));
  expect(asked).toEqual(['quota_acquire', 'quota_release']);
});

it('brings a slot to the next in line without a statement while its time lasts', async () => {
  const { asked, db } = counted();
  const governor = createQuotaGovernor({ db, concurrency: 1, keepMs: 10_000 });
  let permit = await acquire(governor);
  for (let round = 0; round < 20; round++) {
    const next = acquire(governor);
    await turn();
    await permit.release({});
    permit = await next;
  }
  expect(asked.filter((one) => one !== 'quota_acquire')).toEqual([]);
  await permit.release({});
});

it.each([
  ['a refusal', { busyForMs: 60_000 }],
  ['another limit', { ...LIMIT, limit: 500, left: 400 }],
  ['a window that others use up', { ...LIMIT, left: 3 }],
])('asks the ledger again after %s', async (_, observation) => {
  const governor = createQuotaGovernor({ db: ledger.db, keepMs: 10_000 });
  await (await acquire(governor)).release(LIMIT);
  const other = await acquire(governor);
  await (await acquire(governor)).release(observation);
  expect(await slots()).toBe(1);
  // Who was under way at that time tells nothing new, and sends nothing more after a refusal.
  await other.release({});
  expect(await slots()).toBe('busyForMs' in observation ? 0 : 1);
});

it('exchanges a slot that it keeps for one resource when another needs it', async () => {
  const { asked, db } = counted();
  const governor = createQuotaGovernor({ db, concurrency: 1, keepMs: 10_000 });
  await (await acquire(governor)).release({});
  const other = await acquire(governor, { resource: 'inventory', resourceSlots: 1 });
  expect(await slots()).toBe(1);
  expect(asked.at(-1)).toBe('quota_handover');
  await other.release({});
});

it('leaves a slot that a worker keeps to another that waits, soon', async () => {
  const [keeping, other] = twoGovernors({ concurrency: 1, keepMs: 10_000 });
  await (await acquire(keeping)).release({});
  await (await acquire(other)).release({});
  expect(await slots()).toBe(1);
});
