import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openGovernor } from '../../../src/connectors/http/open-governor.ts';
import type { QuotaObservation } from '../../../src/connectors/http/quota.ts';
import { createStoreClient } from '../../../src/connectors/http/store-client.ts';
import type { RequestFact, StoreClientOptions } from '../../../src/connectors/http/store-client.ts';

type Handler = (request: IncomingMessage, reply: ServerResponse, count: number) => void;

const servers: Server[] = [];
const signal = new AbortController().signal;
const get = { method: 'GET', path: '/x', route: 'x', write: false, signal } as const;
const post = { method: 'POST', path: '/x', route: 'x', write: true, body: { a: 1 }, signal } as const;

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(handler: Handler): Promise<{ url: string; hits: () => number }> {
  let hits = 0;
  const server = createServer((request, reply) => {
    request.resume();
    request.on('end', () => handler(request, reply, ++hits));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hits: () => hits };
}

function client(baseUrl: string, more: Partial<StoreClientOptions> = {}) {
  return createStoreClient({
    baseUrl,
    store: 'test:1',
    governor: openGovernor(),
    sign: (request) => ({ ...request, headers: { ...request.headers, authorization: 'Basic c2VjcmV0' } }),
    timeoutMs: 2000,
    concurrency: 2,
    network: { allowPrivate: true },
    retry: { baseMs: 1 },
    ...more,
  });
}

const readObservation = (headers: Readonly<Record<string, string>>): QuotaObservation =>
  headers['x-left'] === undefined ? {} : { left: Number(headers['x-left']) };

const json = (reply: ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}): void => {
  reply.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
};

describe('a read', () => {
  test('comes back parsed, checked, with headers in lower case', async () => {
    const { url } = await serve((_request, reply) => json(reply, { id: 7 }, 200, { 'X-WP-Total': '3' }));
    const reply = await client(url).request({ ...get, schema: z.object({ id: z.number() }) });
    expect(reply).toMatchObject({ status: 200, data: { id: 7 }, headers: { 'x-wp-total': '3' } });
  });

  test('waits as long as the store says and then goes on', async () => {
    const { url, hits } = await serve((_request, reply, count) =>
      count < 3 ? json(reply, {}, 429, { 'retry-after': '0' }) : json(reply, { ok: true }),
    );
    expect((await client(url).request(get)).data).toEqual({ ok: true });
    expect(hits()).toBe(3);
  });

  test('gives up after four tries and hands the advice on', async () => {
    const { url, hits } = await serve((_request, reply) => json(reply, {}, 503, { 'retry-after': '0' }));
    await expect(client(url).request(get)).rejects.toMatchObject({ kind: 'busy', status: 503, retryAfterMs: 0 });
    expect(hits()).toBe(4);
  });

  test('does not sleep through a long advice', async () => {
    const { url, hits } = await serve((_request, reply) => json(reply, {}, 429, { 'retry-after': '3600' }));
    await expect(client(url).request(get)).rejects.toMatchObject({ kind: 'busy', retryAfterMs: 3_600_000 });
    expect(hits()).toBe(1);
  });

  test('survives dropped connections', async () => {
    const { url } = await serve((request, reply, count) => {
      if (count < 3) request.socket.destroy();
      else json(reply, { ok: true });
    });
    expect((await client(url).request(get)).data).toEqual({ ok: true });
  });

  test('HTML is tried once more, then called what it is', async () => {
    const { url, hits } = await serve((_request, reply) => void reply.end('<html>maintenance</html>'));
    await expect(client(url).request(get)).rejects.toMatchObject({ kind: 'unintelligible' });
    expect(hits()).toBe(2);
  });

  test('a reply that breaks off is unintelligible', async () => {
    const { url } = await serve((request, reply) => {
      reply.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      reply.write('{"a":', () => request.socket.destroy());
    });
    await expect(client(url).request(get)).rejects.toMatchObject({ kind: 'unintelligible' });
  });

  test('a shape that the schema does not know names the place, not the value', async () => {
    const { url } = await serve((_request, reply) => json(reply, { id: 'private-value' }));
    const asked = client(url).request({ ...get, schema: z.object({ id: z.number() }) });
    await expect(asked).rejects.toMatchObject({
      kind: 'unintelligible',
      message: expect.stringMatching(/id: invalid_type/),
    });
    await expect(asked).rejects.not.toMatchObject({ message: expect.stringContaining('private-value') });
  });

  test('an abort throws the signal’s reason', async () => {
    const stop = new AbortController();
    const { url } = await serve(() => stop.abort(new Error('told to stop')));
    await expect(client(url).request({ ...get, signal: stop.signal })).rejects.toThrow('told to stop');
  });
});

