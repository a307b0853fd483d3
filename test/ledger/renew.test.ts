import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setPause } from '../../src/ledger/projects.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, claimAll, type QueueUnderTest, queueUnderTest, settle } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

/** Seconds that each row's lease still has, rounded. */
async function left({ projectId }: QueueUnderTest) {
  const { rows } = await sql<{ seconds: number }>`
    SELECT round(extract(epoch FROM lease_until - clock_timestamp()))::integer AS seconds FROM changes
    WHERE project_id = ${projectId} ORDER BY source_id`.execute(ledger.db);
  return rows.map(({ seconds }) => seconds);
}
async function halfGone(queue: QueueUnderTest) {
  await sql`UPDATE changes SET lease_until = lease_until - interval '30 seconds' WHERE project_id = ${queue.projectId}`.execute(
    ledger.db,
  );
}

it('gives a batch that is still held a whole lease more', async () => {
  const queue = await queueUnderTest(ledger, 'held');
  await queue.ledger.enqueue([brand('1'), brand('2')]);
  const claims = await claimAll(queue);
  await halfGone(queue);
  expect(await left(queue)).toEqual([30, 30]);
  expect(await queue.ledger.renew(claims)).toBe(true);
  expect(await left(queue)).toEqual([60, 60]);
  expect(await claimAll(queue, 'another')).toEqual([]);
});

it('gives none of them more when one is lost: to a lease that ended, to another worker, or settled', async () => {
  const queue = await queueUnderTest(ledger, 'lost');
  await queue.ledger.enqueue([brand('1'), brand('2')]);
  const claims = await claimAll(queue);
  await queue.lapse();
  expect(await queue.ledger.renew(claims)).toBe(false);
  const theirs = await claimAll(queue, 'another');
  await halfGone(queue);
  expect(await queue.ledger.renew(claims)).toBe(false);
  expect(await left(queue)).toEqual([30, 30]);
  await queue.ledger.commit(theirs.slice(0, 1).map((claim) => settle(claim, { to: 'done' })));
  expect(await queue.ledger.renew(theirs)).toBe(false);
  expect(await left(queue)).toEqual([30]);
});

it('gives a paused project no more: the batch at hand ends with its lease', async () => {
  const queue = await queueUnderTest(ledger, 'stopped');
  await queue.ledger.enqueue([brand('1')]);
  const claims = await claimAll(queue);
  await setPause(ledger.db, queue.projectId, 'stocktaking');
  expect(await queue.ledger.renew(claims)).toBe(false);
  await setPause(ledger.db, queue.projectId, null);
  expect(await queue.ledger.renew(claims)).toBe(true);
});
