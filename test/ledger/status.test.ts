import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { queueGroups } from '../../src/ledger/queue/queue-groups.ts';
import { createProjectLedger } from '../../src/ledger/project-ledger.ts';
import { createQuotaGovernor } from '../../src/ledger/quota/quota-governor.ts';
import { openRun } from '../../src/ledger/runs.ts';
import { planSlices } from '../../src/ledger/slices.ts';
import { runStatus } from '../../src/ledger/status.ts';
import { connectSource, type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';
import { brand, settle } from './queue-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

async function startRun(slug: string) {
  const project = await makeProject(ledger, slug);
  const run = await openRun(ledger.db, {
    projectId: project.id,
    kind: 'full',
    mappingVersion: 1,
    mappingFingerprint: 'f',
  });
  const runId = run?.id ?? 0;
  const writer = createProjectLedger(ledger.db, {
    projectId: project.id,
    targetStore: project.targetStore,
    runId,
    leaseMs: 60_000,
  });
  return {
    project,
    runId,
    writer,
    status: async () => runStatus(ledger.db, project.id, runId, await queueGroups(ledger.db, project.id)),
  };
}

it('says of a run that has only begun that there is nothing yet', async () => {
  const { status } = await startRun('begun');
  expect(await status()).toEqual({ entities: [], queueDepth: 0, oldestSeconds: null, waits: [] });
});

it('counts each record once, wherever it is between the source and the target', async () => {
  const { runId, writer, status } = await startRun('counted');
  const ids = ['1', '2', '3', '4', '5', '6', '7', '8'];
  await planSlices(ledger.db, runId, [{ entity: 'brand', ordinal: 0, sourceIds: ids, moneyBearing: false, pass: 1 }]);
  await sql`UPDATE slices SET read_count = 7 WHERE run_id = ${runId}`.execute(ledger.db);
  await writer.enqueue(ids.slice(0, 7).map((id) => brand(id)));
  const batch = await writer.claim('worker', { brand: 6 });
  if (batch === null || batch === 'paused') throw new Error('nothing was claimed');
  const [created, unchanged, dead, parked, waiting, held] = batch.claims as [
    (typeof batch.claims)[number],
    (typeof batch.claims)[number],
    (typeof batch.claims)[number],
    (typeof batch.claims)[number],
    (typeof batch.claims)[number],
    (typeof batch.claims)[number],
  ];
  const on = [{ entity: 'brand', sourceId: '9' }] as const;
  await writer.commit([
    { ...settle(created, { to: 'done' }, '71'), account: 'created' },
    { ...settle(unchanged), account: 'unchanged' },
    { ...settle(dead, { to: 'dead', reason: 'no name', remedy: 'give it one' }), account: 'dead letter' },
    settle(parked, { to: 'parked', afterMs: 60_000, reason: 'outcome unknown' }),
    settle(waiting, { to: 'waiting', on, reason: 'waits for a brand' }),
    settle(held, { to: 'held', reason: 'changed at the target', evidence: {} }),
  ]);
  const found = await status();
  expect(found.entities).toEqual([
    {
      entity: 'brand',
      planned: 8,
      read: 7,
      created: 1,
      updated: 0,
      unchanged: 1,
      adjusted: 0,
      ignored: 0,
      deleted: 0,
      failed: 1,
      ready: 1,
      waiting: 2,
      held: 1,
    },
  ]);
  expect(found.queueDepth).toBe(4);
  expect(found.oldestSeconds).toBeGreaterThanOrEqual(0);
  expect(found.waits.map(({ reason, count }) => `${count} ${reason}`).sort()).toEqual([
    '1 changed at the target',
    '1 outcome unknown',
    '1 waits for a brand',
  ]);
});

it('names entities in copy order and takes what comes along with another as planned when it is seen', async () => {
  const { writer, status } = await startRun('ordered');
  const stock = { ...brand('1'), ref: { entity: 'stock', sourceId: '1' } } as const;
  await writer.enqueue([stock, brand('1')]);
  expect((await status()).entities.map(({ entity, planned, read }) => [entity, planned, read])).toEqual([
    ['brand', 1, 1],
    ['stock', 1, 1],
  ]);
});

it('says what requests to either store wait for, and nothing of the stores of others', async () => {
  const { project, status } = await startRun('waiting');
  const other = await startRun('not-waiting');
  await connectSource(ledger, project);
  const governor = createQuotaGovernor({ db: ledger.db, concurrency: 1 });
  const given = new AbortController();
  const ask = (store: string) =>
    governor.acquire({ store, resource: 'default', resourceSlots: 4, timeoutMs: 60_000 }, given.signal);
  const source = `woocommerce:${project.sourceKey}`;
  await ask(project.targetStore);
  await (await ask(source)).release({ busyForMs: 3_600_000 });
  const waiting = [ask(project.targetStore), ask(project.targetStore), ask(source)];
  const settled = Promise.allSettled(waiting);
  await expect
    .poll(async () => (await status()).waits)
    .toEqual([
      { reason: 'concurrency', count: 2 },
      { reason: 'store is busy', count: 1 },
    ]);
  expect((await other.status()).waits).toEqual([]);
  given.abort();
  expect((await settled).map(({ status: outcome }) => outcome)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect.poll(async () => (await status()).waits).toEqual([]);
});
