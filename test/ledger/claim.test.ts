import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Arrival } from '../../src/domain/change.ts';
import { type Entity, entityRank } from '../../src/domain/entity.ts';
import { openPass } from '../../src/ledger/passes.ts';
import { createProjectLedger } from '../../src/ledger/project-ledger.ts';
import { setPause } from '../../src/ledger/projects.ts';
import { openRun } from '../../src/ledger/runs.ts';
import { advanceSlice, claimSlice, planSlices } from '../../src/ledger/slices.ts';
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

it('goes through no more of a long queue than what it takes', async () => {
  const queue = await queueUnderTest(ledger, 'long');
  // Levels that wait for all orders come first in the table, as they do when products are copied before them.
  const queued = (entity: Entity, count: number) => sql`
    INSERT INTO changes (project_id, entity, entity_rank, source_id, kind, reason, generation, state)
    SELECT ${queue.projectId}, ${entity}, ${entityRank(entity)}, n::text, 'fetch', 'copy', 1, 'ready'
    FROM generate_series(1, ${count}::integer) AS n`;
  await queued('stock', 20_000).execute(ledger.db);
  await queued('order', 5_000).execute(ledger.db);
  await queued('review', 10_000).execute(ledger.db);
  await sql`ANALYZE changes`.execute(ledger.db);
  const rowsRead = async () => {
    await sql`SELECT pg_stat_force_next_flush()`.execute(ledger.db);
    const { rows } = await sql<{ read: number }>`
      SELECT (seq_tup_read + idx_tup_fetch)::integer AS read FROM pg_stat_user_tables WHERE relname = 'changes'`.execute(
      ledger.db,
    );
    return rows[0]?.read ?? 0;
  };
  const before = await rowsRead();
  for (let count = 0; count < 5; count++) {
    expect(await queue.ledger.claim('w', { coupon: 10, review: 10, stock: 10, order: 10 })).toMatchObject({
      entity: 'review',
    });
  }
  expect((await rowsRead()) - before).toBeLessThan(1_000);
});

const look = (entity: 'stock' | 'order', sourceId: string): Arrival => ({
  kind: 'fetch',
  ref: { entity, sourceId },
  reason: 'repair',
  after: 1,
});
const slice = (pass: number, entity: 'order' | 'review') =>
  ({ entity, ordinal: pass, sourceIds: ['1'], moneyBearing: false, pass }) as const;

describe('stock', () => {
  const limits = { order: 5, stock: 5 } as const;

  it('is set when no order is under way that could move it', async () => {
    const queue = await queueUnderTest(ledger, 'moved-by-orders');
    await queue.ledger.enqueue([look('stock', '1'), look('order', '1')]);
    const orders = await queue.ledger.claim('w', limits);
    expect(orders).toMatchObject({ entity: 'order' });
    expect(await queue.ledger.claim('w', limits)).toBeNull();
    if (orders === null || orders === 'paused') throw new Error('no order was claimed');
    await queue.ledger.commit(orders.claims.map((claim) => settle(claim)));
    expect(await queue.ledger.claim('w', limits)).toMatchObject({ entity: 'stock' });
  });

  it.each(['full', 'demo', 'resync'] as const)(
    'is not set while a %s run has orders of its pass to read',
    async (kind) => {
      const { projectId, targetStore } = await queueUnderTest(ledger, `to-be-read-${kind}`);
      const run = await openRun(ledger.db, { projectId, kind, mappingVersion: 1, mappingFingerprint: 'f' });
      const runId = run?.id ?? 0;
      await planSlices(ledger.db, runId, [slice(1, 'order'), slice(1, 'review'), slice(2, 'order')]);
      await openPass(ledger.db, runId, { number: 1, name: 'trial' });
      const queue = createProjectLedger(ledger.db, { projectId, targetStore, runId, leaseMs: 60_000 });
      await queue.enqueue([look('stock', '1')]);
      expect(await queue.claim('w', limits)).toBeNull();
      const reading = await claimSlice(ledger.db, { runId, pass: 1 }, ['order'], 60_000);
      if (reading === null) throw new Error('no slice was claimed');
      expect(await queue.claim('w', limits)).toBeNull();
      await advanceSlice(ledger.db, { projectId, runId, leaseMs: 60_000 }, reading, 1, [], []);
      // Reviews move no stock, and the orders of the next pass have it set again.
      expect(await queue.claim('w', limits)).toMatchObject({ entity: 'stock' });
    },
  );

  it('does not wait for what a run that follows the source sweeps', async () => {
    const { projectId, targetStore } = await queueUnderTest(ledger, 'swept');
    const run = await openRun(ledger.db, { projectId, kind: 'recent', mappingVersion: 1, mappingFingerprint: 'f' });
    const runId = run?.id ?? 0;
    await planSlices(ledger.db, runId, [slice(1, 'order')]);
    await openPass(ledger.db, runId, { number: 1, name: 'sweep' });
    const queue = createProjectLedger(ledger.db, { projectId, targetStore, runId, leaseMs: 60_000 });
    await queue.enqueue([look('stock', '1')]);
    expect(await queue.claim('w', limits)).toMatchObject({ entity: 'stock' });
  });
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
