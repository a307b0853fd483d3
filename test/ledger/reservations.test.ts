import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KeyClaim } from '../../src/domain/identity.ts';
import { pairByMarker } from '../../src/ledger/existing-records.ts';
import { forgetForeign, reservePaired } from '../../src/ledger/identity/reservations.ts';
import { createProjectLedger } from '../../src/ledger/project-ledger.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, claimAll, type QueueUnderTest, queueUnderTest, settle } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const wish = (sourceId: string, name: string): KeyClaim => ({
  ref: { entity: 'brand', sourceId },
  wanted: [
    { slot: 'name', kind: 'brand-name', scope: '', alternatives: [name, `${name} ${sourceId}`], role: 'identity' },
  ],
});
const numbered = (id: string): KeyClaim => ({
  ...wish(id, 'Acme'),
  wanted: [
    { slot: 'name', kind: 'brand-name', scope: '', alternatives: ['Acme', 'Acme (2)', 'Acme (3)'], role: 'identity' },
  ],
});
const foreign = (value: string, targetId = '900') => ({
  entity: 'brand' as const,
  targetId,
  kind: 'brand-name',
  scope: '',
  value,
});

/** Commits all that is claimed as written: the keys that are no longer wanted are freed. */
async function commitAll(queue: QueueUnderTest, targetId = '71') {
  const done = (await claimAll(queue)).map((claim, at) => settle(claim, { to: 'done' }, `${targetId}${at}`));
  await queue.ledger.commit(
    done.map((one) => ({ ...one, progress: one.progress && { ...one.progress, releasesKeys: true } })),
  );
}

it('leaves a key to the lowest id of a batch, and names who holds it', async () => {
  const { ledger: queue } = await queueUnderTest(ledger, 'lowest');
  const given = await queue.reserve([wish('10', 'ACME'), wish('9', 'acme ')]);
  expect(given.map(({ ref, keys }) => [ref.sourceId, keys['name']])).toEqual([
    ['9', 'acme '],
    ['10', 'ACME 10'],
  ]);
  expect(given[1]?.contested).toMatchObject([{ slot: 'name', holder: { entity: 'brand', sourceId: '9' } }]);
  expect((await queue.reserve([wish('10', 'ACME')]))[0]?.keys).toEqual({ name: 'ACME 10' });
});

it('gives a key to one of many that ask at once', async () => {
  const { ledger: queue } = await queueUnderTest(ledger, 'at-once');
  const ids = Array.from({ length: 12 }, (_, at) => String(at + 1));
  const given = (await Promise.all(ids.map((id) => queue.reserve([wish(id, 'Acme')])))).flat();
  const names = given.map(({ keys }) => keys['name']);
  expect(names.filter((name) => name === 'Acme')).toHaveLength(1);
  expect(new Set(names).size).toBe(ids.length);
});

it('settles scanned keys in the order of their ids, whoever is written first', async () => {
  const queue = await queueUnderTest(ledger, 'scanned');
  await queue.ledger.reserve(['7', '3', '9'].map((id) => ({ ...numbered(id), partial: true })));
  const written = (id: string) => queue.ledger.reserve([numbered(id)]);
  expect((await written('9'))[0]?.keys).toEqual({ name: 'Acme (3)' });
  expect((await written('3'))[0]?.keys).toEqual({ name: 'Acme' });
  expect((await written('7'))[0]?.keys).toEqual({ name: 'Acme (2)' });
});

it('takes nothing away by a scan, and leaves what somebody else holds at the target to the policy', async () => {
  const queue = await queueUnderTest(ledger, 'scanned-again');
  const path = { slot: 'path', kind: 'path', scope: '', alternatives: ['/acme/'], role: 'cosmetic' } as const;
  const whole = wish('3', 'Acme');
  await queue.ledger.reserve([{ ...whole, wanted: [...whole.wanted, path] }]);
  await queue.ledger.reserve([{ ...whole, partial: true }]);
  const rival = { ...wish('8', 'Other'), wanted: [{ ...path, alternatives: ['/acme/', '/acme-8/'] }] };
  expect((await queue.ledger.reserve([rival]))[0]?.keys).toEqual({ path: '/acme-8/' });
  await queue.ledger.noteForeignKeys([foreign('Merchant own', '31')]);
  await queue.ledger.reserve([{ ...wish('5', 'Merchant own'), partial: true }]);
  expect((await queue.ledger.reserve([wish('5', 'Merchant own')]))[0]?.collisions).toHaveLength(1);
});

