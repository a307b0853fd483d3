import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { sql } from 'kysely';
import { openDeleteGate, openRunGate } from '../../src/ledger/gates.ts';
import { notePass, openPass } from '../../src/ledger/passes.ts';
import { markRejected, rejectedSides } from '../../src/ledger/connections.ts';
import { getProject, setPause } from '../../src/ledger/projects.ts';
import { closeRun, openRun } from '../../src/ledger/runs.ts';
import { planSlices } from '../../src/ledger/slices.ts';
import { type ApiUnderTest, apiUnderTest, projectBody, SECRETS } from './api-under-test.ts';

let api: ApiUnderTest;
let projectId = 0;
let runId = 0;
const given: unknown[][] = [];

beforeAll(async () => {
  api = await apiUnderTest();
  for (const slug of ['shop', 'other']) await api.call('POST', '/v1/projects', projectBody(slug));
  projectId = (await getProject(api.ledger.db, 'shop'))?.id ?? 0;
  const other = (await getProject(api.ledger.db, 'other'))?.id ?? 0;
  const run = { kind: 'full', mappingVersion: 1, mappingFingerprint: 'f' } as const;
  runId = (await openRun(api.ledger.db, { ...run, projectId }))?.id ?? 0;
  const theirs = (await openRun(api.ledger.db, { ...run, projectId: other }))?.id ?? 0;
  const slice = { entity: 'order', moneyBearing: true, pass: 1 } as const;
  await planSlices(api.ledger.db, runId, [
    { ...slice, ordinal: 0, sourceIds: ['1', '2', '3'] },
    { ...slice, entity: 'brand', moneyBearing: false, ordinal: 0, sourceIds: ['9'], pass: 2 },
  ]);
  await planSlices(api.ledger.db, theirs, [{ ...slice, ordinal: 0, sourceIds: ['1'] }]);
});
beforeEach(() => {
  api.reset();
  given.length = 0;
  api.outside.command = (...all) => {
    given.push(all);
    return { accepted: true, phase: 'copying', run: 'full-1' };
  };
});
afterAll(() => api.close());

const setRate = (body: object) => api.call('POST', '/v1/projects/shop/rate', body);
const startRun = (body: object) => api.call('POST', '/v1/projects/shop/runs', body);
const patchOptions = (body: object) => api.call('PATCH', '/v1/projects/shop/options', body);
const estimate = async (body?: object) => (await api.call('POST', '/v1/projects/shop/estimate', body ?? {})).body;
const slices = async (query = '') => (await api.call('GET', `/v1/projects/shop/runs/full-1/slices${query}`)).body;

it('hands rates in flight to the workflow, and refuses what is out of bounds at the door', async () => {
  expect((await setRate({ concurrency: 8, reservePercent: 20 })).status).toBe(202);
  expect(given).toEqual([['shop', 'setRate', { concurrency: 8, reservePercent: 20, by: 'a-approver' }]]);
  expect((await setRate({ concurrency: null })).status).toBe(202);
  expect(given.pop()).toEqual(['shop', 'setRate', { concurrency: null, by: 'a-approver' }]);
  for (const bad of [{}, { concurrency: 0 }, { batchSize: 10_000 }, { reservePercent: 91 }, { speed: 3 }]) {
    expect(await setRate(bad)).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
  }
  expect(given).toHaveLength(1);
});

it('starts demos and resyncs with their options, and refuses options that make no sense', async () => {
  await startRun({ kind: 'demo', perEntity: 5, autoApprove: true });
  await startRun({ kind: 'resync' });
  expect(given).toEqual([
    ['shop', 'startRun', { kind: 'demo', perEntity: 5, autoApprove: true, by: 'a-approver' }],
    ['shop', 'startRun', { kind: 'resync', by: 'a-approver' }],
  ]);
  for (const bad of [{ perEntity: 0 }, { passes: [0] }, { passes: 'many' }, { autoApprove: 'yes' }, { slice: 3 }])
    expect((await startRun({ kind: 'full', ...bad })).status).toBe(400);
});

