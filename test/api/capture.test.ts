import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest, makeProject } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
  await makeProject(api, 'tea', { mapping: { entities: { coupon: false } } });
});
afterAll(() => api.close());

const inbox = () => api.ledger.db.selectFrom('hints').select(['entity', 'source_id', 'origin']).execute();
const hint = (...records: readonly { entity: string; sourceId: string }[]) =>
  api.call('POST', '/v1/projects/tea/capture', { records });

it('are put down and answered at once, also while nothing runs', async () => {
  expect(await hint({ entity: 'product', sourceId: '7' }, { entity: 'customer_group', sourceId: 'wholesale' })).toEqual(
    expect.objectContaining({ status: 202, body: { received: 2, sweeps: [] } }),
  );
  expect(await inbox()).toEqual([
    { entity: 'product', source_id: '7', origin: expect.any(String) },
    { entity: 'customer_group', source_id: 'wholesale', origin: expect.any(String) },
  ]);
});

it.each([
  [{ entity: 'product', sourceId: 'abc' }, 400, 'digits'],
  [{ entity: 'stock', sourceId: '7' }, 400, 'entity'],
  [{ entity: 'product', sourceId: '' }, 400, 'sourceId'],
  [{ entity: 'coupon', sourceId: '7' }, 409, 'coupon'],
])('of what cannot be are refused with what was expected: %o', async (record, status, said) => {
  const before = await inbox();
  const answer = await hint(record);
  expect(answer.status).toBe(status);
  expect(JSON.stringify(answer.body)).toContain(said);
  expect(await inbox()).toEqual(before);
});

it('of a project that is not there are refused, and so are none and too many', async () => {
  const record = { entity: 'product', sourceId: '7' };
  expect((await api.call('POST', '/v1/projects/none/capture', { records: [record] })).status).toBe(404);
  expect((await hint()).status).toBe(400);
  expect((await hint(...Array.from({ length: 1_001 }, () => record))).status).toBe(400);
});

const capture = (body: object) => api.call('POST', '/v1/projects/tea/capture', body);

it('takes ids of one entity', async () => {
  expect(await capture({ entity: 'order', sourceIds: ['8', '9'] })).toMatchObject({
    status: 202,
    body: { received: 2, sweeps: [] },
  });
  expect((await inbox()).slice(-2)).toMatchObject([
    { entity: 'order', source_id: '8' },
    { entity: 'order', source_id: '9' },
  ]);
});

it('of an entity as a whole waits for the next recent run, and needs a capture that was started', async () => {
  const asked = () =>
    sql`SELECT FROM watermarks WHERE entity = 'order' AND sweep_asked IS NOT NULL`.execute(api.ledger.db);
  expect(await capture({ entity: 'order' })).toMatchObject({ status: 409, body: { code: 'capture-not-started' } });
  await sql`INSERT INTO watermarks (project_id, entity, captured_until) SELECT id, 'order', now() FROM projects`.execute(
    api.ledger.db,
  );
  expect((await asked()).rows).toHaveLength(0);
  expect(await capture({ entity: 'order' })).toMatchObject({ status: 202, body: { received: 0, sweeps: ['order'] } });
  expect((await asked()).rows).toHaveLength(1);
  const { body } = await api.call('GET', '/v1/projects/tea/decisions');
  expect(body.decisions[0]).toMatchObject({ what: 'sweep asked for', detail: { entity: 'order' } });
});

it.each([
  [{}, 'either'],
  [{ sourceIds: ['1'] }, 'either'],
  [{ entity: 'order', records: [{ entity: 'order', sourceId: '1' }] }, 'either'],
  [{ records: [{ entity: 'order', sourceId: '1' }], sourceIds: ['1'] }, 'sourceIds'],
  [{ entity: 'order', sourceIds: ['x'] }, 'digits'],
  [{ entity: 'stock' }, 'entity'],
  [{ entity: 'coupon' }, 'coupon'],
])('of %o is refused', async (body, said) => {
  const answer = await capture(body);
  expect([400, 409]).toContain(answer.status);
  expect(answer.text).toContain(said);
});