it('leaves its own key to a record that was paired at the target, and takes it back from "somebody else"', async () => {
  const queue = await queueUnderTest(ledger, 'paired');
  const { projectId, targetStore } = queue;
  const found = ['31', '32'].map((targetId, at) => ({
    entity: 'brand' as const,
    targetId,
    marker: `key:${9 - at}`,
    children: [],
  }));
  await queue.ledger.noteForeignKeys([foreign('Acme', '31')]);
  await pairByMarker(ledger.db, { projectId, targetStore, sourceKey: 'key' }, found);
  const keys = [foreign('Acme', '31'), foreign('Acme 8', '32'), foreign('Unpaired', '33')];
  await reservePaired(ledger.db, projectId, targetStore, keys);
  const [lower, higher] = await queue.ledger.reserve([wish('8', 'Acme'), wish('9', 'Acme')]);
  expect(lower).toMatchObject({ keys: { name: 'Acme 8' }, collisions: [] });
  expect(higher).toMatchObject({ keys: { name: 'Acme' }, collisions: [] });
  expect((await queue.ledger.reserve([wish('7', 'Unpaired')]))[0]?.keys).toEqual({ name: 'Unpaired' });
});

it('gives a key free again that somebody else held, once a look at the target does not find it any more', async () => {
  const { ledger: queue, targetStore } = await queueUnderTest(ledger, 'forgotten');
  await queue.noteForeignKeys([foreign('Acme')]);
  await queue.reserve([wish('1', 'Other')]);
  await forgetForeign(ledger.db, targetStore, 'brand');
  expect((await queue.reserve([wish('2', 'Acme')]))[0]).toMatchObject({ keys: { name: 'Acme' }, collisions: [] });
  expect((await queue.reserve([wish('3', 'Other')]))[0]?.keys).toEqual({ name: 'Other 3' });
});

it('takes a key that was not written yet away for a foreign record, and reports the collision', async () => {
  const { ledger: queue } = await queueUnderTest(ledger, 'foreign');
  await queue.reserve([wish('1', 'Acme')]);
  await queue.noteForeignKeys([foreign('ACME')]);
  const [given] = await queue.reserve([wish('1', 'Acme')]);
  expect(given?.keys).toEqual({ name: 'Acme 1' });
  expect(given?.collisions).toEqual([{ slot: 'name', kind: 'brand-name', value: 'Acme', foreignTargetId: '900' }]);
});

it('keeps a key that our record carries at the target, whatever a list says', async () => {
  const queue = await queueUnderTest(ledger, 'carried');
  await queue.ledger.enqueue([brand('1')]);
  await queue.ledger.reserve([wish('1', 'Acme')]);
  await commitAll(queue);
  await queue.ledger.noteForeignKeys([foreign('Acme')]);
  const [given] = await queue.ledger.reserve([wish('1', 'Acme')]);
  expect(given).toMatchObject({ keys: { name: 'Acme' }, collisions: [] });
});

it('frees a key that is not wanted any more only when the write that drops it is committed', async () => {
  const queue = await queueUnderTest(ledger, 'renamed');
  await queue.ledger.enqueue([brand('1')]);
  await queue.ledger.reserve([wish('1', 'Old')]);
  await queue.ledger.reserve([wish('1', 'New')]);
  expect((await queue.ledger.reserve([wish('2', 'Old')]))[0]?.keys).toEqual({ name: 'Old 2' });
  await commitAll(queue);
  expect((await queue.ledger.reserve([wish('2', 'Old')]))[0]?.keys).toEqual({ name: 'Old' });
});

it('shares the keys of a target store between projects, and of no other', async () => {
  const first = await queueUnderTest(ledger, 'store-mate');
  const second = await queueUnderTest(ledger, 'elsewhere');
  await first.ledger.reserve([wish('1', 'Acme')]);
  expect((await second.ledger.reserve([wish('1', 'Acme')]))[0]?.keys).toEqual({ name: 'Acme' });
  const scope = { projectId: second.projectId, targetStore: first.targetStore, runId: null, leaseMs: 1_000 };
  const sharing = createProjectLedger(ledger.db, scope);
  expect((await sharing.reserve([wish('5', 'Acme')]))[0]?.keys).toEqual({ name: 'Acme 5' });
});

