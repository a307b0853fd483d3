import { describe, expect, it, vi } from 'vitest';
import { openStore, product } from './store.ts';

const PRODUCTS = '/v3/catalog/products';
const TREE = '/v3/catalog/trees/categories';

describe('products', () => {
  it('are made with everything in one request, answered with 200 and ids', async () => {
    const store = await openStore();
    const sizes = ['S', 'M'].map((label) => ({
      sku: `TEE-${label}`,
      option_values: [{ option_display_name: 'Size', label }],
    }));
    const { status, body } = await store.post(PRODUCTS, product('Tee', { sku: 'TEE', variants: sizes }));
    expect(status).toBe(200);
    expect(body.data.variants.map(({ sku }: { sku: string }) => sku)).toEqual(['TEE-S', 'TEE-M']);
    expect(body.data.options).toMatchObject([{ display_name: 'Size' }]);
  });

  it.each([
    ['name', { sku: 'B' }, 'tee'],
    ['sku', { sku: 'tee-1' }, 'Other'],
    ['url', { custom_url: { url: '/tee/', is_customized: true } }, 'Other'],
  ])('are unique by %s, without regard to case: 409', async (field, more, name) => {
    const store = await openStore();
    const first = product('Tee', { sku: 'TEE-1', custom_url: { url: '/tee/', is_customized: true } });
    await store.post(PRODUCTS, first);
    const refused = await store.post(PRODUCTS, product(name, more));
    expect(refused.status).toBe(409);
    expect(refused.body.errors).toHaveProperty(field);
    expect(store.store.products.size).toBe(1);
  });

  it.each([
    [{}, 422],
    [product('', {}), 422],
    [product('x'.repeat(251)), 422],
    [product('A', { price: -1 }), 422],
    [product('A', { is_price_hidden: true }), 422],
    [product('A', { categories: [999] }), 409],
    [product('A', { brand_id: 999 }), 409],
  ])('%j is refused', async (body, status) => {
    const store = await openStore();
    expect((await store.post(PRODUCTS, body)).status).toBe(status);
    expect(store.store.products.size).toBe(0);
  });

  it('are updated ten at a time, all or none', async () => {
    const store = await openStore();
    const { body } = await store.post(PRODUCTS, product('A'));
    const unknown = await store.put(PRODUCTS, [
      { id: body.data.id, price: 2 },
      { id: 999, price: 3 },
    ]);
    expect(unknown.status).toBe(422);
    expect((await store.get(`${PRODUCTS}/${body.data.id}`)).body.data.price).toBe(9.95);
    expect(
      (
        await store.put(
          PRODUCTS,
          Array.from({ length: 11 }, () => ({ id: 1 })),
        )
      ).status,
    ).toBe(413);
  });

  it('are listed in pages with an envelope, at most ten with options', async () => {
    const store = await openStore();
    for (let at = 1; at <= 12; at += 1) await store.post(PRODUCTS, product(`P${at}`));
    const { body } = await store.get(`${PRODUCTS}?limit=5&page=2`);
    expect(body.meta.pagination).toMatchObject({ total: 12, count: 5, per_page: 5, current_page: 2, total_pages: 3 });
    expect(Object.keys(body.meta.pagination.links)).toEqual(['previous', 'current', 'next']);
    expect((await store.get(`${PRODUCTS}?include=options&limit=50`)).body.data).toHaveLength(10);
    expect((await store.get(`${PRODUCTS}?limit=251`)).status).toBe(422);
  });

  it('that changed since are found to the second, the bound included; a date alone gets the present time', async () => {
    const store = await openStore();
    store.controls.clock.freeze(Date.parse('2026-01-15T12:00:00Z'));
    await store.post(PRODUCTS, product('Early'));
    store.controls.clock.freeze(Date.parse('2026-01-15T13:00:00Z'));
    await store.post(PRODUCTS, product('Late'));
    const names = async (bound: string) =>
      (await store.get(`${PRODUCTS}?date_modified:min=${encodeURIComponent(bound)}`)).body.data.map(
        ({ name }: { name: string }) => name,
      );
    expect(await names('2026-01-15T12:00:00Z')).toEqual(['Early', 'Late']);
    expect(await names('2026-01-15T12:00:01Z')).toEqual(['Late']);
    expect(await names('2026-01-15')).toEqual(['Late']);
  });
});

describe('categories and brands', () => {
  it('of one name beside each other are refused one by one: 207 tells which', async () => {
    const store = await openStore();
    await store.post(TREE, [{ name: 'Teas', tree_id: 1, parent_id: 0 }]);
    const { status, body } = await store.post(TREE, [
      { name: 'teas', tree_id: 1, parent_id: 0 },
      { name: 'Cups', tree_id: 1, parent_id: 0 },
    ]);
    expect(status).toBe(207);
    expect(body.meta).toMatchObject({ total: 2, success: 1, failed: 1 });
    expect([...store.store.categories.values()].map(({ name }) => name)).toEqual(['Teas', 'Cups']);
  });

  it('of brands are unique by name', async () => {
    const store = await openStore();
    expect((await store.post('/v3/catalog/brands', { name: 'Acme' })).status).toBe(200);
    expect((await store.post('/v3/catalog/brands', { name: 'ACME' })).status).toBe(409);
  });
});

describe('metafields', () => {
  it('are made in batches, each key once for a record: what is there already is refused with the others made', async () => {
    const store = await openStore();
    const { body } = await store.post(PRODUCTS, product('A'));
    const field = (key: string) => ({
      resource_id: body.data.id,
      permission_set: 'app_only',
      namespace: 'storeferry',
      key,
      value: '1',
    });
    expect((await store.post(`${PRODUCTS}/metafields`, [field('a')])).status).toBe(200);
    const again = await store.post(`${PRODUCTS}/metafields`, [field('a'), field('b')]);
    expect(again.status).toBe(422);
    expect(again.body.data).toMatchObject([{ key: 'b' }]);
    const { body: listed } = await store.get(`${PRODUCTS}/metafields?namespace=storeferry&key=b`);
    expect(listed.data).toHaveLength(1);
    expect(listed.meta.cursor_pagination.end_cursor).toEqual(expect.any(String));
  });
});

describe('the store as a whole', () => {
  it('sets levels absolutely, a moment after the reply', async () => {
    const store = await openStore({ inventoryDelayMs: 20 });
    const { body } = await store.post(PRODUCTS, product('A', { sku: 'A', inventory_tracking: 'product' }));
    const items = [{ location_id: 1, product_id: body.data.id, quantity: 7 }];
    const reply = await store.put('/v3/inventory/adjustments/absolute', { reason: 'count', items });
    expect(reply.body).toEqual({ transaction_id: expect.any(String) });
    expect(store.store.products.get(body.data.id)?.inventory_level).toBe(0);
    await vi.waitFor(() => expect(store.store.products.get(body.data.id)?.inventory_level).toBe(7));
  });

  it('dumps its raw state, takes it back, and forgets it', async () => {
    const store = await openStore();
    await store.post(PRODUCTS, product('A'));
    await store.post('/v3/catalog/brands', { name: 'Acme' });
    const { body: state } = await store.admin('/state');
    expect(state).toMatchObject({ products: [{ name: 'A' }], brands: [{ name: 'Acme' }], outbox: [] });
    await store.admin('/reset', {});
    expect((await store.get(PRODUCTS)).body.data).toEqual([]);
    await store.admin('/state', state);
    expect((await store.get(PRODUCTS)).body.data).toMatchObject([{ name: 'A' }]);
    expect((await store.post(PRODUCTS, product('a'))).status).toBe(409);
  });
});
