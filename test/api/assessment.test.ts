import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest, makeProject } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
  await makeProject(api, 'tea');
});
beforeEach(() => api.reset());
afterAll(() => api.close());

const PATH = '/v1/projects/tea/assessment';
const check = {
  key: 'duplicate-names',
  severity: 'note' as const,
  count: 7,
  samples: ['1', '2'],
  message: 'names are unique',
  remedy: 'rename them',
};

it('there is none before somebody has looked', async () => {
  expect(await api.call('GET', PATH)).toMatchObject({ status: 404, body: { code: 'not-assessed' } });
});

it('a look is kept, and read again as it was', async () => {
  const assessment = {
    at: '2026-11-20T00:00:00.000Z',
    mappingVersion: 1,
    counts: { product: 9 },
    checks: [check],
    reports: [{ key: 'tax-rates', count: 4, samples: ['1'] }],
  };
  api.outside.looks.assess = async () => ({ ok: true, assessment });
  expect(await api.call('POST', PATH)).toMatchObject({ status: 200, body: assessment });
  expect((await api.call('GET', PATH)).body).toEqual(assessment);
});

it('a store that does not answer is said to, and the last look stays', async () => {
  api.outside.looks.assess = async () => ({ ok: false, code: 'unreachable', message: 'it did not answer in time' });
  expect(await api.call('POST', PATH)).toMatchObject({ status: 422, body: { code: 'unreachable' } });
  expect((await api.call('GET', PATH)).body.checks).toHaveLength(1);
});

it('a viewer may read it and not make it; an unknown project has none', async () => {
  const viewer = { authorization: 'Bearer viewer' };
  expect((await api.call('POST', PATH, undefined, viewer)).status).toBe(403);
  expect((await api.call('GET', PATH, undefined, viewer)).status).toBe(200);
  expect((await api.call('GET', '/v1/projects/coffee/assessment')).status).toBe(404);
});