describe('a write', () => {
  test('is sent again after 429 only', async () => {
    const { url, hits } = await serve((_request, reply, count) =>
      count === 1 ? json(reply, {}, 429, { 'x-retry-after': '0' }) : json(reply, { id: 1 }, 201),
    );
    expect((await client(url).request(post)).data).toEqual({ id: 1 });
    expect(hits()).toBe(2);
  });

  test.each([
    ['a 500', ((_request, reply) => json(reply, {}, 500)) satisfies Handler],
    ['a 503 with advice', ((_request, reply) => json(reply, {}, 503, { 'retry-after': '0' })) satisfies Handler],
    ['a dropped connection', ((request) => void request.socket.destroy()) satisfies Handler],
    ['HTML with status 200', ((_request, reply) => void reply.end('<p>ok</p>')) satisfies Handler],
    ['truncated JSON', ((_request, reply) => void reply.end('{"id":')) satisfies Handler],
  ])('%s leaves it uncertain and is not repeated', async (_name, handler) => {
    const { url, hits } = await serve(handler);
    await expect(client(url).request(post)).rejects.toMatchObject({ kind: 'uncertain' });
    expect(hits()).toBe(1);
  });

  test('no reply in time leaves it uncertain', async () => {
    const { url } = await serve(() => {});
    await expect(client(url, { timeoutMs: 50 }).request(post)).rejects.toMatchObject({ kind: 'uncertain' });
  });

  test('an abort in flight leaves it uncertain', async () => {
    const stop = new AbortController();
    const { url } = await serve(() => stop.abort());
    await expect(client(url).request({ ...post, signal: stop.signal })).rejects.toMatchObject({ kind: 'uncertain' });
  });

  test('a store that nobody runs is unreachable, so nothing was done', async () => {
    const { url } = await serve(() => {});
    servers.splice(0).forEach((server) => server.close());
    await expect(client(url).request(post)).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('is not sent when the lease is over, and a wait does not outlast it', async () => {
    const { url, hits } = await serve((_request, reply) => json(reply, {}, 429, { 'retry-after': '5' }));
    await expect(client(url).request({ ...post, sendBefore: performance.now() })).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('lease'),
    });
    expect(hits()).toBe(0);
    await expect(client(url).request({ ...post, sendBefore: performance.now() + 1000 })).rejects.toMatchObject({
      kind: 'busy',
    });
    expect(hits()).toBe(1);
  });

  test('is not redirected', async () => {
    const { url, hits } = await serve((_request, reply) => void reply.writeHead(308, { location: '/y' }).end());
    await expect(client(url).request(post)).rejects.toMatchObject({ kind: 'unreachable', status: 308 });
    expect(hits()).toBe(1);
  });
});

