import { describe, expect, test } from 'vitest';
import type { Row } from '../shop.ts';
import { idsOf, live, livingShop, one, rowsOf } from './living.ts';

describe('products', () => {
  test('are new: with a SKU, a slug and a name that nobody has', async () => {
    const shop = await livingShop();
    const before = await rowsOf(shop, 'products');
    const events = await live(shop, { events: 25, kinds: ['product.create', 'product.create-variable'] });
    const after = await rowsOf(shop, 'products');
    const made = events.flatMap((event) => idsOf(event, 'product'));
    expect(made.some((id) => before.has(id))).toBe(false);
    for (const field of ['sku', 'slug', 'name']) {
      const values = [...after.values()].map((row) => row[field]);
      for (const id of made) expect(values.filter((value) => value === after.get(id)![field])).toHaveLength(1);
    }
    const ofType = (type: string): Row[] => made.map((id) => after.get(id)!).filter((row) => row['type'] === type);
    expect(ofType('variable').length + ofType('simple').length).toBe(25);
    expect(ofType('variable').every((row) => (row['variations'] as number[]).length > 0)).toBe(true);
    expect(ofType('simple').every((row) => Number(row['regular_price']) > 0)).toBe(true);
  });

  test('cost what the till would take: a sale below the price, none for nothing', async () => {
    const shop = await livingShop();
    const events = await live(shop, { events: 40, kinds: ['product.price'] });
    const rows = await rowsOf(shop, 'products');
    const edited = [...new Set(events.flatMap((event) => idsOf(event, 'product')))].map((id) => rows.get(id)!);
    for (const row of edited) expect(String(row['regular_price'])).toMatch(/^\d+\.\d\d$/);
    const reduced = edited.filter((row) => row['sale_price'] !== '');
    expect(reduced.length).toBeGreaterThan(2);
    for (const row of reduced) expect(Number(row['sale_price'])).toBeLessThan(Number(row['regular_price']));
  });

  test('prices have the decimals of the currency', async () => {
    const shop = await livingShop();
    await shop.admin('POST', '/seed', { seed: 3, size: { products: 12, currency: 'JPY' } });
    const [event] = await live(shop, { events: 1, kinds: ['product.create'] });
    const [id] = idsOf(event!, 'product');
    expect((await shop.get(`/products/${id}`)).body['regular_price']).toMatch(/^\d+$/);
  });

  test('go to the trash with slug and reviews, come back with them, and are gone once deleted', async () => {
    const shop = await livingShop();
    const before = await rowsOf(shop, 'products');
    const [trashed] = idsOf(await one(shop, 'product.trash'), 'product');
    expect((await rowsOf(shop, 'products')).get(trashed!)).toMatchObject({ status: 'trash' });
    const restored = (await live(shop, { events: 50, kinds: ['product.restore'] })).flatMap((event) =>
      idsOf(event, 'product'),
    );
    expect(restored).toContain(trashed);
    expect((await rowsOf(shop, 'products')).get(trashed!)).toMatchObject({
      status: 'publish',
      name: before.get(trashed!)!['name'],
    });
    const [deleted] = idsOf(await one(shop, 'product.delete'), 'product');
    expect((await shop.get(`/products/${deleted}`)).status).toBe(404);
  });

  test('that move leave their old address behind', async () => {
    const shop = await livingShop();
    const before = await rowsOf(shop, 'products');
    const [id] = idsOf(await one(shop, 'product.rename-slug'), 'product');
    const old = await fetch(String(before.get(id!)!['permalink']), { redirect: 'manual' });
    expect([old.status, old.headers.get('location')]).toEqual([
      301,
      (await shop.get(`/products/${id}`)).body['permalink'],
    ]);
  });
});

describe('variations', () => {
  test('are added with a value of their own, and the last one of a product stays', async () => {
    const shop = await livingShop();
    await one(shop, 'product.create-variable');
    const event = await one(shop, 'variation.create');
    const [[made], [parent]] = [idsOf(event, 'variation'), idsOf(event, 'product')];
    const options = [...(await rowsOf(shop, 'variations')).values()]
      .filter((row) => shop.store.variations.get(Number(row['id']))?.parentId === parent)
      .map((row) => (row['attributes'] as Row[]).map((attribute) => attribute['option']).join());
    expect(new Set(options).size).toBe(options.length);
    expect((await shop.get(`/products/${parent}/variations/${made}`)).status).toBe(200);
    await live(shop, { events: 500, kinds: ['variation.delete'] });
    const counts = new Map<number, number>();
    for (const { parentId, status } of shop.store.variations.values()) {
      if (status !== 'trash') counts.set(parentId, (counts.get(parentId) ?? 0) + 1);
    }
    const reachable = [...counts].filter(([id]) => (shop.store.products.get(id)?.status ?? 'trash') !== 'trash');
    expect(reachable.length).toBeGreaterThan(2);
    for (const [id, count] of reachable) expect([id, count]).toEqual([id, 1]);
  });

  test('bump themselves and their product when they are edited', async () => {
    const shop = await livingShop();
    shop.clock.step(5_000);
    const event = await one(shop, 'variation.price');
    const [id] = idsOf(event, 'variation');
    const [parent] = idsOf(event, 'product');
    for (const row of [shop.store.variations.get(id!), shop.store.products.get(parent!)]) {
      expect(row?.modifiedGmt).toBe(shop.clock.now());
    }
  });
});

test.each(['category', 'brand', 'tag'])('a %s is made, renamed and deleted; the default one stays', async (kind) => {
  const shop = await livingShop();
  const [made] = idsOf(await one(shop, `${kind}.create`), kind);
  const name = shop.store.terms.get(made!)?.name;
  expect(name).toMatch(/^Range /);
  const renamed = await live(shop, { events: 30, kinds: [`${kind}.rename`] });
  const done = renamed.filter((event) => event.refused === undefined);
  expect(done.length).toBeGreaterThan(20);
  for (const event of done) expect(shop.store.terms.get(idsOf(event, kind)[0]!)?.name).toMatch(/^Range /);
  const gone = (await live(shop, { events: 5, kinds: [`${kind}.delete`] })).flatMap((event) => idsOf(event, kind));
  expect(gone.length).toBeGreaterThan(0);
  for (const id of gone) expect(shop.store.terms.has(id)).toBe(false);
  expect(shop.store.terms.has(shop.store.defaultCategoryId)).toBe(true);
  const used = [...shop.store.products.values()].flatMap((row) => [...row.categoryIds, ...row.brandIds, ...row.tagIds]);
  expect(used.filter((id) => gone.includes(id))).toEqual([]);
});
