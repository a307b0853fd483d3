import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ScheduleRefused } from '../../src/temporal/schedules.ts';
import { type ApiUnderTest, apiUnderTest, projectBody } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
  await api.call('POST', '/v1/projects', projectBody('shop'));
});
beforeEach(async () => {
  api.outside.schedules.problem = null;
  api.outside.schedules.kept.clear();
  await api.ledger.db.deleteFrom('schedules').execute();
  await api.ledger.db.deleteFrom('decisions').execute();
});
afterAll(() => api.close());

const AT = '/v1/projects/shop/schedules';
const put = (name: string, body: object, headers?: Record<string, string>) =>
  api.call('PUT', `${AT}/${name}`, body, headers);
const decisions = async () => {
  const rows = await api.ledger.db
    .selectFrom('decisions')
    .select(['decided_by', 'what', 'detail'])
    .orderBy('id')
    .execute();
  return rows.map(({ decided_by, what }) => `${what} by ${decided_by}`);
};
const DAY = 86_400_000;

it('makes a schedule, shows what it will do, and keeps it', async () => {
  const answer = await put('often', { every: '15m' });
  expect(answer).toMatchObject({
    status: 200,
    body: { name: 'often', every: '15m', sweep: false, until: null, setBy: 'a-approver', inForce: true, paused: false },
  });
  const times = (answer.body.nextFirings as string[]).map((at) => Date.parse(at));
  expect(times).toHaveLength(5);
  expect(times.every((at) => at % 900_000 === 0 && at > Date.now())).toBe(true);
  expect((await api.call('GET', `${AT}/often`)).body).toEqual(answer.body);
  expect(await decisions()).toEqual(['schedule often set by a-approver']);
});

it('set twice is as set once, and set otherwise is changed', async () => {
  await put('often', { every: '15m' });
  await put('often', { every: '15m' });
  expect(await decisions()).toHaveLength(1);
  await put('often', { calendar: { days: ['mon'], at: ['02:30'], zone: 'Europe/Berlin' } });
  const { body } = await api.call('GET', AT);
  expect(body.schedules).toHaveLength(1);
  expect(body.schedules[0]).toMatchObject({ calendar: { days: ['mon'], at: ['02:30'], zone: 'Europe/Berlin' } });
  expect(body.schedules[0].every).toBeUndefined();
  expect(await decisions()).toHaveLength(2);
});

it('tells of clocks that leave a time out, with the day', async () => {
  const { body } = await put('nightly', { calendar: { at: ['02:30'], zone: 'Europe/Berlin' } });
  expect(body.notices).toEqual(
    expect.arrayContaining([expect.stringMatching(/^02:30 on \d{4}-03-\d\d does not exist in Europe\/Berlin/)]),
  );
});

it('makes a ladder, with the reason for a late end', async () => {
  const goLiveAt = new Date(Date.now() + DAY).toISOString();
  const late = { ladder: { goLiveAt, finalSweepDays: 30 } };
  expect(await put('go-live', late)).toMatchObject({
    status: 400,
    body: { code: 'invalid-schedule', detail: expect.stringContaining('ladder.reason') },
  });
  const reason = 'returns run until then';
  const { body } = await put('go-live', { ladder: { ...late.ladder, reason } });
  expect(body.ladder).toMatchObject({ hoursBefore: 6, finalSweepDays: 30, reason });
  expect(body.nextFirings).toHaveLength(5);
});

it.each([
  [{}, 'invalid-schedule', '{"every":"15m"}'],
  [{ every: 'now and then' }, 'invalid-schedule', '{"every":"15m"}'],
  [{ every: '30s' }, 'invalid-schedule', 'less than a minute'],
  [{ calendar: { at: ['02:30'], zone: 'Europe/Nowhere' } }, 'invalid-schedule', 'Europe/Berlin'],
  [{ every: '1h', until: '2020-01-01T00:00:00Z' }, 'schedule-never-fires', 'for example'],
  [{ ladder: { goLiveAt: '2020-01-01T00:00:00Z' } }, 'schedule-never-fires', 'for example'],
  [{ ladder: { goLiveAt: 'tomorrow' } }, 'invalid-input', 'ISO 8601'],
  [{ cron: '* * * * *' }, 'invalid-input', 'cron'],
])('refuses %j before anything is made', async (body, code, said) => {
  const answer = await put('bad', body);
  expect(answer).toMatchObject({ status: 400, body: { code, detail: expect.stringContaining(said) } });
  expect(api.outside.schedules.kept.size).toBe(0);
  expect((await api.call('GET', AT)).body.schedules).toEqual([]);
});