it('lets nobody but an approver approve, or have the word for it', async () => {
  const asOperator = { authorization: 'Bearer operator' };
  const approve = await api.call('POST', '/v1/projects/shop/approve', { gate: 'trial' }, asOperator);
  expect(approve).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
  const token = await api.call('POST', '/v1/projects/shop/gates/trial/tokens', undefined, asOperator);
  expect(token.status).toBe(403);
  const mine = await api.call('POST', '/v1/projects/shop/gates/trial/tokens');
  expect(mine).toMatchObject({ status: 201, body: { token: expect.stringMatching(/^[\w-]{32}$/) as string } });
  expect(given).toEqual([]);
});

it('shows passes with their notes', async () => {
  await openPass(api.ledger.db, runId, { number: 1, name: 'trial' });
  await notePass(api.ledger.db, runId, 1, { state: 'waiting', note: { records: 50 } });
  const { body } = await api.call('GET', '/v1/projects/shop/runs/full-1/passes');
  expect(body.passes).toMatchObject([
    { number: 1, name: 'trial', state: 'waiting', endedAt: null, note: { records: 50 } },
  ]);
  expect((await api.call('GET', '/v1/projects/shop/runs/full-9/passes')).status).toBe(404);
});

it('lists slices page by page, those that bear money marked', async () => {
  const all = await slices();
  expect(all.slices).toMatchObject([
    { entity: 'order', pass: 1, state: 'planned', moneyBearing: true, records: 3, firstId: '1', lastId: '3' },
    { entity: 'brand', pass: 2, moneyBearing: false, records: 1 },
  ]);
  const first = await slices('?limit=1');
  expect(first.next).toBe(all.slices[0].id);
  expect((await slices(`?limit=1&after=${first.next}`)).slices).toEqual([all.slices[1]]);
  expect((await slices('?entity=brand')).slices).toHaveLength(1);
});

it('compares a slice and runs it again alone, and knows a slice of another run', async () => {
  const { id } = (await slices()).slices[0];
  const at = (slice: number, what: string) => api.call('POST', `/v1/projects/shop/runs/full-1/slices/${slice}/${what}`);
  const field = { field: 'core.status_id', meant: 10, found: 11, same: false };
  const record = { entity: 'order', sourceId: '1', targetId: '100', verdict: 'different', fields: [field] } as const;
  api.outside.looks.compare = async (_slug, entity, ids) => {
    expect([entity, ids]).toEqual(['order', ['1', '2', '3']]);
    return { ok: true, records: [record, { ...record, sourceId: '2', verdict: 'same', fields: [] }] };
  };
  expect((await at(id, 'compare')).body).toEqual({
    slice: id,
    records: 3,
    notAtTarget: 1,
    same: 1,
    differing: [{ ...record, fields: [{ field: 'core.status_id', meant: 10, found: 11 }] }],
  });
  expect((await at(id, 'rerun')).status).toBe(202);
  expect(given).toEqual([['shop', 'startRun', { kind: 'resync', slice: id, by: 'a-approver' }]]);
  const theirs = (await api.call('GET', '/v1/projects/other/runs/full-1/slices')).body.slices[0].id;
  for (const what of ['compare', 'rerun']) {
    const answer = await at(theirs, what);
    expect(answer).toMatchObject({ status: 404, body: { code: 'unknown-slice' } });
    expect(answer.body.detail).toContain('lists its own');
  }
});

it('prices a run before it is started, with the figures of a refusal', async () => {
  expect(await estimate()).toMatchObject({ kind: 'full', points: 100, limit: null, withinLimit: true, refusal: null });
  await patchOptions({ pointsLimit: 99, weights: { product: 2, order: 1 } });
  const dear = await estimate();
  expect(dear).toMatchObject({ points: 110, limit: 99, withinLimit: false });
  expect(dear.refusal).toContain('30 product x 2 + 50 order x 1');
  expect(await estimate({ kind: 'demo', perEntity: 5 })).toMatchObject({ points: 15, withinLimit: true });
  for (const bad of [{ pointsLimit: 0 }, { pointsLimit: -3 }, { weights: { gadget: 1 } }, { weights: { product: -1 } }])
    expect(await patchOptions(bad)).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
  await patchOptions({ pointsLimit: null });
});

