import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { WriteItem } from '../../../src/connectors/target.ts';
import { attribute, category, product, stock, stockPolicy } from './forms.ts';
import { openStore, type SandboxStore } from './sandbox-store.ts';
import { call } from '../../contract/target-driver.ts';

/** The ways of this store that no contract knows: partial replies, limits, long lists, levels. */

let store: SandboxStore;
beforeAll(async () => {
  store = await openStore({ quota: 10_000 });
});
afterAll(() => store.close());
beforeEach(async () => {
  store.sandbox.controls.faults.remove();
  await store.renew();
  store.requests();
});

const create = (item: WriteItem) =>
  store.driver.target.entity(item.ref.entity as 'product').write('core', [item], call);

test('a product that was saved without its address is saved, and says what is open', async () => {
  const item = await store.driver.createItem('product', '7', product());
  const body = {
    data: { id: 5, name: 'Green tea', sku: 'TEA-1' },
    errors: { custom_url: 'The url could not be saved' },
  };
  store.fail('/v3/catalog/products', { kind: 'status', code: 207, when: 'after', body });
  expect(await create(item)).toMatchObject([
    { outcome: 'written', targetId: '5', unsettled: [{ part: 'core', reason: expect.stringContaining('url') }] },
  ]);
});

test('a reply that leaves out what was bundled is filled up by a read', async () => {
  const fields = product({ attributes: [attribute('Origin', ['Japan'], { forVariants: false })] });
  const id = store.sandbox.store.nextId() + 1;
  const body = { data: { id, name: 'Green tea', sku: 'TEA-1' } };
  store.fail('/v3/catalog/products', { kind: 'status', code: 200, when: 'after', body });
  expect(await create(await store.driver.createItem('product', '7', fields))).toMatchObject([
    {
      outcome: 'written',
      bases: { custom_fields: [{ name: 'Origin', value: 'Japan' }] },
      children: expect.arrayContaining([expect.objectContaining({ kind: 'custom_field' })]),
    },
  ]);
});

test('a platform limit is no missing permission and no fault of the record', async () => {
  store.fail('/v3/catalog/brands', {
    kind: 'status',
    code: 403,
    body: { status: 403, title: 'You have reached the limit of 30,000 brands' },
  });
  const item = await store.driver.createItem('brand', '7', {
    name: 'Leaf',
    slug: '',
    path: null,
    description: '',
    image: null,
    meta: [],
  });
  await expect(store.driver.target.entity('brand').write('core', [item], call)).rejects.toMatchObject({
    kind: 'limit-reached',
  });
});

test('a plain 403 is a missing permission', async () => {
  store.fail('/v3/catalog/products', {
    kind: 'status',
    code: 403,
    body: { status: 403, title: 'You do not have the scope' },
  });
  await expect(create(await store.driver.createItem('product', '7', product()))).rejects.toMatchObject({
    kind: 'permission-missing',
  });
});

test('a truncated reply to a create is uncertain: it may have been made', async () => {
  store.fail('/v3/catalog/products', { kind: 'truncate' });
  expect(await create(await store.driver.createItem('product', '7', product()))).toMatchObject([
    { outcome: 'uncertain' },
  ]);
});

test('siblings go ten at a time, each parent on its own', async () => {
  const row = store.driver.target.entity('category');
  expect(await store.driver.bring('category', '1', category({ path: null }))).toBeNull();
  const items = await Promise.all([
    store.driver.createItem('category', '2', category({ name: 'A', path: null })),
    store.driver.createItem('category', '3', category({ name: 'B', path: null })),
    store.driver.createItem('category', '4', category({ name: 'A', path: null, parent: '1' })),
  ]);
  store.requests();
  const outcomes = await row.write('core', items, call);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['written', 'written', 'written']);
  expect(store.requests()).toHaveLength(2);
  const below = outcomes.find(({ id }) => id === '4');
  expect(below).toMatchObject({
    children: [
      { kind: 'level', sourceId: '1' },
      { kind: 'level', sourceId: '2' },
    ],
  });
});

test('a category that moves takes its place with it', async () => {
  expect(await store.driver.bring('category', '1', category({ path: null }))).toBeNull();
  expect(await store.driver.bring('category', '2', category({ name: 'Sub', path: null }))).toBeNull();
  expect(await store.driver.bring('category', '2', category({ name: 'Sub', path: null, parent: '1' }))).toBeNull();
  const parent = store.driver.heldOf({ entity: 'category', sourceId: '1' }).targetId;
  const child = store.driver.heldOf({ entity: 'category', sourceId: '2' });
  expect(store.sandbox.store.categories.get(Number(child.targetId))?.parent_id).toBe(Number(parent));
  expect(child.children.filter(({ kind }) => kind === 'level').map(({ targetId }) => targetId)).toEqual([
    parent,
    child.targetId,
  ]);
});

