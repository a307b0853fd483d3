import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listAlerts } from '../../src/ledger/alerts/alert-rows.ts';
import { openReceiver, alertTarget, putAlertTarget, removeAlertTarget } from '../../src/ledger/alerts/alert-target.ts';
import { judgeProject, watchedProjects } from '../../src/ledger/alerts/judge-projects.ts';
import { claimDelivery, settleDelivery, undelivered } from '../../src/ledger/alerts/outbox.ts';
import { markRejected } from '../../src/ledger/connections.ts';
import { listDecisions } from '../../src/ledger/decisions.ts';
import { sampleMetrics } from '../../src/ledger/metrics.ts';
import { changeOptions, projectOptions } from '../../src/ledger/project-options.ts';
import { setPause } from '../../src/ledger/projects.ts';
import { closeRun, openRun } from '../../src/ledger/runs.ts';
import { LostSealingKey } from '../../src/ledger/sealing.ts';
import { connectSource, type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

const KEY = Buffer.alloc(32, 7);
const LEASE_MS = 60_000;

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

async function project(slug: string) {
  const made = await makeProject(ledger, slug);
  await connectSource(ledger, made);
  const { id, slug: name } = made;
  return {
    id,
    slug: name,
    judge: (quietMs?: number) => judgeProject(ledger.db, { id, slug: name }, quietMs),
    open: () => listAlerts(ledger.db, id, { all: false, before: null, limit: 50 }),
    all: () => listAlerts(ledger.db, id, { all: true, before: null, limit: 50 }),
  };
}
type TestProject = Awaited<ReturnType<typeof project>>;

async function startRun({ id }: TestProject, kind: 'full' | 'recent' = 'recent') {
  const run = await openRun(ledger.db, { projectId: id, kind, mappingVersion: 1, mappingFingerprint: 'f' });
  await sql`UPDATE runs SET started_at = clock_timestamp() - interval '20 minutes' WHERE id = ${run?.id}`.execute(
    ledger.db,
  );
  return run?.id ?? 0;
}
const queueChange = ({ id }: TestProject, minutesAgo: number) =>
  sql`
    INSERT INTO changes (project_id, entity, entity_rank, source_id, kind, reason, state, first_seen_at)
    VALUES (${id}, 'brand', 1, '1', 'fetch', 'poll', 'ready', clock_timestamp() - ${minutesAgo} * interval '1 minute')`.execute(
    ledger.db,
  );

it('opens an alert once, however often and by whomever it is seen, and clears it when it was not seen for a while', async () => {
  const tea = await project('once');
  expect(await tea.judge()).toEqual([]);
  await markRejected(ledger.db, tea.id, 'source');
  const events = await Promise.all([tea.judge(), judgeProject(ledger.another().db, tea), tea.judge()]);
  expect(events.flat().map(({ event, alert }) => `${event} ${alert.kind} ${alert.subject}`)).toEqual([
    'opened credentials-rejected source',
  ]);
  await tea.judge();
  const [seen] = await tea.open();
  expect(seen?.seen).toBeGreaterThanOrEqual(2);
  expect(Date.parse(seen?.seenAt ?? '')).toBeGreaterThan(Date.parse(seen?.openedAt ?? ''));
  await connectSource(ledger, tea);
  expect(await tea.judge()).toEqual([]);
  expect(await tea.open()).toHaveLength(1);
  expect((await tea.judge(0)).map(({ event }) => event)).toEqual(['cleared']);
  expect(await tea.open()).toEqual([]);
  expect((await tea.all()).map(({ clearedAt }) => clearedAt)).toEqual([expect.any(String)]);
  await markRejected(ledger.db, tea.id, 'source');
  expect((await tea.judge()).map(({ event }) => event)).toEqual(['opened']);
  expect(await tea.all()).toHaveLength(2);
});

it('looks at projects with an open run, rejected credentials or an open alert, and at no others', async () => {
  const [running, rejected, quiet] = [
    await project('w-running'),
    await project('w-rejected'),
    await project('w-quiet'),
  ];
  await startRun(running);
  await markRejected(ledger.db, rejected.id, 'source');
  const watched = (await watchedProjects(ledger.db)).map(({ slug }) => slug);
  expect(watched).toEqual(expect.arrayContaining(['w-running', 'w-rejected']));
  expect(watched).not.toContain(quiet.slug);
  await rejected.judge();
  await connectSource(ledger, rejected);
  expect((await watchedProjects(ledger.db)).map(({ slug }) => slug)).toContain('w-rejected');
});

it('tells of each webhook that the source does not send any more, until it does, whether a run is open or not', async () => {
  const tea = await project('hooks');
  const says = (topic: string, state: string) =>
    sql`INSERT INTO source_hooks (project_id, topic, hook_id, state) VALUES (${tea.id}, ${topic}, '7', ${state})
      ON CONFLICT (project_id, topic) DO UPDATE SET state = excluded.state`.execute(ledger.db);
  await says('order.updated', 'active');
  expect((await watchedProjects(ledger.db)).map(({ slug }) => slug)).not.toContain('hooks');
  await says('order.created', 'disabled');
  await says('product.updated', 'gone');
  expect((await watchedProjects(ledger.db)).map(({ slug }) => slug)).toContain('hooks');
  const opened = await tea.judge();
  expect(opened.map(({ alert }) => [alert.kind, alert.subject])).toEqual([
    ['hook-disabled', 'order.created'],
    ['hook-disabled', 'product.updated'],
  ]);
  await says('order.created', 'active');
  expect((await tea.judge(0)).map(({ event, alert }) => [event, alert.subject])).toEqual([
    ['cleared', 'order.created'],
  ]);
});

it('raises a lag above the limit of the project while a run is open, and no lag without one', async () => {
  const tea = await project('lagging');
  await queueChange(tea, 10);
  expect(await tea.judge()).toEqual([]);
  const run = await startRun(tea);
  await sampleMetrics(ledger.db, tea.id, { records_settled: 5 });
  expect(await tea.judge()).toEqual([]);
  const { alerts } = await projectOptions(ledger.db, tea.id);
  await changeOptions(ledger.db, tea.id, { alerts: { ...alerts, lagSeconds: 300 } });
  const [seen] = await tea.judge();
  expect(seen?.alert).toMatchObject({ kind: 'lag-above-limit', evidence: { limit: 300 }, clearedAt: null });
  expect(seen?.alert.evidence['lagSeconds']).toBeGreaterThanOrEqual(600);
  await closeRun(ledger.db, run, 'completed', null);
  expect((await tea.judge(0)).map(({ event }) => event)).toEqual(['cleared']);
});

it('keeps what is open of the work while a pause stands, and lets it go when work goes on', async () => {
  const tea = await project('stuck');
  await startRun(tea);
  await queueChange(tea, 6);
  expect((await tea.judge()).map(({ alert }) => alert.kind)).toEqual(['no-progress']);
  await setPause(ledger.db, tea.id, 'for lunch');
  expect(await tea.judge(0)).toEqual([]);
  expect(await tea.open()).toHaveLength(1);
  await setPause(ledger.db, tea.id, null);
  await sampleMetrics(ledger.db, tea.id, { records_settled: 5 });
  expect((await tea.judge(0)).map(({ event }) => event)).toEqual(['cleared']);
});

it.each(['recent', 'full'] as const)('counts the points of an open %s run against the limit of one', async (kind) => {
  const tea = await project(`points-${kind}`);
  await changeOptions(ledger.db, tea.id, { pointsLimit: 10 });
  const run = await startRun(tea, kind);
  const move = (n: number) =>
    kind === 'recent'
      ? sql`INSERT INTO run_records (run_id, entity, source_id) SELECT ${run}, 'order', i::text FROM generate_series(1, ${n}::integer) i
          ON CONFLICT DO NOTHING`.execute(ledger.db)
      : sql`INSERT INTO run_counts AS c (run_id, entity, word, count) VALUES (${run}, 'order', 'created', ${n}), (${run}, 'order', 'unchanged', 90)
          ON CONFLICT (run_id, entity, word) DO UPDATE SET count = excluded.count`.execute(ledger.db);
  await move(8);
  expect(await tea.judge()).toEqual([]);
  await move(9);
  expect((await tea.judge()).map(({ alert }) => [alert.kind, alert.evidence])).toEqual([
    ['points-nearly-used', { points: 9, limit: 10 }],
  ]);
});

/** A project that has just told of rejected credentials to its receiver. */
async function told(slug: string) {
  const tea = await project(slug);
  await putAlertTarget(ledger.db, KEY, tea, { url: 'https://ops.example.test/alerts', secret: 's'.repeat(20) });
  await markRejected(ledger.db, tea.id, 'source');
  const [opened] = await tea.judge();
  if (opened === undefined) throw new Error('nothing was told');
  return { ...tea, alert: opened.alert };
}
const claim = async () => {
  const found = await claimDelivery(ledger.db, LEASE_MS);
  if (found === null) throw new Error('nothing is due');
  return found;
};
const makeDue = (id: string) =>
  sql`UPDATE alert_deliveries SET next_at = clock_timestamp() WHERE id = ${id}`.execute(ledger.db);

it('puts nothing into the outbox of a project that has nobody to tell', async () => {
  const tea = await project('nobody');
  await markRejected(ledger.db, tea.id, 'source');
  await tea.judge();
  expect(await undelivered(ledger.db, tea.id)).toEqual({ waiting: 0, givenUp: 0, lastError: null });
  expect(await claimDelivery(ledger.db, LEASE_MS)).toBeNull();
});

it('gives a delivery to one at a time, and to another when the lease has ended', async () => {
  const { alert, slug } = await told('leased');
  const claims = await Promise.all([
    claimDelivery(ledger.db, LEASE_MS),
    claimDelivery(ledger.another().db, LEASE_MS),
    claimDelivery(ledger.db, LEASE_MS),
  ]);
  const [mine] = claims.filter((one) => one !== null);
  expect(claims.filter((one) => one !== null)).toHaveLength(1);
  if (mine === undefined) throw new Error('nobody got it');
  expect(mine).toMatchObject({ slug, event: 'opened', attempts: 1 });
  expect(openReceiver(KEY, slug, mine.sealed)).toEqual({
    url: 'https://ops.example.test/alerts',
    secret: 's'.repeat(20),
  });
  expect(() => openReceiver(Buffer.alloc(32, 8), slug, mine.sealed)).toThrow(LostSealingKey);
  expect(JSON.parse(mine.body)).toEqual({ event: 'opened', project: slug, alert: { ...alert } });
  await makeDue(mine.id);
  const theirs = await claim();
  expect([theirs.id, theirs.attempts]).toEqual([mine.id, 2]);
  expect(await settleDelivery(ledger.db, mine, 'late')).toBe('lost');
  expect(await settleDelivery(ledger.db, theirs, null)).toBe('delivered');
  expect(await settleDelivery(ledger.db, theirs, null)).toBe('lost');
  await makeDue(mine.id);
  expect(await claimDelivery(ledger.db, LEASE_MS)).toBeNull();
});

it('tries again later and later, and after a day gives up and says so', async () => {
  const { id } = await told('given-up');
  const waits: number[] = [];
  let last = await claim();
  for (const attempt of [1, 2, 3]) {
    expect(last.attempts).toBe(attempt);
    expect(await settleDelivery(ledger.db, last, 'the receiver answered 500')).toBe('later');
    expect(await claimDelivery(ledger.db, LEASE_MS)).toBeNull();
    const { rows } = await sql<{ ms: number }>`
      SELECT extract(epoch FROM next_at - clock_timestamp()) * 1000::float8 AS ms FROM alert_deliveries WHERE id = ${last.id}`.execute(
      ledger.db,
    );
    waits.push(Math.round((rows[0]?.ms ?? 0) / 1_000));
    await makeDue(last.id);
    last = await claim();
  }
  expect(waits).toEqual([1, 2, 4]);
  expect(await undelivered(ledger.db, id)).toEqual({
    waiting: 1,
    givenUp: 0,
    lastError: 'the receiver answered 500',
  });
  await sql`UPDATE alert_deliveries SET created_at = created_at - interval '25 hours' WHERE id = ${last.id}`.execute(
    ledger.db,
  );
  expect(await settleDelivery(ledger.db, last, 'the receiver answered 500')).toBe('given up');
  expect(await undelivered(ledger.db, id)).toMatchObject({ waiting: 0, givenUp: 1 });
  const decisions = await listDecisions(ledger.db, id, { before: null, limit: 9 });
  expect(decisions.map(({ what, detail }) => [what, detail])).toContainEqual([
    'alert not delivered',
    { event: 'opened', attempts: 4, why: 'the receiver answered 500' },
  ]);
});

it('forgets after a month what was delivered, and nothing else', async () => {
  const tea = await told('forgetful');
  const first = await claim();
  expect(await settleDelivery(ledger.db, first, null)).toBe('delivered');
  const kept = async () =>
    (await sql`SELECT FROM alert_deliveries WHERE project_id = ${tea.id}`.execute(ledger.db)).rows.length;
  await sql`UPDATE connections SET rejected_at = NULL WHERE project_id = ${tea.id}`.execute(ledger.db);
  expect((await tea.judge(0)).map(({ event }) => event)).toEqual(['cleared']);
  expect(await kept()).toBe(2);
  await sql`UPDATE alert_deliveries SET delivered_at = delivered_at - interval '31 days' WHERE id = ${first.id}`.execute(
    ledger.db,
  );
  await markRejected(ledger.db, tea.id, 'source');
  await tea.judge();
  expect(await kept()).toBe(2);
  expect(await undelivered(ledger.db, tea.id)).toMatchObject({ waiting: 2 });
  for (
    let left = await claimDelivery(ledger.db, LEASE_MS);
    left !== null;
    left = await claimDelivery(ledger.db, LEASE_MS)
  )
    await settleDelivery(ledger.db, left, null);
});

it('sends what waits to the new address, and forgets it with the address', async () => {
  const tea = await told('moved');
  await putAlertTarget(ledger.db, KEY, tea, { url: 'https://new.example.test/', secret: 'another-secret-of-20' });
  const taken = await claim();
  expect(openReceiver(KEY, tea.slug, taken.sealed)).toEqual({
    url: 'https://new.example.test/',
    secret: 'another-secret-of-20',
  });
  expect(await alertTarget(ledger.db, tea.id)).toMatchObject({ origin: 'https://new.example.test' });
  expect(await removeAlertTarget(ledger.db, tea.id)).toBe(true);
  expect(await removeAlertTarget(ledger.db, tea.id)).toBe(false);
  expect(await alertTarget(ledger.db, tea.id)).toBeNull();
  expect(await settleDelivery(ledger.db, taken, null)).toBe('lost');
  expect(await undelivered(ledger.db, tea.id)).toMatchObject({ waiting: 0 });
  expect(await tea.open()).toHaveLength(1);
});