it('keeps a license in UTC, shows it in the estimate with its refusal, and takes it back', async () => {
  const license = { from: '2020-01-01T01:00:00+01:00', until: '2020-02-01T00:00:00Z' };
  const kept = { from: '2020-01-01T00:00:00.000Z', until: '2020-02-01T00:00:00.000Z' };
  expect((await patchOptions({ license })).body.license).toEqual(kept);
  const late = await estimate();
  expect(late).toMatchObject({ license: kept, withinLimit: true });
  expect(late.refusal).toContain('over at 2020-02-01T00:00:00.000Z');
  // Other options leave it as it is.
  expect((await patchOptions({ sweepHours: 24 })).body.license).toEqual(kept);
  for (const bad of [{ until: 'soon' }, { from: '2020-01-01T00:00:00Z' }, { ...license, until: license.from }])
    expect(await patchOptions({ license: bad })).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
  const open = { until: '2999-01-01T00:00:00Z' };
  expect((await patchOptions({ license: open })).body.license).toMatchObject({ from: null });
  expect(await estimate()).toMatchObject({ refusal: null });
  expect((await patchOptions({ license: null })).body.license).toBeNull();
});

it('takes a confirmation of a backup with who and when, and none of the time to come', async () => {
  const confirm = (body: object) => api.call('PUT', '/v1/projects/shop/backup', body);
  const at = '2026-11-01T10:00:00+02:00';
  expect((await confirm({ by: 'shop admin', at })).body.backup).toEqual({
    by: 'shop admin',
    at: '2026-11-01T08:00:00.000Z',
  });
  expect(await confirm({ by: 'x', at: '2999-01-01T00:00:00Z' })).toMatchObject({ status: 422 });
  for (const bad of [{ by: '', at }, { by: 'x', at: 'yesterday' }, { at }])
    expect((await confirm(bad)).status).toBe(400);
  expect((await confirm({ by: 'x', at: '2026-01-01' })).body.detail).toContain('such as 2026-11-20T08:00:00Z');
  expect((await api.call('GET', '/v1/projects/shop/options')).body.backup.by).toBe('shop admin');
});

it('says of each store whether it takes its credentials now', async () => {
  expect((await api.call('POST', '/v1/projects/shop/check')).body).toMatchObject({
    ok: true,
    source: { name: 'A shop' },
  });
  api.outside.looks.check = async () => ({
    ok: true,
    source: { ok: false, code: 'credentials-rejected', message: 'it answered 401' },
    target: { ok: true, name: 'A store', clockSkewMs: 0 },
  });
  const { body } = await api.call('POST', '/v1/projects/shop/check');
  expect(body).toMatchObject({ ok: false, source: { code: 'credentials-rejected' }, target: { ok: true } });
});

it('tries failures again, one or all, and says by which run', async () => {
  const { db } = api.ledger;
  for (const id of ['4', '5'])
    await sql`INSERT INTO dead_letters (project_id, entity, source_id, reason, remedy) VALUES (${projectId}, 'brand', ${id}, 'r', 'm')`.execute(
      db,
    );
  const retry = (body: object) => api.call('POST', '/v1/projects/shop/failures/retry', body);
  expect((await retry({ entity: 'brand', sourceId: '4' })).body).toEqual({ retried: 1, run: 'full-1' });
  expect((await retry({ all: true })).body).toEqual({ retried: 2, run: 'full-1' });
  expect(await retry({ entity: 'brand', sourceId: '6' })).toMatchObject({
    status: 404,
    body: { code: 'unknown-failure' },
  });
  for (const bad of [{ entity: 'gadget', sourceId: '6' }, { entity: 'brand' }, { all: false }]) {
    const { status, body } = await retry(bad);
    expect([status, body.detail]).toEqual([
      400,
      expect.stringMatching(/^body: \{"all": true\}, or one failure .*brand/),
    ]);
  }
  const { rows } = await sql<{ origin: string }>`SELECT origin FROM hints WHERE project_id = ${projectId}`.execute(db);
  expect(rows.map(({ origin }) => origin)).toEqual(['retry', 'retry', 'retry']);
});

