import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KeyClaim } from '../../src/domain/identity.ts';
import { pairByMarker } from '../../src/ledger/existing-records.ts';
import { forgetForeign, reservePaired } from '../../src/ledger/identity/reservations.ts';
import { createProjectLedger } from '../../src/ledger/project-ledger.ts';
import { type LedgerUnderTest, openTestLedger } from './ledger-under-test.ts';
import { brand, claimAll, queueUnderTest, settle } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const wish = (sourceId: string, name: string, retryFirst = false): KeyClaim => ({
  ref: { entity: 'brand', sourceId },
  wanted: [
    { slot: 'name', kind: 'brand-name', scope: '', alternatives: [name, `${name} ${sourceId}`], role: 'identity' },
  ],
  retryFirst,
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
  const written = (await claimAll(queue)).map((claim) => settle(claim, { to: 'done' }, '71'));
  await queue.ledger.commit(
    written.map((one) => ({ ...one, progress: one.progress && { ...one.progress, releasesKeys: true } })),
  );
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
  const written = (await claimAll(queue)).map((claim) => settle(claim, { to: 'done' }, '71'));
  await queue.ledger.commit(
    written.map((one) => ({ ...one, progress: one.progress && { ...one.progress, releasesKeys: true } })),
  );
  expect((await queue.ledger.reserve([wish('2', 'Old', true)]))[0]?.keys).toEqual({ name: 'Old' });
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
