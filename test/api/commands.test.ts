import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { getProject } from '../../src/ledger/projects.ts';
import { closeRun, openRun } from '../../src/ledger/runs.ts';
import { CommandUnanswered } from '../../src/temporal/migrations.ts';
import { type ApiUnderTest, apiUnderTest, projectBody } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
  await api.call('POST', '/v1/projects', projectBody('shop'));
});
beforeEach(() => api.reset());
afterAll(() => api.close());

const start = (headers?: Record<string, string>, kind = 'full') =>
  api.call('POST', '/v1/projects/shop/runs', { kind }, headers);

it("gives a start to the project's workflow with the key's name", async () => {
  const given: unknown[] = [];
  api.outside.command = (...all) => {
    given.push(all);
    return { accepted: true, phase: 'copying', run: 'full-7' };
  };
  expect(await start()).toMatchObject({ status: 202, body: { accepted: true, phase: 'copying', run: 'full-7' } });
  await api.call('POST', '/v1/projects/shop/pause', { reason: 'stocktaking' });
  await api.call('POST', '/v1/projects/shop/resume');
  await api.call('POST', '/v1/projects/shop/cancel', {});
  expect(given).toEqual([
    ['shop', 'startRun', { kind: 'full', by: 'a-approver' }],
    ['shop', 'pause', { by: 'a-approver', reason: 'stocktaking' }],
    ['shop', 'resume', { by: 'a-approver' }],
    ['shop', 'cancel', { by: 'a-approver' }],
  ]);
});

it('gives an approval with its gate, and lists the gates', async () => {
  const given: unknown[] = [];
  api.outside.command = (...all) => {
    given.push(all);
    return { accepted: true, phase: 'syncing', run: null };
  };
  const approve = (body: object) => api.call('POST', '/v1/projects/shop/approve', body);
  expect(await approve({ gate: 'mass-delete-brand', reason: 'sold off' })).toMatchObject({ status: 202 });
  const token = expect.stringMatching(/^[\w-]{32}$/) as string;
  expect(given).toEqual([
    ['shop', 'approve', { by: 'a-approver', gate: 'mass-delete-brand', token, reason: 'sold off' }],
  ]);
  expect(await approve({})).toMatchObject({ status: 400 });
  expect(await api.call('GET', '/v1/projects/shop/gates')).toMatchObject({ status: 200, body: { gates: [] } });
});

it('passes a refusal on with the phase and what it allows', async () => {
  api.outside.command = () => ({
    accepted: false,
    refusal: { code: 'not-allowed-in-phase', message: 'copying allows no start', phase: 'copying', allowed: ['pause'] },
  });
  expect(await start()).toMatchObject({
    status: 409,
    type: 'application/problem+json',
    body: { code: 'not-allowed-in-phase', detail: 'copying allows no start', phase: 'copying', allowed: ['pause'] },
  });
});

it('says when no worker answered', async () => {
  api.outside.command = () => {
    throw new CommandUnanswered('no worker answered startRun for shop in time');
  };
  expect(await start()).toMatchObject({ status: 503, body: { code: 'unanswered', title: 'Not available now' } });
});

it('answers flat when something breaks, and logs it under the id of the answer', async () => {
  api.outside.command = () => {
    throw new Error('inner workings');
  };
  const answer = await start();
  expect(answer).toMatchObject({ status: 500, body: { code: 'internal-error' } });
  expect(answer.text).not.toContain('inner workings');
  const line = api
    .log()
    .split('\n')
    .find((one) => one.includes('inner workings'));
  expect(line).toContain(answer.body.instance);
});

it('refuses kinds of runs that are not known', async () => {
  expect(await start({}, 'sideways')).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
});

