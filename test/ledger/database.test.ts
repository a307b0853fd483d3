import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/database.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

it('gives numbers for int8, text for numeric and ISO text for stamps', async () => {
  const { rows } = await sql`
    SELECT 9007199254740991::int8 AS big, 19.90::numeric AS price, '2026-11-20 15:47:50.123+02'::timestamptz AS at,
      NULL::timestamptz AS never, '{"a": 1}'::jsonb AS json`.execute(ledger.db);
  expect(rows).toEqual([
    { big: 9007199254740991, price: '19.90', at: '2026-11-20T13:47:50.123Z', never: null, json: { a: 1 } },
  ]);
});

it('refuses a schema name that would have to be quoted', () => {
  expect(() => openLedger({ url: ledger.database.url, schema: 'a b' })).toThrow('"a b" is no schema name');
});

const setting = async (name: string) => {
  const { rows } = await sql<{ ms: number }>`
    SELECT (extract(epoch FROM current_setting(${name})::interval) * 1000)::integer AS ms`.execute(ledger.db);
  return rows[0]?.ms ?? 0;
};

it('takes the locks of a stopped process away before those who wait for them give up', async () => {
  const idle = await setting('idle_in_transaction_session_timeout');
  expect(idle).toBeGreaterThan(0);
  expect(idle).toBeLessThan(await setting('statement_timeout'));
});

it('survives the end of its connections, in the middle of a transaction too, and connects again', async () => {
  const { db } = ledger.another();
  const ended = db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(transaction);
    await sql`SELECT pg_terminate_backend(${rows[0]?.pid ?? 0}, 5000)`.execute(ledger.db);
    // The connection's end is told to an idle client here, which nobody awaits.
    await new Promise(setImmediate);
    await sql`SELECT 1`.execute(transaction);
  });
  await expect(ended).rejects.toThrow(/terminat|not queryable/);
  expect((await sql`SELECT 1 AS one`.execute(db)).rows).toEqual([{ one: 1 }]);
});
