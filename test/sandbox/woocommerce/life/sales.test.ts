import { describe, expect, test } from 'vitest';
import type { Row } from '../shop.ts';
import { idsOf, live, livingShop, one, rowsOf } from './living.ts';

const sum = (rows: unknown, field: string): number =>
  (rows as Row[]).reduce((total, row) => total + Number(row[field]), 0);

// In cents.
const back = (order: Row): number => Math.round(-sum(order['refunds'], 'total') * 100);
const whole = (order: Row): number => Math.round(Number(order['total']) * 100);

describe('orders', () => {
  test('are placed by buyers who are known and by guests, paid or waiting, of what is for sale', async () => {
    const shop = await livingShop();
    const sellable = new Map(
      [...shop.store.products.values()].map((row) => [row.id, row.status === 'publish' && row.stockStatus]),
    );
    const events = await live(shop, { events: 60, kinds: ['order.place'] });
    const orders = await rowsOf(shop, 'orders');
    const placed = events.map((event) => orders.get(idsOf(event, 'order')[0]!)!);
    expect(placed.filter((row) => row['customer_id'] === 0).length).toBeGreaterThan(5);
    expect(placed.filter((row) => row['customer_id'] !== 0).length).toBeGreaterThan(20);
    expect(new Set(placed.map((row) => row['status']))).toEqual(new Set(['processing', 'on-hold']));
    expect(placed.filter((row) => (row['coupon_lines'] as Row[]).length > 0).length).toBeGreaterThan(0);
    for (const row of placed) {
      expect(row).toMatchObject({ created_via: 'checkout', date_created_gmt: '2026-07-10T12:01:00' });
      expect((row['billing'] as Row)['email']).toMatch(/@example\.test$/i);
      for (const line of row['line_items'] as Row[]) expect(sellable.get(Number(line['product_id']))).not.toBe(false);
      const total = sum(row['line_items'], 'total') + sum(row['shipping_lines'], 'total') + Number(row['total_tax']);
      expect(Number(row['total'])).toBeCloseTo(total, 1);
    }
  });

  test('use up coupons without moving their stamp', async () => {
    const shop = await livingShop();
    const before = await rowsOf(shop, 'coupons');
    shop.clock.step(5_000);
    await live(shop, { events: 60, kinds: ['order.place'] });
    const used = [...(await rowsOf(shop, 'coupons'))].filter(
      ([id, row]) => row['usage_count'] !== before.get(id)!['usage_count'],
    );
    expect(used.length).toBeGreaterThan(0);
    for (const [id, row] of used) {
      expect(row['date_modified_gmt']).toBe(before.get(id)!['date_modified_gmt']);
    }
  });

  test('go on from status to status, never out of the trash', async () => {
    const shop = await livingShop();
    await live(shop, { events: 6, kinds: ['order.trash'] });
    const before = await rowsOf(shop, 'orders');
    const events = await live(shop, { events: 40, kinds: ['order.status'] });
    const after = await rowsOf(shop, 'orders');
    for (const id of new Set(events.flatMap((event) => idsOf(event, 'order')))) {
      expect(before.get(id)!['status']).toMatch(/^(pending|on-hold|processing|failed)$/);
      expect(after.get(id)!['status']).not.toBe('trash');
    }
    const trashed = [...before.values()].filter((row) => row['status'] === 'trash');
    expect(trashed.length).toBeGreaterThan(0);
    for (const { id } of trashed) expect(after.get(Number(id))!['status']).toBe('trash');
  });

  test('come back from the trash under the same id, and are gone for good once deleted', async () => {
    const shop = await livingShop();
    const [trashed] = idsOf(await one(shop, 'order.trash'), 'order');
    expect((await shop.get(`/orders/${trashed}`)).body['status']).toBe('trash');
    // The seed has trashed orders of its own.
    const restored = (await live(shop, { events: 50, kinds: ['order.restore'] })).flatMap((event) =>
      idsOf(event, 'order'),
    );
    expect(restored).toContain(trashed);
    expect((await shop.get(`/orders/${trashed}`)).body['status']).not.toBe('trash');
    const [deleted] = idsOf(await one(shop, 'order.delete'), 'order');
    expect((await shop.get(`/orders/${deleted}`)).status).toBe(404);
  });
});

describe('refunds', () => {
  test('give back a piece, a part, or all, and never more than is left', async () => {
    const shop = await livingShop();
    await live(shop, { events: 20, kinds: ['order.place'] });
    const events = await live(shop, { events: 40, kinds: ['order.refund'] });
    expect(events.filter((event) => event.refused !== undefined)).toEqual([]);
    const [orders, refunds] = [await rowsOf(shop, 'orders'), await rowsOf(shop, 'refunds')];
    const made = events.map((event) => refunds.get(idsOf(event, 'refund')[0]!)!);
    expect(made.some((row) => (row['line_items'] as Row[]).length > 0)).toBe(true);
    expect(made.some((row) => (row['line_items'] as Row[]).length === 0)).toBe(true);
    const touched = [...new Set(events.map((event) => idsOf(event, 'order')[0]!))].map((id) => orders.get(id)!);
    for (const order of touched) {
      expect(back(order)).toBeGreaterThan(0);
      expect(back(order)).toBeLessThanOrEqual(whole(order));
    }
    const full = touched.filter((order) => back(order) === whole(order));
    expect(full.length).toBeGreaterThan(2);
    expect(new Set(full.map((order) => order['status']))).toEqual(new Set(['refunded']));
  });

  test('that are deleted leave their order without a word', async () => {
    const shop = await livingShop();
    const [id] = idsOf(await one(shop, 'order.refund'), 'order');
    const before = await rowsOf(shop, 'orders');
    shop.clock.step(5_000);
    const events = await live(shop, { events: 50, kinds: ['order.delete-refund'] });
    expect(events.flatMap((event) => idsOf(event, 'order'))).toContain(id);
    const order = (await rowsOf(shop, 'orders')).get(id!)!;
    expect(order['refunds']).toEqual([]);
    expect(order['date_modified_gmt']).toBe(before.get(id!)!['date_modified_gmt']);
    expect(shop.store.refunds.size).toBe(0);
  });
});

test('coupons are made, changed and trashed; only the code’s own fields move the stamp', async () => {
  const shop = await livingShop();
  const [made] = idsOf(await one(shop, 'coupon.create'), 'coupon');
  expect((await shop.get(`/coupons/${made}`)).body).toMatchObject({ discount_type: 'percent', status: 'publish' });
  const before = await rowsOf(shop, 'coupons');
  shop.clock.step(5_000);
  const [changed] = idsOf(await one(shop, 'coupon.amount'), 'coupon');
  const after = (await rowsOf(shop, 'coupons')).get(changed!)!;
  const was = before.get(changed!)!;
  expect(after['date_modified_gmt']).toBe(was['date_modified_gmt']);
  expect([after['amount'], after['usage_limit']]).not.toEqual([was['amount'], was['usage_limit']]);
  const [trashed] = idsOf(await one(shop, 'coupon.trash'), 'coupon');
  expect((await rowsOf(shop, 'coupons')).get(trashed!)).toMatchObject({
    status: 'trash',
    date_modified_gmt: '2026-07-10T12:01:05',
  });
});
