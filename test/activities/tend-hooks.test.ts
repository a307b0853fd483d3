import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LOOK_EVERY_MS, tendHooks } from '../../src/activities/hooks/tend-hooks.ts';
import { openSource } from '../../src/connectors/platforms.ts';
import { openGovernor } from '../../src/connectors/http/open-governor.ts';
import { askedSweeps } from '../../src/ledger/records/sweeps.ts';
import { startCapture } from '../../src/ledger/watermarks.ts';
import { sandboxCredentials } from '../../src/sandbox/woocommerce/options.ts';
import { type ApiUnderTest, apiUnderTest } from '../api/api-under-test.ts';
import { type HookedShop, hookedShop } from '../api/hooked-shop.ts';

let api: ApiUnderTest;
const shops: HookedShop[] = [];
beforeAll(async () => {
  api = await apiUnderTest({ rejectedPerMinute: 1_000 });
});
afterAll(async () => {
  await api.close();
  for (const { shop } of shops) await shop.close();
});

/** A shop with our hooks registered, looked at as a recent run would. */
async function tended(slug: string) {
  const one = await hookedShop(api, slug);
  shops.push(one);
  await api.call('POST', `/v1/projects/${slug}/hooks`, { url: one.door });
  const { rows } = await sql<{ id: number }>`SELECT id FROM projects WHERE slug = ${slug}`.execute(api.ledger.db);
  const projectId = rows[0]?.id ?? 0;
  const { consumerKey, consumerSecret } = sandboxCredentials;
  const source = openSource(
    { platform: 'woocommerce', baseUrl: one.shop.url, shown: {}, secrets: { consumerKey, consumerSecret } },
    { network: { allowPrivate: true }, governor: openGovernor(2), timeoutMs: 5_000, concurrency: 2 },
  );
  const scope = { db: api.ledger.db, projectId, source, signal: new AbortController().signal };
  const hooks = () => [...one.shop.store.webhooks.values()];
  const requests = () => one.shop.controls.journal.counts().total;
  return {
    ...one,
    projectId,
    hooks,
    hookOf: (topic: string) => {
      const found = hooks().find((hook) => hook.topic === topic);
      if (found === undefined) throw new Error(`no hook of ${topic}`);
      return found;
    },
    requests,
    tend: (olderThanMs = 0) => tendHooks(scope, olderThanMs),
    view: async () => (await api.call('GET', `/v1/projects/${slug}/hooks`)).body,
    decisions: async () =>
      ((await api.call('GET', `/v1/projects/${slug}/decisions`)).body.decisions as { what: string }[]).map(
        ({ what }) => what,
      ),
    attention: async () => (await api.call('GET', `/v1/projects/${slug}`)).body.attention as string | null,
  };
}

it('one that the shop disabled after failures is made active again, and the hole is swept where no poll sees it', async () => {
  const one = await tended('disabled');
  for (const entity of ['category', 'product'] as const) {
    await startCapture(api.ledger.db, one.projectId, entity, '2026-11-20T00:00:00Z');
  }
  const [term, product] = [one.hookOf('action.edited_product_cat'), one.hookOf('product.updated')];
  // The door is shut: as with a service that is down, seven failures in a row, and the shop tells nobody.
  for (const hook of [term, product]) hook.deliveryUrl = `${one.door}/v1/hooks/nobody/woocommerce`;
  const category = await one.send('POST', '/wp-json/wc/v3/products/categories', { name: 'Teas' });
  const made = await one.send('POST', '/wp-json/wc/v3/products', { name: 'Tea' });
  for (let failure = 1; failure <= 7; failure += 1) {
    await one.send('PUT', `/wp-json/wc/v3/products/categories/${String(category['id'])}`, { name: `Teas ${failure}` });
    await one.send('PUT', `/wp-json/wc/v3/products/${String(made['id'])}`, { name: `Tea ${failure}` });
    await one.cron();
  }
  expect([term.status, product.status]).toEqual(['disabled', 'disabled']);
  for (const hook of [term, product]) hook.deliveryUrl = `${one.door}/v1/hooks/disabled/woocommerce`;

  await one.tend();
  expect([term.status, product.status]).toEqual(['active', 'active']);
  expect(await one.decisions()).toContain('webhooks that the source had disabled made active again');
  const { hooks, trouble } = await one.view();
  expect(hooks.find(({ topic }: { topic: string }) => topic === 'product.updated')).toMatchObject({
    state: 'active',
    enabledAgainAt: expect.any(String),
  });
  expect(trouble).toBeNull();
  // Products are polled by change; of terms there is no such list.
  expect([...(await askedSweeps(api.ledger.db, one.projectId)).keys()]).toEqual(['category']);
  await one.send('PUT', `/wp-json/wc/v3/products/${String(made['id'])}`, { name: 'Tea again' });
  expect((await one.cron()).map(({ status }) => status)).toEqual([200]);
});

it('that are gone or paused are told once and left to a person', async () => {
  const one = await tended('gone');
  one.shop.store.webhooks.delete(one.hookOf('order.created').id);
  one.hookOf('order.updated').status = 'paused';
  await one.tend();
  await one.tend();
  expect(one.hookOf('order.updated').status).toBe('paused');
  const { hooks, trouble } = await one.view();
  const states = Object.fromEntries(hooks.map((hook: { topic: string; state: string }) => [hook.topic, hook.state]));
  expect(states).toMatchObject({ 'order.created': 'gone', 'order.updated': 'paused', 'order.deleted': 'active' });
  expect(trouble).toContain('order.created, order.updated');
  expect(await one.attention()).toBe(trouble);
  expect((await one.decisions()).filter((what) => what === 'webhooks of the source need a look')).toHaveLength(1);
  // Registered again all are there, and nothing is wrong any more.
  await api.call('POST', '/v1/projects/gone/hooks', { url: one.door });
  await one.tend();
  expect(one.hooks().every(({ status }) => status === 'active')).toBe(true);
  expect((await one.view()).trouble).toBeNull();
});

it('are looked at by one request, and at most every few minutes while a run polls', async () => {
  const one = await tended('seldom');
  let before = one.requests();
  await one.tend(LOOK_EVERY_MS);
  expect(one.requests()).toBe(before);
  await sql`UPDATE project_hooks SET checked_at = now() - interval '4 minutes' WHERE project_id = ${one.projectId}`.execute(
    api.ledger.db,
  );
  before = one.requests();
  await Promise.all([one.tend(LOOK_EVERY_MS), one.tend(LOOK_EVERY_MS)]);
  expect(one.requests()).toBe(before + 1);
});

it('that cannot be looked at stop no run, and what they are is held by nobody afterwards', async () => {
  const one = await tended('unreachable');
  one.shop.controls.faults.add([{ fault: { kind: 'status', code: 403, body: { code: 'x' } } }]);
  await one.tend();
  expect((await one.view()).trouble).toContain('could not be looked after');
  one.shop.controls.faults.remove();
  await one.tend();
  expect((await one.view()).trouble).toBeNull();
});

it('of a project that has none are not asked for', async () => {
  const one = await tended('none-left');
  await api.call('DELETE', '/v1/projects/none-left/hooks');
  const before = one.requests();
  await one.tend();
  expect(one.requests()).toBe(before);
});
