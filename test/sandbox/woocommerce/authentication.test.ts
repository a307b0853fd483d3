import { readFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { expect, test } from 'vitest';
import { sandboxCredentials } from '../../../src/sandbox/woocommerce/options.ts';
import { openShop } from './shop.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
const tls = { key: fixture('server.key'), cert: fixture('server.pem') };
const { consumerKey, consumerSecret, applicationUser, applicationPassword } = sandboxCredentials;

const basic = (name: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`,
});

async function secureGet(url: string, headers: Record<string, string> = {}): Promise<[number, string | undefined]> {
  const agent = new Agent({ ca: fixture('ca.pem') });
  const answer = await new Promise<[number, string]>((resolve, reject) => {
    const sent = httpsRequest(url, { headers, agent }, (reply) => {
      let text = '';
      reply.on('data', (part: Buffer) => (text += part.toString()));
      reply.on('end', () => resolve([reply.statusCode ?? 0, text]));
    });
    sent.on('error', reject).end();
  });
  agent.destroy();
  const body = JSON.parse(answer[1]) as { code?: string };
  return [answer[0], body.code];
}

test('a signature made by another library is accepted, with any query', async () => {
  const shop = await openShop();
  await shop.post('/products', { name: 'Café & Co', sku: 'A+B' });
  const answer = await shop.get('/products?search=Caf%C3%A9&sku=A%2BB&include[0]=2001&_fields=id,sku');
  expect([answer.status, answer.body]).toEqual([200, [{ id: 2001, sku: 'A+B' }]]);
});

test('a list signed without its positions is refused, as by the real shop', async () => {
  const shop = await openShop();
  const answer = await shop.get('/products?include[]=1');
  expect([answer.status, answer.body['message']]).toEqual([
    401,
    'Invalid signature - provided signature does not match.',
  ]);
});

test.each([
  ['an unknown key', { key: 'ck_other' }, 'Consumer key is invalid.'],
  ['a wrong secret', { secret: 'cs_other' }, 'Invalid signature - provided signature does not match.'],
  ['a clock 20 minutes behind', { timestampSeconds: Date.parse('2026-07-10T11:40:00Z') / 1_000 }, 'Invalid timestamp.'],
])('%s is refused', async (_case, how, message) => {
  const shop = await openShop();
  const path = '/wp-json/wc/v3/products';
  const answer = await fetch(shop.sign('GET', path, how));
  expect(answer.status).toBe(401);
  expect(await answer.json()).toEqual({
    code: 'woocommerce_rest_authentication_error',
    message,
    data: { status: 401 },
  });
});

test('a nonce works once', async () => {
  const shop = await openShop();
  const url = shop.sign('GET', '/wp-json/wc/v3/products', { nonce: 'only-once' });
  expect((await fetch(url)).status).toBe(200);
  const again = await fetch(url);
  expect([again.status, ((await again.json()) as { message: string }).message]).toEqual([
    401,
    'Invalid nonce - nonce has already been used.',
  ]);
});

test('a signature that lacks a parameter says which', async () => {
  const shop = await openShop();
  const url = new URL(shop.sign('GET', '/wp-json/wc/v3/products'));
  url.searchParams.delete('oauth_nonce');
  const answer = (await (await fetch(url)).json()) as { code: string; message: string };
  expect(answer.message).toBe('Missing OAuth parameter oauth_nonce');
});

test('the plain-permalink form reaches the same routes, and the index needs no credentials', async () => {
  const shop = await openShop();
  await shop.post('/products', { name: 'One' });
  const plain = await shop.call('GET', '/?rest_route=/wc/v3/products&_fields=name');
  expect(plain.body).toEqual([{ name: 'One' }]);
  const index = (await (await fetch(`${shop.url}/wp-json/`)).json()) as Record<string, unknown>;
  expect([index['timezone_string'], index['gmt_offset']]).toEqual(['America/New_York', -4]);
  const routes = (await (await fetch(`${shop.url}/?rest_route=/wc/v3`)).json()) as { routes: Record<string, unknown> };
  expect(Object.keys(routes.routes)).toContain('/wc/v3/products/(?P<product_id>[\\d]+)/variations');
});

test('a read-only key may not write, and a refusal changes nothing', async () => {
  const shop = await openShop({ permission: 'read' });
  const answer = await shop.post('/products', { name: 'No' });
  expect([answer.status, answer.body['message']]).toEqual([
    401,
    'The API key provided does not have write permissions.',
  ]);
  expect((await shop.get('/products')).body).toEqual([]);
});

test('each action has its own refusal for anonymous callers', async () => {
  const shop = await openShop();
  const codes = await Promise.all(
    [
      ['POST', '/products'],
      ['PUT', '/products/1'],
      ['DELETE', '/products/1'],
      ['POST', '/products/batch'],
    ].map(async ([method = '', path = '']) => {
      const answer = await fetch(`${shop.url}/wp-json/wc/v3${path}`, { method });
      return [answer.status, ((await answer.json()) as { code: string }).code];
    }),
  );
  expect(codes).toEqual([
    [401, 'woocommerce_rest_cannot_create'],
    [401, 'woocommerce_rest_cannot_edit'],
    [401, 'woocommerce_rest_cannot_delete'],
    [401, 'woocommerce_rest_cannot_batch'],
  ]);
});

test('over TLS Basic and query keys are taken', async () => {
  const shop = await openShop({ tls });
  const list = `${shop.url}/wp-json/wc/v3/products`;
  expect(shop.url).toMatch(/^https:/);
  expect(await secureGet(list, basic(consumerKey, consumerSecret))).toEqual([200, undefined]);
  expect(await secureGet(`${list}?consumer_key=${consumerKey}&consumer_secret=${consumerSecret}`)).toEqual([
    200,
    undefined,
  ]);
});

test('over TLS an unknown key is anonymous and a wrong secret an error (recordings "unknown key", "wrong secret")', async () => {
  const shop = await openShop({ tls });
  const list = `${shop.url}/wp-json/wc/v3/products`;
  expect(await secureGet(list, basic('ck_other', 'x'))).toEqual([401, 'woocommerce_rest_cannot_view']);
  expect(await secureGet(list, basic(consumerKey, 'x'))).toEqual([401, 'woocommerce_rest_authentication_error']);
});

test('consumer keys do not open wp/v2; an application password opens both', async () => {
  const shop = await openShop({ tls });
  const me = `${shop.url}/wp-json/wp/v2/users/me`;
  expect(await secureGet(me, basic(consumerKey, consumerSecret))).toEqual([401, 'invalid_username']);
  expect(await secureGet(me, basic(applicationUser, 'wrong'))).toEqual([401, 'incorrect_password']);
  const list = `${shop.url}/wp-json/wc/v3/products`;
  expect(await secureGet(list, basic(applicationUser, applicationPassword))).toEqual([200, undefined]);
});
