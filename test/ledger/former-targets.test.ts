import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProjectLedger } from '../../src/ledger/project-ledger.ts';
import type { RecordProgress } from '../../src/ledger/apply-ledger.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';
import { brand, claimAll, type QueueUnderTest, queueUnderTest, settle } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

let reads = 0;
/** A read of the brand that ends with what was learnt. */
async function ends(queue: Pick<QueueUnderTest, 'ledger'>, targetId: string, more: Partial<RecordProgress> = {}) {
  await queue.ledger.enqueue([brand('1', (reads += 10))]);
  const [claim] = await claimAll(queue as QueueUnderTest);
  if (claim === undefined) throw new Error('nothing was claimed');
  const settlement = settle(claim, { to: 'done' }, targetId);
  const progress = settlement.progress && { ...settlement.progress, ...more };
  await queue.ledger.commit([{ ...settlement, progress }]);
}
const deleted = (targetId: string): Partial<RecordProgress> => ({
  state: 'tombstone',
  targetId: null,
  event: 'deleted',
  detail: { targetId },
});
async function formerOf(queue: Pick<QueueUnderTest, 'ledger'>): Promise<string | null | undefined> {
  await queue.ledger.enqueue([brand('1', (reads += 10), `Brand ${reads}`)]);
  const claims = await claimAll(queue as QueueUnderTest);
  const { records } = await queue.ledger.load(claims);
  await queue.ledger.commit(claims.map((claim) => settle(claim)));
  return records.get('brand:1')?.formerTargetId;
}

it('is what the record was when it was deleted last, and nothing while it is at the target', async () => {
  const queue = await queueUnderTest(ledger, 'former');
  expect(await formerOf(queue)).toBeUndefined();
  await ends(queue, '7');
  expect(await formerOf(queue)).toBeNull();
  await ends(queue, '7', deleted('7'));
  expect(await formerOf(queue)).toBe('7');
  await ends(queue, '8');
  expect(await formerOf(queue)).toBeNull();
  await ends(queue, '8', deleted('8'));
  // Left out by a rule since: it is away all the same.
  await ends(queue, '8', { state: 'skipped', targetId: null, event: 'skipped', detail: { reason: 'a draft' } });
  expect(await formerOf(queue)).toBe('8');
});

it('is not what was let go, nor a copy that was removed', async () => {
  const queue = await queueUnderTest(ledger, 'let-go');
  await ends(queue, '7');
  await ends(queue, '7', { ...deleted('7'), event: 'released' });
  await queue.ledger.audits.note({ entity: 'brand', sourceId: '1' }, ['9']);
  expect(await formerOf(queue)).toBeNull();
});

it('is not what another project is paired with by now', async () => {
  const queue = await queueUnderTest(ledger, 'mine');
  await ends(queue, '7');
  await ends(queue, '7', deleted('7'));
  const { id: projectId } = await makeProject(ledger, 'theirs');
  const other = {
    ledger: createProjectLedger(ledger.db, { projectId, targetStore: queue.targetStore, runId: null, leaseMs: 60_000 }),
  };
  await ends(other, '7');
  expect(await formerOf(queue)).toBeNull();
  await ends(other, '7', deleted('7'));
  expect(await formerOf(queue)).toBe('7');
});
