import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { beginIdempotent, finishIdempotent } from '../../src/ledger/idempotency.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const begin = (key: string, requestHash = 'h') => beginIdempotent(ledger.db, { key, route: '/x', requestHash });
const age = (key: string, seconds: number) =>
  sql`UPDATE idempotency_keys SET made_at = made_at - ${seconds} * interval '1 second' WHERE key = ${key}`.execute(
    ledger.db,
  );

it('lets one of several at once begin, and replays its answer to the rest', async () => {
  const states = (await Promise.all([begin('a'), begin('a'), begin('a')])).map((one) => one.state);
  expect(states.toSorted()).toEqual(['in-progress', 'in-progress', 'new']);
  await finishIdempotent(ledger.db, 'a', 202, { run: 'full-1' });
  expect(await begin('a')).toEqual({ state: 'replay', status: 202, answer: { run: 'full-1' } });
  expect(await begin('a', 'another')).toEqual({ state: 'other-request' });
});

it('keeps no answer of 500 or above', async () => {
  await begin('b');
  await finishIdempotent(ledger.db, 'b', 503, { code: 'unanswered' });
  expect(await begin('b')).toEqual({ state: 'new' });
});

it('keeps an answer without a body', async () => {
  await begin('c');
  await finishIdempotent(ledger.db, 'c', 204, undefined);
  expect(await begin('c')).toEqual({ state: 'replay', status: 204, answer: null });
});

it('gives an abandoned request to whoever repeats it, and to nobody else', async () => {
  await begin('d');
  await age('d', 59);
  expect(await begin('d')).toEqual({ state: 'in-progress' });
  await age('d', 2);
  expect(await begin('d', 'another')).toEqual({ state: 'other-request' });
  expect(await begin('d')).toEqual({ state: 'new' });
});

it('forgets an answer after a day', async () => {
  await begin('e');
  await finishIdempotent(ledger.db, 'e', 200, { old: true });
  await age('e', 24 * 3_600 + 1);
  expect(await begin('e', 'another')).toEqual({ state: 'new' });
  expect(await begin('e', 'another')).toEqual({ state: 'in-progress' });
});
