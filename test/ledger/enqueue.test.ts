import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, queueUnderTest } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const ids = Array.from({ length: 2_000 }, (_, at) => String(at + 1_000));

it('loses nothing when several bring the same new records at once, in whatever order', async () => {
  const queue = await queueUnderTest(ledger, 'at-once');
  const batches = Array.from({ length: 6 }, (_, at) => (at % 2 === 0 ? ids : ids.toReversed()));
  await Promise.all(
    batches.map((batch, at) => queue.ledger.enqueue(batch.map((id) => brand(id, at * 10 + 1, `v${at}`)))),
  );
  const rows = await queue.rows();
  expect(rows.map((row) => row.source_id)).toEqual(ids);
  for (const row of rows) {
    expect(row).toMatchObject({ generation: 6, content_hash: 'hash of v5', payload: { canonical: { name: 'v5' } } });
  }
});

it('makes ten edits one row, and keeps the freshest whatever the order', async () => {
  const queue = await queueUnderTest(ledger, 'coalesced');
  await queue.ledger.enqueue([brand('1', 30, 'newest'), brand('1', 10, 'old'), brand('1', 20, 'newer')]);
  await queue.ledger.enqueue([brand('1', 5, 'oldest')]);
  expect(await queue.rows()).toMatchObject([{ generation: 4, payload: { canonical: { name: 'newest' } } }]);
});

it('wants another read when two reads overlap and differ', async () => {
  const queue = await queueUnderTest(ledger, 'overlap');
  await queue.ledger.enqueue([brand('1', 1, 'one'), brand('1', 2, 'two')]);
  expect(await queue.rows()).toMatchObject([{ kind: 'fetch', payload: null, fetch_after: 3, decides: true }]);
});

it('stores text that jsonb refuses', async () => {
  const queue = await queueUnderTest(ledger, 'broken-text');
  await queue.ledger.enqueue([brand('1', 1, 'nul \0 high \ud83d low \ude00 whole 😀')]);
  const [row] = await queue.rows();
  expect(row?.payload?.canonical.name).toBe('nul \ufffd high \ufffd low \ufffd whole 😀');
});

it('stores nothing of a batch whose transaction fails', async () => {
  const queue = await queueUnderTest(ledger, 'all-or-nothing');
  const unstorable = { ...brand('2'), version: { ...brand('2').version, modifiedAt: 'not a time' } };
  await expect(queue.ledger.enqueue([brand('1'), unstorable])).rejects.toThrow('not a time');
  expect(await queue.rows()).toEqual([]);
});
