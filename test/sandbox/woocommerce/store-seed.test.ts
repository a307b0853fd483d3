import { describe, expect, test } from 'vitest';
import { createClock } from '../../../src/sandbox/shared/clock.ts';
import { rawState } from '../../../src/sandbox/woocommerce/raw-state.ts';
import { seedCatalogue } from '../../../src/sandbox/woocommerce/seed/catalogue.ts';
import type { ShopSeed } from '../../../src/sandbox/woocommerce/seed/shop.ts';
import { seedShop } from '../../../src/sandbox/woocommerce/seed/shop.ts';
import { presets, sizeOfRecords } from '../../../src/sandbox/woocommerce/seed/sizes.ts';
import type { Shop } from '../../../src/sandbox/woocommerce/store/shop.ts';
import { places } from '../../../src/sandbox/woocommerce/store/money.ts';
import { createShop } from '../../../src/sandbox/woocommerce/store/shop.ts';
import { clearShop, restore, snapshotOf } from '../../../src/sandbox/woocommerce/store/snapshot.ts';
import type { Row } from './shop.ts';
import { stoppedClock } from './shop.ts';

function seeded(size: ShopSeed, seed = 1, clock = createClock(), zone = 'America/New_York'): Shop {
  const shop = createShop(clock, zone);
  clearShop(shop);
  seedShop(shop, seed, size);
  return shop;
}

const counts = (shop: Shop): number[] =>
  [shop.customers, shop.orders, shop.coupons, shop.reviews, shop.posts, shop.pages].map((table) => table.size);

function unrated(shop: Shop): unknown[] {
  return [...shop.products.values()].map((row) => ({ ...row, averageRating: '', ratingCount: 0 }));
}

function amounts(rows: unknown, name: string): number {
  return (rows as Row[]).reduce((sum, row) => sum + Number(row[name]), 0);
}

