import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest, projectBody } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
  await api.call('POST', '/v1/projects', projectBody('tea'));
});
afterAll(() => api.close());
beforeEach(() => sql`DELETE FROM announcements`.execute(api.ledger.db));

const AT = '/v1/projects/tea/announcements';
const GIVEN = { entity: 'product', sourceIds: ['17', '18'], fields: ['description', 'price'], why: 'season' };
const tell = (more: object = {}, headers?: Record<string, string>) =>
  api.call('POST', AT, { ...GIVEN, ...more }, headers);
const list = async (query = '') => (await api.call('GET', `${AT}${query}`)).body;

describe('an announcement of manual changes', () => {
  it('is kept with who, what and why, shown and withdrawn, and the decision log has both', async () => {
    const made = await tell({ by: 'the shop' });
    expect(made).toMatchObject({ status: 201, body: { ...GIVEN, by: 'the shop', notedBy: 'a-approver' } });
    expect(await list()).toMatchObject({ announcements: [made.body], next: null });
    expect((await api.call('DELETE', `${AT}/${made.body.id}`)).status).toBe(204);
    expect(await list()).toEqual({ announcements: [], next: null });
    expect(await api.call('DELETE', `${AT}/${made.body.id}`)).toMatchObject({
      status: 404,
      body: { code: 'unknown-announcement' },
    });
    const { decisions } = (await api.call('GET', '/v1/projects/tea/decisions')).body;
    expect(decisions.slice(0, 2)).toMatchObject([
      { what: 'announcement withdrawn', decidedBy: 'a-approver', detail: { id: made.body.id, entity: 'product' } },
      { what: 'manual changes announced', detail: { fields: ['description', 'price'], why: 'season', by: 'the shop' } },
    ]);
  });

  it('may be of all records, and is of the key where it names nobody', async () => {
    expect((await tell({ sourceIds: 'all' })).body).toMatchObject({ sourceIds: 'all', by: 'a-approver' });
  });

  it('is made once under an Idempotency-Key', async () => {
    const key = { 'idempotency-key': 'one' };
    const first = await tell({}, key);
    expect((await tell({}, key)).body).toEqual(first.body);
    expect((await list()).announcements).toHaveLength(1);
  });

  it('is listed page by page', async () => {
    for (const why of ['a', 'b', 'c']) await tell({ why });
    const first = await list('?limit=2');
    const second = await list(`?limit=2&after=${first.next}`);
    const whys = [...first.announcements, ...second.announcements].map(({ why }: { why: string }) => why);
    expect(whys).toEqual(['a', 'b', 'c']);
    expect(second.next).toBeNull();
  });

  it.each([
    ['no fields', { fields: undefined }, 'fields-not-named'],
    ['an empty list of fields', { fields: [] }, 'fields-not-named'],
    ['a field that nobody knows', { fields: ['colour'] }, 'field-not-ownable'],
    ['a field that is a key', { fields: ['description', 'sku'] }, 'field-not-ownable'],
  ])('with %s is refused with what is allowed', async (_what, more, code) => {
    const answer = await tell(more);
    expect(answer).toMatchObject({ status: 400, body: { code } });
    expect(answer.body.detail).toContain('description, price, sale_price');
    expect((await list()).announcements).toEqual([]);
  });

  it.each([
    ['an entity without such fields', { entity: 'redirect' }, 'entity'],
    ['no records', { sourceIds: [] }, 'sourceIds'],
    ['no reason', { why: ' ' }, 'why'],
  ])('with %s is refused', async (_what, more, said) => {
    const answer = await tell(more);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
    expect(answer.body.detail).toContain(said);
  });

  it('needs an operator, and a project', async () => {
    expect((await tell({}, { authorization: 'Bearer viewer' })).status).toBe(403);
    expect((await tell({}, { authorization: 'Bearer operator' })).status).toBe(201);
    expect((await api.call('POST', '/v1/projects/none/announcements', GIVEN)).status).toBe(404);
  });
});

const put = (targetOwns: object) => api.call('PUT', '/v1/projects/tea/mapping', { targetOwns });

describe('`targetOwns` of the mapping', () => {
  it('is a choice like the others, with a version and a difference', async () => {
    const owns = { product: ['description', 'price'], stock: ['all'] };
    const { status, body } = await put(owns);
    expect(status).toBe(200);
    expect(body.mapping.targetOwns).toEqual(owns);
    const diff = await api.call('GET', `/v1/projects/tea/mapping/diff?from=${body.version - 1}`);
    expect(diff.body.changes.map(({ path }: { path: string }) => path)).toEqual(['targetOwns']);
  });

  it.each([
    ['a field that nobody knows', { product: ['colour'] }, '"description"'],
    ['an entity that nobody knows', { shelf: ['all'] }, 'category, brand, product'],
    ['an entity without such fields', { coupon: ['amount'] }, 'category, brand, product'],
    ['a part of stock', { stock: ['level'] }, '"all"'],
  ])('with %s is refused with what is allowed', async (_what, owns, said) => {
    const answer = await put(owns);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
    expect(answer.body.detail).toContain('targetOwns');
    expect(answer.body.detail).toContain(said);
  });
});
