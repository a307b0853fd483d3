import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keyCursor } from '../../src/api/paging.ts';
import { openRunGate } from '../../src/ledger/gates.ts';
import { sampleMetrics } from '../../src/ledger/metrics.ts';
import { notePass, openPass } from '../../src/ledger/passes.ts';
import { getProject } from '../../src/ledger/projects.ts';
import { closeRun, openRun } from '../../src/ledger/runs.ts';
import { type ApiUnderTest, apiUnderTest, projectBody } from './api-under-test.ts';

const ONE = '/v1/projects/tea';
const LONG = `/shop/${'ä'.repeat(400)}?a=b:c&d=1`;
let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
  const { db } = api.ledger;
  for (const slug of ['tea', 'coffee', 'cocoa']) await api.call('POST', '/v1/projects', projectBody(slug));
  const projectId = (await getProject(db, 'tea'))?.id ?? 0;
  for (const kind of ['full', 'resync', 'demo'] as const) {
    const run = await openRun(db, { projectId, kind, mappingVersion: 1, mappingFingerprint: 'f' });
    const of = { projectId, runId: run?.id ?? 0 };
    for (const name of ['trial', 'mass-delete-product'])
      await openRunGate(db, of, { name, evidence: {}, livesMs: 60_000 });
    for (const number of [1, 2, 3]) await openPass(db, of.runId, { number, name: `pass ${number}` });
    await notePass(db, of.runId, 1, { state: 'passed', note: { records: 5 } });
    await closeRun(db, of.runId, 'completed', null);
  }
  for (const urls of ['native', 'keep', 'native']) await api.call('PUT', `${ONE}/mapping`, { urls });
  // Taken at one instant by two workers: a time is no place to go on from.
  for (const value of [1, 2, 3]) await sampleMetrics(db, projectId, { records_read: value });
  await sql`UPDATE metric_samples SET at = '2026-11-20T08:00:00Z'`.execute(db);
  await sql`
    INSERT INTO dead_letters (project_id, entity, source_id, reason, remedy, payload)
    SELECT ${projectId}, 'redirect', id, 'no', 'look', '{}' FROM unnest(${[LONG, '1', 'ü:1']}::text[]) AS i (id)`.execute(
    db,
  );
  await sql`
    INSERT INTO records (project_id, entity, source_id, target_store, target_id, state, read_start, read_end)
    SELECT ${projectId}, 'redirect', id, 'bigcommerce:tea', id, 'live', 1, 2 FROM unnest(${[LONG, '1', 'ü:1']}::text[]) AS i (id)`.execute(
    db,
  );
});
afterAll(() => api.close());

/** A list read to its end, so many rows a page. */
async function read(path: string, list: string, cursor: 'after' | 'before', limit: number): Promise<object[]> {
  const rows: object[] = [];
  for (let next: string | number | null = ''; next !== null;) {
    const from: string = next === '' ? '' : `&${cursor}=${encodeURIComponent(next)}`;
    const { status, body } = await api.call('GET', `${path}?limit=${limit}${from}`);
    expect(status).toBe(200);
    expect(body[list].length).toBeLessThanOrEqual(limit);
    rows.push(...body[list]);
    next = body.next;
  }
  return rows;
}

it.each([
  ['/v1/projects', 'projects', 'after', 3],
  [`${ONE}/runs`, 'runs', 'before', 3],
  [`${ONE}/runs/full-1/passes`, 'passes', 'after', 3],
  [`${ONE}/gates`, 'gates', 'after', 6],
  [`${ONE}/mapping/versions`, 'versions', 'before', 4],
  [`${ONE}/metrics`, 'samples', 'before', 3],
  [`${ONE}/failures`, 'failures', 'after', 3],
  [`${ONE}/id-map`, 'pairs', 'after', 3],
] as const)('%s gives every row once, whatever the size of a page', async (path, list, cursor, count) => {
  const whole = await read(path, list, cursor, 200);
  expect(whole).toHaveLength(count);
  for (const limit of [1, 2, count]) expect(await read(path, list, cursor, limit)).toEqual(whole);
});

/** One column of a list. */
async function names(path: string, list: string, cursor: 'after' | 'before', name: string): Promise<unknown[]> {
  return (await read(path, list, cursor, 2)).map((row) => (row as Record<string, unknown>)[name]);
}

it('lists the newest first, or in the order in which things are done', async () => {
  expect(await names(`${ONE}/runs`, 'runs', 'before', 'run')).toEqual(['demo-1', 'resync-1', 'full-1']);
  expect(await names(`${ONE}/runs/full-1/passes`, 'passes', 'after', 'number')).toEqual([1, 2, 3]);
  expect(await names(`${ONE}/mapping/versions`, 'versions', 'before', 'version')).toEqual([4, 3, 2, 1]);
  expect(await names(`${ONE}/metrics`, 'samples', 'before', 'value')).toEqual([3, 2, 1]);
});

it('shows the pass that a run is in without reading lists', async () => {
  expect((await api.call('GET', `${ONE}/status`)).body.run.pass).toEqual({
    number: 3,
    name: 'pass 3',
    state: 'copying',
  });
});

it.each([
  ['failures', 'after', 'product:1'],
  ['failures', 'after', keyCursor(['product'])],
  ['failures', 'after', keyCursor(['product', 'a\0b'])],
  ['id-map', 'after', keyCursor(['a', 'b', 'c'])],
  ['adjustments?key=k', 'after', keyCursor(['a', 'b'])],
  ['gates', 'after', keyCursor(['one', 'trial'])],
  ['gates', 'after', keyCursor([1.5, 'trial'])],
  ['gates', 'after', 'x'.repeat(8_001)],
  ['runs', 'before', '0'],
  ['runs', 'before', 'full-1'],
  ['runs/full-1/passes', 'after', '-1'],
  ['mapping/versions', 'before', '99999999999999999999'],
])('%s refuses a cursor that is none of its own', async (list, name, cursor) => {
  const path = `${ONE}/${list}${list.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(cursor)}`;
  expect(await api.call('GET', path)).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
});

it('answers for numbers that no row can have', async () => {
  const far = Number.MAX_SAFE_INTEGER;
  expect((await api.call('GET', `${ONE}/mapping/versions?before=${far}`)).body.versions).toHaveLength(4);
  expect((await api.call('GET', `${ONE}/runs?before=${far}`)).body.runs).toHaveLength(3);
  expect((await api.call('GET', `${ONE}/runs/full-1/passes?after=${far}`)).body.passes).toEqual([]);
  expect((await api.call('GET', `${ONE}/gates?after=${keyCursor([far, ''])}`)).body.gates).toHaveLength(6);
  expect(await api.call('GET', `${ONE}/mapping/diff?from=${far}`)).toMatchObject({
    status: 404,
    body: { code: 'unknown-version', detail: expect.stringContaining('the newest is 4') as string },
  });
});
