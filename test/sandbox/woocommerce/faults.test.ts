import { expect, test, vi } from 'vitest';
import { openShop } from './shop.ts';

const products = '/wp-json/wc/v3/products';

function lostReply(applied: 'now' | 'later'): unknown {
  return { route: products, method: 'POST', times: 1, fault: { kind: 'drop', applied } };
}

test('a lost reply leaves a product behind, at once or later, and exactly one', async () => {
  const shop = await openShop({ lateCommitLimitMs: 40 });
  await shop.admin('POST', '/faults', lostReply('now'));
  await expect(shop.post('/products', { name: 'At once' })).rejects.toThrow('fetch failed');
  expect((await shop.get('/products?_fields=name')).body).toEqual([{ name: 'At once' }]);
  await shop.admin('POST', '/faults', lostReply('later'));
  await expect(shop.post('/products', { name: 'Later' })).rejects.toThrow('fetch failed');
  await vi.waitFor(() => expect(shop.store.products.size).toBe(2));
  expect((await shop.get('/products?search=Later&_fields=name')).body).toEqual([{ name: 'Later' }]);
});

test('a late commit has the rights of whoever sent it: a write without credentials is never applied', async () => {
  const shop = await openShop();
  const fault = { kind: 'drop', applied: 'later', lateMs: 0 };
  await shop.admin('POST', '/faults', { route: products, times: 1, fault });
  await expect(fetch(`${shop.url}${products}`, { method: 'POST', body: '{"name":"No"}' })).rejects.toThrow(
    'fetch failed',
  );
  await vi.waitFor(() =>
    expect(shop.controls.journal.entries().at(-1)).toMatchObject({ fault: 'late commit', status: 401 }),
  );
  expect(shop.store.products.size).toBe(0);
});

test('an injected status has the shape of a WordPress error', async () => {
  const shop = await openShop();
  await shop.admin('POST', '/faults', { route: `${products}$`, times: 1, fault: { kind: 'status', code: 503 } });
  expect((await shop.get('/products')).body).toEqual({
    code: 'sandbox_fault',
    message: 'Injected fault.',
    data: { status: 503 },
  });
  expect((await shop.get('/products')).status).toBe(200);
});

test('a fault by route hits the plain-permalink form too', async () => {
  const shop = await openShop();
  await shop.admin('POST', '/faults', { route: `${products}$`, fault: { kind: 'html', code: 508 } });
  const answer = await shop.call('GET', '/?rest_route=/wc/v3/products');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([508, 'text/html; charset=UTF-8']);
});

test('the journal names routes by pattern and keeps signatures out', async () => {
  const shop = await openShop();
  await shop.get('/products/7');
  const { body, text } = await shop.admin('GET', '/requests');
  expect(body['byRoute']).toEqual({ 'GET /wp-json/wc/v3/products/:id(^\\d+$)': 1 });
  expect(text).not.toContain('oauth');
});