it.each([
  ['/v1/projects/nowhere', 'unknown-project'],
  ['/v1/projects/nowhere/status', 'unknown-project'],
  ['/v1/projects/nowhere/failures', 'unknown-project'],
  ['/v1/projects/shop/runs/full-99', 'unknown-run'],
  ['/v1/projects/shop/records/product/404', 'unknown-record'],
  ['/v1/elsewhere', 'unknown-route'],
])('answers 404 for %s', async (url, code) => {
  expect(await api.call('GET', url)).toMatchObject({ status: 404, type: 'application/problem+json', body: { code } });
});

it('gives no command to a project that there is not', async () => {
  api.outside.command = () => expect.unreachable('the command went out');
  expect((await api.call('POST', '/v1/projects/nowhere/runs', { kind: 'full' })).status).toBe(404);
});

it('wants a key that it knows, and an operator for a command', async () => {
  for (const authorization of ['', 'Bearer nobody', 'Basic approver', 'Bearer ', 'bearer approver x']) {
    expect(await start({ authorization })).toMatchObject({ status: 401, body: { code: 'unknown-key' } });
  }
  const viewer = await start({ authorization: 'Bearer viewer' });
  expect(viewer).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
  expect(viewer.body.detail).toBe('this needs the role operator; key a-viewer has viewer');
  const read = await api.call('GET', '/v1/projects/shop', undefined, { authorization: 'Bearer viewer' });
  expect(read.status).toBe(200);
  expect((await start({ authorization: 'Bearer operator' })).status).toBe(202);
});

it('answers a repeat under the same Idempotency-Key as before and does nothing', async () => {
  let starts = 0;
  api.outside.command = () => ({ accepted: true, phase: 'copying', run: `full-${++starts}` });
  const first = await start({ 'idempotency-key': 'once' });
  const again = await start({ 'idempotency-key': 'once' });
  expect(again).toEqual({ ...first, text: again.text });
  expect(again.body.run).toBe('full-1');
  expect(starts).toBe(1);
  const other = { authorization: 'Bearer operator', 'idempotency-key': 'once' };
  expect((await start(other)).body.run).toBe('full-2');
});

it('refuses another request under a used Idempotency-Key', async () => {
  await start({ 'idempotency-key': 'used' });
  expect(await start({ 'idempotency-key': 'used' }, 'demo')).toMatchObject({
    status: 422,
    body: { code: 'idempotency-key-reused' },
  });
  const elsewhere = await api.call('POST', '/v1/projects/shop/pause', { reason: 'x' }, { 'idempotency-key': 'used' });
  expect(elsewhere.status).toBe(422);
  expect((await start({ 'idempotency-key': 'x'.repeat(201) })).status).toBe(400);
});

it('replays a refusal as the problem it was, and asks again after no answer', async () => {
  const key = { 'idempotency-key': 'refused' };
  const refusal = { code: 'run-active', message: 'wait', phase: 'copying', allowed: [] } as const;
  api.outside.command = () => ({ accepted: false, refusal });
  const refused = await start(key);
  api.reset();
  expect(await start(key)).toEqual({ ...refused, text: expect.any(String) });
  const lost = { 'idempotency-key': 'lost' };
  api.outside.command = () => {
    throw new CommandUnanswered('nobody');
  };
  expect((await start(lost)).status).toBe(503);
  api.reset();
  expect((await start(lost)).status).toBe(202);
});

it('shows runs and the status of the newest', async () => {
  await api.call('POST', '/v1/projects', projectBody('steered'));
  expect((await api.call('GET', '/v1/projects/steered/status')).body).toMatchObject({ phase: 'draft', run: null });
  const projectId = (await getProject(api.ledger.db, 'steered'))?.id ?? 0;
  const run = { projectId, kind: 'full', mappingVersion: 1, mappingFingerprint: 'f' } as const;
  const first = await openRun(api.ledger.db, run);
  await closeRun(api.ledger.db, first?.id ?? 0, 'failed', 'the shop is gone');
  await openRun(api.ledger.db, run);
  const { runs } = (await api.call('GET', '/v1/projects/steered/runs')).body;
  expect(runs).toMatchObject([
    { run: 'full-2', state: 'running', endedAt: null },
    { run: 'full-1', state: 'failed', endedReason: 'the shop is gone' },
  ]);
  expect((await api.call('GET', '/v1/projects/steered/runs/full-1')).body).toEqual(runs[1]);
  const status = (await api.call('GET', '/v1/projects/steered/status')).body;
  expect(status.run).toMatchObject({ run: 'full-2', entities: [], queueDepth: 0, oldestSeconds: null, waits: [] });
  expect((await api.call('DELETE', '/v1/projects/steered')).body).toMatchObject({ code: 'run-active' });
});

