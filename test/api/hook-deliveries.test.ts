import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureHookKeys } from '../../src/ledger/hooks.ts';
import { type ApiUnderTest, answerOf, apiUnderTest, projectBody } from './api-under-test.ts';

let api: ApiUnderTest;
const secrets = new Map<string, string>();
beforeAll(async () => {
  api = await apiUnderTest({ deliveriesPerMinute: 40, rejectedPerMinute: 12 });
  for (const slug of ['tea', 'flooded', 'forged', 'bare']) {
    await api.call('POST', '/v1/projects', { ...projectBody(slug), mapping: { entities: { coupon: false } } });
    if (slug === 'bare') continue;
    const { rows } = await sql<{ id: number }>`SELECT id FROM projects WHERE slug = ${slug}`.execute(api.ledger.db);
    const keys = await ensureHookKeys(api.ledger.db, api.sealingKey, { id: rows[0]?.id ?? 0, slug });
    secrets.set(slug, keys.secret);
  }
});
afterAll(() => api.close());

const sign = (secret: string, body: string | Buffer) => createHmac('sha256', secret).update(body).digest('base64');

/** As WooCommerce sends; headers that are undefined are left out. */
async function deliver(
  slug: string,
  body: string | Buffer,
  {
    topic = 'product.updated',
    secret = secrets.get(slug) ?? '',
    headers = {},
    platform = 'woocommerce',
  }: { topic?: string; secret?: string; headers?: Record<string, string | undefined>; platform?: string } = {},
) {
  const all = {
    'content-type': 'application/json',
    'x-wc-webhook-topic': topic,
    'x-wc-webhook-delivery-id': 'f5eed9a23ad6d4e5bf30a9c39ec6ed60',
    'x-wc-webhook-signature': sign(secret, body),
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const url = `/v1/hooks/${slug}/${platform}`;
  return answerOf(await api.app.inject({ method: 'POST', url, headers: given, body }));
}
const count = async (table: 'hints' | 'changes') =>
  (await sql<{ count: number }>`SELECT count(*)::integer AS count FROM ${sql.table(table)}`.execute(api.ledger.db))
    .rows[0]?.count;
const counted = async (slug: string) =>
  Object.fromEntries(
    (
      await sql<{ key: string; count: number }>`
        SELECT d.topic || ' ' || d.outcome AS key, d.count::integer AS count
        FROM hook_deliveries d JOIN projects p ON p.id = d.project_id WHERE p.slug = ${slug}`.execute(api.ledger.db)
    ).rows.map(({ key, count: times }) => [key, times]),
  );

it('a signed delivery is one hint, counted under its topic', async () => {
  expect(await deliver('tea', '{"id":7}')).toMatchObject({ status: 200, body: { outcome: 'received' } });
  const { rows } = await sql`SELECT origin, entity, source_id FROM hints`.execute(api.ledger.db);
  expect(rows).toEqual([{ origin: 'webhook', entity: 'product', source_id: '7' }]);
  expect(await counted('tea')).toEqual({ 'product.updated received': 1 });
});

it('a wrong or a missing signature is 401 and a counter, and never a change', async () => {
  const before = [await count('hints'), await count('changes')];
  const wrong = [
    await deliver('tea', '{"id":8}', { secret: 'not the secret' }),
    await deliver('tea', '{"id":8}', { headers: { 'x-wc-webhook-signature': undefined } }),
    await deliver('tea', '{"id":8}', {
      headers: { 'x-wc-webhook-signature': sign(secrets.get('tea') ?? '', '{"id":9}') },
    }),
    // Of another project of this service.
    await deliver('tea', '{"id":8}', { secret: secrets.get('flooded') ?? '' }),
    // A topic that nobody knows makes no row of its own.
    await deliver('tea', '{"id":8}', { secret: 'x', topic: `x${'y'.repeat(500)}` }),
  ];
  expect(wrong.map(({ status, body }) => [status, body.code])).toEqual(wrong.map(() => [401, 'signature-wrong']));
  expect([await count('hints'), await count('changes')]).toEqual(before);
  expect(await counted('tea')).toMatchObject({ 'product.updated rejected': 4, ' rejected': 1 });
  expect((await api.call('GET', '/metrics')).text).toContain(
    'storeferry_hook_deliveries_total{project="tea",outcome="rejected"} 5',
  );
});

it('a project without hooks takes none, whatever it is signed with', async () => {
  for (const secret of ['', 'undefined']) expect((await deliver('bare', '{"id":8}', { secret })).status).toBe(401);
});

it('the unsigned ping is 200 and nothing else', async () => {
  const before = [await count('hints'), await counted('tea')];
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-wc-webhook-signature': undefined,
    'x-wc-webhook-topic': undefined,
  };
  expect(await deliver('tea', 'webhook_id=12', { headers })).toMatchObject({ status: 200, body: { outcome: 'ping' } });
  expect([await count('hints'), await counted('tea')]).toEqual(before);
  expect((await deliver('tea', 'webhook_id=12&id=8', { headers })).status).toBe(401);
  expect((await deliver('tea', '', { headers: { ...headers, 'content-type': undefined } })).status).toBe(401);
});

