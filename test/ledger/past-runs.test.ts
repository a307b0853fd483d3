import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queueGroups } from '../../src/ledger/queue/queue-groups.ts';
import { allEntityLags, entityLags } from '../../src/ledger/lags.ts';
import { changeHistory } from '../../src/ledger/past-runs.ts';
import { deleteProject } from '../../src/ledger/projects.ts';
import { noteSweep } from '../../src/ledger/records/sweeps.ts';
import { startCapture } from '../../src/ledger/watermarks.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const queueChange = (projectId: number, entity: string, id: string, secondsAgo: number) =>
  sql`
    INSERT INTO changes (project_id, entity, entity_rank, source_id, kind, reason, state, first_seen_at)
    VALUES (${projectId}, ${entity}, 1, ${id}, 'fetch', 'poll', 'ready', clock_timestamp() - ${secondsAgo} * interval '1 second')`.execute(
    ledger.db,
  );

/** A run that began and ended so many hours ago. */
async function pastRun(
  projectId: number,
  [kind, number, from, to, state]: readonly [
    'full' | 'recent' | 'resync' | 'continuous',
    number,
    number,
    number,
    string,
  ],
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO runs (project_id, kind, number, state, mapping_version, mapping_fingerprint, started_at, ended_at)
    VALUES (${projectId}, ${kind}, ${number}, ${state}, 1, 'f', clock_timestamp() - ${from} * interval '1 hour',
      clock_timestamp() - ${to} * interval '1 hour') RETURNING id`.execute(ledger.db);
  return rows[0]?.id ?? 0;
}
async function saw(runId: number, entity: string, count: number): Promise<void> {
  await sql`INSERT INTO run_records (run_id, entity, source_id) SELECT ${runId}, ${entity}, i::text FROM generate_series(1, ${count}::integer) i`.execute(
    ledger.db,
  );
}
const sampled = (projectId: number, hoursAgo: number, name: string, value: number) =>
  sql`INSERT INTO metric_samples (project_id, at, name, value)
    VALUES (${projectId}, clock_timestamp() - ${hoursAgo} * interval '1 hour', ${name}, ${value})`.execute(ledger.db);

it('has no history before a recent run was completed', async () => {
  const { id } = await makeProject(ledger, 'none');
  expect(await changeHistory(ledger.db, id)).toEqual({ past: [], hoursSinceLast: 0, waiting: {} });
  await pastRun(id, ['full', 1, 12, 10, 'completed']);
  await queueChange(id, 'order', '1', 5);
  const found = await changeHistory(ledger.db, id);
  expect(found).toEqual({ past: [], hoursSinceLast: expect.closeTo(10, 2), waiting: { order: 1 } });
});

it('tells of each completed recent run what it carried, of how many hours, in what time, with how many requests', async () => {
  const { id } = await makeProject(ledger, 'some');
  await pastRun(id, ['full', 1, 60, 50, 'completed']);
  const first = await pastRun(id, ['recent', 1, 40, 39, 'completed']);
  const failed = await pastRun(id, ['recent', 2, 30, 29, 'failed']);
  await pastRun(id, ['resync', 1, 25, 24, 'completed']);
  const second = await pastRun(id, ['recent', 3, 10, 9.5, 'completed']);
  await sql`UPDATE runs SET options = '{"sweep": true}' WHERE id = ${first}`.execute(ledger.db);
  await saw(first, 'product', 3);
  await saw(first, 'order', 20);
  await saw(failed, 'order', 99);
  await saw(second, 'order', 60);
  for (const [hoursAgo, name, value] of [
    [39.5, 'source_requests', 7],
    [39.4, 'target_requests', 30],
    [39.4, 'records_settled', 500],
    [29.5, 'target_requests', 1_000],
  ] as const) {
    await sampled(id, hoursAgo, name, value);
  }
  const found = await changeHistory(ledger.db, id);
  expect(found.past).toEqual([
    {
      hours: expect.closeTo(10, 2),
      records: { product: 3, order: 20 },
      seconds: expect.closeTo(3_600, 0),
      requests: 37,
      sweep: true,
    },
    {
      hours: expect.closeTo(30, 2),
      records: { order: 60 },
      seconds: expect.closeTo(1_800, 0),
      requests: null,
      sweep: false,
    },
  ]);
  expect(found.hoursSinceLast).toBeCloseTo(10, 2);
});

it('counts from the end of a continuous run, which carries what changes while it lasts', async () => {
  const { id } = await makeProject(ledger, 'followed');
  await pastRun(id, ['full', 1, 60, 50, 'completed']);
  await pastRun(id, ['continuous', 1, 40, 10, 'completed']);
  expect(await changeHistory(ledger.db, id)).toMatchObject({ past: [], hoursSinceLast: expect.closeTo(10, 2) });
  await pastRun(id, ['recent', 2, 4, 3, 'completed']);
  expect((await changeHistory(ledger.db, id)).past).toMatchObject([{ hours: expect.closeTo(6, 2) }]);
});

const near = (seconds: number): number => expect.closeTo(seconds, -1);

it('tells the three lags of each entity, in copy order, and of its own project alone', async () => {
  const tea = await makeProject(ledger, 'lags');
  const gone = await makeProject(ledger, 'lags-gone');
  expect(await entityLags(ledger.db, tea.id, await queueGroups(ledger.db, tea.id))).toEqual([]);
  for (const { id } of [tea, gone]) {
    await startCapture(ledger.db, id, 'order', '2026-11-20T00:00:00.000Z');
    await queueChange(id, 'order', '1', 100);
    await queueChange(id, 'order', '2', 40);
    await queueChange(id, 'brand', '1', 7);
  }
  await noteSweep(ledger.db, tea.id, 'order');
  await sql`
    UPDATE watermarks SET captured_at = clock_timestamp() - interval '1 minute', swept_at = swept_at - interval '2 hours'
    WHERE project_id = ${tea.id}`.execute(ledger.db);
  const lags = [
    { entity: 'brand', changes: 1, oldestChangeSeconds: near(7), captureSeconds: null, sweepSeconds: null },
    {
      entity: 'order',
      changes: 2,
      oldestChangeSeconds: near(100),
      captureSeconds: near(60),
      sweepSeconds: near(7_200),
    },
  ];
  expect(await entityLags(ledger.db, tea.id, await queueGroups(ledger.db, tea.id))).toEqual(lags);
  await deleteProject(ledger.db, 'lags-gone');
  const all = await allEntityLags(ledger.db);
  expect(all.filter(({ project }) => project === 'lags')).toEqual(lags.map((lag) => ({ project: 'lags', ...lag })));
  expect(all.filter(({ project }) => project === 'lags-gone')).toEqual([]);
});
