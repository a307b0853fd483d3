import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { receiveHints, takeHints } from '../../src/ledger/hints.ts';
import { ledgerClock } from '../../src/ledger/project-ledger.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, queueUnderTest } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const refs = (...ids: string[]) => ids.map((sourceId) => ({ entity: 'brand' as const, sourceId }));

it('rest in the inbox until a run takes them, and are reasons to read then', async () => {
  const queue = await queueUnderTest(ledger, 'inbox');
  await receiveHints(ledger.db, queue.projectId, 'ann', refs('1', '2'));
  expect(await queue.rows()).toEqual([]);
  expect(await takeHints(ledger.db, { projectId: queue.projectId, runId: null })).toBe(2);
  expect(await queue.rows()).toMatchObject([
    { source_id: '1', kind: 'fetch', reason: 'hint', state: 'ready' },
    { source_id: '2', kind: 'fetch', reason: 'hint', state: 'ready' },
  ]);
  expect(await takeHints(ledger.db, { projectId: queue.projectId, runId: null })).toBe(0);
  expect(await ledger.db.selectFrom('hints').select('id').where('project_id', '=', queue.projectId).execute()).toEqual(
    [],
  );
});

it('that come twice are one look; of two takers one has each', async () => {
  const queue = await queueUnderTest(ledger, 'twice');
  const many = Array.from({ length: 300 }, (_, at) => String(at + 1));
  await receiveHints(ledger.db, queue.projectId, 'ann', refs(...many, ...many));
  const taken = await Promise.all(
    [1, 2, 3].map(() => takeHints(ledger.db, { projectId: queue.projectId, runId: null })),
  );
  const later = await takeHints(ledger.db, { projectId: queue.projectId, runId: null });
  expect(taken.reduce((sum, one) => sum + one, later)).toBe(600);
  expect(await queue.rows()).toHaveLength(300);
});

it('that come while their record is being fetched cause another fetch (P4)', async () => {
  const queue = await queueUnderTest(ledger, 'under-way');
  await receiveHints(ledger.db, queue.projectId, 'ann', refs('1'));
  await takeHints(ledger.db, { projectId: queue.projectId, runId: null });
  const batch = await queue.ledger.claim('w', { brand: 5 });
  if (batch === null || batch === 'paused') throw new Error('nothing was claimed');
  const [claim] = batch.claims;
  if (claim === undefined) throw new Error('nothing was claimed');
  await receiveHints(ledger.db, queue.projectId, 'ann', refs('1'));
  await takeHints(ledger.db, { projectId: queue.projectId, runId: null });
  const settled = { claim, progress: null, resolved: [], uncertain: [], account: null, arrivals: [] };
  await queue.ledger.commit([{ ...settled, disposition: { to: 'done' } }]);
  expect(await queue.rows()).toMatchObject([{ source_id: '1', kind: 'fetch', state: 'ready' }]);
});

it('do not lose what is queued already', async () => {
  const queue = await queueUnderTest(ledger, 'queued');
  await queue.ledger.enqueue([brand('1')]);
  await receiveHints(ledger.db, queue.projectId, 'ann', refs('1'));
  await takeHints(ledger.db, { projectId: queue.projectId, runId: null });
  expect(await queue.rows()).toHaveLength(1);
});

it('that webhooks left after a run began are left to the next; what a person asks for is not', async () => {
  const { projectId } = await queueUnderTest(ledger, 'until');
  await receiveHints(ledger.db, projectId, 'webhook', refs('1'));
  const earlier = sql<string>`received_at - interval '1 second'`;
  await ledger.db.updateTable('hints').set({ received_at: earlier }).where('project_id', '=', projectId).execute();
  const began = await ledgerClock(ledger.db);
  await receiveHints(ledger.db, projectId, 'webhook', refs('2'));
  await receiveHints(ledger.db, projectId, 'ann', refs('3'));
  await receiveHints(ledger.db, projectId, 'retry', refs('4'));
  expect(await takeHints(ledger.db, { projectId, runId: null, webhooksUntil: began })).toBe(3);
  expect(await takeHints(ledger.db, { projectId, runId: null, webhooksUntil: began })).toBe(0);
  expect(await takeHints(ledger.db, { projectId, runId: null })).toBe(1);
});