it('a repeated body is coalesced only with a hint that nobody has taken', async () => {
  expect((await deliver('tea', '{"id":20}')).body).toEqual({ outcome: 'received' });
  // Deliveries of one second share their id: other bodies under it are other news.
  expect((await deliver('tea', '{"id":20}')).body).toEqual({ outcome: 'repeated' });
  expect((await deliver('tea', '{"id":20,"name":"New"}')).body).toEqual({ outcome: 'received' });
  await sql`DELETE FROM hints`.execute(api.ledger.db);
  expect((await deliver('tea', '{"id":20}')).body).toEqual({ outcome: 'received' });
});

it('an unknown topic, and a body that names nothing that is moved, are accepted, ignored and counted', async () => {
  const before = await count('hints');
  const gone = '{"code":"woocommerce_rest_product_invalid_id","message":"Invalid ID.","data":{"status":404}}';
  for (const [topic, body] of [
    ['product.sold', '{"id":7}'],
    ['review.created', '{"id":7}'],
    ['product.updated', gone],
    ['product.updated', 'not JSON'],
    ['product.updated', '\0\ud800'],
    // The mapping leaves coupons out.
    ['coupon.created', '{"id":7}'],
  ] as const) {
    expect(await deliver('tea', body, { topic })).toMatchObject({ status: 200, body: { outcome: 'ignored' } });
  }
  expect(await count('hints')).toBe(before);
  expect(await counted('tea')).toMatchObject({
    ' ignored': 2,
    'product.updated ignored': 3,
    'coupon.created ignored': 1,
  });
});

it('an unknown project and an unknown platform are 404', async () => {
  expect(await deliver('none', '{"id":7}')).toMatchObject({ status: 404, body: { code: 'unknown-project' } });
  for (const platform of ['vendure', 'shopify'])
    expect(await deliver('tea', '{"id":7}', { platform })).toMatchObject({
      status: 404,
      body: { code: 'unknown-platform' },
    });
});

const big = (bytes: number) => Buffer.from(`{"id":30,"description":"${'x'.repeat(bytes)}"}`);

it('a body of 10 MB is 413; one of a few is taken', async () => {
  expect(await deliver('tea', big(10_000_000))).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  expect((await deliver('tea', big(3_000_000))).status).toBe(200);
});

it('an Idempotency-Key of a stranger leaves no row', async () => {
  await deliver('tea', '{"id":31}', { headers: { 'idempotency-key': 'k' } });
  expect((await sql`SELECT FROM idempotency_keys WHERE key LIKE '%:k'`.execute(api.ledger.db)).rows).toEqual([]);
});

it('a flood is limited per project, and what was answered with 200 is there', async () => {
  const before = (await count('hints')) ?? 0;
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, at) => deliver('flooded', JSON.stringify({ id: at + 1 }))),
  );
  const taken = answers.filter(({ status }) => status === 200).length;
  expect(taken).toBe(40);
  expect(answers.filter(({ status, body }) => status === 429 && body.code === 'too-many-requests')).toHaveLength(20);
  expect(await count('hints')).toBe(before + taken);
  // Other projects go on, and so does the rest of the API.
  expect((await deliver('forged', '{"id":1}')).status).toBe(200);
  expect((await api.call('GET', '/v1/projects/flooded')).status).toBe(200);
});

it('a flood that nobody signed shuts out no shop', async () => {
  const statuses = await Promise.all(
    Array.from({ length: 30 }, async () => (await deliver('forged', '{"id":1}', { secret: 'x' })).status),
  );
  expect(statuses.filter((status) => status === 401)).toHaveLength(12);
  expect(statuses.filter((status) => status === 429)).toHaveLength(18);
  expect((await counted('forged'))['product.updated rejected']).toBe(12);
  expect((await deliver('forged', '{"id":2}')).status).toBe(200);
});
