import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest, projectBody } from './api-under-test.ts';

const PAGE = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');

let api: ApiUnderTest;
beforeAll(async () => {
  api = await apiUnderTest();
  for (const slug of ['tea', 'wine', 'gone']) await api.call('POST', '/v1/projects', projectBody(slug));
  await api.call('DELETE', '/v1/projects/gone');
  await sql.raw(STORY).execute(api.ledger.db);
});
afterAll(() => api.close());

/** A project in the midst of its second run; the other one was never started. */
const STORY = `
  UPDATE projects SET phase = 'copying', paused_at = now(), attention = 'a gate waits' WHERE slug = 'tea';
  CREATE TEMPORARY VIEW tea AS SELECT id FROM projects WHERE slug = 'tea';
  INSERT INTO runs (project_id, kind, number, state, step, mapping_version, mapping_fingerprint, started_at)
    SELECT id, 'full', n, CASE n WHEN 1 THEN 'completed' ELSE 'running' END, 'copy', 1, 'f', to_timestamp(1000 * n)
    FROM tea, generate_series(1, 2) n ORDER BY n;
  INSERT INTO run_counts (run_id, entity, word, count)
    SELECT id, 'product', word, 10 * number FROM runs, unnest(ARRAY['created', 'dead letter', 'adjusted']) word;
  INSERT INTO changes (project_id, entity, entity_rank, source_id, kind, reason, state, first_seen_at)
    SELECT id, 'product', 3, n::text, 'upsert', 'copy', CASE WHEN n < 3 THEN 'ready' ELSE 'held' END, now() - n * interval '1 minute'
    FROM tea, generate_series(1, 3) n;
  INSERT INTO watermarks (project_id, entity, captured_until, captured_at)
    SELECT id, entity, now(), now() - age FROM tea, (VALUES ('product', interval '1 hour'), ('order', interval '1 second')) w (entity, age);
  INSERT INTO dead_letters (project_id, entity, source_id, reason, remedy)
    SELECT id, 'order', n::text, 'r', 'r' FROM tea, generate_series(1, 4) n;
  INSERT INTO gates (project_id, name, run_id, state) SELECT id, 'trial', 2, 'open' FROM tea;
  INSERT INTO gates (project_id, name, run_id, state, expires_at) SELECT id, 'trial', 1, 'open', now() - interval '1 day' FROM tea;
  INSERT INTO quota_windows (store, request_limit, used, resets_at, reserve_percent, concurrency)
    VALUES ('bigcommerce:a', 450, 120, now() + interval '1 minute', 10, 4), ('bigcommerce:b', 450, 120, now() - interval '1 minute', 50, 4),
      ('woocommerce:c', NULL, 7, NULL, 10, 2);
  INSERT INTO store_requests (store, outcome, count) VALUES ('bigcommerce:a', 'ok', 40), ('bigcommerce:a', 'busy', 2);
  INSERT INTO quota_slots (store, resource, expires_at)
    VALUES ('bigcommerce:a', 'r', now() + interval '1 minute'), ('bigcommerce:a', 'r', now() - interval '1 minute');
  INSERT INTO quota_waits (store, waiter, resource, cause, waiting, seen_at)
    VALUES ('bigcommerce:a', 'x', 'r', 'the "window" is used up', 3, now()), ('bigcommerce:a', 'dead', 'r', 'old', 9, now() - interval '1 minute');
`;

const scrape = async (headers?: Record<string, string>) => api.call('GET', '/metrics', undefined, headers);
/** The samples whose name and labels hold all of these. */
async function samples(...parts: string[]): Promise<string[]> {
  const { text } = await scrape();
  return text.split('\n').filter((line) => !line.startsWith('#') && parts.every((part) => line.includes(part)));
}
const valueOf = (line: string | undefined) => Number(line?.split(' ').at(-1));

