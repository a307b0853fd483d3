import { describe, expect, it } from 'vitest';
import { ALL_SCOPES } from '../../../src/sandbox/bigcommerce/gate/scopes.ts';
import { openStore } from './store.ts';

describe('who may come in', () => {
  it('is told by the token: 401, and no word of the store behind another hash', async () => {
    const store = await openStore();
    expect(await store.call('GET', '/stores/sandbox/v2/store', undefined, 'wrong')).toMatchObject({ status: 401 });
    expect((await store.call('GET', '/stores/another/v2/store')).status).toBe(404);
    expect((await store.get('/v3/nothing/here')).status).toBe(404);
  });

  it('is told by its scopes: 403 names the one that is missing, a read-only twin reads', async () => {
    const scopes = ALL_SCOPES.filter((scope) => scope !== 'store_v2_products');
    const store = await openStore({ scopes: [...scopes, 'store_v2_products_read_only'] });
    expect((await store.get('/v3/catalog/brands')).status).toBe(200);
    const refused = await store.post('/v3/catalog/brands', { name: 'A' });
    expect(refused).toMatchObject({
      status: 403,
      body: { status: 403, title: expect.stringContaining('store_v2_products') },
    });
    expect((await store.get('/v2/store')).status).toBe(200);
  });

  it('can lose a scope on the way, and get it back', async () => {
    const store = await openStore();
    await store.admin('/scopes', { scopes: ['store_v2_information'] });
    expect((await store.get('/v3/catalog/products')).status).toBe(403);
    expect((await store.get('/v2/store')).status).toBe(200);
    await store.admin('/scopes', { scopes: [...ALL_SCOPES] });
    expect((await store.get('/v3/catalog/products')).status).toBe(200);
    expect(await store.admin('/scopes', { scopes: 'all' })).toMatchObject({ status: 400 });
  });
});

describe('how much may come in', () => {
  it('is a window of requests, in four headers on every reply', async () => {
    const store = await openStore({ quota: 2, windowMs: 60_000 });
    const first = await store.get('/v2/time');
    expect(first.headers.get('x-rate-limit-requests-quota')).toBe('2');
    expect(first.headers.get('x-rate-limit-requests-left')).toBe('1');
    expect(first.headers.get('x-rate-limit-time-window-ms')).toBe('60000');
    await store.get('/v2/time');
    const refused = await store.get('/v2/time');
    expect(refused).toMatchObject({ status: 429, body: { title: 'Too many requests' } });
    expect(Number(refused.headers.get('x-rate-limit-time-reset-ms'))).toBeGreaterThan(0);
  });

  it('changes with the plan', async () => {
    const store = await openStore({ quota: 1, windowMs: 60_000 });
    await store.get('/v2/time');
    expect((await store.get('/v2/time')).status).toBe(429);
    await store.admin('/quota', { quota: 100 });
    expect((await store.get('/v2/time')).status).toBe(200);
    await store.admin('/quota', { quota: 0 });
    expect((await store.get('/v2/time')).headers.get('x-rate-limit-requests-left')).toBeNull();
  });

  it('is one inventory adjustment at a time: more are refused without rate headers', async () => {
    const store = await openStore({ quota: 100 });
    store.controls.faults.add([{ route: '/v3/inventory', fault: { kind: 'slow', ms: 40, when: 'after' } }]);
    const adjust = () => store.put('/v3/inventory/adjustments/absolute', { reason: 'x', items: [] });
    const answers = await Promise.all([adjust(), adjust(), adjust()]);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(refused[0]?.headers.get('x-rate-limit-requests-quota')).toBeNull();
    expect((await adjust()).status).not.toBe(429);
  });
});