it('keeps nothing that Temporal did not take', async () => {
  api.outside.schedules.problem = new ScheduleRefused('Year is not in range');
  expect(await put('often', { every: '15m' })).toMatchObject({ status: 400, body: { code: 'invalid-schedule' } });
  api.outside.schedules.problem = Object.assign(new Error('14 UNAVAILABLE'), {
    code: 14,
    details: 'gone',
    metadata: {},
  });
  expect(await put('often', { every: '15m' })).toMatchObject({ status: 503, body: { code: 'unanswered' } });
  expect(await decisions()).toEqual([]);
  api.outside.schedules.problem = null;
  expect((await api.call('GET', AT)).body.schedules).toEqual([]);
});

it('is paused, resumed and triggered, and each is decided by somebody', async () => {
  await put('often', { every: '15m' });
  const act = (what: string, body?: object) => api.call('POST', `${AT}/often/${what}`, body);
  expect(await act('pause', { reason: 'sale today' })).toMatchObject({
    status: 202,
    body: { paused: true, note: 'paused by a-approver: sale today' },
  });
  await put('often', { every: '30m' });
  expect((await api.call('GET', `${AT}/often`)).body).toMatchObject({ every: '30m', paused: true });
  expect(await act('resume')).toMatchObject({ status: 202, body: { paused: false } });
  expect(await act('trigger')).toMatchObject({ status: 202, body: { fired: 1 } });
  expect((await decisions()).slice(1)).toEqual([
    'schedule often paused by a-approver',
    'schedule often set by a-approver',
    'schedule often resumed by a-approver',
    'schedule often triggered by a-approver',
  ]);
});

it('says what Temporal has lost, and makes it again when it is asked for', async () => {
  await put('often', { every: '15m' });
  api.outside.schedules.kept.clear();
  expect((await api.call('GET', `${AT}/often`)).body).toMatchObject({ inForce: false, nextFirings: [] });
  expect(await api.call('POST', `${AT}/often/trigger`)).toMatchObject({
    status: 202,
    body: { inForce: true, fired: 1 },
  });
});

it('fires once for one Idempotency-Key', async () => {
  await put('often', { every: '15m' });
  const key = { 'idempotency-key': 'once' };
  for (const _ of [1, 2]) await api.call('POST', `${AT}/often/trigger`, {}, key);
  expect((await api.call('GET', `${AT}/often`)).body.fired).toBe(1);
});

it('is taken away, and unknown from then on', async () => {
  await put('often', { every: '15m' });
  expect((await api.call('DELETE', `${AT}/often`)).status).toBe(204);
  expect(api.outside.schedules.kept.size).toBe(0);
  for (const [method, path] of [
    ['DELETE', 'often'],
    ['GET', 'often'],
    ['POST', 'often/trigger'],
  ] as const)
    expect(await api.call(method, `${AT}/${path}`)).toMatchObject({ status: 404, body: { code: 'unknown-schedule' } });
  expect(await decisions()).toEqual(['schedule often set by a-approver', 'schedule often removed by a-approver']);
});

it('goes page by page, by name', async () => {
  for (const name of ['c', 'a', 'b-1']) await put(name, { every: '1h' });
  const first = (await api.call('GET', `${AT}?limit=2`)).body;
  expect(first).toMatchObject({ schedules: [{ name: 'a' }, { name: 'b-1' }], next: 'b-1' });
  expect((await api.call('GET', `${AT}?limit=2&after=b-1`)).body).toMatchObject({
    schedules: [{ name: 'c' }],
    next: null,
  });
});

it('wants an operator to change, a viewer to look', async () => {
  const viewer = { authorization: 'Bearer viewer' };
  expect((await put('often', { every: '15m' }, viewer)).status).toBe(403);
  expect((await put('often', { every: '15m' }, { authorization: 'Bearer operator' })).status).toBe(200);
  expect((await api.call('GET', AT, undefined, viewer)).status).toBe(200);
});

it('goes with its project', async () => {
  await api.call('POST', '/v1/projects', projectBody('gone'));
  await api.call('PUT', '/v1/projects/gone/schedules/often', { every: '15m' });
  expect((await api.call('DELETE', '/v1/projects/gone')).status).toBe(204);
  expect(api.outside.schedules.kept.size).toBe(0);
  expect(await api.ledger.db.selectFrom('schedules').selectAll().execute()).toEqual([]);
});