test('a list of more than a page is read to its end', async () => {
  const many = Array.from({ length: 260 }, (_, index) => index);
  await Promise.all(
    many.map((index) =>
      fetch(`${store.sandbox.url}/stores/sandbox/v3/catalog/brands`, {
        method: 'POST',
        headers: { 'x-auth-token': 'sandbox-access-token', 'content-type': 'application/json' },
        body: JSON.stringify({ name: `Brand ${index}` }),
      }),
    ),
  );
  const row = store.driver.target.entity('brand');
  expect(await row.changedSince('2000-01-01T00:00:00.000Z', call)).toHaveLength(260);
  const first = await row.scanExisting(null, call);
  expect(first.records).toHaveLength(250);
  const second = await row.scanExisting(first.next, call);
  expect(second).toMatchObject({ next: null });
  expect(second.records).toHaveLength(10);
});

test('an empty store is scanned in one request for each entity', async () => {
  for (const entity of ['category', 'brand', 'product'] as const) {
    store.requests();
    expect(await store.driver.target.entity(entity).scanExisting(null, call)).toEqual({ records: [], next: null });
    expect(store.requests()).toHaveLength(1);
  }
});

test('levels of many products go in one request', async () => {
  const row = store.driver.target.entity('stock');
  const items: WriteItem[] = [];
  for (let id = 1; id <= 5; id++) {
    const sourceId = String(id);
    const own = stockPolicy({ managed: 'own', status: null });
    const tea = product({ name: `Tea ${id}`, sku: `T-${id}`, path: null, stock: own });
    await store.driver.send('product', 'core', await store.driver.createItem('product', sourceId, tea));
    const parts = await store.driver.parts('stock', sourceId, stock({ product: sourceId, quantity: sourceId }));
    items.push(store.driver.updateItem(row, { entity: 'stock', sourceId }, 'core', parts.get('core') ?? null));
  }
  store.requests();
  const outcomes = await row.write('core', items, call);
  expect(outcomes.every(({ outcome }) => outcome === 'written')).toBe(true);
  expect(store.requests()).toEqual(['PUT /v:n/inventory/adjustments/absolute']);
  const levels = () => [...store.sandbox.store.products.values()].map((each) => each.inventory_level);
  await expect.poll(levels).toEqual([1, 2, 3, 4, 5]);
});

test('one level that is refused is the offender, the others are innocent', async () => {
  const row = store.driver.target.entity('stock');
  const own = stockPolicy({ managed: 'own', status: null });
  await store.driver.send('product', 'core', await store.driver.createItem('product', '1', product({ stock: own })));
  store.driver.heldOf({ entity: 'product', sourceId: '2' }).targetId = '424242';
  const items = await Promise.all(
    ['1', '2'].map(async (sourceId) => {
      const parts = await store.driver.parts('stock', sourceId, stock({ product: sourceId }));
      return store.driver.updateItem(row, { entity: 'stock', sourceId }, 'core', parts.get('core') ?? null);
    }),
  );
  const outcomes = await row.write('core', items, call);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['batch-failed', 'rejected']);
});

test('a SKU with a comma is looked for alone', async () => {
  const odd = product({ sku: 'a,b' });
  expect(await store.driver.bring('product', '7', odd)).toBeNull();
  const row = store.driver.target.entity('product');
  expect(await row.lookUp([await store.driver.createItem('product', '7', odd)], call)).toMatchObject([
    { agrees: true },
  ]);
});

test('whoever holds a SKU as a variant is found', async () => {
  const body = {
    name: 'Theirs',
    type: 'physical',
    weight: 0,
    price: 1,
    variants: [{ sku: 'TEA-1', option_values: [{ option_display_name: 'Size', label: 'S' }] }],
  };
  const made = await fetch(`${store.sandbox.url}/stores/sandbox/v3/catalog/products`, {
    method: 'POST',
    headers: { 'x-auth-token': 'sandbox-access-token', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { data } = (await made.json()) as { data: { id: number } };
  const item = await store.driver.createItem('product', '7', product());
  expect(await create(item)).toMatchObject([{ outcome: 'duplicate', kind: 'sku' }]);
  const hits = await store.driver.target.entity('product').lookUp([item], call);
  expect(hits).toMatchObject([{ agrees: false, state: { targetId: String(data.id) } }]);
});
