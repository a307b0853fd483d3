import { EventEmitter, once } from 'node:events';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wholeTransaction } from '../../src/ledger/whole-transaction.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

it('two transactions that want the same two locks in another order are both carried out', async () => {
  let arrived = 0;
  const gate = new EventEmitter();
  const both = once(gate, 'open');
  const tries = [0, 0];
  const crossing = (who: 0 | 1) =>
    wholeTransaction(ledger.db, async (transaction) => {
      tries[who] = (tries[who] ?? 0) + 1;
      await sql`SELECT pg_advisory_xact_lock(7, ${who}::integer)`.execute(transaction);
      arrived += 1;
      if (arrived === 2) gate.emit('open');
      await both;
      await sql`SELECT pg_advisory_xact_lock(7, ${1 - who}::integer)`.execute(transaction);
      return who;
    });
  expect(await Promise.all([crossing(0), crossing(1)])).toEqual([0, 1]);
  // PostgreSQL has undone one of them, once.
  expect(tries.toSorted((a, b) => a - b)).toEqual([1, 2]);
});

it('what is wrong for another reason is not tried again', async () => {
  let tries = 0;
  const work = wholeTransaction(ledger.db, (transaction) => {
    tries += 1;
    return sql`SELECT 1 / 0`.execute(transaction);
  });
  await expect(work).rejects.toThrow('division by zero');
  expect(tries).toBe(1);
});
