import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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

const AT = '/v1/projects/tea/schedules';
const plan = (name: string, form: object) => api.call('PUT', `${AT}/${name}`, form);
async function planned(query = '') {
  const { status, body } = await forecast('tea', query);
  expect(status).toBe(200);
  return body;
}
/** Whole minutes, as a ladder has them. */
const minuteIn = (hours: number) => `${at(hours).slice(0, 16)}:00.000Z`;

describe('with schedules', () => {
  beforeAll(() => api.call('PATCH', '/v1/projects/tea/options', { pointsLimit: null }));
  afterEach(async () => {
    api.outside.schedules.problem = null;
    const { body } = await api.call('GET', AT);
    for (const { name } of body.schedules) await api.call('DELETE', `${AT}/${name}`);
    await api.call('PATCH', '/v1/projects/tea/options', { pointsLimit: null, license: null });
  });

  it('plans nothing where there are none', async () => {
    expect((await planned()).planned).toBeNull();
    expect((await forecast('wine')).body.planned).toBeNull();
  });

  it('foresees what the schedules will fire, each of the next and the sums of all', async () => {
    const goLiveAt = minuteIn(48);
    await plan('go-live', { ladder: { goLiveAt, hoursBefore: 6 } });
    const body = await planned();
    expect(body.runs).toHaveLength(10);
    expect(body.runs[0].inHours).toBeCloseTo(42, 1);
    expect(body.runs[1].coversHours).toBeCloseTo(0.25, 2);
    const { planned: found } = body;
    expect(found).toMatchObject({ goLiveAt, ends: 'final-sweep', suffices: true });
    expect(found.until).toBe(new Date(Date.parse(goLiveAt) + 14 * 24 * 3_600_000).toISOString());
    expect(found.steps.map((step: { step: string; runs: number }) => [step.step, step.runs])).toEqual([
      ['before-go-live', 25],
      ['after-go-live', 2],
      ['final-sweep', 1],
    ]);
    // A day of changes before the ladder was made, and two until it goes live.
    expect(found.untilGoLive.points).toBeGreaterThanOrEqual(143);
    expect(found.untilGoLive.points).toBeLessThanOrEqual(146);
    expect(found.says).toEqual([expect.stringContaining('no run so far was asked to read everything')]);
  });

  it('keeps to the times that are named, beside the plan', async () => {
    await plan('often', { every: '1h', until: at(10.5) });
    const { runs, planned: found } = await planned('?gaps=24');
    expect(runs.map((run: { inHours: number }) => run.inHours)).toEqual([24]);
    expect(found.steps).toMatchObject([{ schedule: 'often', step: 'interval' }]);
    expect([10, 11]).toContain(found.steps[0].firings);
  });

  it('says that license and points do not suffice, and prints it whole', async () => {
    await plan('go-live', { ladder: { goLiveAt: minuteIn(48), hoursBefore: 6 } });
    const license = { from: null, until: at(72 + 24) };
    await api.call('PATCH', '/v1/projects/tea/options', { pointsLimit: 60, license });
    const body = await planned();
    expect(body.planned).toMatchObject({ suffices: false, steps: [{ aboveLimit: 1 }, { unlicensed: 1 }, { runs: 0 }] });
    const [short, points] = body.planned.says;
    expect(short).toContain('the license does not suffice');
    expect(short).toContain('the final sweep of go-live');
    expect(points).toContain('the points do not suffice: one run may move 60, and 1 of 26 planned runs');
    const said = inWords(forecastInWords(body));
    expect(said).toContain(short);
    expect(said).toContain(points);
    expect(said).toMatch(/go-live +before-go-live .* 25 +25 /);
    expect(said).toMatch(/all +until go-live/);
    expect(said).toMatch(/all +planned/);
  });

  it('leaves out what is paused or lost, and says so; when Temporal is silent it plans all the same', async () => {
    for (const name of ['a', 'b', 'c']) await plan(name, { every: '1d', until: at(72) });
    await api.call('POST', `${AT}/a/pause`, {});
    api.outside.schedules.kept.delete('tea/b');
    const { planned: found } = await planned();
    expect(found.steps.map((step: { schedule: string }) => step.schedule)).toEqual(['c']);
    expect(found.says).toEqual(['schedule a is paused: it is not in the plan', expect.stringContaining('schedule b')]);
    api.outside.schedules.problem = Object.assign(new Error('14 UNAVAILABLE'), {
      code: 14,
      details: 'away',
      metadata: {},
    });
    const silent = await planned();
    expect(silent.planned.steps).toHaveLength(3);
    expect(silent.planned.says).toContain('Temporal gave no answer: schedules that are paused are in the plan');
  });

  it('says where firings start nothing as the project stands', async () => {
    await api.call('PUT', '/v1/projects/wine/schedules/often', { every: '1d' });
    await sql`UPDATE projects SET paused_at = now(), pause_reason = 'sale' WHERE slug = 'wine'`.execute(api.ledger.db);
    await sql
      .raw(
        `INSERT INTO runs (project_id, kind, number, state, mapping_version, mapping_fingerprint)
         SELECT id, 'continuous', 7, 'running', 1, 'f' FROM projects WHERE slug = 'wine'`,
      )
      .execute(api.ledger.db);
    const { body } = await forecast('wine');
    expect(body).toMatchObject({ runs: [], planned: { ends: 'horizon', total: { runs: 30, records: null } } });
    const said = body.planned.says.join('\n');
    for (const part of ['no full run was completed', 'the project is paused', 'continuous-7 follows the source'])
      expect(said).toContain(part);
    expect(inWords(forecastInWords(body))).toMatch(/often +interval .* 30 +30 +- +-/);
  });
});