it('is alive without a key, and ready only when Temporal answers', async () => {
  const none = { authorization: '' };
  expect(await api.call('GET', '/v1/health', undefined, none)).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect((await api.call('GET', '/v1/ready', undefined, none)).body.ready).toBe(true);
  api.outside.temporalProblem = 'nobody listens there';
  expect(await api.call('GET', '/v1/ready', undefined, none)).toMatchObject({
    status: 503,
    body: {
      ready: false,
      postgres: { ok: true, problem: null },
      temporal: { ok: false, problem: 'nobody listens there' },
    },
  });
});

it('describes every route in an OpenAPI document', async () => {
  expect((await api.app.inject({ method: 'GET', url: '/docs/json' })).statusCode).toBe(200);
  const { body } = await api.call('GET', '/docs/json');
  expect(body.openapi).toMatch(/^3\./);
  const named = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replace('/v1', '').replace('/projects/{project}', '/…')}`),
  );
  expect(named.toSorted()).toEqual([
    'delete /…',
    'delete /…/alerts/target',
    'delete /…/announcements/{id}',
    'delete /…/hooks',
    'delete /…/schedules/{schedule}',
    'get /health',
    'get /metrics',
    'get /projects',
    'get /ready',
    'get /…',
    'get /…/adjustments',
    'get /…/alerts',
    'get /…/alerts/target',
    'get /…/announcements',
    'get /…/assessment',
    'get /…/conflicts',
    'get /…/conflicts/{id}',
    'get /…/decisions',
    'get /…/failures',
    'get /…/forecast',
    'get /…/gates',
    'get /…/hooks',
    'get /…/id-map',
    'get /…/mapping',
    'get /…/mapping/diff',
    'get /…/mapping/versions',
    'get /…/metrics',
    'get /…/options',
    'get /…/records/{entity}/{sourceId}',
    'get /…/reports',
    'get /…/runs',
    'get /…/runs/{run}',
    'get /…/runs/{run}/account',
    'get /…/runs/{run}/passes',
    'get /…/runs/{run}/slices',
    'get /…/schedules',
    'get /…/schedules/{schedule}',
    'get /…/status',
    'patch /…/options',
    'post /hooks/{project}/{platform}',
    'post /projects',
    'post /…/announcements',
    'post /…/approve',
    'post /…/assessment',
    'post /…/cancel',
    'post /…/capture',
    'post /…/check',
    'post /…/conflicts/{id}/resolve',
    'post /…/estimate',
    'post /…/failures/retry',
    'post /…/finish',
    'post /…/gates/{gate}/tokens',
    'post /…/hooks',
    'post /…/pause',
    'post /…/rate',
    'post /…/resolve',
    'post /…/resume',
    'post /…/runs',
    'post /…/runs/{run}/slices/{slice}/compare',
    'post /…/runs/{run}/slices/{slice}/rerun',
    'post /…/schedules/{schedule}/pause',
    'post /…/schedules/{schedule}/resume',
    'post /…/schedules/{schedule}/trigger',
    'put /…/alerts/target',
    'put /…/backup',
    'put /…/connections/source',
    'put /…/connections/target',
    'put /…/mapping',
    'put /…/schedules/{schedule}',
  ]);
});
