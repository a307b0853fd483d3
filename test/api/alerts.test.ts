import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { judgeProject } from '../../src/ledger/alerts/judge-projects.ts';
import { claimDelivery } from '../../src/ledger/alerts/outbox.ts';
import { openReceiver } from '../../src/ledger/alerts/alert-target.ts';
import { markRejected } from '../../src/ledger/connections.ts';
import { type ApiUnderTest, apiUnderTest, projectBody } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
  for (const slug of ['tea', 'wine', 'beer']) await api.call('POST', '/v1/projects', projectBody(slug));
});
afterEach(() => api.reset());
afterAll(() => api.close());

const TARGET = '/v1/projects/tea/alerts/target';
async function idOf(slug: string): Promise<number> {
  const { id } = await api.ledger.db
    .selectFrom('projects')
    .select('id')
    .where('slug', '=', slug)
    .executeTakeFirstOrThrow();
  return id;
}
async function reject(slug: string, ...sides: ('source' | 'target')[]) {
  const id = await idOf(slug);
  for (const side of sides) await markRejected(api.ledger.db, id, side);
  return judgeProject(api.ledger.db, { id, slug });
}

it('lists what is open, and on demand what is over, newest first and page by page', async () => {
  expect((await api.call('GET', '/v1/projects/wine/alerts')).body).toEqual({ alerts: [], next: null });
  await reject('wine', 'source', 'target');
  const { body } = await api.call('GET', '/v1/projects/wine/alerts');
  expect(body.alerts).toHaveLength(2);
  expect(body.alerts[0]).toEqual({
    id: expect.any(Number),
    kind: 'credentials-rejected',
    subject: 'target',
    message: 'the target store turned its credentials away: give new ones',
    evidence: {},
    seen: 1,
    openedAt: expect.any(String),
    seenAt: expect.any(String),
    clearedAt: null,
  });
  const first = (await api.call('GET', '/v1/projects/wine/alerts?limit=1')).body;
  const second = (await api.call('GET', `/v1/projects/wine/alerts?limit=1&before=${first.next}`)).body;
  expect([first.alerts[0].subject, second.alerts[0].subject]).toEqual(['target', 'source']);
  await sql`UPDATE alerts SET cleared_at = now() WHERE subject = 'source'`.execute(api.ledger.db);
  const subjects = async (query: string) =>
    (await api.call('GET', `/v1/projects/wine/alerts${query}`)).body.alerts.map(
      (one: { subject: string }) => one.subject,
    );
  expect(await subjects('')).toEqual(['target']);
  expect(await subjects('?state=all')).toEqual(['target', 'source']);
  expect((await api.call('GET', '/v1/projects/wine/alerts?state=some')).status).toBe(400);
});

it('makes up a secret, shows it once, and keeps it sealed', async () => {
  const put = await api.call('PUT', TARGET, { url: 'https://ops.example.test/in' });
  expect(put).toMatchObject({ status: 200, body: { url: 'https://ops.example.test/in' } });
  expect(put.body.secret).toMatch(/^[\w-]{43}$/);
  const shown = await api.call('GET', TARGET);
  expect(shown.body).toEqual({
    origin: 'https://ops.example.test',
    updatedAt: expect.any(String),
    waiting: 0,
    givenUp: 0,
    lastError: null,
  });
  const { rows } = await sql<{ sealed: Buffer }>`SELECT sealed FROM alert_targets`.execute(api.ledger.db);
  expect(openReceiver(api.sealingKey, 'tea', rows[0]?.sealed ?? Buffer.alloc(0))).toEqual({
    url: 'https://ops.example.test/in',
    secret: put.body.secret,
  });
  expect(rows[0]?.sealed.toString('latin1')).not.toContain(put.body.secret);
  expect(api.log()).not.toContain(put.body.secret);
  const decisions = await api.call('GET', '/v1/projects/tea/decisions');
  expect(decisions.text).toContain('alerts sent elsewhere');
  expect(decisions.text).not.toContain(put.body.secret);
});

it('takes a secret that is given, tells nobody, and sends nothing any more when told to', async () => {
  const secret = 'sixteen-or-more-characters';
  expect((await api.call('PUT', TARGET, { url: 'https://ops.example.test/in', secret })).body.secret).toBeNull();
  expect(api.log()).not.toContain(secret);
  await reject('tea', 'source');
  expect((await api.call('GET', TARGET)).body.waiting).toBe(1);
  expect(await api.call('DELETE', TARGET)).toMatchObject({ status: 200, body: { removed: true } });
  expect((await api.call('DELETE', TARGET)).body).toEqual({ removed: false });
  expect((await api.call('GET', TARGET)).body).toMatchObject({ origin: null, waiting: 0 });
  expect(await claimDelivery(api.ledger.db, 1_000)).toBeNull();
});

it('refuses addresses that nothing may be sent to, and secrets that are none', async () => {
  api.outside.addressProblem = (url) => (url.includes('10.0.0.1') ? '10.0.0.1 is not a public address' : undefined);
  const refused = await api.call('PUT', TARGET, { url: 'http://10.0.0.1/in' });
  expect(refused).toMatchObject({ status: 422, type: 'application/problem+json', body: { code: 'receiver-refused' } });
  expect(refused.body.detail).toContain('10.0.0.1 is not a public address');
  for (const body of [
    {},
    { url: '' },
    { url: 'https://ops.example.test', secret: 'short' },
    { url: 'https://ops.example.test', secret: 'with blanks in it, but long' },
    { url: 'https://ops.example.test', more: 1 },
  ]) {
    expect((await api.call('PUT', TARGET, body)).status).toBe(400);
  }
  expect((await api.call('GET', TARGET)).body.origin).toBeNull();
});

it('lets viewers look and operators decide', async () => {
  const viewer = { authorization: 'Bearer viewer' };
  expect((await api.call('GET', '/v1/projects/tea/alerts', undefined, viewer)).status).toBe(200);
  expect((await api.call('GET', TARGET, undefined, viewer)).status).toBe(200);
  expect((await api.call('PUT', TARGET, { url: 'https://ops.example.test' }, viewer)).status).toBe(403);
  expect((await api.call('DELETE', TARGET, undefined, viewer)).status).toBe(403);
  expect((await api.call('GET', '/v1/projects/none/alerts')).status).toBe(404);
});

it('counts open alerts for Prometheus, none too', async () => {
  await reject('beer', 'source', 'target');
  const { text } = await api.call('GET', '/metrics');
  expect(text).toContain('storeferry_alerts_open{project="beer",kind="credentials-rejected"} 2\n');
  expect(text).toContain('storeferry_alerts_open{project="beer",kind="lag-above-limit"} 0\n');
});

const patch = (alerts: object) => api.call('PATCH', '/v1/projects/beer/options', { alerts });

it('takes other limits for one kind and leaves the rest as they are', async () => {
  expect((await patch({ lagSeconds: 60 })).body.alerts).toMatchObject({ lagSeconds: 60, noProgressMinutes: 5 });
  expect((await patch({ pointsShare: 0.5 })).body.alerts).toMatchObject({ lagSeconds: 60, pointsShare: 0.5 });
  for (const wrong of [{ lagSeconds: 0 }, { pointsShare: 2 }, { lag: 5 }])
    expect((await patch(wrong)).status).toBe(400);
});
