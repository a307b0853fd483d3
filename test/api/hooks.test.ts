import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wooHookFormat } from '../../src/connectors/woocommerce/hooks/hook-format.ts';
import { createApiClient } from '../../src/cli/client/api-client.ts';
import { takeHints } from '../../src/ledger/hints.ts';
import { type ApiUnderTest, apiUnderTest } from './api-under-test.ts';
import { type HookedShop, hookedShop } from './hooked-shop.ts';

let api: ApiUnderTest;
const shops: HookedShop[] = [];
beforeAll(async () => {
  api = await apiUnderTest();
});
afterAll(async () => {
  await api.close();
  for (const { shop } of shops) await shop.close();
});

async function renew(slug: string, options: Parameters<typeof hookedShop>[2] = {}): Promise<HookedShop> {
  const made = await hookedShop(api, slug, options);
  shops.push(made);
  return made;
}
const register = ({ slug, door }: HookedShop) => api.call('POST', `/v1/projects/${slug}/hooks`, { url: door });
const view = ({ slug }: HookedShop) => api.call('GET', `/v1/projects/${slug}/hooks`);
const atShop = ({ shop }: HookedShop) => [...shop.store.webhooks.values()];
const TOPICS = wooHookFormat.topics.map(({ topic }) => topic).toSorted();
const hintsOf = async (slug: string) =>
  (
    await sql<{ entity: string; source_id: string; origin: string }>`
      SELECT h.entity, h.source_id, h.origin FROM hints h JOIN projects p ON p.id = h.project_id
      WHERE p.slug = ${slug} ORDER BY h.id`.execute(api.ledger.db)
  ).rows;

it('are registered once however often it is asked for, and the pings change nothing', async () => {
  const one = await renew('once');
  expect((await view(one)).body).toMatchObject({ platform: 'woocommerce', url: null, hooks: [] });
  const first = await register(one);
  expect(first.status).toBe(200);
  expect(first.body.url).toBe(`${one.door}/v1/hooks/once/woocommerce`);
  expect(first.body.hooks.map((hook: { topic: string }) => hook.topic)).toEqual(TOPICS);
  const ids = atShop(one).map(({ id }) => id);
  expect(ids).toHaveLength(TOPICS.length);
  const again = await register(one);
  expect(again.status).toBe(200);
  expect(atShop(one).map(({ id }) => id)).toEqual(ids);
  expect(await hintsOf('once')).toEqual([]);
  expect(atShop(one).every(({ secret, status }) => secret.length === 64 && status === 'active')).toBe(true);
  // The secret is sealed in the ledger and shown nowhere.
  const { secret = '' } = atShop(one)[0] ?? {};
  expect(JSON.stringify([first.body, (await view(one)).body])).not.toContain(secret);
  expect(api.log()).not.toContain(secret);
});

it('are found by listing when the reply to one was lost, and what is there twice is taken away', async () => {
  const one = await renew('lost');
  one.shop.controls.faults.add([
    { method: 'POST', route: '/wp-json/wc/v3/webhooks', skip: 3, times: 1, fault: { kind: 'drop' } },
  ]);
  expect((await register(one)).status).toBe(200);
  expect(
    atShop(one)
      .map(({ topic }) => topic)
      .toSorted(),
  ).toEqual(TOPICS);
  // As somebody's restored backup of the shop would have it.
  const [copied] = atShop(one);
  if (copied === undefined) throw new Error('no hook was made');
  one.shop.store.webhooks.set(9_999, { ...copied, id: 9_999 });
  await register(one);
  expect(
    atShop(one)
      .map(({ topic }) => topic)
      .toSorted(),
  ).toEqual(TOPICS);
});

it('that are not wanted any more go, and so do all of ours and nobody else’s', async () => {
  const one = await renew('removed');
  const foreign = await one.send('POST', '/wp-json/wc/v3/webhooks', {
    name: 'Storeferry removed (somebody else)',
    topic: 'order.created',
    delivery_url: `${one.door}/v1/hooks/removed/woocommerce`,
    secret: 's',
  });
  await register(one);
  await api.call('PUT', '/v1/projects/removed/mapping', { entities: { coupon: false } });
  const { body } = await register(one);
  expect(body.hooks.filter(({ topic }: { topic: string }) => topic.startsWith('coupon.'))).toEqual([]);
  expect(atShop(one).filter(({ topic }) => topic.startsWith('coupon.'))).toEqual([]);
  expect((await api.call('DELETE', '/v1/projects/removed/hooks')).status).toBe(204);
  expect((await api.call('DELETE', '/v1/projects/removed/hooks')).status).toBe(204);
  expect(atShop(one).map(({ id }) => id)).toEqual([foreign['id']]);
  expect((await view(one)).body).toMatchObject({ url: null, hooks: [] });
});

it('go with their project', async () => {
  const one = await renew('deleted');
  await register(one);
  expect((await api.call('DELETE', '/v1/projects/deleted')).status).toBe(204);
  expect(atShop(one)).toEqual([]);
});

