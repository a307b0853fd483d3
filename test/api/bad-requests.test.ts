import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { answerOf, type ApiUnderTest, apiUnderTest, projectBody } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
  await api.call('POST', '/v1/projects', projectBody('tea'));
});
beforeEach(() => api.reset());
afterAll(() => api.close());

const send = async (options: InjectOptions) =>
  answerOf(
    await api.app.inject({ ...options, headers: { authorization: 'Bearer approver', ...options.headers } } as object),
  );
const post = (key: string) =>
  send({ method: 'POST', url: '/v1/projects/tea/resume', headers: { 'idempotency-key': key } });
const json = (payload: string | Buffer) => ({ payload, headers: { 'content-type': 'application/json' } });

it('answers a method that a route does not have with those that it has', async () => {
  const answer = await api.app.inject({ method: 'PATCH', url: '/v1/projects/tea/mapping' });
  expect(answer.statusCode).toBe(405);
  expect(answer.headers['allow']).toBe('GET, HEAD, PUT');
  expect(answerOf(answer)).toMatchObject({ type: 'application/problem+json', body: { code: 'method-not-allowed' } });
  const query = { method: 'QUERY', url: '/v1/projects/tea/mapping' } as object as InjectOptions;
  expect((await send(query)).body).toMatchObject({ status: 405, code: 'method-not-allowed' });
  expect((await send({ method: 'GET', url: '/v1/nothing' })).body).toMatchObject({ code: 'unknown-route' });
});

it('lets a viewer ask for the head of what a viewer may read', async () => {
  const answer = await api.app.inject({
    method: 'HEAD',
    url: '/v1/projects',
    headers: { authorization: 'Bearer viewer' },
  });
  expect(answer.statusCode).toBe(200);
});

it.each(['/v1/projects/%', '/v1/projects/%ff', `/v1/projects/tea/runs/${'a'.repeat(3_000)}`])(
  'answers a path that cannot be read as a problem: %.40s',
  async (url) => {
    expect(await send({ method: 'GET', url })).toMatchObject({
      status: 400,
      type: 'application/problem+json',
      body: { code: 'invalid-input' },
    });
  },
);

it('looks at long ids of records, which are addresses sometimes', async () => {
  const answer = await send({ method: 'GET', url: `/v1/projects/tea/records/redirect/${'a'.repeat(150)}` });
  expect(answer.body).toMatchObject({ code: 'unknown-record' });
});

it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json-patch'])(
  'takes JSON only: %s is refused',
  async (type) => {
    const answer = await send({
      method: 'POST',
      url: '/v1/projects/tea/pause',
      payload: 'reason=tea',
      headers: { 'content-type': type },
    });
    expect(answer).toMatchObject({ status: 415, body: { code: 'not-json' } });
  },
);

it('refuses bodies that are no JSON, no UTF-8 or too large', async () => {
  const url = '/v1/projects/tea/pause';
  const malformed = await send({ method: 'POST', url, ...json('{"reason":') });
  expect(malformed).toMatchObject({ status: 400, body: { code: 'malformed-json' } });
  const latin = await send({ method: 'POST', url, ...json(Buffer.from('{"reason":"caf\xe9"}', 'latin1')) });
  expect(latin).toMatchObject({ status: 400, body: { code: 'malformed-json' } });
  const large = await send({ method: 'POST', url, ...json(`{"reason":"${'x'.repeat(1_100_000)}"}`) });
  expect(large).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  const deep = await send({ method: 'POST', url, ...json(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) });
  expect(deep).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
});

it.each([
  ['POST', '/v1/projects/tea/pause', '{"reason":"a\\u0000b"}'],
  ['POST', '/v1/projects/tea/approve', '{"gate":"\\ud800"}'],
  ['PUT', '/v1/projects/tea/mapping', '{"taxClasses":{"a\\u0000":"b"}}'],
  ['PUT', '/v1/projects/tea/mapping', '{"taxClasses":{"a":"\\udfff"}}'],
] as const)('refuses text that PostgreSQL does not store: %s %s %s', async (method, url, payload) => {
  const answer = await send({ method, url, ...json(payload) });
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
  expect(answer.body.detail).toContain('NUL');
});

it.each([
  '/v1/projects/tea/failures?after=a%00b',
  '/v1/projects/tea/adjustments?key=%00',
  '/v1/projects/tea/records/product/%00',
  '/v1/projects/tea/runs/a%00b',
  '/v1/projects/tea/metrics?since=0000-01-01T00:00:00Z',
  `/v1/projects/tea/metrics?since=2026-01-01T00:00:00.${'1'.repeat(200)}Z`,
  '/v1/projects/tea/decisions?before=99999999999999999999',
  '/v1/projects?after=1e300',
  '/v1/projects?limit=1&limit=2',
])('answers 400 and not 500: %.80s', async (url) => {
  expect(await send({ method: 'GET', url })).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
});

it('takes times with any offset', async () => {
  const url = '/v1/projects/tea/metrics?since=2026-01-01T00:00:00%2B23:00';
  expect((await send({ method: 'GET', url })).status).toBe(200);
});

it('refuses an Idempotency-Key with blanks, and one that comes twice', async () => {
  expect((await post('one two')).body).toMatchObject({ status: 400, code: 'invalid-input' });
  expect((await post('one, two')).body).toMatchObject({ status: 400, code: 'invalid-input' });
  expect((await post('one')).status).toBe(202);
});

it('answers what is not HTTP as a problem too', async () => {
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.app.server.address() as { port: number };
  const ask = async (request: string) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(request);
    return text(socket);
  };
  expect(await ask('HELLO\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*application\/problem\+json/s);
  expect(await ask(`GET / HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 .*malformed-request/s,
  );
});