describe('the generator of a whole shop', () => {
  test('gives the same shop for the same seed, at any time, and another for another', () => {
    const first = snapshotOf(seeded({ products: 60 }, 4));
    expect(snapshotOf(seeded({ products: 60 }, 4, stoppedClock('2031-01-01T00:00:00Z')))).toEqual(first);
    expect(snapshotOf(seeded({ products: 60 }, 5))['orders']).not.toEqual(first['orders']);
  });

  test('leaves the catalogue as it was, but for the ratings that its reviews give', () => {
    const alone = createShop(createClock(), 'America/New_York');
    clearShop(alone);
    seedCatalogue(alone, 7, { products: 120 });
    const whole = seeded({ products: 120 }, 7);
    expect(unrated(whole)).toEqual(unrated(alone));
    for (const table of ['variations', 'attachments', 'attributes'] as const) {
      expect([...whole[table].values()]).toEqual([...alone[table].values()]);
    }
    // The administrator is a customer row too.
    expect(counts(whole)).toEqual([41, 60, 5, 20, 5, 8]);
  });

  test.each([2_000, 6_000])('%i records are about so many rows, and stock and redirects', (records) => {
    const size = sizeOfRecords(records);
    const shop = seeded(size);
    const moved = [shop.products.size, ...counts(shop), size.categories ?? 0, size.brands ?? 0];
    const rows = moved.reduce((sum, count) => sum + count, 0);
    expect(rows / records).toBeCloseTo(0.795, 2);
  });

  test('however few records are asked for, there is room for what is ugly', () => {
    expect(sizeOfRecords(1)).toEqual(presets.S);
  });

  test.each(['S', 'M'] as const)('size %s has what it says', (name) => {
    const { products, customers, orders, coupons, reviews, posts, pages } = presets[name];
    const shop = seeded(presets[name]);
    expect([shop.products.size, ...counts(shop)]).toEqual([
      products,
      customers + 1,
      orders,
      coupons,
      reviews,
      posts,
      pages,
    ]);
    const { categories, brands } = presets[name];
    const all = products + categories + brands + customers + orders + coupons + reviews + posts + pages;
    const wanted = { S: 200, M: 10_000 }[name];
    expect(Math.abs(all - wanted) / wanted).toBeLessThan(0.05);
  });

  test('ids of posts, orders, refunds, coupons and articles come from one sequence and do not start at 1', () => {
    const shop = seeded(presets.S);
    const { products, variations, attachments, orders, refunds, coupons, posts, pages } = shop;
    const ids = [products, variations, attachments, orders, refunds, coupons, posts, pages].flatMap((table) => [
      ...table.keys(),
    ]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(Math.min(...ids, ...shop.notes.keys(), ...shop.reviews.keys())).toBeGreaterThan(1_000);
  });

  test('has every ugly case of buyers, orders and refunds', () => {
    const shop = seeded(presets.M);
    const orders = [...shop.orders.values()];
    const customers = [...shop.customers.values()];
    const refunds = [...shop.refunds.values()];
    const emails = customers.map((row) => row.email.toLowerCase());
    const some = (matches: (row: (typeof orders)[number]) => boolean): boolean => orders.some(matches);
    expect(new Set(orders.map((row) => row.status))).toEqual(
      new Set(
        'pending,processing,on-hold,completed,cancelled,refunded,failed,checkout-draft,auto-draft,awaiting-pickup,trash'.split(
          ',',
        ),
      ),
    );
    const sum = (id: number): number =>
      refunds.filter((row) => row.parentId === id).reduce((total, row) => total + Number(row.amount), 0);
    const cases: [string, boolean][] = [
      ['shared e-mail', new Set(emails).size < emails.length],
      ['no e-mail', emails.includes('')],
      ['right to left', customers.some((row) => /[\u0590-\u06ff]/.test(row.firstName))],
      ['emoji', customers.some((row) => /\p{Extended_Pictographic}/u.test(row.firstName))],
      ['other roles', customers.some((row) => row.role === 'shop_manager' && row.modifiedGmt === null)],
      ['guest', some((row) => row.customerId === 0)],
      [
        'guest of a known address',
        some((row) => row.customerId === 0 && emails.includes(row.billing.email.toLowerCase())),
      ],
      ['buyer is gone', some((row) => row.customerId > 0 && !shop.customers.has(row.customerId))],
      ['product is gone', some((row) => row.lines.some((line) => line.productId > 999_000))],
      ['coupon is gone', some((row) => row.couponLines.some((line) => line.code === 'summer-of-19'))],
      ['one cent', some((row) => row.total.startsWith('0.01'))],
      ['nothing at all', some((row) => row.total === '0' && row.lines.length === 0)],
      ['yen', some((row) => row.currency === 'JPY')],
      ['many decimals', some((row) => row.lines.some((line) => /\.\d{6}$/.test(line.subtotal)))],
      ['compound tax', some((row) => row.taxLines.some((line) => line.compound))],
      ['negative fee', some((row) => row.feeLines.some((line) => Number(line.total) < 0))],
      ['half a piece', some((row) => row.lines.some((line) => line.quantity === 0.5))],
      ['a renewal', some((row) => row.parentId > 0)],
      ['number twice', orders.filter((row) => row.number === '#A-1001').length === 2],
      ['paid, never completed', some((row) => row.paidGmt !== null && row.completedGmt === null)],
      ['refund of lines', refunds.some((row) => row.lines.length > 0)],
      ['refund with tax', refunds.some((row) => row.taxLines.length > 0)],
      ['refund of shipping', refunds.some((row) => row.shippingLines.length > 0)],
      ['refund of nothing', refunds.some((row) => row.amount === '0')],
      ['refund of a cent', refunds.some((row) => row.amount === '0.01')],
      ['three refunds', some((row) => refunds.filter((one) => one.parentId === row.id).length === 3)],
      ['refunded in two parts', some((row) => row.status === 'refunded' && sum(row.id) === Number(row.total))],
    ];
    expect(cases.filter(([, there]) => !there)).toEqual([]);
  });

  test('has every ugly case of coupons, reviews and articles', () => {
    const shop = seeded({ ...presets.S, redirectLoop: true });
    const articles = [...shop.posts.values(), ...shop.pages.values()];
    const [loop] = [...shop.pages.values()].filter((row) => row.title === 'Loop one');
    const looping = [...shop.attachments.values()].filter((row) => row.redirectTo !== undefined);
    expect(new Set([...shop.posts.values()].map((row) => row.status))).toEqual(
      new Set(['publish', 'draft', 'private', 'pending', 'future', 'trash']),
    );
    expect(new Set([...shop.reviews.values()].map((row) => row.status))).toEqual(
      new Set(['approved', 'hold', 'spam', 'trash']),
    );
    expect(new Set([...shop.coupons.values()].map((row) => row.discountType))).toEqual(
      new Set(['percent', 'fixed_cart', 'fixed_product']),
    );
    const cases: [string, boolean][] = [
      ['expired coupon', [...shop.coupons.values()].some((row) => (row.expiresGmt ?? Infinity) < Date.UTC(2021, 0))],
      ['review of nothing', [...shop.reviews.values()].some((row) => !shop.products.has(row.productId))],
      ['page loop', shop.pages.get(loop!.parentId)?.parentId === loop!.id],
      [
        'picture that is not there',
        articles.some((row) => row.featuredMedia > 0 && !shop.attachments.has(row.featuredMedia)),
      ],
      ['same title', new Set(articles.map((row) => row.title)).size < articles.length],
      ['password', articles.some((row) => row.password !== '')],
      ['redirect loop', looping.length === 2],
      ['on a product', [...shop.products.values()].some((row) => row.imageIds.includes(looping[0]!.id))],
    ];
    expect(cases.filter(([, there]) => !there)).toEqual([]);
  });

  test('can be a shop in yen far from UTC', () => {
    const shop = seeded({ products: 30, currency: 'JPY' }, 1, createClock(), 'Pacific/Kiritimati');
    const orders = rawState(shop, ['orders'])['orders'] as Row[];
    const yen = orders.filter((row) => row['currency'] === 'JPY');
    expect(yen.length).toBeGreaterThan(10);
    expect(places(shop)).toBe(0);
    const hours = orders.map(
      (row) => Date.parse(`${String(row['date_created'])}Z`) - Date.parse(`${String(row['date_created_gmt'])}Z`),
    );
    expect(new Set(hours)).toEqual(new Set([14 * 3_600_000]));
  });

  test('totals add up in every order that was made', () => {
    const orders = rawState(seeded(presets.S), ['orders'])['orders'] as Row[];
    for (const row of orders) {
      const lines = amounts(row['line_items'], 'total') + amounts(row['shipping_lines'], 'total');
      const sum = lines + amounts(row['fee_lines'], 'total') + Number(row['total_tax']);
      expect(Math.abs(sum - Number(row['total']))).toBeLessThan(0.05);
    }
  });

  test('comes back from its snapshot as it was; an older snapshot leaves the new tables empty', () => {
    const shop = seeded({ products: 40 }, 3);
    shop.unconfirmed.deletedProductIdsStay = true;
    const saved = JSON.parse(JSON.stringify(snapshotOf(shop))) as Row;
    const other = createShop(createClock(), 'UTC');
    restore(other, saved);
    expect(snapshotOf(other)).toEqual(saved);
    expect(rawState(other)['orders']).toEqual(rawState(shop)['orders']);
    const { customers: _customers, orders: _orders, customStatuses: _statuses, ...older } = saved;
    const fresh = createShop(createClock(), 'UTC');
    restore(fresh, { ...older, sequences: { post: 5_000, term: 40, attribute: 2, meta: 20_000 } });
    expect([fresh.orders.size, fresh.products.size, fresh.sequences.user]).toEqual([0, 40, 1_000]);
  });
});
