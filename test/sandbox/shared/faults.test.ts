import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SandboxControls } from '../../../src/sandbox/shared/controls.ts';
import { installControls } from '../../../src/sandbox/shared/controls.ts';
import type { FaultRuleInput } from '../../../src/sandbox/shared/fault-rules.ts';
import { createFaultRules } from '../../../src/sandbox/shared/fault-rules.ts';
import { createRandom } from '../../../src/sandbox/shared/random.ts';

let app: FastifyInstance;
let controls: SandboxControls;
let url = '';
let applied: unknown[] = [];

beforeEach(async () => {
  applied = [];
  app = Fastify({ forceCloseConnections: true });
  controls = installControls(app, { seed: 5, lateCommitLimitMs: 150 });
  app.post('/things', async (request, reply) => {
    applied.push(request.body);
    return reply.code(201).send({ id: applied.length, note: 'a body that is long enough to be cut in half' });
  });
  app.get('/things', async () => ({ count: applied.length }));
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});

afterEach(() => app.close());

interface Outcome {
  status: number;
  type: string | null;
  text: string;
  retryAfter: string | null;
}

const write = async (signal?: AbortSignal): Promise<Outcome> => {
  const response = await fetch(`${url}/things`, {
    method: 'POST',
    body: JSON.stringify({ name: 'one' }),
    headers: { 'content-type': 'application/json' },
    ...(signal ? { signal } : {}),
  });
  const type = response.headers.get('content-type');
  return {
    status: response.status,
    type,
    text: await response.text(),
    retryAfter: response.headers.get('retry-after'),
  };
};

