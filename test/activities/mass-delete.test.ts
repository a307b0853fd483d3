import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyChanges } from '../../src/activities/apply-changes.ts';
import type { RunScope } from '../../src/activities/run-scope.ts';
import type { RecordRef } from '../../src/domain/entity.ts';
import { DEFAULT_MAPPING } from '../../src/domain/mapping.ts';
import { closeIdleDeleteGates, listGates, openDeleteGate, passGate } from '../../src/ledger/gates.ts';
import { getProject, setAttention, setPause } from '../../src/ledger/projects.ts';
import { lookBehindAgain } from '../../src/ledger/queue/behind-held.ts';
import { openRun } from '../../src/ledger/runs.ts';
import { type LedgerUnderTest, makeProject } from '../ledger/ledger-under-test.ts';
import { brand, product, stock, stockPolicy } from '../connectors/bigcommerce/forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

const IDS = Array.from({ length: 25 }, (_, at) => String(at + 1));
const brandsThere = () => bench.store.sandbox.store.brands.size;

it('holds more deletes than the brake allows until a person lets them go', async () => {
  await bench.renew('mass-delete');
  for (const id of IDS) await bench.read('brand', id, brand({ name: `Brand ${id}`, path: null }));
  await bench.drain();
  expect(brandsThere()).toBe(25);

  await bench.gone('brand', IDS);
  const left = await bench.apply();
  expect(brandsThere()).toBe(25);
  expect(new Set(Object.values(left))).toEqual(new Set(['held']));
  const { projectId } = bench.queue;
  const [gate] = await listGates(bench.db, projectId, { after: null, limit: 9 });
  expect(gate).toMatchObject({ gate: 'mass-delete-brand', state: 'open', evidence: { deletes: 25, live: 25 } });

  expect(await passGate(bench.db, projectId, 'mass-delete-product', 'ops')).toBeNull();
  expect(await passGate(bench.db, projectId, 'mass-delete-brand', 'ops')).toBe(25);
  expect(await listGates(bench.db, projectId, { after: null, limit: 9 })).toMatchObject([
    { state: 'passed', passedBy: 'ops' },
  ]);
  expect(await bench.apply()).toEqual({});
  expect(brandsThere()).toBe(0);
});

it('forgets the deletes that it held when the source has the records again', async () => {
  await bench.renew('scare');
  const readAll = async () => {
    for (const id of IDS) await bench.read('brand', id, brand({ name: `Brand ${id}`, path: null }));
  };
  await readAll();
  await bench.drain();
  await bench.gone('brand', IDS);
  expect(new Set(Object.values(await bench.apply()))).toEqual(new Set(['held']));
  const { projectId } = bench.queue;
  const gates = async () => (await listGates(bench.db, projectId, { after: null, limit: 9 })).map(({ state }) => state);
  await closeIdleDeleteGates(bench.db, projectId);
  expect(await gates()).toEqual(['open']);
  await readAll();
  expect(await bench.apply()).toEqual({});
  expect(brandsThere()).toBe(25);
  await closeIdleDeleteGates(bench.db, projectId);
  expect(await gates()).toEqual(['expired']);
});

it('calls a person, and tells the run of the gate, until it is passed', async () => {
  await bench.renew('called');
  for (const id of IDS) await bench.read('brand', id, brand({ name: `Brand ${id}`, path: null }));
  await bench.drain();
  const { projectId, targetStore } = bench.queue;
  const run = await openRun(bench.db, { projectId, kind: 'full', mappingVersion: 1, mappingFingerprint: 'f' });
  const scope = {
    db: bench.db,
    projectId,
    runId: run?.id ?? 0,
    run,
    targetStore,
    source: { entities: [], fetchOne: async (ref: RecordRef) => ({ outcome: 'gone', ref }) },
    target: bench.store.driver.target,
    targetProfile: { clockSkewMs: 0 },
    mapping: DEFAULT_MAPPING,
    settings: {
      leaseMs: 60_000,
      requestTimeoutMs: 2_000,
      settleMs: 0,
      foreignEditsMaxAgeMs: 0,
      longestWaitMs: 60_000,
      concurrency: 4,
    },
    owner: 'one',
    now: () => performance.now(),
    signal: new AbortController().signal,
    heartbeat: () => undefined,
    takeTally: () => ({ sourceRequests: 0, sourceMs: 0, targetRequests: 0, targetMs: 0, retried: 0, refused: 0 }),
  } as unknown as RunScope;
  const box = () => applyChanges(scope, { timeBoxMs: 20_000, pass: 1, last: true });
  const attention = async () => (await getProject(bench.db, 'called'))?.attention;
  expect(await box()).toMatchObject({ outstanding: 0, gate: null });
  expect(await attention()).toBeNull();

  await bench.gone('brand', IDS);
  const held = await box();
  expect(held).toMatchObject({ outstanding: 0, stuck: 25, gate: { gate: 'mass-delete-brand' } });
  expect(await attention()).toBe('gate mass-delete-brand waits for approval');
  await passGate(bench.db, projectId, 'mass-delete-brand', 'ops');
  expect(await box()).toMatchObject({ settled: 25, stuck: 0, gate: null });
  expect(brandsThere()).toBe(0);
});

