import { afterAll, beforeAll, expect, it } from 'vitest';
import { setPause } from '../../src/ledger/projects.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, claimAll, queueUnderTest, settle } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

it('never gives two workers the same row', async () => {
  const queue = await queueUnderTest(ledger, 'shared');
  const ids = Array.from({ length: 90 }, (_, at) => String(at + 100));
  await queue.ledger.enqueue(ids.map((id) => brand(id)));
  const taken = await Promise.all(Array.from({ length: 6 }, (_, at) => claimAll(queue, `worker-${at}`, 15)));
  const first = taken.flat().map((claim) => claim.ref.sourceId);
  expect(new Set(first).size).toBe(first.length);
  const rest = (await claimAll(queue)).map((claim) => claim.ref.sourceId);
  expect([...first, ...rest].toSorted()).toEqual(ids);
  expect(await claimAll(queue)).toEqual([]);
});

it('gives a row to another when its lease has ended, with a higher epoch and a warning', async () => {
  const queue = await queueUnderTest(ledger, 'lapsed');
  await queue.ledger.enqueue([brand('1')]);
  expect(await claimAll(queue, 'first')).toMatchObject([{ epoch: 1, recheck: false, attempts: 1 }]);
  expect(await claimAll(queue, 'second')).toEqual([]);
  await queue.lapse();
  expect(await claimAll(queue, 'second')).toMatchObject([{ epoch: 2, recheck: true, attempts: 2 }]);
});

it('leaves parked rows until their time has come', async () => {
  const queue = await queueUnderTest(ledger, 'parked');
  await queue.ledger.enqueue([brand('1')]);
  const [claim] = await claimAll(queue);
  if (claim === undefined) throw new Error('nothing was claimed');
  await queue.ledger.commit([settle(claim, { to: 'parked', afterMs: 30_000, reason: 'settling' })]);
  expect(await claimAll(queue)).toEqual([]);
  await queue.lapse();
  expect(await claimAll(queue)).toMatchObject([{ recheck: false, stateReason: 'settling' }]);
});

it('takes entities in the order it is told, and only those', async () => {
  const queue = await queueUnderTest(ledger, 'ordered');
  const later = { kind: 'fetch', ref: { entity: 'product', sourceId: '1' }, reason: 'hint', after: 1 } as const;
  await queue.ledger.enqueue([later, brand('1')]);
  expect(await queue.ledger.claim('w', { category: 5, stock: 5 })).toBeNull();
  expect(await queue.ledger.claim('w', { brand: 5, product: 5 })).toMatchObject({ entity: 'brand', leaseMs: 60_000 });
  expect(await queue.ledger.claim('w', { brand: 5, product: 5 })).toMatchObject({ entity: 'product' });
  const other = await queueUnderTest(ledger, 'ordered-otherwise');
  await other.ledger.enqueue([later, brand('1')]);
  expect(await other.ledger.claim('w', { product: 5, brand: 5 })).toMatchObject({ entity: 'product' });
});

it('claims nothing of a paused project', async () => {
  const queue = await queueUnderTest(ledger, 'paused');
  await queue.ledger.enqueue([brand('1')]);
  await setPause(ledger.db, queue.projectId, 'stocktaking');
  expect(await queue.ledger.claim('w', { brand: 5 })).toBe('paused');
  expect(await queue.rows()).toMatchObject([{ state: 'ready', epoch: 0 }]);
  await setPause(ledger.db, queue.projectId, null);
  expect(await claimAll(queue)).toHaveLength(1);
});
