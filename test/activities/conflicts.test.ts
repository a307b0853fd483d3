import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mapping } from '../../src/domain/mapping.ts';
import { type Conflict, decideOverdue, getConflict, resolveConflicts } from '../../src/ledger/conflicts.ts';
import { listDecisions } from '../../src/ledger/decisions.ts';
import { changeOptions } from '../../src/ledger/project-options.ts';
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
const { conflicts, onlyConflict, resolve, history } = conflictDesk(() => bench);

/** The merchant works by hand: on the only product, as in the control panel. */
async function edit(fields: { name?: string; description?: string; price?: number }): Promise<void> {
  const row = bench.store.product();
  await bench.store.merchant({ id: row.id, product: fields });
}

const green = (more: Parameters<typeof product>[0] = {}) => product({ path: null, ...more });

/** A product that the merchant renamed, and whose name changed at the source since. */
async function edited(slug: string, mapping: Partial<Mapping> = {}): Promise<Conflict> {
  await bench.renew(slug, mapping);
  await bench.read('product', '7', green());
  await bench.drain();
  await edit({ name: 'Merchant tea' });
  await bench.read('product', '7', green({ name: 'Sencha', featured: true }));
  expect(await bench.apply()).toEqual({ 7: 'held' });
  return onlyConflict();
}

describe('a field that the merchant edited', () => {
  it('is shown with what we left, what we mean and what is there, and nothing else', async () => {
    const conflict = await edited('shown');
    expect(conflict).toMatchObject({
      kind: 'edited',
      entity: 'product',
      sourceId: '7',
      targetId: String(bench.store.product().id),
      deadline: null,
      default: 'none',
      sourceChanged: false,
      fields: [{ field: 'name', base: 'Green tea', source: 'Sencha', target: 'Merchant tea' }],
    });
  });

  it('is overwritten by the decision `source`, with what was there in the history', async () => {
    expect(await resolve(await edited('source'), 'source')).toBe('resolved');
    expect(await bench.apply()).toEqual({});
    expect(bench.store.product()).toMatchObject({ name: 'Sencha', is_featured: true });
    expect((await history()).at(-1)).toMatchObject({
      event: 'updated',
      detail: {
        decided: { kind: 'edited', decision: 'source', by: 'ops' },
        overwrote: { core: { target: { name: 'Merchant tea' } } },
      },
    });
    expect(await listDecisions(bench.db, bench.queue.projectId, { before: null, limit: 9 })).toMatchObject([
      { decidedBy: 'ops', what: 'conflict resolved', detail: { kind: 'edited', decision: 'source', sourceId: '7' } },
    ]);
  });

  it('stays by the decision `target`, and the other fields follow the source', async () => {
    expect(await resolve(await edited('target'), 'target')).toBe('resolved');
    expect(await bench.apply()).toEqual({});
    expect(bench.store.product()).toMatchObject({ name: 'Merchant tea', is_featured: true });
  });

  it('stays until the source changes that very field', async () => {
    await resolve(await edited('until'), 'target');
    await bench.apply();
    await bench.read('product', '7', green({ name: 'Sencha', featured: false }));
    await bench.drain();
    expect(bench.store.product()).toMatchObject({ name: 'Merchant tea', is_featured: false });
    await bench.read('product', '7', green({ name: 'Gyokuro' }));
    await bench.drain();
    expect(bench.store.product().name).toBe('Gyokuro');
    expect(await conflicts()).toEqual([]);
  });
});

