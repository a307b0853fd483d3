import { describe, expect, test } from 'vitest';
import type { LifeEvent } from '../../../../src/sandbox/shared/life/life.ts';
import type { Row, TestShop } from '../shop.ts';
import { idsOf, live, livingShop, one, stateOf } from './living.ts';

describe('a shop that lives', () => {
  test('one seed gives one life, and a log brings the same life about in another shop', async () => {
    const [first, second, third] = [await livingShop(), await livingShop(), await livingShop()];
    const events = await live(first, { events: 400, seed: 11 });
    expect(await live(second, { events: 400, seed: 11 })).toEqual(events);
    expect(await live(third, { replay: events.map(({ kind, seed }) => ({ kind, seed })) })).toEqual(events);
    const state = await stateOf(first);
    expect((await stateOf(second)) === state).toBe(true);
    expect((await stateOf(third)) === state).toBe(true);
  });

  test('every kind of event happens, and the shop refuses next to none', async () => {
    const shop = await livingShop();
    const kinds = (await shop.admin('GET', '/life')).body['kinds'] as string[];
    // What restores needs something in the trash.
    for (const kind of kinds.filter((name) => name.endsWith('.trash'))) await live(shop, { events: 2, kinds: [kind] });
    const happened: Record<string, string> = {};
    for (const kind of kinds) {
      const event = await one(shop, kind);
      happened[kind] = event.refused ?? (event.touched.length > 0 ? 'touched' : 'nothing');
    }
    expect(happened).toEqual(Object.fromEntries(kinds.map((kind) => [kind, 'touched'])));
    await live(shop, { events: 1_500, seed: 5 });
    const { events, refused, byKind } = (await shop.admin('GET', '/life')).body;
    expect(Number(refused)).toBeLessThan(Number(events) / 100);
    expect((byKind as Record<string, number>)['order.place']).toBeGreaterThan(200);
  });

  test('ids never come back; what is made again has the SKU or the e-mail of what is gone', async () => {
    const shop = await livingShop();
    const before = new Set(shop.store.products.keys());
    const skus = new Map([...shop.store.products.values()].map(({ id, sku }) => [id, sku]));
    const [gone, made] = idsOf(await one(shop, 'product.recreate'), 'product');
    expect([before.has(gone!), before.has(made!), shop.store.products.has(gone!)]).toEqual([true, false, false]);
    expect(shop.store.products.get(made!)?.sku).toBe(skus.get(gone!));
    const emails = new Map([...shop.store.customers.values()].map(({ id, email }) => [id, email]));
    const [left, joined] = idsOf(await one(shop, 'customer.recreate'), 'customer');
    expect(shop.store.customers.has(left!)).toBe(false);
    expect(shop.store.customers.get(joined!)?.email).toBe(emails.get(left!));
  });

  test.each([
    ['product.swap-slugs', 'products', 'slug'],
    ['product.swap-skus', 'products', 'sku'],
    ['category.swap-slugs', 'terms', 'slug'],
  ] as const)('%s: two rows change places, and nothing else changes there', async (kind, table, field) => {
    const shop = await livingShop();
    const values = (): Map<number, unknown> =>
      new Map([...shop.store[table].values()].map((row) => [row.id, ({ ...row } as Row)[field]]));
    const before = values();
    const [first, second] = idsOf(await one(shop, kind), kind.split('.')[0]!);
    const after = values();
    expect([after.get(first!), after.get(second!)]).toEqual([before.get(second!), before.get(first!)]);
    expect([...after].filter(([id, value]) => before.get(id) !== value)).toHaveLength(2);
  });
});

/** Every stamp of the shop, by row. */
function stamps(shop: TestShop): Map<string, number | null> {
  const { products, variations, orders, customers, coupons, posts, pages, refunds } = shop.store;
  const tables = { product: products, variation: variations, order: orders, customer: customers, coupon: coupons };
  const all = { ...tables, post: posts, page: pages, refund: refunds };
  return new Map(
    Object.entries(all).flatMap(([name, table]) =>
      [...table.values()].map(({ id, modifiedGmt }) => [`${name} ${id}`, modifiedGmt] as const),
    ),
  );
}

async function bumpedBy(shop: TestShop, kind: string): Promise<{ event: LifeEvent; bumped: string[] }> {
  const before = stamps(shop);
  shop.clock.step(5_000);
  const event = await one(shop, kind);
  const bumped = [...stamps(shop)].filter(([name, at]) => before.has(name) && before.get(name) !== at);
  return { event, bumped: bumped.map(([name]) => name) };
}

describe('stamps are those of the API', () => {
  test.each([
    'silent.product-price',
    'silent.product-metadata',
    'silent.variation-price',
    'silent.order-metadata',
    'silent.customer-metadata',
    'silent.post-text',
    'coupon.amount',
    'category.rename',
    'category.swap-slugs',
    'category.delete',
    'tag.rename',
    'brand.rename',
    'review.edit',
    'review.trash',
    'review.delete',
    'order.note',
    'order.delete-refund',
  ])('%s moves none', async (kind) => {
    const shop = await livingShop();
    const before = await stateOf(shop);
    const { event, bumped } = await bumpedBy(shop, kind);
    expect([event.refused, bumped]).toEqual([undefined, []]);
    expect((await stateOf(shop)) === before).toBe(false);
  });

  test.each([
    ['product.price', 'product'],
    ['product.save-untouched', 'product'],
    ['product.metadata', 'product'],
    ['product.trash', 'product'],
    ['order.status', 'order'],
    ['order.trash', 'order'],
    ['order.refund', 'order'],
    ['customer.edit', 'customer'],
    ['review.write', 'product'],
    ['page.edit', 'page'],
    ['variation.price', 'variation'],
    ['variation.delete', 'product'],
  ])('%s moves that of the %s', async (kind, entity) => {
    const shop = await livingShop();
    const { event, bumped } = await bumpedBy(shop, kind);
    const touched = event.touched.filter((name) => name.startsWith(`${entity} `));
    expect(touched.length).toBeGreaterThan(0);
    expect(bumped).toEqual(expect.arrayContaining(touched));
  });

  test('a placed order takes its stock along, and gives it back when it is cancelled', async () => {
    const shop = await livingShop();
    const { stockMoves, products, variations } = shop.store;
    const before = stockMoves.length;
    await live(shop, { events: 40, kinds: ['order.place'] });
    const moves = stockMoves.slice(before);
    expect(moves.length).toBeGreaterThan(10);
    for (const { productId, from, to } of moves) {
      expect(to).toBeLessThan(from);
      expect(products.get(productId) ?? variations.get(productId)).toMatchObject({ modifiedGmt: shop.clock.now() });
    }
    await live(shop, { events: 120, kinds: ['order.status'] });
    expect(stockMoves.slice(before).some(({ reason }) => reason === 'cancelled')).toBe(true);
  });
});
