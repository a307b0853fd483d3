import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { forecastInWords } from '../../src/cli/client/forecast-in-words.ts';
import { inWords } from '../../src/cli/client/in-words.ts';
import { type ApiUnderTest, apiUnderTest, projectBody } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
  for (const slug of ['tea', 'wine']) await api.call('POST', '/v1/projects', projectBody(slug));
  await sql.raw(STORY).execute(api.ledger.db);
});
afterAll(() => api.close());

/** A full run that ended two days ago, and one recent run a day later that saw 48 orders and took 100 s. */
const STORY = `
  INSERT INTO runs (project_id, kind, number, state, mapping_version, mapping_fingerprint, started_at, ended_at)
    SELECT id, 'full', 1, 'completed', 1, 'f', now() - interval '50 hours', now() - interval '48 hours' FROM projects WHERE slug = 'tea';
  INSERT INTO runs (project_id, kind, number, state, mapping_version, mapping_fingerprint, started_at, ended_at)
    SELECT id, 'recent', 1, 'completed', 1, 'f', now() - interval '24 hours', now() - interval '24 hours' + interval '100 s'
    FROM projects WHERE slug = 'tea';
  INSERT INTO run_records (run_id, entity, source_id)
    SELECT r.id, 'order', i::text FROM runs r, generate_series(1, 48) i WHERE r.kind = 'recent';
`;
const forecast = (slug: string, query = '') => api.call('GET', `/v1/projects/${slug}/forecast${query}`);

it('says that there is not enough history where there is none', async () => {
  const { status, body } = await forecast('wine', '?gaps=24');
  expect(status).toBe(200);
  expect(body).toMatchObject({ basis: { confidence: 'none', runs: 0 }, perHour: [], runs: [] });
  expect(body.basis.says).toContain('not enough history');
});

it('foresees the next run after the usual time, by what changed so far', async () => {
  const { body } = await forecast('tea');
  expect(body.basis).toMatchObject({ runs: 1, hours: 24, records: 48, confidence: 'thin' });
  expect(body.perHour).toEqual([{ entity: 'order', records: 2 }]);
  expect(body.runs).toHaveLength(1);
  expect(body.runs[0]).toMatchObject({ inHours: 0, requests: null, limit: null, withinLimit: true });
  // Time goes on while the test runs, and parts of a record are rounded up.
  expect(body.runs[0].records).toBeGreaterThanOrEqual(48);
  expect(body.runs[0].records).toBeLessThanOrEqual(49);
});

it('foresees a plan of runs, each against the limit of one', async () => {
  await api.call('PATCH', '/v1/projects/tea/options', { pointsLimit: 120 });
  const { body } = await forecast('tea', '?gaps=24,48,168');
  expect(body.runs.map((run: { inHours: number }) => run.inHours)).toEqual([24, 72, 240]);
  // The first covers the time since the last run too, and that goes on.
  expect(body.runs[0].points).toBeGreaterThanOrEqual(96);
  expect(body.runs[0].points).toBeLessThanOrEqual(97);
  expect(body.runs.slice(1).map((run: { points: number }) => run.points)).toEqual([96, 336]);
  expect(body.runs.map((run: { withinLimit: boolean }) => run.withinLimit)).toEqual([true, true, false]);
  const said = inWords(forecastInWords(body));
  expect(said).toContain('rests on 1 recent run over 24 hours of changes');
  expect(said).toMatch(/240 +336 +336, above the limit of 120/);
});

const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

it('takes a plan as times to come, too', async () => {
  const { body } = await forecast('tea', `?at=${at(24)},${at(72)}`);
  expect(body.runs.map((run: { inHours: number }) => run.inHours)).toEqual([24, 72]);
  expect(body.runs[1]).toMatchObject({ coversHours: 48, records: 96 });
  for (const wrong of [at(-1), `${at(72)},${at(24)}`, 'tomorrow', '2026-11-20T08:00:00', `${at(24)},`]) {
    const refused = await forecast('tea', `?at=${wrong}`);
    expect([wrong, refused.status]).toEqual([wrong, 400]);
    expect(refused.body.detail).toContain('times to come with their offsets');
  }
  const both = await forecast('tea', `?at=${at(24)}&gaps=24`);
  expect([both.status, both.body.detail]).toEqual([400, expect.stringContaining('not both')]);
});

it('refuses what is no plan, and says what one looks like', async () => {
  for (const gaps of [
    '',
    'a',
    '24,,24',
    '-1',
    '24,1e9',
    'Infinity',
    Array.from({ length: 101 }, () => '1').join(','),
  ]) {
    const { status, body } = await forecast('tea', `?gaps=${gaps}`);
    expect([gaps, status, body.code]).toEqual([gaps, 400, 'invalid-input']);
    expect(body.detail).toContain('24,24,168');
  }
  expect((await forecast('none')).status).toBe(404);
});