it('shows in the status how fast the run is and what holds it up', async () => {
  const { db } = api.ledger;
  const status = async () => (await api.call('GET', '/v1/projects/shop/status')).body.run;
  expect(await status()).toMatchObject({
    mappingChanged: false,
    throttle: null,
    recordsPerMinute: 0,
    etaSeconds: null,
  });
  await openDeleteGate(db, projectId, runId, 'brand', {});
  // It calls a person, but the run goes on.
  expect((await api.call('GET', '/v1/projects/shop/status')).body).toMatchObject({
    attention: 'gate mass-delete-brand waits for approval',
    run: { throttle: null },
  });
  await openRunGate(db, { projectId, runId }, { name: 'trial', evidence: {}, livesMs: 60_000 });
  expect(await status()).toMatchObject({
    throttle: 'gate trial waits for approval',
    pass: { number: 1, state: 'waiting' },
  });
  await setPause(db, projectId, 'lunch');
  expect((await status()).throttle).toBe('paused: lunch');
  await setPause(db, projectId, null);
  await api.call('PUT', '/v1/projects/shop/mapping', { urls: 'native' });
  expect((await status()).mappingChanged).toBe(true);
});

it('lets a project go on when the store that rejected its credentials gets new ones', async () => {
  const { db } = api.ledger;
  const put = () =>
    api.call('PUT', '/v1/projects/shop/connections/target', {
      platform: 'bigcommerce',
      credentials: { storeHash: 'shop', accessToken: SECRETS.accessToken },
    });
  await put();
  expect(given).toEqual([]);
  await setPause(db, projectId, 'the target rejected its credentials');
  await markRejected(db, projectId, 'target');
  await markRejected(db, projectId, 'source');
  await put();
  expect(await rejectedSides(db, projectId)).toEqual(['source']);
  expect(given).toEqual([]);
  await sql`UPDATE connections SET rejected_at = NULL WHERE project_id = ${projectId}`.execute(db);
  await markRejected(db, projectId, 'target');
  await put();
  expect(given).toEqual([['shop', 'resume', { by: 'a-approver' }]]);
  await setPause(db, projectId, null);
});

it('deletes no project whose pairs of ids nobody has exported to the end, nor one with a run', async () => {
  const { db } = api.ledger;
  await sql`
    INSERT INTO records (project_id, entity, source_id, target_store, target_id, state, read_start, read_end)
    SELECT ${projectId}, 'brand', n::text, 'bigcommerce:shop', (n + 100)::text, 'live', 1, 2 FROM generate_series(1, 3) n`.execute(
    db,
  );
  const remove = (query = '') => api.call('DELETE', `/v1/projects/shop${query}`);
  // A run that is open comes first: an export of what it still makes would be of no use.
  expect(await remove()).toMatchObject({ status: 409, body: { code: 'run-active' } });
  expect(await api.call('DELETE', '/v1/projects/other?withoutIdMap=true')).toMatchObject({
    body: { code: 'run-active' },
  });
  expect(api.outside.ended).toEqual([]);
  await closeRun(db, runId, 'completed', null);
  expect(await remove()).toMatchObject({ status: 409, body: { code: 'id-map-not-exported' } });
  const first = await api.call('GET', '/v1/projects/shop/id-map?limit=2');
  expect(first.body.pairs[0]).toEqual({ entity: 'brand', sourceId: '1', targetId: '101', adopted: false });
  expect(await remove()).toMatchObject({ status: 409 });
  const rest = await api.call('GET', `/v1/projects/shop/id-map?limit=2&after=${first.body.next}`);
  expect(rest.body).toMatchObject({ pairs: [{ sourceId: '3' }], next: null });
  expect(api.outside.ended).toEqual([]);
  expect((await remove()).status).toBe(204);
  expect(api.outside.ended).toEqual(['shop']);
});
