import { setImmediate as turn } from 'node:timers/promises';
import type { KyselyPlugin } from 'kysely';
import { expect, it, vi } from 'vitest';
import { createQuotaGovernor } from '../../../src/ledger/quota/quota-governor.ts';
import { governorsUnderTest } from './governors-under-test.ts';

const { acquire, busyTimePasses, causes, db: ledgerDb, slots, twoGovernors } = governorsUnderTest();

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
  return { asked, db: ledgerDb().withPlugin(plugin) };
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
  const governor = createQuotaGovernor({ db: ledgerDb(), concurrency: 1, keepMs: 0 });
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
  const governor = createQuotaGovernor({ db: ledgerDb(), concurrency: 1 });
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
  const governor = createQuotaGovernor({ db: ledgerDb(), keepMs: 10_000 });
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