/** Who waits in the queue, and why. */
const waiting = async ({ projectId }: QueueUnderTest) =>
  (
    await ledger.db
      .selectFrom('changes')
      .select(['source_id', 'kind', 'reason'])
      .where('project_id', '=', projectId)
      .execute()
  )
    .map(({ source_id, kind, reason }) => `${source_id} ${kind} ${reason}`)
    .toSorted();

it('calls those who took another key for want of the one that is freed, and nobody else', async () => {
  const queue = await queueUnderTest(ledger, 'called');
  await queue.ledger.reserve([wish('1', 'Tee'), wish('2', 'Tee'), wish('3', 'Cup'), wish('4', 'tee')]);
  await queue.ledger.enqueue([brand('1')]);
  await queue.ledger.reserve([wish('1', 'Shirt')]);
  expect(await waiting(queue)).toEqual(['1 upsert copy']);
  await commitAll(queue);
  expect(await waiting(queue)).toEqual(['2 fetch freed-key', '4 fetch freed-key']);
  expect((await queue.ledger.reserve([wish('4', 'tee'), wish('2', 'Tee')])).map(({ keys }) => keys['name'])).toEqual([
    'Tee',
    'tee 4',
  ]);
});

it('calls nobody whose change waits in the queue anyway, but whoever is being worked on', async () => {
  const queue = await queueUnderTest(ledger, 'working');
  await queue.ledger.reserve([wish('1', 'Tee'), wish('2', 'Tee'), wish('3', 'Tee')]);
  await queue.ledger.enqueue([brand('1'), brand('2')]);
  const [first, second] = await claimAll(queue);
  if (first === undefined || second === undefined) throw new Error('two brands were queued');
  await queue.ledger.enqueue([brand('3')]);
  await queue.ledger.reserve([wish('1', 'Shirt')]);
  const done = settle(first, { to: 'done' }, '71');
  await queue.ledger.commit([{ ...done, progress: done.progress && { ...done.progress, releasesKeys: true } }]);
  expect(await waiting(queue)).toEqual(['2 fetch freed-key', '3 upsert copy']);
  // What was written for the second meanwhile does not settle it: it is looked at again (P4).
  await queue.ledger.commit([settle(second, { to: 'done' }, '72')]);
  expect(await waiting(queue)).toEqual(['2 fetch freed-key', '3 upsert copy']);
});

it('frees the keys of a record that is gone, and calls for those as well', async () => {
  const queue = await queueUnderTest(ledger, 'gone');
  await queue.ledger.reserve([wish('1', 'Tee'), wish('2', 'Tee')]);
  await queue.ledger.enqueue([brand('1')]);
  const [claim] = await claimAll(queue);
  if (claim === undefined) throw new Error('a brand was queued');
  const done = settle(claim, { to: 'done' }, '71');
  const progress = done.progress && { ...done.progress, state: 'tombstone' as const, releasesKeys: true };
  await queue.ledger.commit([{ ...done, progress }]);
  expect(await waiting(queue)).toEqual(['2 fetch freed-key']);
});

it('leaves nobody with a second-best key, whichever of two transactions comes first', async () => {
  const queue = await queueUnderTest(ledger, 'at-odds');
  const ids = Array.from({ length: 12 }, (_, at) => String(at + 10));
  for (const id of ids) {
    await queue.ledger.reserve([wish('1', `Tee ${id}`)]);
    await queue.ledger.enqueue([brand('1')]);
    await queue.ledger.reserve([wish('1', 'Shirt')]);
    const [[given]] = await Promise.all([queue.ledger.reserve([wish(id, `Tee ${id}`)]), commitAll(queue)]);
    const called = (await waiting(queue)).includes(`${id} fetch freed-key`);
    expect([given?.keys['name'], called]).toEqual(called ? [`Tee ${id} ${id}`, true] : [`Tee ${id}`, false]);
    await claimAll(queue);
    await ledger.db.deleteFrom('changes').where('project_id', '=', queue.projectId).execute();
  }
});