const admin = async (method: string, path: string, body?: unknown): Promise<[number, Record<string, unknown>]> => {
  const json = { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${url}/__admin${path}`, { method, ...(body === undefined ? {} : json) });
  return [response.status, (await response.json()) as Record<string, unknown>];
};

const once = (fault: FaultRuleInput['fault']): Promise<unknown> =>
  admin('POST', '/faults', { route: '/things', method: 'POST', times: 1, fault });

describe('kinds of faults', () => {
  test('a status before the write leaves nothing, with its headers and body', async () => {
    await once({ kind: 'status', code: 429, headers: { 'retry-after': '2' }, body: { code: 'slow_down' } });
    expect(await write()).toMatchObject({ status: 429, retryAfter: '2', text: '{"code":"slow_down"}' });
    expect(applied).toEqual([]);
    expect((await write()).status).toBe(201);
  });

  test('a status after the write hides that it was applied', async () => {
    await once({ kind: 'status', code: 503, when: 'after' });
    expect((await write()).status).toBe(503);
    expect(applied).toEqual([{ name: 'one' }]);
  });

  test('a dropped reply has applied its write at once', async () => {
    await once({ kind: 'drop' });
    await expect(write()).rejects.toThrow('fetch failed');
    expect(applied).toHaveLength(1);
  });

  test('a dropped request may never be applied', async () => {
    await once({ kind: 'drop', applied: 'never' });
    await expect(write()).rejects.toThrow('fetch failed');
    expect([applied, controls.pendingLateCommits()]).toEqual([[], 0]);
  });

  test('a dropped reply may be applied later, within the limit that the sandbox tells', async () => {
    await once({ kind: 'drop', applied: 'later', lateMs: 60_000 });
    await expect(write()).rejects.toThrow('fetch failed');
    expect([applied, controls.pendingLateCommits()]).toEqual([[], 1]);
    const [, limits] = await admin('GET', '/limits');
    // The asked minute was cut to the limit, else this wait would end first.
    await vi.waitFor(() => expect(applied).toEqual([{ name: 'one' }]), { timeout: 20_000, interval: 5 });
    expect([limits['lateCommitLimitMs'], controls.pendingLateCommits()]).toEqual([150, 0]);
  });

  test('a late commit that is still waiting when the store closes is never applied', async () => {
    await once({ kind: 'drop', applied: 'later', lateMs: 150 });
    await expect(write()).rejects.toThrow('fetch failed');
    await app.close();
    expect(applied).toEqual([]);
  });

  test.each([
    [false, 0],
    [true, 1],
  ])('a hanging socket stays open until the client leaves (write applied: %s)', async (wasApplied, writes) => {
    await once({ kind: 'hang', applied: wasApplied });
    const left = new AbortController();
    const waiting = write(left.signal).catch((error: unknown) => (error as Error).name);
    await vi.waitFor(() => expect(controls.journal.entries().at(-1)).toMatchObject({ status: 0 }));
    left.abort();
    expect([await waiting, applied.length]).toEqual(['AbortError', writes]);
  });

  test('a hanging socket does not keep the store from closing', async () => {
    await once({ kind: 'hang' });
    const waiting = write().catch((error: unknown) => (error as Error).message);
    await vi.waitFor(() => expect(controls.journal.entries().at(-1)).toMatchObject({ status: 0 }));
    await app.close();
    expect(await waiting).toBe('fetch failed');
  });

  test('half of the JSON arrives as a whole reply', async () => {
    await once({ kind: 'truncate' });
    const { status, text } = await write();
    expect(status).toBe(201);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect(applied).toHaveLength(1);
  });

  test('HTML comes in place of JSON, before or after the write', async () => {
    await once({ kind: 'html' });
    expect(await write()).toMatchObject({ status: 200, type: 'text/html; charset=UTF-8' });
    expect(applied).toEqual([]);
    await once({ kind: 'html', when: 'after', code: 502, html: '<h1>Bad gateway</h1>' });
    expect(await write()).toMatchObject({ status: 502, text: '<h1>Bad gateway</h1>' });
    expect(applied).toHaveLength(1);
  });

  test('a slow reply is the right reply', async () => {
    await once({ kind: 'slow', ms: 20, when: 'after' });
    expect((await write()).status).toBe(201);
    expect(controls.journal.entries().at(-1)?.fault).toMatch(/slow$/);
  });
});

const never = { kind: 'status', code: 500 } as const;

/** Which of 1,000 requests a rule with rate 0.2 hits. */
function seededHits(): boolean[] {
  const rules = createFaultRules(createRandom(9));
  rules.add([{ rate: 0.2, fault: never }]);
  return Array.from({ length: 1_000 }, () => rules.decide({ method: 'GET', path: '/', query: '' }) !== null);
}

function rulesIn(answer: [number, Record<string, unknown>]): string[] {
  return (answer[1]['rules'] as { id: string; rate: number }[]).map((rule) => `${rule.id} ${rule.rate}`);
}

function hits(rule: Partial<FaultRuleInput>, path: string, method = 'GET', query = ''): boolean {
  const rules = createFaultRules(createRandom(1));
  rules.add([{ fault: never, ...rule }]);
  return rules.decide({ method, path, query }) !== null;
}

describe('rules', () => {
  test('match by beginning, by expression, by method and by query', () => {
    expect(hits({ route: '/v3/a' }, '/v3/abc')).toBe(true);
    expect(hits({ route: '/v3/a' }, '/x/v3/a')).toBe(false);
    expect(hits({ route: '/products/\\d+$' }, '/wp-json/products/12')).toBe(true);
    expect(hits({ route: '/products/\\d+$' }, '/wp-json/products')).toBe(false);
    expect(hits({ method: 'POST,PUT' }, '/x', 'PUT')).toBe(true);
    expect(hits({ method: 'POST,PUT' }, '/x', 'GET')).toBe(false);
    expect(hits({ query: 'page=3' }, '/x', 'GET', 'per_page=9&page=3')).toBe(true);
    expect(hits({ query: 'page=3' }, '/x', 'GET', 'page=2')).toBe(false);
  });

  test('skip lets the first ones pass and times ends it', () => {
    const rules = createFaultRules(createRandom(1));
    rules.add([{ skip: 2, times: 1, fault: never }]);
    const request = { method: 'GET', path: '/x', query: '' };
    expect([1, 2, 3, 4].map(() => rules.decide(request) !== null)).toEqual([false, false, true, false]);
    expect(rules.list()[0]).toMatchObject({ seen: 3, fired: 1 });
  });

  test('a rate is a share of the requests, the same ones for the same seed', () => {
    const hit = seededHits().filter(Boolean).length;
    expect(hit).toBeGreaterThan(150);
    expect(hit).toBeLessThan(250);
    expect(seededHits()).toEqual(seededHits());
  });

  test('a rule with a known id takes the place of the old one; rules go one by one or all at once', async () => {
    await admin('POST', '/faults', [
      { id: 'a', fault: never },
      { id: 'b', fault: { kind: 'truncate' } },
    ]);
    await admin('POST', '/faults', { id: 'a', rate: 0.5, fault: never });
    expect(rulesIn(await admin('GET', '/faults'))).toEqual(['b 1', 'a 0.5']);
    expect(rulesIn(await admin('DELETE', '/faults?id=b'))).toEqual(['a 0.5']);
    expect(rulesIn(await admin('DELETE', '/faults'))).toEqual([]);
  });

  test.each([
    [{ fault: { kind: 'status' } }, 'fault.code: '],
    [{ fault: { kind: 'drop' }, rate: 2 }, 'rate: '],
    [{ fault: { kind: 'drop' }, route: '/a(' }, 'route: '],
    [{ fault: { kind: 'drop' }, speed: 1 }, 'speed'],
  ])('a wrong rule %j is refused', async (rule, field) => {
    const [status, answer] = await admin('POST', '/faults', [rule]);
    expect(status).toBe(400);
    expect(JSON.stringify(answer)).toContain(field);
    expect(controls.faults.list()).toEqual([]);
  });

  test('admin routes are never faulted, delayed or counted', async () => {
    await admin('POST', '/faults', { fault: { kind: 'drop', applied: 'never' } });
    expect((await admin('GET', '/limits'))[0]).toBe(200);
    expect(controls.journal.counts().total).toBe(0);
  });
});

describe('journal and limits', () => {
  test('requests are counted by route and status, without their query', async () => {
    await write();
    await (await fetch(`${url}/things?consumer_secret=hidden`)).text();
    await vi.waitFor(() => expect(controls.journal.counts().byStatus).toMatchObject({ 'GET /things 200': 1 }));
    const [, journal] = await admin('GET', '/requests');
    expect(journal['byRoute']).toEqual({ 'POST /things': 1, 'GET /things': 1 });
    expect(JSON.stringify(journal)).not.toContain('hidden');
    expect((await admin('DELETE', '/requests'))[1]).toMatchObject({ total: 0, byRoute: {} });
  });

  test('limits can be read and set, with whole milliseconds only', async () => {
    expect((await admin('POST', '/limits', { latencyMs: 5, listLagMs: 7 }))[1]).toEqual({
      latencyMs: 5,
      listLagMs: 7,
      lateCommitLimitMs: 150,
      pendingLateCommits: 0,
    });
    expect((await admin('POST', '/limits', { latencyMs: -1 }))[0]).toBe(400);
    expect((await write()).status).toBe(201);
  });
});