it('turn a delivery of the shop into one hint, which a run takes as a reason to read', async () => {
  const one = await renew('delivers');
  await register(one);
  const product = await one.send('POST', '/wp-json/wc/v3/products', { name: 'Tea', regular_price: '3' });
  expect((await one.cron()).map(({ status }) => status)).toEqual([200]);
  expect(await hintsOf('delivers')).toEqual([
    { entity: 'product', source_id: String(product['id']), origin: 'webhook' },
  ]);
  // Two changes before the shop's next run are one delivery there, and its body is that of the end.
  await one.send('PUT', `/wp-json/wc/v3/products/${String(product['id'])}`, { name: 'Green tea' });
  await one.send('PUT', `/wp-json/wc/v3/products/${String(product['id'])}`, { name: 'Black tea' });
  expect(await one.cron()).toHaveLength(1);
  const { rows } = await sql<{ id: number }>`SELECT id FROM projects WHERE slug = 'delivers'`.execute(api.ledger.db);
  const projectId = rows[0]?.id ?? 0;
  expect(await takeHints(api.ledger.db, { projectId, runId: null })).toBe(2);
  const changes =
    await sql`SELECT kind, reason, entity, source_id FROM changes WHERE project_id = ${projectId}`.execute(
      api.ledger.db,
    );
  expect(changes.rows).toEqual([
    { kind: 'fetch', reason: 'hint', entity: 'product', source_id: String(product['id']) },
  ]);
  const { hooks } = (await view(one)).body;
  expect(hooks.find(({ topic }: { topic: string }) => topic === 'product.updated')).toMatchObject({
    state: 'active',
    verified: 1,
    rejected: 0,
    lastVerifiedAt: expect.any(String),
  });
  expect((await api.call('GET', '/metrics')).text).toContain(
    'storeferry_hook_deliveries_total{project="delivers",outcome="received"} 2',
  );
});

it('of terms are told by actions', async () => {
  const one = await renew('terms');
  await register(one);
  const category = await one.send('POST', '/wp-json/wc/v3/products/categories', { name: 'Teas' });
  await one.send('PUT', `/wp-json/wc/v3/products/categories/${String(category['id'])}`, { name: 'Fine teas' });
  await one.cron();
  expect([...new Set((await hintsOf('terms')).map((row) => `${row.entity} ${row.source_id}`))]).toEqual([
    `category ${String(category['id'])}`,
  ]);
});

it('are refused with what the shop said where the key may only read, and that is no rejected credential', async () => {
  const one = await renew('read-only', { permission: 'read' });
  expect(await register(one)).toMatchObject({ status: 422, body: { code: 'rejected' } });
  expect(atShop(one)).toEqual([]);
  const { rows } = await sql`SELECT FROM connections WHERE rejected_at IS NOT NULL`.execute(api.ledger.db);
  expect(rows).toEqual([]);
});

const hold = (until: string) =>
  sql`UPDATE project_hooks SET held_until = ${until}::timestamptz WHERE project_id = (SELECT id FROM projects WHERE slug = 'held')`.execute(
    api.ledger.db,
  );

it('are changed by one at a time', async () => {
  const one = await renew('held');
  await register(one);
  await hold('infinity');
  expect(await register(one)).toMatchObject({ status: 409, body: { code: 'hooks-held' } });
  await hold('2000-01-01T00:00:00Z');
  expect((await register(one)).status).toBe(200);
});

it.each([
  [{ url: 'ftp://ferry.example.test' }, 400],
  [{ url: 'no address' }, 400],
  [{ to: 'https://ferry.example.test' }, 400],
])('are not registered with %o', async (body, status) => {
  expect((await api.call('POST', '/v1/projects/once/hooks', body)).status).toBe(status);
});

it('want an address that the source can reach', async () => {
  const answer = await api.call('POST', '/v1/projects/once/hooks', {});
  expect(answer).toMatchObject({ status: 400, body: { code: 'hook-url-needed' } });
});

it('are registered, shown and removed from the command line’s client, and so are captures asked for', async () => {
  const one = await renew('client');
  const client = createApiClient({ url: one.door, key: 'operator' });
  expect(await client.registerHooks('client', one.door)).toMatchObject({
    url: `${one.door}/v1/hooks/client/woocommerce`,
  });
  expect(await client.hooks('client')).toMatchObject({ trouble: null });
  expect(await client.capture('client', 'product', ['7', '8'])).toEqual({ received: 2, sweeps: [] });
  await expect(client.capture('client', 'product', [])).rejects.toThrow('never started');
  await client.removeHooks('client');
  expect(atShop(one)).toEqual([]);
});

it('want an operator, and a project', async () => {
  const viewer = { authorization: 'Bearer viewer' };
  expect((await api.call('POST', '/v1/projects/once/hooks', {}, viewer)).status).toBe(403);
  expect((await api.call('DELETE', '/v1/projects/once/hooks', undefined, viewer)).status).toBe(403);
  expect((await api.call('GET', '/v1/projects/once/hooks', undefined, viewer)).status).toBe(200);
  expect((await api.call('POST', '/v1/projects/none/hooks', {})).status).toBe(404);
});

it('are not offered by every platform', async () => {
  await api.call('POST', '/v1/projects', {
    project: 'vendure',
    source: { platform: 'vendure', url: 'http://127.0.0.1:9', credentials: { apiKey: 'k' } },
    target: { platform: 'bigcommerce', credentials: { storeHash: 'v', accessToken: 't' } },
  });
  expect(await api.call('POST', '/v1/projects/vendure/hooks', { url: 'https://ferry.example.test' })).toMatchObject({
    status: 409,
    body: { code: 'hooks-not-offered' },
  });
});
