import { describe, expect, test } from 'vitest';
import { failureOfReply, failureOfTransport } from '../../../src/connectors/http/failure-mapping.ts';
import { StoreFailure } from '../../../src/connectors/http/failures.ts';
import type { ReplyBody } from '../../../src/connectors/http/reply-body.ts';
import { TimedOut } from '../../../src/connectors/http/transport.ts';

const json: ReplyBody = { kind: 'json', value: { code: 'x' } };
const html: ReplyBody = { kind: 'broken', looksLike: 'html' };
const read = { what: 'GET products', write: false };
const write = { what: 'POST products', write: true };
const none = () => null;
const errno = (fields: object) => Object.assign(new Error('connect failed'), fields);

function kinds(status: number, body: ReplyBody, headers = {}) {
  return [read, write].map((attempt) => failureOfReply(attempt, { status, headers }, body, none).kind);
}

describe('a refused reply', () => {
  test.each([
    [401, json, 'credentials-rejected', 'credentials-rejected'],
    [401, html, 'credentials-rejected', 'credentials-rejected'],
    [403, json, 'permission-missing', 'permission-missing'],
    [403, html, 'unintelligible', 'uncertain'],
    [404, json, 'missing', 'missing'],
    [404, html, 'unintelligible', 'uncertain'],
    [409, json, 'rejected', 'rejected'],
    [422, json, 'rejected', 'rejected'],
    [413, html, 'rejected', 'rejected'],
    [423, json, 'busy', 'busy'],
    [429, html, 'busy', 'busy'],
    [499, json, 'unreachable', 'uncertain'],
    [500, json, 'unreachable', 'uncertain'],
    [501, json, 'rejected', 'rejected'],
    [502, html, 'unreachable', 'uncertain'],
    [503, html, 'busy', 'uncertain'],
    [507, json, 'limit-reached', 'limit-reached'],
    [302, html, 'unintelligible', 'unreachable'],
    [200, html, 'unintelligible', 'uncertain'],
    [201, { kind: 'empty' } as const, 'unintelligible', 'uncertain'],
  ])('%i with %j is %s for a read and %s for a write', (status, body, forRead, forWrite) => {
    expect(kinds(status, body)).toEqual([forRead, forWrite]);
  });

  test('carries the parsed body and the advice of the store, the longest one', () => {
    const headers = { 'retry-after': '2', 'x-retry-after': '7', 'x-rate-limit-time-reset-ms': '3000' };
    const failure = failureOfReply(read, { status: 429, headers }, json, none);
    expect(failure).toMatchObject({ status: 429, retryAfterMs: 7000, body: { code: 'x' } });
  });

  test('a platform may read its own codes first', () => {
    const failure = failureOfReply(read, { status: 404, headers: {} }, json, ({ body }) =>
      (body as { code: string }).code === 'x' ? 'unintelligible' : null,
    );
    expect(failure.kind).toBe('unintelligible');
  });
});

describe('a request without a reply', () => {
  test.each([
    [{ code: 'ECONNREFUSED', syscall: 'connect' }, 'unreachable', 'unreachable'],
    [{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }, 'unreachable', 'unreachable'],
    [{ code: 'ETIMEDOUT', syscall: 'connect' }, 'unreachable', 'unreachable'],
    [{ code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'unreachable', 'unreachable'],
    [{ code: 'ECONNRESET', syscall: 'read' }, 'unreachable', 'uncertain'],
    [{ code: 'EPIPE', syscall: 'write' }, 'unreachable', 'uncertain'],
    [{ code: 'ERR_BAD_RESPONSE' }, 'unintelligible', 'uncertain'],
  ])('%j is %s for a read and %s for a write', (fields, forRead, forWrite) => {
    expect([read, write].map((attempt) => failureOfTransport(attempt, errno(fields)).kind)).toEqual([
      forRead,
      forWrite,
    ]);
  });

  test('our own timeout leaves a write uncertain', () => {
    expect(failureOfTransport(read, new TimedOut('late')).kind).toBe('unreachable');
    expect(failureOfTransport(write, new TimedOut('late')).kind).toBe('uncertain');
  });

  test('a refusal by the guard comes through whatever wraps it', () => {
    const refusal = new StoreFailure('address-refused', 'inside');
    expect(failureOfTransport(write, new Error('wrapped', { cause: refusal }))).toBe(refusal);
  });

  test('neither keeps the request as a cause nor repeats its secrets', () => {
    const error = errno({ code: 'ECONNRESET', config: { headers: { authorization: 'Basic abcdefghijkl' } } });
    error.message = 'failed at https://shop.example/x?consumer_secret=cs_0123456789abcdef';
    const failure = failureOfTransport(read, error);
    expect(failure.cause).toBeUndefined();
    expect(failure.message).not.toContain('cs_0123');
  });
});