describe('a decision', () => {
  it('is taken once: the second is refused with what was decided', async () => {
    const conflict = await edited('twice');
    expect(await resolve(conflict, 'source')).toBe('resolved');
    expect(await resolve(conflict, 'target')).toMatchObject({
      movedOn: { conflict: null, state: 'ready', decided: { decision: 'source', by: 'ops' } },
    });
    await bench.apply();
    expect(bench.store.product().name).toBe('Sencha');
    expect(await resolve(conflict, 'target')).toBe('unknown');
  });

  it('is refused when the record has changed since it was shown', async () => {
    const conflict = await edited('moved-on');
    await bench.read('product', '7', green({ name: 'Gyokuro' }));
    expect(await resolve(conflict, 'target')).toMatchObject({ movedOn: { conflict: { sourceChanged: true } } });
    expect(await resolve(await onlyConflict(), 'source')).toBe('resolved');
    await bench.apply();
    expect(bench.store.product().name).toBe('Gyokuro');
  });

  it('is refused when the merchant was seen to edit again, and shows the newer edit', async () => {
    const conflict = await edited('edited-again');
    await edit({ name: 'Merchant tea 2' });
    // Another product of the same store brings a look at what others changed.
    await bench.read('product', '8', green({ name: 'Oolong', sku: 'OO-1' }));
    await bench.apply();
    await bench.read('product', '8', green({ name: 'Oolong 2', sku: 'OO-1' }));
    await bench.apply();
    expect(await resolve(conflict, 'source')).toMatchObject({
      movedOn: { conflict: { fields: [{ field: 'name', target: 'Merchant tea 2' }] } },
    });
  });

  it.each(['source', 'target'] as const)('for %s is not applied to an edit that nobody was shown', async (decision) => {
    const conflict = await edited(`unseen-${decision}`);
    expect(await resolve(conflict, decision)).toBe('resolved');
    await edit({ name: 'Merchant tea 2' });
    expect(await bench.apply()).toEqual({ 7: 'held' });
    expect(bench.store.product().name).toBe('Merchant tea 2');
    const again = await onlyConflict();
    expect(again.fields).toMatchObject([{ field: 'name', target: 'Merchant tea 2' }]);
    expect(again.version).not.toBe(conflict.version);
  });

  it('for `target` does not swallow what the source changed after it', async () => {
    await resolve(await edited('swallow'), 'target');
    await bench.read('product', '7', green({ name: 'Gyokuro', featured: true }));
    expect(await bench.apply()).toEqual({ 7: 'held' });
    expect((await onlyConflict()).fields).toMatchObject([{ source: 'Gyokuro', target: 'Merchant tea' }]);
  });

  it('outlives a read that comes between', async () => {
    await resolve(await edited('hinted'), 'source');
    const after = await bench.queue.ledger.readNumber();
    const ref = { entity: 'product', sourceId: '7' } as const;
    await bench.queue.ledger.enqueue([{ kind: 'fetch', ref, reason: 'hint', after }]);
    expect(await bench.apply()).toEqual({});
    expect(bench.store.product().name).toBe('Sencha');
  });

  it('outlives a worker that dies after its claim, and is refused while the change is leased', async () => {
    const conflict = await edited('leased');
    await resolve(conflict, 'source');
    await bench.queue.ledger.claim('dies', { product: 5 });
    expect(await resolve(conflict, 'target')).toMatchObject({ movedOn: { state: 'leased' } });
    await bench.queue.lapse();
    expect(await bench.apply()).toEqual({});
    expect(bench.store.product().name).toBe('Sencha');
  });

  it('is carried out once when the reply to its write is lost', async () => {
    await resolve(await edited('lost-reply'), 'source');
    const fault = { kind: 'drop', applied: 'now' } as const;
    bench.store.sandbox.controls.faults.add([{ method: 'PUT', route: '/products', times: 1, fault }]);
    await bench.drain();
    expect(bench.store.product().name).toBe('Sencha');
    expect(await conflicts()).toEqual([]);
  });

  it('lets a record that is gone at the source go, or stay, at the target', async () => {
    for (const decision of ['source', 'target'] as const) {
      await bench.renew(`gone-${decision}`);
      await bench.read('product', '7', green());
      await bench.drain();
      await edit({ name: 'Merchant tea' });
      await bench.gone('product', ['7']);
      expect(await bench.apply()).toEqual({ 7: 'held' });
      const conflict = await onlyConflict();
      expect(conflict.change).toBe('delete');
      await resolve(conflict, decision);
      expect(await bench.apply()).toEqual({});
      expect(bench.store.sandbox.store.products.size).toBe(decision === 'source' ? 0 : 1);
    }
  });
});

const names = () => [...bench.store.sandbox.store.products.values()].map(({ name, sku }) => [name, sku]);

