import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampleMetrics } from '../../src/ledger/metrics.ts';
import { getProject } from '../../src/ledger/projects.ts';
import { type ApiUnderTest, apiUnderTest, makeProject } from './api-under-test.ts';

let api: ApiUnderTest;
let projectId: number;
beforeAll(async () => {
  api = await apiUnderTest();
  await makeProject(api, 'tea');
  projectId = (await getProject(api.ledger.db, 'tea'))?.id ?? 0;
});
afterAll(() => api.close());

const samples = async (query = '') => (await api.call('GET', `/v1/projects/tea/metrics${query}`)).body.samples;

it('tells what each time box did, newest first, one metric or all', async () => {
  expect(await samples()).toEqual([]);
  await sampleMetrics(api.ledger.db, projectId, { records_settled: 40, queue_outstanding: 7, queue_held: 0 });
  await sampleMetrics(api.ledger.db, projectId, { records_settled: 60 });
  expect(await samples('?name=records_settled')).toMatchObject([{ value: 60 }, { value: 40 }]);
  expect(await samples('?limit=2')).toHaveLength(2);
  expect(await samples()).toHaveLength(4);
  expect(await samples('?since=2999-01-01T00:00:00Z')).toEqual([]);
});

it('forgets what is older than a month', async () => {
  await sql`UPDATE metric_samples SET at = at - interval '31 days' WHERE project_id = ${projectId}`.execute(
    api.ledger.db,
  );
  await sampleMetrics(api.ledger.db, projectId, { records_read: 5 });
  expect(await samples()).toMatchObject([{ name: 'records_read', value: 5 }]);
});

it('refuses what it does not know', async () => {
  expect((await api.call('GET', '/v1/projects/tea/metrics?name=weather')).status).toBe(400);
  expect((await api.call('GET', '/v1/projects/none/metrics')).status).toBe(404);
});
