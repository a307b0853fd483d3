import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getProject } from '../../src/ledger/projects.ts';
import { type ApiUnderTest, apiUnderTest, makeProject } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
  await makeProject(api, 'tea');
  const project = await getProject(api.ledger.db, 'tea');
  for (let n = 1; n <= 7; n += 1) {
    await sql`INSERT INTO adjustments (project_id, entity, source_id, key, field, before, after, why)
      VALUES (${project?.id}, 'order', ${String(n)}, 'order-renumbered', 'number', '"9"', '"10"', 'the target numbers orders')`.execute(
      api.ledger.db,
    );
  }
  await sql`INSERT INTO report_items (project_id, key, field, entity, source_id, sample)
    VALUES (${project?.id}, 'tax-rates', 'rates', 'product', '3', 'x')`.execute(api.ledger.db);
});
afterAll(() => api.close());

it('counts what was changed on purpose by key, and lists it page by page', async () => {
  const all = await api.call('GET', '/v1/projects/tea/adjustments');
  expect(all.body).toEqual({
    keys: [{ key: 'order-renumbered', entity: 'order', records: 7, samples: ['1', '2', '3', '4', '5'] }],
    items: [],
    next: null,
  });
  const first = (await api.call('GET', '/v1/projects/tea/adjustments?key=order-renumbered&limit=4')).body;
  expect(first.items[0]).toMatchObject({
    entity: 'order',
    sourceId: '1',
    field: 'number',
    detail: { before: '9', after: '10' },
  });
  const path = `/v1/projects/tea/adjustments?key=order-renumbered&limit=4&after=${first.next}`;
  const second = (await api.call('GET', path)).body;
  expect([...first.items, ...second.items].map(({ sourceId }) => sourceId)).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
  ]);
  expect(second.next).toBeNull();
});

it('tells what could not be carried, how often, and what a merchant can do', async () => {
  const { body } = await api.call('GET', '/v1/projects/tea/reports?key=tax-rates');
  expect(body.keys).toEqual([
    { key: 'tax-rates', entity: 'product', records: 1, samples: ['3'], advice: 'set tax up at the target' },
  ]);
  expect(body.items).toMatchObject([{ sourceId: '3', detail: { sample: 'x' } }]);
  expect((await api.call('GET', '/v1/projects/tea/reports?key=nothing')).body).toEqual({
    keys: [],
    items: [],
    next: null,
  });
});

it('tells what the source as a whole has and no record carries, as the latest look counted it', async () => {
  const reports = [{ key: 'shipping-setup', count: 2, samples: ['0', '1'] }];
  const assessment = { at: '2026-11-20T00:00:00.000Z', mappingVersion: 1, counts: {}, checks: [], reports };
  api.outside.looks.assess = async () => ({ ok: true, assessment });
  await api.call('POST', '/v1/projects/tea/assessment');
  const { keys } = (await api.call('GET', '/v1/projects/tea/reports')).body;
  expect(keys[0]).toEqual({
    key: 'shipping-setup',
    entity: 'store',
    records: 2,
    samples: ['0', '1'],
    advice: 'set shipping zones and methods up at the target',
  });
  expect(keys.map(({ key }: { key: string }) => key)).toContain('tax-rates');
});

it('keeps every mapping that was in force, and shows what changed between two', async () => {
  await api.call('PUT', '/v1/projects/tea/mapping', { urls: 'native', orderStatuses: { shipped: '2' } });
  const { versions } = (await api.call('GET', '/v1/projects/tea/mapping/versions')).body;
  expect(versions).toMatchObject([{ version: 2, madeBy: 'a-approver' }, { version: 1 }]);
  expect(versions[0].fingerprint).not.toBe(versions[1].fingerprint);
  expect((await api.call('GET', '/v1/projects/tea/mapping/diff?from=1')).body).toEqual({
    from: 1,
    to: 2,
    changes: [
      { path: 'orderStatuses.shipped', before: null, after: '2' },
      { path: 'urls', before: 'keep', after: 'native' },
    ],
  });
  expect(await api.call('GET', '/v1/projects/tea/mapping/diff?from=9')).toMatchObject({
    status: 404,
    body: { code: 'unknown-version' },
  });
});