it('answers in the text format of Prometheus', async () => {
  const answer = await scrape();
  expect(answer).toMatchObject({ status: 200, type: 'text/plain' });
  expect(answer.text).toMatch(/^# HELP storeferry_\w+ .+\n# TYPE storeferry_\w+ (gauge|counter)\n/);
  expect(answer.text.endsWith('\n')).toBe(true);
});

it('tells phase, pause, attention and gates of each project', async () => {
  expect(await samples('project_phase', '"tea"', ' 1')).toEqual([
    'storeferry_project_phase{project="tea",phase="copying"} 1',
  ]);
  expect(await samples('project_phase', '"wine"', ' 1')).toEqual([
    'storeferry_project_phase{project="wine",phase="draft"} 1',
  ]);
  expect(await samples('project_paused')).toEqual([
    'storeferry_project_paused{project="tea"} 1',
    'storeferry_project_paused{project="wine"} 0',
  ]);
  expect(await samples('attention', '"tea"')).toEqual(['storeferry_project_attention{project="tea"} 1']);
  expect(await samples('gates_open')).toEqual([
    'storeferry_gates_open{project="tea"} 1',
    'storeferry_gates_open{project="wine"} 0',
  ]);
});

it('tells how deep the queue is and how old, also when it is empty', async () => {
  expect(await samples('queue_depth', '"tea"')).toEqual(
    [
      ['ready', 2],
      ['leased', 0],
      ['parked', 0],
      ['waiting', 0],
      ['held', 1],
    ].map(([state, count]) => `storeferry_queue_depth{project="tea",state="${state}"} ${count}`),
  );
  const [oldest] = await samples('lag_seconds', '"tea"', 'oldest_change');
  expect(valueOf(oldest)).toBeGreaterThanOrEqual(180);
  expect(valueOf(oldest)).toBeLessThan(600);
  const [capture] = await samples('lag_seconds', '"tea"', 'capture');
  expect(valueOf(capture)).toBeGreaterThanOrEqual(3_600);
  expect(await samples('lag_seconds', '"wine"')).toEqual([
    'storeferry_lag_seconds{project="wine",kind="oldest_change"} 0',
  ]);
});

it('tells of the latest run, and counts records over all of them', async () => {
  expect(await samples('run_state', ' 1')).toEqual(['storeferry_run_state{project="tea",state="running"} 1']);
  expect(await samples('run_info')).toEqual([
    'storeferry_run_info{project="tea",run="full-2",kind="full",step="copy"} 1',
  ]);
  expect(await samples('run_start_time')).toEqual(['storeferry_run_start_time_seconds{project="tea"} 2000']);
  expect(await samples('settled_total')).toEqual([
    'storeferry_records_settled_total{project="tea",entity="product",word="created"} 30',
    'storeferry_records_settled_total{project="tea",entity="product",word="dead letter"} 30',
  ]);
  expect(await samples('adjusted_total')).toEqual([
    'storeferry_records_adjusted_total{project="tea",entity="product"} 30',
  ]);
  expect(await samples('dead_letters')).toEqual(['storeferry_dead_letters{project="tea",entity="order"} 4']);
});

it('tells what the stores are asked for, and what requests wait for', async () => {
  expect(await samples('in_flight{')).toEqual([
    'storeferry_store_requests_in_flight{store="bigcommerce:a"} 1',
    'storeferry_store_requests_in_flight{store="bigcommerce:b"} 0',
    'storeferry_store_requests_in_flight{store="woocommerce:c"} 0',
  ]);
  expect(await samples('quota_used')).toEqual([
    'storeferry_store_quota_used{store="bigcommerce:a"} 120',
    'storeferry_store_quota_used{store="bigcommerce:b"} 0',
  ]);
  expect(await samples('reserve_ratio', 'b"')).toEqual([
    'storeferry_store_quota_reserve_ratio{store="bigcommerce:b"} 0.5',
  ]);
  expect(await samples('requests_waiting')).toEqual([
    'storeferry_store_requests_waiting{store="bigcommerce:a",cause="the \\"window\\" is used up"} 3',
  ]);
});

it('forgets a project that was deleted', async () => {
  expect(await samples('"gone"')).toEqual([]);
});

it('wants a key of a viewer, unless the settings open it', async () => {
  expect((await scrape({ authorization: 'Bearer viewer' })).status).toBe(200);
  const unknown = await scrape({ authorization: 'Bearer nobody' });
  expect(unknown).toMatchObject({ status: 401, body: { code: 'unknown-key' } });
  const open = await apiUnderTest({ openMetrics: true });
  try {
    expect(await open.call('GET', '/metrics', undefined, { authorization: '' })).toMatchObject({ status: 200 });
  } finally {
    await open.close();
  }
});

it('is explained in docs/metrics.md, every metric with its kind and its labels', async () => {
  const { text } = await scrape();
  const offered = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, kind]) => `${name} ${kind}`);
  const explained = [...PAGE.matchAll(/^\| `(storeferry_\w+)` +\| (\w+)/gm)].map(([, name, kind]) => `${name} ${kind}`);
  expect(explained.sort()).toEqual(offered.sort());
  for (const [, name = '', labels = ''] of text.matchAll(/^(storeferry_\w+)\{(.*)\} /gm)) {
    const row = PAGE.split('\n').find((line) => line.startsWith(`| \`${name}\``)) ?? '';
    for (const [, label] of labels.matchAll(/(\w+)="/g)) expect(row).toContain(`\`${label}\``);
  }
});

it('counts what was asked of each store, by what it came to', async () => {
  expect((await samples('store_requests_total')).toSorted()).toEqual([
    'storeferry_store_requests_total{store="bigcommerce:a",outcome="busy"} 2',
    'storeferry_store_requests_total{store="bigcommerce:a",outcome="ok"} 40',
  ]);
});
