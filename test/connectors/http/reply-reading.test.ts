import { describe, expect, test } from 'vitest';
import { encodeBody, requestUrl } from '../../../src/connectors/http/request-form.ts';
import { readBody } from '../../../src/connectors/http/reply-body.ts';
import { advisedWaitMs, backoffMs, DEFAULT_RETRY } from '../../../src/connectors/http/retry-advice.ts';

function body(text: string, type = 'application/json') {
  return { status: 200, headers: { 'content-type': type }, bytes: Buffer.from(text) };
}

describe('reading a body', () => {
  test('goes by what is there, not by the header alone', () => {
    expect(readBody(body('{"a":1}', 'text/plain'), false)).toEqual({ kind: 'json', value: { a: 1 } });
    expect(readBody(body('\uFEFF[]'), false)).toEqual({ kind: 'json', value: [] });
    expect(readBody(body('<!DOCTYPE html><p>Just a moment'), false)).toEqual({ kind: 'broken', looksLike: 'html' });
    expect(readBody(body('[{"id":1},{"id'), false)).toEqual({ kind: 'broken', looksLike: 'truncated JSON' });
    expect(readBody(body('Unauthorized'), false)).toEqual({ kind: 'broken', looksLike: 'text' });
    expect(readBody(body(' \n'), false)).toEqual({ kind: 'empty' });
  });

  test('a bare null or number is not the object that was asked for', () => {
    expect(readBody(body('null'), false).kind).toBe('broken');
    expect(readBody(body('42'), false).kind).toBe('broken');
  });

  test('skips what a plugin printed first, if asked and if JSON was promised', () => {
    const noisy = '<br />\n<b>Notice</b>: Undefined index [x] in {file}<br />\n[{"id":1}]';
    expect(readBody(body(noisy), true)).toEqual({ kind: 'json', value: [{ id: 1 }] });
    expect(readBody(body(noisy), false).kind).toBe('broken');
    expect(readBody(body(noisy, 'text/html'), true).kind).toBe('broken');
  });
});

describe('advice to wait', () => {
  test('is the longest that the store gives', () => {
    expect(advisedWaitMs(429, {})).toBeNull();
    expect(advisedWaitMs(503, { 'retry-after': '2.5' })).toBe(2500);
    expect(
      advisedWaitMs(503, { 'retry-after': 'Fri, 20 Nov 2026 15:00:10 GMT' }, Date.parse('2026-11-20T15:00:00Z')),
    ).toBe(10_000);
    expect(advisedWaitMs(429, { 'retry-after': '1', 'x-rate-limit-time-reset-ms': '15000' })).toBe(15_000);
    const window = { 'x-rate-limit-time-reset-ms': '15000', 'x-rate-limit-requests-left': '0' };
    expect(advisedWaitMs(429, window)).toBe(15_000);
    // Something else than the window is used up: it has nothing to do with when the window ends.
    expect(advisedWaitMs(429, { ...window, 'x-rate-limit-requests-left': '80' })).toBeNull();
    expect(advisedWaitMs(503, { 'retry-after': 'soon' })).toBeNull();
  });

  test('the window of a reply that was not limited is no advice', () => {
    expect(advisedWaitMs(503, { 'x-rate-limit-time-reset-ms': '15000' })).toBeNull();
  });

  test('without it the wait doubles, with jitter, up to the limit', () => {
    for (const [attempt, whole] of [
      [1, 500],
      [2, 1000],
      [3, 2000],
      [20, DEFAULT_RETRY.maxWaitMs],
    ] as const) {
      const wait = backoffMs(attempt, DEFAULT_RETRY);
      expect(wait).toBeGreaterThanOrEqual(whole / 2);
      expect(wait).toBeLessThanOrEqual(whole);
    }
  });
});

describe('the form of a request', () => {
  test('joins lists, leaves absent values out and never writes a plus', () => {
    expect(
      requestUrl('https://shop.example/', '/wp-json/x', { include: [1, 2], search: 'a b+c', page: undefined }),
    ).toBe('https://shop.example/wp-json/x?include=1%2C2&search=a%20b%2Bc');
    expect(requestUrl('https://shop.example', '/?rest_route=x', { page: 2 })).toBe(
      'https://shop.example/?rest_route=x&page=2',
    );
  });

  test('sends JSON unless the body is bytes or a form', () => {
    expect(encodeBody({ a: 1 })).toEqual({ body: '{"a":1}', contentType: 'application/json' });
    expect(encodeBody(Buffer.from('x')).contentType).toBe('application/octet-stream');
    expect(encodeBody(new FormData()).contentType).toBeNull();
    expect(encodeBody(undefined)).toEqual({ body: undefined, contentType: null });
  });
});
