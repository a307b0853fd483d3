import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { QueueRoom } from '../../src/activities/queue-room.ts';
import type { RunScope } from '../../src/activities/run-scope.ts';
import { type LedgerUnderTest, openTestLedger } from '../ledger/ledger-under-test.ts';
import { queueUnderTest } from '../ledger/queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

it('looks at the queue again once a reader has filled its part of the room', async () => {
  const { projectId } = await queueUnderTest(ledger, 'room');
  const scope = { db: ledger.db, projectId, scannedEntities: ['brand'] } as unknown as RunScope;
  const queued = (from: number, to: number) => sql`
    INSERT INTO changes (project_id, entity, entity_rank, source_id, kind, reason, generation, state)
    SELECT ${projectId}, 'brand', 0, n::text, 'fetch', 'copy', 1, 'ready'
    FROM generate_series(${from}::integer, ${to}::integer) AS n`;
  const room = new QueueRoom({ ahead: true });
  expect(await room.isFull(scope)).toBe(false);
  await queued(1, 19_992).execute(ledger.db);
  room.fill(2_499);
  expect(await room.isFull(scope)).toBe(false);
  room.fill(1);
  // Eight places are left, for as many readers.
  expect(await room.isFull(scope)).toBe(false);
  await queued(19_993, 20_000).execute(ledger.db);
  expect(await room.isFull(scope)).toBe(false);
  room.fill(100);
  expect(await room.isFull(scope)).toBe(true);
  await sql`DELETE FROM changes WHERE project_id = ${projectId} AND source_id = '1'`.execute(ledger.db);
  expect(await room.isFull(scope)).toBe(false);
});

it('counts what is read for the next pass only for who reads ahead', async () => {
  const { projectId } = await queueUnderTest(ledger, 'room-ahead');
  const scope = { db: ledger.db, projectId, scannedEntities: ['brand'] } as unknown as RunScope;
  await sql`
    INSERT INTO changes (project_id, entity, entity_rank, source_id, kind, reason, generation, state, ahead)
    SELECT ${projectId}, 'brand', 0, n::text, 'fetch', 'copy', 1, 'ready', true
    FROM generate_series(1, 20000) AS n`.execute(ledger.db);
  expect(await new QueueRoom({ ahead: true }).isFull(scope)).toBe(true);
  expect(await new QueueRoom({ ahead: false }).isFull(scope)).toBe(false);
});
