import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Arrival } from '../../src/domain/change.ts';
import type { Claim } from '../../src/ledger/apply-ledger.ts';
import { pairByMarker } from '../../src/ledger/existing-records.ts';
import { SECOND_PASS } from '../../src/ledger/queue/waits.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, claimAll, type QueueUnderTest, queueUnderTest, settle } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const waitsOn = (...sourceIds: string[]) =>
  ({
    to: 'waiting',
    on: sourceIds.map((sourceId) => ({ entity: 'brand' as const, sourceId })),
    reason: 'parent',
  }) as const;

async function claimed(queue: QueueUnderTest, ...sourceIds: string[]): Promise<(sourceId: string) => Claim> {
  await queue.ledger.enqueue(sourceIds.map((sourceId) => brand(sourceId)));
  const claims = new Map((await claimAll(queue)).map((claim) => [claim.ref.sourceId, claim]));
  return (sourceId) => {
    const claim = claims.get(sourceId);
    if (claim === undefined) throw new Error(`${sourceId} was not claimed`);
    return claim;
  };
}
const states = async (queue: QueueUnderTest) =>
  Object.fromEntries((await queue.rows()).map((row) => [row.source_id, row.state]));

it('wakes a waiter in the transaction that settles what it waits for', async () => {
  const queue = await queueUnderTest(ledger, 'woken');
  const claim = await claimed(queue, '1', '2', '3');
  await queue.ledger.commit([settle(claim('2'), waitsOn('1')), settle(claim('3'), waitsOn('1', '2'))]);
  expect(await states(queue)).toEqual({ 1: 'leased', 2: 'waiting', 3: 'waiting' });
  await queue.ledger.commit([settle(claim('1'), { to: 'done' }, '71')]);
  expect(await states(queue)).toEqual({ 2: 'ready', 3: 'waiting' });
  const [second] = await claimAll(queue);
  if (second !== undefined) await queue.ledger.commit([settle(second, { to: 'done' }, '72')]);
  expect(await states(queue)).toEqual({ 3: 'ready' });
});

it('is ready at once when what it would wait for is settled, or dead', async () => {
  const queue = await queueUnderTest(ledger, 'settled-before');
  const claim = await claimed(queue, '1', '2', '3', '4');
  await queue.ledger.commit([
    settle(claim('1'), { to: 'done' }, '81'),
    settle(claim('2'), { to: 'dead', reason: 'bad', remedy: 'mend it' }),
  ]);
  await queue.ledger.commit([settle(claim('3'), waitsOn('1')), settle(claim('4'), waitsOn('2'))]);
  expect(await states(queue)).toEqual({ 3: 'ready', 4: 'ready' });
});

it('leaves nobody waiting when entering and settling happen at once', async () => {
  const queue = await queueUnderTest(ledger, 'raced');
  const ids = Array.from({ length: 20 }, (_, at) => String(at + 10));
  const claim = await claimed(queue, ...ids);
  for (let at = 0; at < ids.length; at += 2) {
    const [settler, waiter] = [ids[at] ?? '', ids[at + 1] ?? ''];
    await Promise.all([
      queue.ledger.commit([settle(claim(waiter), waitsOn(settler))]),
      queue.ledger.commit([settle(claim(settler), { to: 'done' }, `9${settler}`)]),
    ]);
  }
  const left = await states(queue);
  expect(Object.keys(left)).toEqual(ids.filter((_, at) => at % 2 === 1));
  expect(new Set(Object.values(left))).toEqual(new Set(['ready']));
});

it('gives up waiting one record at a time, and then all second passes together', async () => {
  const queue = await queueUnderTest(ledger, 'given-up');
  const claim = await claimed(queue, '1', '2', '10', '11', '12');
  const never = waitsOn('never');
  await queue.ledger.commit([
    settle(claim('2'), never),
    settle(claim('10'), never),
    ...['1', '11', '12'].map((id) => settle(claim(id), { ...never, reason: SECOND_PASS })),
  ]);
  expect(await queue.ledger.giveUpWaiting('nothing left')).toBe(1);
  expect(await states(queue)).toMatchObject({ 2: 'ready', 10: 'waiting', 1: 'waiting' });
  expect(await queue.ledger.giveUpWaiting('nothing left')).toBe(1);
  expect(await queue.ledger.giveUpWaiting('nothing left')).toBe(3);
  expect(await queue.ledger.giveUpWaiting('nothing left')).toBe(0);
  expect(new Set(Object.values(await states(queue)))).toEqual(new Set(['ready']));
});