it('does not talk over what made the project pause', async () => {
  const project = await makeProject({ db: bench.db } as LedgerUnderTest, 'paused-already');
  await setPause(bench.db, project.id, 'credentials rejected');
  await openDeleteGate(bench.db, project.id, null, 'brand', {});
  expect((await getProject(bench.db, 'paused-already'))?.attention).toBeNull();
  await setPause(bench.db, project.id, null);
  await setAttention(bench.db, project.id, 'gate trial waits for approval');
  await openDeleteGate(bench.db, project.id, null, 'brand', {});
  expect((await getProject(bench.db, 'paused-already'))?.attention).toBe('gate trial waits for approval');
});

it('lets a few deletes pass without asking', async () => {
  await bench.renew('few-deletes');
  for (const id of IDS) await bench.read('brand', id, brand({ name: `Brand ${id}`, path: null }));
  await bench.drain();
  await bench.gone('brand', IDS.slice(0, 3));
  expect(await bench.apply()).toEqual({});
  expect(brandsThere()).toBe(22);
  expect(await listGates(bench.db, bench.queue.projectId, { after: null, limit: 9 })).toEqual([]);
});

it('forgets the stock of products that are gone, however many: nothing of it is deleted', async () => {
  await bench.renew('stock-of-the-gone');
  const tracked = stockPolicy({ managed: 'own', status: null });
  for (const id of IDS) {
    await bench.read(
      'product',
      id,
      product({ name: `Tea ${id}`, slug: `tea-${id}`, path: null, sku: `T-${id}`, stock: tracked }),
    );
    const references = [{ entity: 'product' as const, sourceId: id, kind: 'hard' as const, field: 'product' }];
    await bench.read('stock', id, stock({ product: id, quantity: '3' }), { references });
  }
  await bench.drain();
  bench.store.requests();
  await bench.gone('stock', IDS.slice(0, 1));
  expect(await bench.apply()).toEqual({});
  await bench.gone('stock', IDS.slice(1));
  expect(await bench.apply()).toEqual({});
  expect(bench.store.requests()).toEqual([]);
  expect(await listGates(bench.db, bench.queue.projectId, { after: null, limit: 9 })).toEqual([]);
});

const tea = (id: string, brands: readonly string[]) =>
  bench.read('product', id, product({ name: `Tea ${id}`, slug: `tea-${id}`, path: null, sku: `T-${id}`, brands }), {
    references: brands.map((sourceId) => ({ entity: 'brand', sourceId, kind: 'hard', field: 'brands' })),
  });

describe('what refers to a record that goes', () => {
  const BRAND = '100';
  /** Its products are held by the brake, and it is gone as well. */
  async function brandOfHeldProducts(slug: string): Promise<void> {
    await bench.renew(slug);
    await bench.read('brand', BRAND, brand({ name: 'Leaf', path: null }));
    for (const id of IDS) await tea(id, [BRAND]);
    await bench.drain();
    await bench.gone('product', IDS);
    await bench.drain();
    await bench.gone('brand', [BRAND]);
    await bench.drain();
    // Nothing keeps the run open, and nothing is gone.
    expect(await bench.queue.ledger.outstanding()).toMatchObject({ ready: 0, parked: 0, waiting: 0, held: 26 });
    expect([brandsThere(), bench.store.sandbox.store.products.size]).toEqual([1, 25]);
  }

  it('is held by the brake: it waits behind it, and goes when a person lets those go', async () => {
    await brandOfHeldProducts('behind-the-brake');
    expect(await passGate(bench.db, bench.queue.projectId, 'mass-delete-product', 'ops')).toBe(25);
    await lookBehindAgain(bench.db, bench.queue.projectId);
    await bench.drain();
    expect(await bench.apply()).toEqual({});
    expect([brandsThere(), bench.store.sandbox.store.products.size]).toEqual([0, 0]);
  });

  it('comes back without it: it goes', async () => {
    await brandOfHeldProducts('back-without-it');
    for (const id of IDS) await tea(id, []);
    await lookBehindAgain(bench.db, bench.queue.projectId);
    await bench.drain();
    expect(await bench.apply()).toEqual({});
    expect([brandsThere(), bench.store.sandbox.store.products.size]).toEqual([0, 25]);
  });
});