describe('redirects of a read', () => {
  test('are followed within the host, with credentials', async () => {
    const { url } = await serve((request, reply) => {
      if (request.url === '/x') reply.writeHead(301, { location: '/y' }).end();
      else json(reply, { auth: request.headers.authorization ?? null });
    });
    expect((await client(url).request(get)).data).toEqual({ auth: 'Basic c2VjcmV0' });
  });

  test('carry no credentials to another host', async () => {
    const other = await serve((request, reply) => json(reply, { auth: request.headers.authorization ?? null }));
    const { url } = await serve((_request, reply) => void reply.writeHead(302, { location: `${other.url}/z` }).end());
    expect((await client(url).request(get)).data).toEqual({ auth: null });
  });

  test('to a host that then refuses say which address to use', async () => {
    const other = await serve((_request, reply) => json(reply, {}, 401));
    const { url } = await serve((_request, reply) => void reply.writeHead(302, { location: `${other.url}/z` }).end());
    await expect(client(url).request(get)).rejects.toMatchObject({
      kind: 'unintelligible',
      message: expect.stringContaining(new URL(other.url).host),
    });
  });

  test('end after three hops', async () => {
    const { url, hits } = await serve(
      (_request, reply, count) => void reply.writeHead(302, { location: `/${count}` }).end(),
    );
    await expect(client(url, { retry: { tries: 1 } }).request(get)).rejects.toMatchObject({
      kind: 'unintelligible',
      status: 302,
    });
    expect(hits()).toBe(4);
  });

  test.each(['ftp://shop.example/', 'http://user:pw@127.0.0.1/'])('to %s are refused', async (location) => {
    const { url } = await serve((_request, reply) => void reply.writeHead(302, { location }).end());
    await expect(client(url).request(get)).rejects.toMatchObject({ kind: 'address-refused' });
  });
});

describe('the guard, the governor and the log', () => {
  test('an inner address is refused before anything is sent', async () => {
    const { url, hits } = await serve((_request, reply) => json(reply, {}));
    const { port } = new URL(url);
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      const guarded = client(`http://${host}:${port}`, { network: { allowPrivate: false } });
      await expect(guarded.request(get)).rejects.toMatchObject({ kind: 'address-refused' });
    }
    expect(hits()).toBe(0);
  });

  test('the governor hears what each reply said of the quota', async () => {
    const heard: QuotaObservation[] = [];
    const { url } = await serve((_request, reply, count) =>
      count === 1 ? json(reply, {}, 429, { 'retry-after': '0' }) : json(reply, {}, 200, { 'x-left': '9' }),
    );
    const governor = {
      acquire: () => Promise.resolve({ release: (seen: QuotaObservation) => Promise.resolve(void heard.push(seen)) }),
    };
    await client(url, { governor, readObservation }).request(get);
    expect(heard).toEqual([{ busyForMs: 0 }, { left: 9 }]);
  });

  test('a slot that cannot be given back does not cost the reply', async () => {
    const { url } = await serve((_request, reply) => json(reply, { id: 1 }, 201));
    const governor = { acquire: () => Promise.resolve({ release: () => Promise.reject(new Error('ledger away')) }) };
    expect((await client(url, { governor }).request(post)).data).toEqual({ id: 1 });
  });

  test('without a permit no request is sent', async () => {
    const { url, hits } = await serve((_request, reply) => json(reply, {}));
    const governor = { acquire: () => Promise.reject(new Error('no ledger')) };
    await expect(client(url, { governor }).request(get)).rejects.toThrow('no ledger');
    expect(hits()).toBe(0);
  });

  test('each attempt is one fact, by route and never by address', async () => {
    const facts: RequestFact[] = [];
    const { url } = await serve((_request, reply, count) => json(reply, {}, count === 1 ? 502 : 200));
    await client(url, { onRequest: (fact) => facts.push(fact) }).request({
      ...get,
      path: '/x/12345',
      query: { token: 'secret-value' },
      route: 'x/:id',
      cause: 'copy',
    });
    expect(facts).toMatchObject([
      { method: 'GET', route: 'x/:id', status: 502, attempt: 1, cause: 'copy', failure: 'unreachable' },
      { status: 200, attempt: 2, failure: null },
    ]);
    expect(JSON.stringify(facts)).not.toMatch(/12345|secret-value/);
  });
});
