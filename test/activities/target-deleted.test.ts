import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conflict } from '../../src/ledger/conflicts.ts';
import { brand, product } from '../connectors/bigcommerce/forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';
import { conflictDesk } from './conflict-desk.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

const TEA = { name: 'Leaf', path: null };
const brands = () => bench.store.sandbox.store.brands;
const there = () => [...brands().values()][0];
const { onlyConflict, resolve, history } = conflictDesk(() => bench);
const deleteByHand = (id: number) =>
  fetch(`${bench.store.sandbox.url}/stores/sandbox/v3/catalog/brands/${id}`, {
    method: 'DELETE',
    headers: { 'x-auth-token': 'sandbox-access-token' },
  });
const green = (more: Parameters<typeof product>[0] = {}) => product({ path: null, ...more });

/** A brand that the merchant deleted, and that has another name at the source since. */
async function deleted(slug: string): Promise<Conflict> {
  await bench.renew(slug);
  await bench.read('brand', '3', brand(TEA));
  await bench.drain();
  await deleteByHand(there()?.id ?? 0);
  await bench.read('brand', '3', brand({ ...TEA, name: 'Leaf new' }));
  expect(await bench.apply()).toEqual({ 3: 'held' });
  return onlyConflict();
}

describe('a record that was deleted at the target', () => {
  it('is made anew by the decision `source`', async () => {
    const conflict = await deleted('anew');
    expect(conflict).toMatchObject({ kind: 'target_deleted', fields: [] });
    await resolve(conflict, 'source');
    expect(await bench.apply()).toEqual({});
    expect(there()).toMatchObject({ name: 'Leaf new' });
    expect(String(there()?.id)).not.toBe(conflict.targetId);
    expect((await history()).at(-1)).toMatchObject({ event: 'created', detail: { decided: { decision: 'source' } } });
    await bench.read('brand', '3', brand({ ...TEA, name: 'Leaf two' }));
    await bench.drain();
    expect([...brands().values()].map(({ name }) => name)).toEqual(['Leaf two']);
  });

  it.each(['now', 'never'] as const)('is made anew once when the reply is lost (applied: %s)', async (applied) => {
    await resolve(await deleted(`anew-${applied}`), 'source');
    const fault = { kind: 'drop', applied } as const;
    bench.store.sandbox.controls.faults.add([{ method: 'POST', route: '/brands$', times: 1, fault }]);
    await bench.drain();
    expect(brands().size).toBe(1);
    await bench.read('brand', '3', brand({ ...TEA, name: 'Leaf two' }));
    await bench.drain();
    expect([...brands().values()].map(({ name }) => name)).toEqual(['Leaf two']);
  });

  it.each(['heard', 'lost'] as const)('is made anew with all its parts (its reply is %s)', async (reply) => {
    await bench.renew(`whole-${reply}`);
    const pictures = ['1', '2'].map((key) => ({
      key,
      url: `${bench.store.pictures}/ok/${key}.png`,
      alt: `alt ${key}`,
    }));
    const marks = (id: number) => bench.store.sandbox.store.metafields.of({ resource: 'products', resource_id: id });
    await bench.read('product', '7', green({ images: pictures }));
    await bench.drain();
    const former = bench.store.product();
    const meant = marks(former.id).map(({ key, value }) => [key, value]);
    expect(meant.length).toBeGreaterThan(0);
    await bench.store.merchant({ delete: former.id });
    await bench.read('product', '7', green({ images: pictures, name: 'Sencha' }));
    expect(await bench.apply()).toEqual({ 7: 'held' });
    await resolve(await onlyConflict(), 'source');
    const fault = { kind: 'drop', applied: 'now' } as const;
    if (reply === 'lost')
      bench.store.sandbox.controls.faults.add([{ method: 'POST', route: '/products$', times: 1, fault }]);
    await bench.drain();
    const anew = bench.store.product();
    expect(anew.id).not.toBe(former.id);
    expect(anew).toMatchObject({ name: 'Sencha', sku: 'TEA-1' });
    expect(anew.images.map(({ description }) => description)).toEqual(['alt 1', 'alt 2']);
    expect(marks(anew.id).map(({ key, value }) => [key, value])).toEqual(meant);
    bench.store.requests();
    await bench.read('product', '7', green({ images: pictures, name: 'Sencha' }), { reason: 'resync' });
    await bench.drain();
    expect(bench.store.requests().filter((request) => !request.startsWith('GET'))).toEqual([]);
  });

  it('stays deleted by the decision `target`, and so do its later changes', async () => {
    await resolve(await deleted('stays'), 'target');
    expect(await bench.apply()).toEqual({});
    await bench.read('brand', '3', brand({ ...TEA, name: 'Leaf two' }));
    expect(await bench.apply()).toEqual({});
    expect(brands().size).toBe(0);
    expect((await history()).map(({ event }) => event)).toEqual(['created', 'kept by decision', 'kept by decision']);
    // Gone at the source and made there again: another record.
    await bench.gone('brand', ['3']);
    await bench.apply();
    await bench.read('brand', '3', brand(TEA));
    await bench.drain();
    expect(brands().size).toBe(1);
  });
});
