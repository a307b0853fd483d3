import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from 'kysely';
import { randomBytes } from 'node:crypto';
import { receiveDelivery } from '../../src/ledger/hook-deliveries.ts';
import { ensureHookKeys, holdHooks, noteHook, notedHooks, readKeys, releaseHooks } from '../../src/ledger/hooks.ts';
import { takeHints } from '../../src/ledger/hints.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const delivery = (sourceId: string, bodyHash = 'a') => ({
  topic: 'product.updated',
  ref: { entity: 'product' as const, sourceId },
  bodyHash,
});
const waiting = async (projectId: number) =>
  (await sql`SELECT FROM hints WHERE project_id = ${projectId}`.execute(ledger.db)).rows.length;

it('are coalesced per record and body, not across projects', async () => {
  const [one, two] = [await makeProject(ledger, 'one'), await makeProject(ledger, 'two')];
  expect(await receiveDelivery(ledger.db, one.id, delivery('1'))).toBe('received');
  expect(await receiveDelivery(ledger.db, one.id, delivery('1'))).toBe('repeated');
  expect(await receiveDelivery(ledger.db, one.id, delivery('1', 'b'))).toBe('received');
  expect(await receiveDelivery(ledger.db, one.id, delivery('2'))).toBe('received');
  expect(await receiveDelivery(ledger.db, two.id, delivery('1'))).toBe('received');
  expect([await waiting(one.id), await waiting(two.id)]).toEqual([3, 1]);
});

it('are a hint of their own while another is being taken: the read it leads to may have begun before', async () => {
  const { id } = await makeProject(ledger, 'taking');
  await receiveDelivery(ledger.db, id, delivery('1'));
  await ledger.db.transaction().execute(async (taker) => {
    await sql`SELECT FROM hints WHERE project_id = ${id} FOR UPDATE`.execute(taker);
    expect(await receiveDelivery(ledger.db, id, delivery('1'))).toBe('received');
  });
  expect(await waiting(id)).toBe(2);
});

it('that come in a storm while hints are taken are each in a hint that was taken after them', async () => {
  const { id } = await makeProject(ledger, 'storm');
  const outcomes = await Promise.all(
    Array.from({ length: 40 }, async (_, at) => {
      if (at % 8 === 7) await takeHints(ledger.db, { projectId: id, runId: null });
      return receiveDelivery(ledger.db, id, delivery('1'));
    }),
  );
  await takeHints(ledger.db, { projectId: id, runId: null });
  expect(await waiting(id)).toBe(0);
  const counted = await sql<{ outcome: string; count: number }>`
    SELECT outcome, count::integer AS count FROM hook_deliveries WHERE project_id = ${id}`.execute(ledger.db);
  const total = (word: string) => outcomes.filter((outcome) => outcome === word).length;
  for (const { outcome, count } of counted.rows) expect(count).toBe(total(outcome));
  expect(counted.rows.reduce((sum, { count }) => sum + count, 0)).toBe(40);
});

it('are signed with a secret that is made once, sealed, and made anew when the sealing key is lost', async () => {
  const { id } = await makeProject(ledger, 'keys');
  const project = { id, slug: 'keys' };
  const key = randomBytes(32);
  expect(await readKeys(ledger.db, key, project)).toBeNull();
  const [one, two] = await Promise.all([1, 2].map(() => ensureHookKeys(ledger.db, key, project)));
  expect(one).toEqual(two);
  expect(one?.secret).toMatch(/^[0-9a-f]{64}$/);
  await noteHook(ledger.db, id, { topic: 'order.created', hookId: '1', state: 'active' });
  const { rows } = await sql<{ sealed: Buffer }>`SELECT sealed FROM project_hooks WHERE project_id = ${id}`.execute(
    ledger.db,
  );
  expect(rows[0]?.sealed.includes(one?.secret ?? '')).toBe(false);

  const other = randomBytes(32);
  expect(await readKeys(ledger.db, other, project)).toBeNull();
  const renewed = await ensureHookKeys(ledger.db, other, project);
  expect(renewed.mark).toBe(one?.mark);
  expect(renewed.secret).not.toBe(one?.secret);
  // All of them have to be told the new one.
  expect(await notedHooks(ledger.db, id)).toEqual([]);
});

it('hooks are held by one at a time', async () => {
  const { id } = await makeProject(ledger, 'held');
  expect(await holdHooks(ledger.db, id)).toBe(false);
  await ensureHookKeys(ledger.db, randomBytes(32), { id, slug: 'held' });
  expect((await Promise.all([1, 2, 3].map(() => holdHooks(ledger.db, id)))).filter(Boolean)).toHaveLength(1);
  await releaseHooks(ledger.db, id);
  expect(await holdHooks(ledger.db, id)).toBe(true);
});
