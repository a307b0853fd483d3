import { afterAll, beforeAll, expect, it } from 'vitest';
import { listGates, passGate } from '../../src/ledger/gates.ts';
import { brand } from '../connectors/bigcommerce/forms.ts';
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

it('lets a few deletes pass without asking', async () => {
  await bench.renew('few-deletes');
  for (const id of IDS) await bench.read('brand', id, brand({ name: `Brand ${id}`, path: null }));
  await bench.drain();
  await bench.gone('brand', IDS.slice(0, 3));
  expect(await bench.apply()).toEqual({});
  expect(brandsThere()).toBe(22);
  expect(await listGates(bench.db, bench.queue.projectId, { after: null, limit: 9 })).toEqual([]);
});
