import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { VendureOptions } from '../../../src/connectors/vendure/options.ts';
import { createVendureApi } from '../../../src/connectors/vendure/vendure-api.ts';
import { signal } from './forms.ts';
import { type Answer, type Asked, refusal, type StubServer, stubServer } from './stub-server.ts';

let server: StubServer;
afterEach(() => server.close());

const schema = z.looseObject({ products: z.looseObject({ totalItems: z.number() }) });
const PRODUCTS: Answer = { body: { data: { products: { totalItems: 3 } } } };
const KNOWN: Answer = { body: { data: { globalSettings: { id: '1' } } } };
const loggedIn = (token: string): Answer => ({
  headers: { 'vendure-auth-token': token },
  body: { data: { login: { outcome: 'CurrentUser' } } },
});

async function ask(
  answer: (asked: Asked, before: number) => Answer,
  more: Partial<VendureOptions> = { apiKey: 'a:b' },
) {
  server = await stubServer(answer);
  const api = createVendureApi(server.options(more));
  return () => api.query({ document: '{ products { totalItems } }', route: 'products', schema, signal });
}
const isLogin = ({ query }: Asked) => query.includes('login(');
const isProbe = ({ query }: Asked) => query.includes('globalSettings');

describe('a query', () => {
  test('goes with the key and the channel to the Admin API', async () => {
    const query = await ask(() => PRODUCTS, { apiKey: 'look:secret', channel: 'eu' });
    expect((await query()).data).toEqual({ products: { totalItems: 3 } });
    const [asked] = server.asked;
    expect(asked?.path).toBe('/admin-api');
    expect(asked?.headers).toMatchObject({ 'vendure-api-key': 'look:secret', 'vendure-token': 'eu' });
    expect(asked?.headers['authorization']).toBeUndefined();
  });

  test('goes with a token that was given', async () => {
    const query = await ask(() => PRODUCTS, { accessToken: 'given' });
    await query();
    expect(server.asked.map(({ headers }) => headers['authorization'])).toEqual(['Bearer given']);
  });

  test('logs in once, however many ask at the same time', async () => {
    const query = await ask((asked) => (isLogin(asked) ? loggedIn('t1') : PRODUCTS), { username: 'u', password: 'p' });
    await Promise.all([query(), query(), query()]);
    expect(server.asked.filter(isLogin).map(({ variables }) => variables)).toEqual([{ username: 'u', password: 'p' }]);
    const signed = server.asked.filter((asked) => !isLogin(asked)).map(({ headers }) => headers['authorization']);
    expect(signed).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t1']);
  });

  test('logs in again when the session has ended', async () => {
    let current = 't1';
    const query = await ask(
      (asked) => {
        if (isLogin(asked)) return loggedIn(current);
        return asked.headers['authorization'] === `Bearer ${current}`
          ? isProbe(asked)
            ? KNOWN
            : PRODUCTS
          : refusal('FORBIDDEN');
      },
      { username: 'u', password: 'p' },
    );
    await query();
    current = 't2';
    expect((await query()).data.products.totalItems).toBe(3);
    expect(server.asked.filter(isLogin)).toHaveLength(2);
  });
});

describe('a refusal inside an answer of 200', () => {
  test.each([
    ['USER_INPUT_ERROR', 'rejected'],
    ['ENTITY_NOT_FOUND', 'missing'],
    ['CHANNEL_NOT_FOUND', 'credentials-rejected'],
    ['INTERNAL_SERVER_ERROR', 'unreachable'],
    ['SOMETHING_ELSE', 'rejected'],
  ])('%s is %s, told by the store’s own word', async (code, kind) => {
    const query = await ask(() => refusal(code));
    await expect(query()).rejects.toMatchObject({ kind, message: `products: the store answered ${code}` });
  });

  test('of a right is one of a right where the key is known, else of the key', async () => {
    const mayNot = await ask((asked) => (isProbe(asked) ? KNOWN : refusal('FORBIDDEN')));
    await expect(mayNot()).rejects.toMatchObject({ kind: 'permission-missing' });
    await server.close();
    const stranger = await ask(() => refusal('FORBIDDEN'));
    await expect(stranger()).rejects.toMatchObject({ kind: 'credentials-rejected' });
  });

  test('of a right is not cured by logging in again', async () => {
    const query = await ask(
      (asked) => (isLogin(asked) ? loggedIn('t') : isProbe(asked) ? KNOWN : refusal('FORBIDDEN')),
      { username: 'u', password: 'p' },
    );
    await expect(query()).rejects.toMatchObject({ kind: 'permission-missing' });
    expect(server.asked.filter(isLogin)).toHaveLength(1);
  });

  test('that may pass is tried again', async () => {
    const query = await ask((_, before) => (before === 0 ? refusal('INTERNAL_SERVER_ERROR') : PRODUCTS));
    expect((await query()).data.products.totalItems).toBe(3);
  });
});

describe('what is no answer', () => {
  test.each<[string, Answer]>([
    ['an empty envelope', { body: {} }],
    ['no data', { body: { data: null } }],
    ['data of another shape', { body: { data: { products: [] } } }],
    ['a page', { headers: { 'content-type': 'text/html' }, body: '<html></html>' }],
    ['a missing route', { status: 404, body: { statusCode: 404, message: 'Cannot POST /admin-api' } }],
    ['a field that this version does not have', { status: 400, body: refusal('GRAPHQL_VALIDATION_FAILED').body }],
  ])('%s is a fault, never a fact', async (_, answer) => {
    const query = await ask(() => answer);
    await expect(query()).rejects.toMatchObject({ kind: 'unintelligible' });
  });
});

describe('credentials', () => {
  const login = { username: 'u', password: 'p4ssw0rd' };

  test('that the store does not know are rejected', async () => {
    const query = await ask(() => ({ body: { data: { login: { outcome: 'InvalidCredentialsError' } } } }), login);
    await expect(query()).rejects.toMatchObject({ kind: 'credentials-rejected' });
  });

  test('of a store that gives no token are rejected with what to set there', async () => {
    const query = await ask(() => ({ body: { data: { login: { outcome: 'CurrentUser' } } } }), login);
    await expect(query()).rejects.toThrow(/tokenMethod/);
  });

  test('are not sent in the clear over the Internet', async () => {
    server = await stubServer(() => PRODUCTS);
    const api = createVendureApi(
      server.options({ ...login, baseUrl: 'http://shop.example.test', network: { allowPrivate: false } }),
    );
    const query = api.query({ document: '{ x }', route: 'x', schema, signal });
    await expect(query).rejects.toMatchObject({ kind: 'address-refused' });
    expect(server.facts).toEqual([]);
  });

  test('are in no message and no fact about a request', async () => {
    const query = await ask(
      (asked) => (isLogin(asked) ? loggedIn('t0k3n') : refusal('FORBIDDEN', 'u p4ssw0rd t0k3n')),
      login,
    );
    const error = await query().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(Error);
    const said = `${String(error)} ${JSON.stringify(server.facts)}`;
    expect(said).not.toMatch(/p4ssw0rd|t0k3n/);
  });
});
