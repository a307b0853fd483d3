import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createQuotaGovernor } from '../../../src/ledger/quota/quota-governor.ts';
import { type LedgerUnderTest, openTestLedger } from '../ledger-under-test.ts';

export type Governor = ReturnType<typeof createQuotaGovernor>;
interface Options {
  readonly reservePercent?: number;
  readonly concurrency?: number;
  readonly keepMs?: number;
}

/** For a file of tests: a ledger, and for each test a store of its own whose quota governors share. */
export function governorsUnderTest() {
  let ledger: LedgerUnderTest;
  let store: string;
  beforeAll(async () => {
    ledger = await openTestLedger();
  });
  beforeEach(() => {
    store = `bigcommerce:${randomUUID().slice(0, 8)}`;
  });
  afterAll(() => ledger.close());

  return {
    db: () => ledger.db,
    /** The ledger as another worker reaches it. */
    another: () => ledger.another().db,
    /** Name of the store of this test. */
    store: () => store,
    /** Two workers: a governor each, on pools of their own. */
    twoGovernors: (options: Options = {}) =>
      [ledger, ledger.another()].map(({ db }) => createQuotaGovernor({ db, ...options })) as [Governor, Governor],
    acquire: (governor: Governor, more: object = {}, signal = new AbortController().signal) =>
      governor.acquire({ store, resource: 'default', resourceSlots: 100, timeoutMs: 60_000, ...more }, signal),
    /** What is waited for, and by how many. */
    causes: async () =>
      (
        await sql<{
          cause: string;
          waiting: number;
        }>`SELECT cause, waiting FROM quota_waits WHERE store = ${store} ORDER BY cause`.execute(ledger.db)
      ).rows,
    /** How many slots are out. */
    slots: async () => (await sql`SELECT FROM quota_slots WHERE store = ${store}`.execute(ledger.db)).rows.length,
    busyMs: async () => {
      const { rows } = await sql<{ ms: number; streak: number }>`
        SELECT (extract(epoch FROM busy_until - clock_timestamp()) * 1000)::float8 AS ms, busy_streak AS streak
        FROM quota_windows WHERE store = ${store}`.execute(ledger.db);
      return rows[0] ?? { ms: 0, streak: 0 };
    },
    busyTimePasses: () =>
      sql`UPDATE quota_windows SET busy_until = clock_timestamp() WHERE store = ${store}`.execute(ledger.db),
  };
}
