import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordView } from '../../src/ledger/record-view.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, claimAll, queueUnderTest, settle } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

it('tells the story of a record without its content, and of that record only', async () => {
  const queue = await queueUnderTest(ledger, 'story');
  const ref = { entity: 'brand', sourceId: '1' } as const;
  expect(await recordView(ledger.db, queue.projectId, ref)).toBeNull();
  await queue.ledger.enqueue([brand('1', 1, 'a private name'), brand('2')]);
  expect(await recordView(ledger.db, queue.projectId, ref)).toMatchObject({
    record: null,
    change: { kind: 'upsert', state: 'ready' },
  });
  const claims = await claimAll(queue);
  await queue.ledger.commit(claims.map((claim) => settle(claim, { to: 'done' }, `7${claim.ref.sourceId}`)));
  await queue.ledger.enqueue([brand('1', 10, 'another private name')]);
  const view = await recordView(ledger.db, queue.projectId, ref);
  expect(view).toMatchObject({ record: { targetId: '71', readStart: 1 }, change: { state: 'ready' }, intents: [] });
  expect(view?.history).toHaveLength(1);
  expect(JSON.stringify({ ...view, record: { ...view?.record, contentHash: '' } })).not.toContain('private');
  expect(await recordView(ledger.db, queue.projectId + 1, ref)).toBeNull();
});
