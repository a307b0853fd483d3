import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planSlices } from '../../src/activities/plan-slices.ts';
import type { RunScope } from '../../src/activities/run-scope.ts';
import type { ScannedKeys } from '../../src/connectors/source.ts';
import type { RunKind } from '../../src/domain/phases.ts';
import { DEFAULT_RUN_OPTIONS, type RunOptions } from '../../src/domain/run-options.ts';
import { askedSweeps, askForSweeps, noteSweep } from '../../src/ledger/records/sweeps.ts';
import { openRun } from '../../src/ledger/runs.ts';
import { plannedSoFar, planSlices as storeSlices } from '../../src/ledger/slices.ts';
import { startCapture } from '../../src/ledger/watermarks.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from '../ledger/ledger-under-test.ts';
import { chunks } from '../../src/domain/chunks.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const SLICE = { entity: 'order', moneyBearing: true, pass: 1 } as const;
const keys = (sourceId: string, busy: boolean): ScannedKeys => ({
  sourceId,
  name: '',
  sku: '',
  slug: '',
  parent: null,
  modifiedAt: null,
  busy,
  children: [],
});

/** A run over orders that the source lists ten a page; every third is still worked with. */
async function runOver(slug: string, count: number, options: Partial<RunOptions> = {}, kind: RunKind = 'full') {
  const { id: projectId, targetStore } = await makeProject(ledger, slug);
  const run = await openRun(ledger.db, { projectId, kind, mappingVersion: 1, mappingFingerprint: 'f' });
  const runId = run?.id ?? 0;
  const shop = {
    orders: Array.from({ length: count }, (_, at) => keys(String(at + 1), at % 3 === 0)),
    failsAt: Infinity,
  };
  const scope = {
    db: ledger.db,
    projectId,
    runId,
    targetStore,
    run: { kind, options: { ...DEFAULT_RUN_OPTIONS, ...options } },
    scannedEntities: ['order'],
    settings: { concurrency: 2 },
    sourceProfile: { clockSkewMs: 0 },
    source: {
      storeKey: 'k',
      async *scan() {
        for (const page of chunks(shop.orders, 10)) {
          if (Number(page[0]?.sourceId) > shop.failsAt) throw new Error('the worker died here');
          yield page;
        }
      },
    },
    target: { entities: [], entity: () => ({}) },
    mapping: {},
    heartbeat: () => undefined,
  } as unknown as RunScope;
  const slices = async () => {
    const { rows } = await sql<{ pass: number; ids: string[] }>`
      SELECT pass, source_ids AS ids FROM slices WHERE run_id = ${runId} ORDER BY ordinal`.execute(ledger.db);
    return rows.map(({ pass, ids }) => `${pass}: ${ids.join(' ')}`);
  };
  return { scope, shop, runId, slices, plan: () => planSlices(scope) };
}

it('takes what nobody works with any more first, the oldest of it in the trial', async () => {
  const { plan, slices } = await runOver('quiet-first', 12, { passes: [2, 4] });
  expect(await plan()).toEqual({ slices: 3, records: 12, passes: 3 });
  expect(await slices()).toEqual(['1: 2 3', '2: 5 6 8 9', '3: 11 12 1 4 7 10']);
});

it('goes on after an attempt that died with what is not planned yet, each id once', async () => {
  const { plan, slices, shop, runId } = await runOver('died', 40, { passes: [5, 6] });
  shop.failsAt = 20;
  await expect(plan()).rejects.toThrow('died');
  // Those that are still worked with come last, so they are not planned yet although later ids are.
  expect((await plannedSoFar(ledger.db, runId, 'order')).ids.has('1')).toBe(false);
  expect(await slices()).toEqual(['1: 2 3 5 6 8', '2: 9 11 12 14 15 17']);
  shop.failsAt = Infinity;
  // Meanwhile one was completed, and one is worked with again.
  shop.orders = shop.orders.map((one) =>
    ['1', '2'].includes(one.sourceId) ? keys(one.sourceId, one.busy !== true) : one,
  );
  expect(await plan()).toMatchObject({ slices: 3, records: 40 });
  const planned = (await slices()).flatMap((line) => line.split(': ')[1]?.split(' ') ?? []);
  expect(planned.toSorted((a, b) => Number(a) - Number(b))).toEqual(shop.orders.map(({ sourceId }) => sourceId));
  expect(await plan()).toMatchObject({ slices: 3, records: 40 });
});

it('loses no id to an attempt that was given up and plans all the same', async () => {
  const { plan, scope, runId, slices } = await runOver('given-up', 4, { passes: [2] });
  const scan = scope.source.scan.bind(scope.source);
  let first = true;
  scope.source.scan = async function* (...asked) {
    if (first) await storeSlices(ledger.db, runId, [{ ...SLICE, ordinal: 0, sourceIds: ['1', '4'] }]);
    first = false;
    yield* scan(...asked);
  };
  await expect(plan()).rejects.toThrow('slice 0 of order was planned by another attempt meanwhile');
  await plan();
  expect(await slices()).toEqual(['1: 1 4', '2: 2 3']);
});

it('takes the newest of a demo, whoever works with them', async () => {
  const { plan, slices } = await runOver('newest', 25, { perEntity: 4 }, 'demo');
  await plan();
  await plan();
  expect(await slices()).toEqual(['1: 22 23 24 25']);
});

it('reads what somebody asked for as a whole in a recent run, once, also where the source lists it by change', async () => {
  const { scope, plan, runId } = await runOver('asked', 3, {}, 'recent');
  const listed = async () => {
    const { rows } = await sql<{ state: string; ids: string[] }>`
      SELECT state, source_ids AS ids FROM slices WHERE run_id = ${runId} ORDER BY ordinal`.execute(ledger.db);
    return rows.map(({ state, ids }) => `${state}: ${ids.join(' ')}`);
  };
  Object.assign(scope, { options: { sweepHours: 24 } });
  Object.assign(scope.source, { entities: [{ entity: 'order', modifiedFilter: true }] });
  await startCapture(ledger.db, scope.projectId, 'order', '2026-11-20T00:00:00Z');
  await noteSweep(ledger.db, scope.projectId, 'order');
  await plan();
  expect(await listed()).toEqual([]);

  expect(await askForSweeps(ledger.db, scope.projectId, ['order', 'product'])).toEqual(['order']);
  await plan();
  expect(await listed()).toEqual(['planned: 2 3 1']);
  expect([...(await askedSweeps(ledger.db, scope.projectId))]).toEqual([]);
  await plan();
  expect(await listed()).toHaveLength(1);
});

it('keeps a wish that comes while another is being met', async () => {
  const { scope, plan } = await runOver('asked-twice', 3, {}, 'recent');
  Object.assign(scope, { options: { sweepHours: 24 } });
  Object.assign(scope.source, { entities: [] });
  await startCapture(ledger.db, scope.projectId, 'order', '2026-11-20T00:00:00Z');
  await askForSweeps(ledger.db, scope.projectId, ['order']);
  const scan = scope.source.scan.bind(scope.source);
  scope.source.scan = async function* (...asked) {
    await askForSweeps(ledger.db, scope.projectId, ['order']);
    yield* scan(...asked);
  };
  await plan();
  expect([...(await askedSweeps(ledger.db, scope.projectId)).keys()]).toEqual(['order']);
});
