import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { getProject } from '../../src/ledger/projects.ts';
import { type ApiUnderTest, apiUnderTest, projectBody } from './api-under-test.ts';

let api: ApiUnderTest;
let projectId: number;
beforeAll(async () => {
  api = await apiUnderTest();
  await api.call('POST', '/v1/projects', projectBody('tea'));
  projectId = (await getProject(api.ledger.db, 'tea'))?.id ?? 0;
});
afterAll(() => api.close());

const EDITED = {
  core: { base: { name: 'A', price: 1 }, source: { name: 'B', price: 1 }, target: { name: 'C', price: 1 } },
};

async function hold(sourceId: string, reason: string, evidence: object, entity = 'product'): Promise<void> {
  await sql`INSERT INTO changes (project_id, entity, entity_rank, source_id, kind, reason, state, state_reason, evidence, held_at, held_generation)
    VALUES (${projectId}, ${entity}, 2, ${sourceId}, 'upsert', 'poll', 'held', ${reason}, ${JSON.stringify(evidence)}::jsonb, clock_timestamp(), 1)`.execute(
    api.ledger.db,
  );
}
beforeEach(async () => {
  await sql`DELETE FROM changes`.execute(api.ledger.db);
  await hold('1', 'conflict', EDITED);
  await hold('2', 'conflict', EDITED);
  await hold('3', 'target_deleted', { targetId: '33' });
  await hold('4', 'collision', { kind: 'brand-name', message: 'taken' }, 'brand');
  await hold('5', 'mass delete', {});
});

const list = async (query = '') => (await api.call('GET', `/v1/projects/tea/conflicts${query}`)).body;
const resolve = (id: number | string, body: object, headers?: Record<string, string>) =>
  api.call('POST', `/v1/projects/tea/conflicts/${id}/resolve`, body, headers);
const all = (body: object) => api.call('POST', '/v1/projects/tea/resolve', body);
const changes = async () => {
  const { rows } = await sql<{ source_id: string; state: string; decision: object | null }>`
    SELECT source_id, state, decision FROM changes ORDER BY source_id`.execute(api.ledger.db);
  return rows;
};

it('lists what waits, field by field, with how many there are of each kind', async () => {
  const { conflicts, counts, next } = await list();
  expect(next).toBeNull();
  expect(conflicts).toHaveLength(4);
  expect(conflicts[0]).toMatchObject({
    kind: 'edited',
    entity: 'product',
    sourceId: '1',
    default: 'none',
    deadline: null,
    fields: [{ field: 'name', base: 'A', source: 'B', target: 'C' }],
  });
  expect(counts).toEqual([
    { kind: 'collision', entity: 'brand', count: 1 },
    { kind: 'edited', entity: 'product', count: 2 },
    { kind: 'target_deleted', entity: 'product', count: 1 },
  ]);
});

it('lists page by page, one kind or one entity', async () => {
  const first = await list('?limit=3');
  const second = await list(`?limit=3&after=${first.next}`);
  const ids = [...first.conflicts, ...second.conflicts].map(({ sourceId }: { sourceId: string }) => sourceId);
  expect(ids).toEqual(['1', '2', '3', '4']);
  expect((await list('?kind=target_deleted')).conflicts).toMatchObject([{ sourceId: '3', targetId: '33' }]);
  expect((await list('?entity=brand')).conflicts).toMatchObject([{ sourceId: '4', collision: { message: 'taken' } }]);
  expect((await api.call('GET', '/v1/projects/tea/conflicts?kind=other')).status).toBe(400);
  expect((await api.call('GET', '/v1/projects/none/conflicts')).status).toBe(404);
});

it('shows the default and its deadline as the options say', async () => {
  await api.call('PATCH', '/v1/projects/tea/options', { conflicts: { deadlineHours: 6, default: 'source' } });
  const [{ default: side, since, deadline }] = (await list()).conflicts;
  expect(side).toBe('source');
  expect(Date.parse(deadline) - Date.parse(since)).toBe(6 * 3_600_000);
  const back = await api.call('PATCH', '/v1/projects/tea/options', { conflicts: { default: 'none' } });
  expect(back.body.conflicts).toEqual({ deadlineHours: 6, default: 'none' });
  const wrong = await api.call('PATCH', '/v1/projects/tea/options', { conflicts: { default: 'both' } });
  expect(wrong.status).toBe(400);
});

it('decides one as it was shown, once, in the name of the key', async () => {
  const [{ id, version }] = (await list()).conflicts;
  const shown = await api.call('GET', `/v1/projects/tea/conflicts/${id}`);
  expect(shown.body).toMatchObject({ id, version, sameKind: 2 });
  const answer = await resolve(id, { decision: 'target', version }, { 'idempotency-key': 'one' });
  expect(answer).toMatchObject({ status: 202, body: { resolved: 1, run: null } });
  expect(await resolve(id, { decision: 'target', version }, { 'idempotency-key': 'one' })).toMatchObject({
    status: 202,
  });
  expect((await changes())[0]).toMatchObject({
    state: 'ready',
    decision: { kind: 'edited', decision: 'target', by: 'a-approver', shown: EDITED },
  });
  const second = await resolve(id, { decision: 'source', version });
  expect(second).toMatchObject({
    status: 409,
    body: {
      code: 'conflict-moved-on',
      conflict: null,
      state: 'ready',
      decided: { decision: 'target', by: 'a-approver' },
    },
  });
  expect((await api.call('GET', `/v1/projects/tea/conflicts/${id}`)).status).toBe(409);
  const { decisions } = (await api.call('GET', '/v1/projects/tea/decisions')).body;
  expect(decisions[0]).toMatchObject({ decidedBy: 'a-approver', what: 'conflict resolved' });
});

it('refuses a decision on what has moved on, with what it is now', async () => {
  const [{ id, version }] = (await list()).conflicts;
  await sql`UPDATE changes SET generation = generation + 1 WHERE id = ${id}`.execute(api.ledger.db);
  const answer = await resolve(id, { decision: 'source', version });
  expect(answer).toMatchObject({
    status: 409,
    body: { code: 'conflict-moved-on', conflict: { id, sourceChanged: true, fields: [{ field: 'name' }] } },
  });
  expect(answer.body.conflict.version).not.toBe(version);
  expect((await changes())[0]?.state).toBe('held');
});

it('decides all of a kind, and no other', async () => {
  expect(await all({ kind: 'edited', entity: 'brand', decision: 'source' })).toMatchObject({ body: { resolved: 0 } });
  expect(await all({ kind: 'edited', decision: 'source' })).toMatchObject({ status: 202, body: { resolved: 2 } });
  expect((await changes()).map(({ state }) => state)).toEqual(['ready', 'ready', 'held', 'held', 'held']);
  expect((await all({ decision: 'source' })).status).toBe(400);
  expect((await all({ kind: 'edited', decision: 'both' })).status).toBe(400);
});

it('refuses what cannot be decided, and who may not', async () => {
  const held = (await list()).conflicts;
  const { id, version } = held[3];
  expect(await resolve(id, { decision: 'target', version })).toMatchObject({
    status: 409,
    body: { code: 'nothing-to-adopt' },
  });
  expect(await resolve(999_999, { decision: 'source', version })).toMatchObject({
    status: 404,
    body: { code: 'unknown-conflict' },
  });
  expect((await resolve('x', { decision: 'source', version })).status).toBe(400);
  expect((await resolve(id, { decision: 'source' })).status).toBe(400);
  const viewer = { authorization: 'Bearer viewer' };
  expect((await resolve(id, { decision: 'source', version }, viewer)).status).toBe(403);
});
