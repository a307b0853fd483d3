import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
  const source = {
    platform: 'woocommerce',
    url: 'https://shop.example.test',
    credentials: { consumerKey: 'ck', consumerSecret: 'cs' },
  };
  const target = { platform: 'bigcommerce', credentials: { storeHash: 'abc', accessToken: 't' } };
  const mapping = { entities: { coupon: false } };
  await api.call('POST', '/v1/projects', { project: 'tea', source, target, mapping });
});
afterAll(() => api.close());

const inbox = () => api.ledger.db.selectFrom('hints').select(['entity', 'source_id', 'origin']).execute();
const hint = (...records: readonly { entity: string; sourceId: string }[]) =>
  api.call('POST', '/v1/projects/tea/hints', { records });

it('are put down and answered at once, also while nothing runs', async () => {
  expect(await hint({ entity: 'product', sourceId: '7' }, { entity: 'customer_group', sourceId: 'wholesale' })).toEqual(
    expect.objectContaining({ status: 202, body: { received: 2 } }),
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
  expect((await api.call('POST', '/v1/projects/none/hints', { records: [record] })).status).toBe(404);
  expect((await hint()).status).toBe(400);
  expect((await hint(...Array.from({ length: 1_001 }, () => record))).status).toBe(400);
});
