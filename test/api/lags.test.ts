import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest, projectBody } from './api-under-test.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
  await api.call('POST', '/v1/projects', projectBody('tea'));
  await sql.raw(STORY).execute(api.ledger.db);
});
afterAll(() => api.close());

/** A recent run with 300 orders ready and 20 held, whose queue lost 100 in each of the last minutes. */
const STORY = `
  INSERT INTO runs (project_id, kind, number, state, mapping_version, mapping_fingerprint, started_at)
    SELECT id, 'recent', 1, 'running', 1, 'f', now() - interval '5 minutes' FROM projects;
  INSERT INTO changes (project_id, entity, entity_rank, source_id, kind, reason, state, first_seen_at)
    SELECT id, 'order', 6, n::text, 'upsert', 'poll', CASE WHEN n > 300 THEN 'held' ELSE 'ready' END, now() - interval '4 minutes'
    FROM projects, generate_series(1, 320) n;
  INSERT INTO watermarks (project_id, entity, captured_until, captured_at, swept_at)
    SELECT id, entity, now(), now() - interval '10 s', now() - swept
    FROM projects, (VALUES ('order', interval '1 hour'), ('product', interval '3 hours'), ('review', NULL)) w (entity, swept);
`;
const sampleQueue = (secondsAgo: number, value: number) =>
  sql`INSERT INTO metric_samples (project_id, at, name, value)
    SELECT id, now() - ${secondsAgo} * interval '1 second', 'queue_outstanding', ${value} FROM projects`.execute(
    api.ledger.db,
  );
const near = (value: number): number => expect.closeTo(value, -1);
const status = async () => (await api.call('GET', '/v1/projects/tea/status')).body.run;

it('are told of each entity and of all, in the status', async () => {
  const { lag } = await status();
  expect(lag).toEqual({
    oldestChangeSeconds: near(240),
    captureSeconds: near(10),
    sweepSeconds: near(10_800),
    changes: 320,
    entities: [
      {
        entity: 'product',
        changes: 0,
        oldestChangeSeconds: null,
        captureSeconds: near(10),
        sweepSeconds: near(10_800),
      },
      {
        entity: 'order',
        changes: 320,
        oldestChangeSeconds: near(240),
        captureSeconds: near(10),
        sweepSeconds: near(3_600),
      },
      { entity: 'review', changes: 0, oldestChangeSeconds: null, captureSeconds: near(10), sweepSeconds: null },
    ],
  });
});

it('are told to Prometheus too', async () => {
  const { text } = await api.call('GET', '/metrics');
  const value = (series: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(series))
        ?.split(' ')
        .at(-1),
    );
  expect(value('storeferry_lag_seconds{project="tea",kind="sweep"}')).toEqual(near(10_800));
  const entity = (name: string, kind: string) =>
    value(`storeferry_entity_lag_seconds{project="tea",entity="${name}",kind="${kind}"}`);
  expect([entity('order', 'oldest_change'), entity('product', 'oldest_change')]).toEqual([near(240), 0]);
  expect([entity('order', 'sweep'), entity('review', 'sweep')]).toEqual([near(3_600), Number.NaN]);
  expect(entity('review', 'capture')).toEqual(near(10));
  expect(value('storeferry_entity_changes_waiting{project="tea",entity="order"}')).toBe(320);
});

it('come with the net rate of a recent run, and the time left goes by that: what is held is not waited for', async () => {
  expect(await status()).toMatchObject({ netPerMinute: null, etaSeconds: null });
  for (const [secondsAgo, value] of [
    [90, 450],
    [60, 400],
    [30, 350],
  ] as const) {
    await sampleQueue(secondsAgo, value);
  }
  expect(await status()).toMatchObject({ netPerMinute: 100, etaSeconds: 180 });
  await sampleQueue(1, 2_000);
  const growing = await status();
  expect(growing.netPerMinute).toBeLessThan(0);
  expect(growing.etaSeconds).toBeNull();
});
