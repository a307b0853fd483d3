import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordView } from '../../src/ledger/record-view.ts';
import { listDeadLetters } from '../../src/ledger/dead-letters.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, claimAll, type QueueUnderTest, queueUnderTest, settle } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const ref = { entity: 'brand', sourceId: '1' } as const;

async function claimOne(queue: QueueUnderTest) {
  const [claim] = await claimAll(queue);
  if (claim === undefined) throw new Error('nothing was claimed');
  return claim;
}

it('removes a done row and remembers the pair, with its history', async () => {
  const queue = await queueUnderTest(ledger, 'done');
  await queue.ledger.enqueue([brand('1')]);
  expect(await queue.ledger.commit([settle(await claimOne(queue), { to: 'done' }, '77')])).toEqual({ refused: [] });
  expect(await queue.rows()).toEqual([]);
  expect(await recordView(ledger.db, queue.projectId, ref)).toMatchObject({
    record: { targetId: '77', state: 'live', targetStore: queue.targetStore },
    change: null,
    deadLetter: null,
    history: [{ event: 'created' }],
  });
});

it('refuses a commit under an old epoch and stores nothing of it', async () => {
  const queue = await queueUnderTest(ledger, 'old-epoch');
  await queue.ledger.enqueue([brand('1')]);
  const slept = await claimOne(queue);
  await queue.lapse();
  const holder = await claimOne(queue);
  const late = { ...settle(slept, { to: 'done' }, '66'), arrivals: [brand('2')] };
  expect(await queue.ledger.commit([late])).toEqual({ refused: [ref] });
  expect(await queue.rows()).toMatchObject([{ source_id: '1', state: 'leased', epoch: 2 }]);
  expect(await recordView(ledger.db, queue.projectId, ref)).toMatchObject({ record: null, history: [] });
  await queue.ledger.commit([settle(holder, { to: 'done' }, '77')]);
  expect(await queue.ledger.commit([settle(slept, { to: 'done' }, '66')])).toEqual({ refused: [ref] });
  expect(await recordView(ledger.db, queue.projectId, ref)).toMatchObject({ record: { targetId: '77' } });
});

it('leaves a row ready when something arrived while it was out', async () => {
  const queue = await queueUnderTest(ledger, 'moved-on');
  await queue.ledger.enqueue([brand('1', 1, 'before')]);
  const claim = await claimOne(queue);
  await queue.ledger.enqueue([brand('1', 10, 'after')]);
  expect(await queue.rows()).toMatchObject([{ state: 'leased' }]);
  await queue.ledger.commit([settle(claim, { to: 'done' }, '77')]);
  expect(await queue.rows()).toMatchObject([{ state: 'ready', payload: { canonical: { name: 'after' } } }]);
  expect(await claimOne(queue)).toMatchObject({ epoch: 2, recheck: false });
});

it('keeps a dead letter until the record comes right', async () => {
  const queue = await queueUnderTest(ledger, 'dead');
  await queue.ledger.enqueue([brand('1')]);
  const dead = { to: 'dead', reason: 'the name is \0 empty', remedy: 'give it a name' } as const;
  await queue.ledger.commit([settle(await claimOne(queue), dead)]);
  const page = { after: null, limit: 10 };
  expect(await listDeadLetters(ledger.db, queue.projectId, page)).toMatchObject([
    { entity: 'brand', sourceId: '1', reason: 'the name is \ufffd empty', remedy: 'give it a name' },
  ]);
  expect(await queue.rows()).toEqual([]);
  await queue.ledger.enqueue([brand('1', 10, 'named')]);
  await queue.ledger.commit([settle(await claimOne(queue), { to: 'done' }, '77')]);
  expect(await listDeadLetters(ledger.db, queue.projectId, page)).toEqual([]);
});

it('makes no dead letter of a version that has been replaced', async () => {
  const queue = await queueUnderTest(ledger, 'replaced');
  await queue.ledger.enqueue([brand('1', 1, 'bad')]);
  const claim = await claimOne(queue);
  await queue.ledger.enqueue([brand('1', 10, 'good')]);
  await queue.ledger.commit([settle(claim, { to: 'dead', reason: 'bad', remedy: 'mend it' })]);
  expect(await queue.rows()).toMatchObject([{ state: 'ready' }]);
  expect(await listDeadLetters(ledger.db, queue.projectId, { after: null, limit: 10 })).toEqual([]);
});

it('notes an intent only for who still holds the row', async () => {
  const queue = await queueUnderTest(ledger, 'intents');
  await queue.ledger.enqueue([brand('1')]);
  const claim = await claimOne(queue);
  const intent = {
    claimId: claim.id,
    epoch: claim.epoch,
    ref,
    part: 'core',
    action: 'create',
    targetId: null,
    aim: { desired: {}, bundle: {} },
    aimHash: 'h',
  } as const;
  await queue.lapse();
  expect((await queue.ledger.intend([intent])).size).toBe(0);
  const { epoch } = await claimOne(queue);
  expect((await queue.ledger.intend([intent])).size).toBe(0);
  expect([...(await queue.ledger.intend([{ ...intent, epoch }])).keys()]).toEqual(['brand:1#core']);
  expect((await queue.ledger.intend([{ ...intent, epoch }])).size).toBe(0);
});

it('stores all of a commit or nothing', async () => {
  const queue = await queueUnderTest(ledger, 'atomic');
  await queue.ledger.enqueue([brand('1'), brand('2')]);
  const both = (await claimAll(queue)).map((claim) => settle(claim, { to: 'done' }, 'the same target id'));
  await expect(queue.ledger.commit(both)).rejects.toThrow('records_target');
  expect(await queue.rows()).toMatchObject([{ state: 'leased' }, { state: 'leased' }]);
  const { rows } = await sql`SELECT FROM records WHERE project_id = ${queue.projectId}`.execute(ledger.db);
  expect(rows).toEqual([]);
});

it('commits of batches that bring news for each other are both stored: neither waits for the other for ever', async () => {
  const queue = await queueUnderTest(ledger, 'crossing');
  const ids = Array.from({ length: 20 }, (_, at) => String(at + 1));
  await queue.ledger.enqueue(ids.map((id) => brand(id)));
  const first = await claimAll(queue, 'one', 10);
  const second = await claimAll(queue, 'two', 10);
  const about = (claims: typeof first, others: typeof first, base: number) =>
    claims.map((claim, at) => ({
      ...settle(claim, { to: 'done' }, String(base + at)),
      arrivals: others.map(({ ref: other }) => brand(other.sourceId, 50, 'news')),
    }));
  const waiting = { to: 'waiting' as const, on: [{ entity: 'brand' as const, sourceId: '99' }], reason: 'waits' };
  const [head, ...rest] = about(first, second, 100);
  if (head === undefined) throw new Error('nothing was claimed');
  const commits = [[{ ...head, disposition: waiting }, ...rest], about(second, first, 200)];
  const outcomes = await Promise.all(commits.map((settlements) => queue.ledger.commit(settlements)));
  expect(outcomes).toEqual([{ refused: [] }, { refused: [] }]);
  expect((await queue.rows()).filter(({ state }) => state === 'leased')).toEqual([]);
});