const overdue = (queue: QueueUnderTest, ...ids: string[]) =>
  ledger.db
    .updateTable('change_waits')
    .set({ since: sql`clock_timestamp() - interval '2 days'` })
    .where('project_id', '=', queue.projectId)
    .where('source_id', 'in', ids)
    .execute();

describe('who has waited too long', () => {
  const DAY_MS = 86_400_000;
  it('goes on without, whatever else is left; the others wait', async () => {
    const queue = await queueUnderTest(ledger, 'overdue');
    const claim = await claimed(queue, '1', '2', '3', '4');
    await queue.ledger.commit([
      settle(claim('1'), waitsOn('never')),
      settle(claim('2'), waitsOn('never')),
      settle(claim('3'), { ...waitsOn('never'), reason: SECOND_PASS }),
    ]);
    expect(await queue.ledger.giveUpOverdue('too long', DAY_MS)).toBe(0);
    await overdue(queue, '1', '3');
    expect(await queue.ledger.giveUpOverdue('too long', DAY_MS)).toBe(2);
    expect(await states(queue)).toEqual({ 1: 'ready', 2: 'waiting', 3: 'ready', 4: 'leased' });
    const [first, third] = await claimAll(queue);
    expect([first?.stateReason, third?.stateReason]).toEqual(['too long', `too long: ${SECOND_PASS}`]);
  });

  it('of a chain only the last goes, of a circle the first', async () => {
    const queue = await queueUnderTest(ledger, 'overdue-chain');
    const claim = await claimed(queue, '1', '2', '3');
    await queue.ledger.commit([
      settle(claim('1'), waitsOn('2')),
      settle(claim('2'), waitsOn('3')),
      settle(claim('3'), waitsOn('never')),
    ]);
    await overdue(queue, '1', '2', '3');
    expect(await queue.ledger.giveUpOverdue('too long', DAY_MS)).toBe(1);
    expect(await states(queue)).toEqual({ 1: 'waiting', 2: 'waiting', 3: 'ready' });

    const [third] = await claimAll(queue);
    if (third === undefined) throw new Error('the last of the chain is due');
    await queue.ledger.commit([settle(third, waitsOn('1'))]);
    await overdue(queue, '3');
    expect(await queue.ledger.giveUpOverdue('too long', DAY_MS)).toBe(1);
    expect(await states(queue)).toEqual({ 1: 'ready', 2: 'waiting', 3: 'waiting' });
  });
});

it('waits for a parent that was paired with what the store held before, until it is applied', async () => {
  const queue = await queueUnderTest(ledger, 'paired-parent');
  const options = { projectId: queue.projectId, targetStore: queue.targetStore, sourceKey: 'key' };
  const found = { entity: 'brand' as const, targetId: '901', marker: 'key:1', children: [] };
  expect(await pairByMarker(ledger.db, options, [found])).toEqual({ paired: 1, heldByOthers: 0 });
  await queue.ledger.enqueue([brand('1'), childOf('2', '1')]);
  const [parent, child] = await claimAll(queue);
  if (parent === undefined || child === undefined) throw new Error('two changes were queued');
  const standing = async () => (await queue.ledger.load([child])).references.get('brand:1');
  expect(await standing()).toMatchObject({ status: 'pending', targetId: '901' });
  await queue.ledger.commit([settle(child, waitsOn('1'))]);
  expect(await states(queue)).toMatchObject({ 2: 'waiting' });
  await queue.ledger.commit([settle(parent, { to: 'done' }, '901')]);
  expect(await states(queue)).toEqual({ 2: 'ready' });
  expect(await standing()).toMatchObject({ status: 'live', targetId: '901' });
});

function childOf(sourceId: string, parent: string): Arrival {
  const arrival = brand(sourceId);
  const references = [{ entity: 'brand' as const, sourceId: parent, kind: 'hard' as const, field: 'parent' }];
  return { ...arrival, payload: { ...arrival.payload, references } };
}

it('tells who was left out, and by which read, from who is gone', async () => {
  const queue = await queueUnderTest(ledger, 'left-out');
  const claim = await claimed(queue, '1', '2');
  const skip = settle(claim('1'), { to: 'done' }, '1');
  await queue.ledger.commit([
    { ...skip, progress: skip.progress && { ...skip.progress, state: 'skipped', targetId: null } },
  ]);
  await queue.ledger.enqueue([childOf('3', '1')]);
  const [child] = await claimAll(queue);
  const status = child && (await queue.ledger.load([child])).references.get('brand:1');
  expect(status).toMatchObject({ status: 'skipped', targetId: null, readEnd: 2 });
});
