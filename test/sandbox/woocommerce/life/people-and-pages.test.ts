import { describe, expect, test } from 'vitest';
import { idsOf, live, livingShop, one, rowsOf } from './living.ts';

describe('customers', () => {
  test('register with an address that nobody has', async () => {
    const shop = await livingShop();
    const before = await rowsOf(shop, 'customers');
    const events = await live(shop, { events: 20, kinds: ['customer.register'] });
    const emails = [...shop.store.customers.values()].map(({ email }) => email.toLowerCase());
    for (const event of events) {
      const [id] = idsOf(event, 'customer');
      expect(before.has(id!)).toBe(false);
      const { email } = shop.store.customers.get(id!)!;
      expect(emails.filter((other) => other === email)).toHaveLength(1);
    }
  });

  test('only buyers are edited and deleted, never the shop’s own people', async () => {
    const shop = await livingShop();
    const staff = (): string =>
      JSON.stringify([...shop.store.customers.values()].filter(({ role }) => role !== 'customer'));
    const before = staff();
    const kinds = ['customer.edit', 'customer.delete', 'customer.recreate', 'silent.customer-metadata'];
    await live(shop, { events: 40, kinds });
    expect(staff()).toBe(before);
  });

  test('who is deleted leaves orders of a guest', async () => {
    const shop = await livingShop();
    await live(shop, { events: 20, kinds: ['order.place'] });
    const gone = (await live(shop, { events: 8, kinds: ['customer.delete'] })).flatMap((event) =>
      idsOf(event, 'customer'),
    );
    expect(gone.length).toBeGreaterThan(4);
    for (const order of shop.store.orders.values()) expect(gone).not.toContain(order.customerId);
  });
});

describe('reviews', () => {
  test('are written on what is for sale, and bump it; what is edited is another text under the same day', async () => {
    const shop = await livingShop();
    shop.clock.step(5_000);
    const written = await one(shop, 'review.write');
    const [[id], [product]] = [idsOf(written, 'review'), idsOf(written, 'product')];
    expect(shop.store.reviews.get(id!)).toMatchObject({ productId: product, status: 'approved' });
    expect(shop.store.products.get(product!)?.modifiedGmt).toBe(shop.clock.now());
    const before = await rowsOf(shop, 'reviews');
    shop.clock.step(5_000);
    const [edited] = idsOf(await one(shop, 'review.edit'), 'review');
    const after = (await rowsOf(shop, 'reviews')).get(edited!)!;
    expect(after['review']).not.toBe(before.get(edited!)!['review']);
    expect(after['date_created_gmt']).toBe(before.get(edited!)!['date_created_gmt']);
  });

  test('go to the trash, come back approved, and are gone once deleted', async () => {
    const shop = await livingShop();
    const [id] = idsOf(await one(shop, 'review.trash'), 'review');
    expect(shop.store.reviews.get(id!)?.status).toBe('trash');
    const back = (await live(shop, { events: 30, kinds: ['review.restore'] })).flatMap((event) =>
      idsOf(event, 'review'),
    );
    expect(back).toContain(id);
    expect(shop.store.reviews.get(id!)?.status).toBe('approved');
    const [deleted] = idsOf(await one(shop, 'review.delete'), 'review');
    expect(shop.store.reviews.has(deleted!)).toBe(false);
  });
});

describe.each([
  ['posts', 'post'],
  ['pages', 'page'],
] as const)('%s', (table, entity) => {
  test('are made, edited, trashed, restored and deleted', async () => {
    const shop = await livingShop();
    const [made] = idsOf(await one(shop, `${entity}.create`), entity);
    expect(shop.store[table].get(made!)).toMatchObject({ status: 'publish', title: expect.stringMatching(/^Of late/) });
    shop.clock.step(5_000);
    const [edited] = idsOf(await one(shop, `${entity}.edit`), entity);
    expect(shop.store[table].get(edited!)?.modifiedGmt).toBe(shop.clock.now());
    const [trashed] = idsOf(await one(shop, `${entity}.trash`), entity);
    expect(shop.store[table].get(trashed!)).toMatchObject({
      status: 'trash',
      slug: expect.stringMatching(/__trashed$/),
    });
    await live(shop, { events: 30, kinds: [`${entity}.restore`] });
    expect(shop.store[table].get(trashed!)?.slug).not.toMatch(/__trashed$/);
    const [deleted] = idsOf(await one(shop, `${entity}.delete`), entity);
    expect(shop.store[table].has(deleted!)).toBe(false);
  });
});

test('the pages of the shop’s own software are let be', async () => {
  const shop = await livingShop();
  const { settings } = shop.store;
  const own = ['cart', 'checkout', 'myaccount'].map((name) =>
    Number(settings['advanced']?.[`woocommerce_${name}_page_id`]),
  );
  const before = own.map((id) => JSON.stringify(shop.store.pages.get(id)));
  await live(shop, { events: 60, kinds: ['page.edit', 'page.trash', 'page.delete'] });
  expect(before.filter((text) => text !== undefined).length).toBeGreaterThan(0);
  expect(own.map((id) => JSON.stringify(shop.store.pages.get(id)))).toEqual(before);
});