describe('a key that another record of the target has', () => {
  const own = { name: 'Merchant own', sku: 'TEA-1', price: 1.23, type: 'physical', weight: 0 };
  async function collision(slug: string): Promise<Conflict> {
    await bench.renew(slug);
    await bench.store.merchant({ product: own });
    const targetId = String(bench.store.product().id);
    await bench.queue.ledger.noteForeignKeys([{ entity: 'product', targetId, kind: 'sku', scope: '', value: 'TEA-1' }]);
    await bench.read('product', '7', product());
    expect(await bench.apply()).toEqual({ 7: 'held' });
    return onlyConflict();
  }

  it('is adopted by the decision `target`', async () => {
    const conflict = await collision('adopt');
    expect(conflict).toMatchObject({ kind: 'collision', collision: { kind: 'sku', value: 'TEA-1' } });
    await resolve(conflict, 'target');
    await bench.drain();
    expect(names()).toEqual([['Green tea', 'TEA-1']]);
  });

  it('is ours by the decision `target` when its record is gone by then', async () => {
    const conflict = await collision('adopt-gone');
    await bench.store.merchant({ delete: bench.store.product().id });
    await resolve(conflict, 'target');
    await bench.drain();
    expect(names()).toEqual([['Green tea', 'TEA-1']]);
  });

  it('is left alone by the decision `source`: ours takes another', async () => {
    await resolve(await collision('adjust'), 'source');
    await bench.drain();
    expect(names()).toHaveLength(2);
    expect(names()).toContainEqual(['Merchant own', 'TEA-1']);
  });

  it('is asked about again when the record comes again without a decision', async () => {
    await collision('asked-again');
    await bench.read('product', '7', product({ featured: true }), { reason: 'resync' });
    expect(await bench.apply()).toEqual({ 7: 'held' });
    expect(names()).toHaveLength(1);
  });

  it('cannot be adopted from nobody', async () => {
    const { id } = await collision('nobody');
    await sql`UPDATE changes SET evidence = '{"kind": "sku", "message": "taken"}' WHERE id = ${id}`.execute(bench.db);
    expect(await resolve(await onlyConflict(), 'target')).toBe('nothing-to-adopt');
    const all = { kind: 'collision', entity: null, decision: 'target', by: 'ops' } as const;
    expect(await resolveConflicts(bench.db, bench.queue.projectId, all)).toBe(0);
    expect(await resolve(await onlyConflict(), 'source')).toBe('resolved');
  });
});

/** As if so many hours had passed since they were held. */
const overdue = (hours: number) =>
  sql`UPDATE changes SET held_at = held_at - ${hours} * interval '1 hour' WHERE project_id = ${bench.queue.projectId}`.execute(
    bench.db,
  );

describe('many at once', () => {
  const IDS = ['1', '2', '3'];
  async function heldBrands(slug: string): Promise<void> {
    await bench.renew(slug);
    for (const id of IDS) await bench.read('brand', id, brand({ ...TEA, name: `Brand ${id}` }));
    await bench.drain();
    for (const row of brands().values()) row.meta_description = 'by hand';
    for (const id of IDS) await bench.read('brand', id, brand({ ...TEA, name: `New ${id}` }));
    expect(await bench.apply()).toEqual({ 1: 'held', 2: 'held', 3: 'held' });
  }

  it('are decided by their kind and entity, and nothing else is', async () => {
    await heldBrands('all');
    const { projectId } = bench.queue;
    const given = { decision: 'source', by: 'ops' } as const;
    expect(await resolveConflicts(bench.db, projectId, { ...given, kind: 'edited', entity: 'product' })).toBe(0);
    expect(await resolveConflicts(bench.db, projectId, { ...given, kind: 'collision', entity: null })).toBe(0);
    expect(await resolveConflicts(bench.db, projectId, { ...given, kind: 'edited', entity: 'brand' })).toBe(3);
    expect(await resolveConflicts(bench.db, projectId, { ...given, kind: 'edited', entity: 'brand' })).toBe(0);
    expect(await bench.apply()).toEqual({});
    expect([...brands().values()].map(({ name }) => name)).toEqual(['New 1', 'New 2', 'New 3']);
    expect(await listDecisions(bench.db, projectId, { before: null, limit: 9 })).toMatchObject([
      { decidedBy: 'ops', detail: { kind: 'edited', entity: 'brand', count: 3, samples: IDS } },
    ]);
  });

  it('are decided by the default after their deadline, in the name of the rule', async () => {
    await heldBrands('overdue');
    const { projectId } = bench.queue;
    await overdue(3);
    expect(await decideOverdue(bench.db, projectId)).toBe(0);
    await changeOptions(bench.db, projectId, { conflicts: { deadlineHours: 4, default: 'target' } });
    expect(await decideOverdue(bench.db, projectId)).toBe(0);
    const [first] = await conflicts();
    expect(Date.parse(first?.deadline ?? '') - Date.parse(first?.since ?? '')).toBe(4 * 3_600_000);
    await overdue(2);
    expect(await decideOverdue(bench.db, projectId)).toBe(3);
    expect(await getConflict(bench.db, projectId, first?.id ?? 0)).toMatchObject({
      state: 'ready',
      decided: { decision: 'target', by: 'rule conflicts.default' },
    });
    await bench.apply();
    expect([...brands().values()].map(({ name, meta_description: text }) => [name, text])).toEqual([
      ['New 1', 'by hand'],
      ['New 2', 'by hand'],
      ['New 3', 'by hand'],
    ]);
  });
});
