import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLists, type Lists } from '../../../../src/connectors/vendure/lists.ts';
import { promotionRow } from '../../../../src/connectors/vendure/promotions/promotion-row.ts';
import { createVendureApi } from '../../../../src/connectors/vendure/vendure-api.ts';
import type { CanonicalCoupon } from '../../../../src/domain/coupon.ts';
import { facts, operationRow, promotionRowOf, signal } from '../forms.ts';
import { type StubServer, stubServer } from '../stub-server.ts';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const VARIANTS = [
  { id: '11', productId: '10' },
  { id: '12', productId: '2' },
  { id: '13', productId: '10' },
];
const ORDERS = [['1'], ['1', '2'], ['2'], []].map((ids, at) => ({
  id: String(at + 1),
  promotions: ids.map((id) => ({ id })),
}));

let server: StubServer;
let lists: Lists;
beforeEach(async () => {
  server = await stubServer(({ query }) => {
    const items = query.includes('productVariants') ? VARIANTS : ORDERS;
    return { body: { data: { page: { totalItems: items.length, items } } } };
  });
  lists = createLists(createVendureApi(server.options({ apiKey: 'a:b' })));
});
afterEach(() => server.close());

const read = async (more: Record<string, unknown> = {}, shop = facts()) => {
  const { records } = await promotionRow(lists, () => NOW).read([promotionRowOf('1', more)], shop, signal);
  const [record] = records;
  if (record === undefined) throw new Error('unreadable');
  return { record, coupon: record.canonical as CanonicalCoupon };
};

describe('what a promotion does', () => {
  test.each([
    [
      'a percentage of the order',
      [operationRow('order_percentage_discount', { discount: '12.5' })],
      { kind: 'percent', amount: '12.5', freeShipping: false },
    ],
    [
      'an amount of the order',
      [operationRow('order_fixed_discount', { discount: '1050' })],
      { kind: 'fixed_cart', amount: '10.50' },
    ],
    ['free shipping', [operationRow('free_shipping')], { kind: 'fixed_cart', amount: '0', freeShipping: true }],
    [
      'both',
      [operationRow('free_shipping'), operationRow('order_percentage_discount', { discount: '5' })],
      { kind: 'percent', amount: '5', freeShipping: true },
    ],
    [
      'two discounts',
      [
        operationRow('order_percentage_discount', { discount: '5' }),
        operationRow('order_fixed_discount', { discount: '100' }),
      ],
      { kind: 'unknown', sourceType: 'order_percentage_discount + order_fixed_discount' },
    ],
    ['an amount of each line', [operationRow('order_line_fixed_discount', { discount: '100' })], { kind: 'unknown' }],
    ['some for free', [operationRow('buy_x_get_y_free')], { kind: 'unknown' }],
    ['no number', [operationRow('order_percentage_discount', { discount: 'much' })], { kind: 'unknown' }],
    ['nothing', [], { kind: 'unknown', sourceType: '' }],
  ])('%s', async (_, actions, expected) => {
    expect((await read({ actions })).coupon).toMatchObject({ otherConditions: [], ...expected });
  });

  test('a discount of named variants knows their products, and must not go live: products may get further variants', async () => {
    const { record, coupon } = await read({
      actions: [
        operationRow('products_percentage_discount', { discount: '30', productVariantIds: '["11","12","13"]' }),
      ],
    });
    expect(coupon).toMatchObject({
      kind: 'percent',
      amount: '30',
      products: ['2', '10'],
      otherConditions: ['products_percentage_discount'],
    });
    expect(record.references).toEqual(
      ['2', '10'].map((sourceId) => ({ entity: 'product', sourceId, kind: 'hard', field: 'actions' })),
    );
  });

  test('one of products with facets has no list that would stay right', async () => {
    const { coupon } = await read({
      actions: [operationRow('facet_based_discount', { discount: '30', facets: '["1"]' })],
    });
    expect(coupon).toMatchObject({ kind: 'percent', products: [], otherConditions: ['facet_based_discount'] });
    expect(server.asked).toEqual([]);
  });
});

const least = (amount: string, taxInclusive: string) => operationRow('minimum_order_amount', { amount, taxInclusive });

describe('conditions', () => {
  test.each([
    [
      'a least amount without tax, where prices are',
      [least('5000', 'false')],
      facts(),
      { minimumAmount: '50.00', otherConditions: [] },
    ],
    [
      'one with tax, where prices are',
      [least('5000', 'true')],
      facts({ pricesIncludeTax: true }),
      { minimumAmount: '50.00', otherConditions: [] },
    ],
    [
      'one on the other basis',
      [least('5000', 'true')],
      facts(),
      { minimumAmount: null, otherConditions: ['minimum_order_amount'] },
    ],
    ['of nothing', [least('0', 'false')], facts(), { minimumAmount: null, otherConditions: [] }],
    [
      'two of them',
      [least('1000', 'false'), least('2000', 'false')],
      facts(),
      { minimumAmount: '10.00', otherConditions: ['minimum_order_amount'] },
    ],
    [
      'members of a group, in a shop of its own rules',
      [operationRow('customer_group'), operationRow('at_full_moon')],
      facts(),
      { minimumAmount: null, otherConditions: ['at_full_moon', 'customer_group'] },
    ],
  ])('%s', async (_, conditions, shop, expected) => {
    expect((await read({ conditions }, shop)).coupon).toMatchObject(expected);
  });
});

describe('a coupon', () => {
  test('with a limit tells how often it was used, counted in the orders; without one nobody counts', async () => {
    const { coupon } = await read({ usageLimit: 5 });
    expect(coupon).toMatchObject({ usageLimit: 5, usageCount: 2 });
    expect(server.asked[0]?.variables).toMatchObject({
      options: { filter: { state: { notEq: 'Cancelled' }, orderPlacedAt: { isNull: false } } },
    });
    const before = server.asked.length;
    expect((await read()).coupon).toMatchObject({ usageLimit: null, usageCount: 0 });
    expect(server.asked).toHaveLength(before);
  });

  test.each([
    [{ enabled: true, startsAt: null }, true],
    [{ enabled: false, startsAt: null }, false],
    [{ enabled: true, startsAt: '2026-11-21T11:59:59.000Z' }, true],
    [{ enabled: true, startsAt: '2026-11-21T12:00:01.000Z' }, false],
  ])('%j is on: %s', async (more, published) => {
    expect((await read(more)).coupon.published).toBe(published);
  });

  test('keeps its end and its limit per shopper, and tells what has no place', async () => {
    const { record, coupon } = await read({
      endsAt: '2026-12-31T23:59:59.000Z',
      perCustomerUsageLimit: 2,
      description: '<p>x</p>',
    });
    expect(coupon).toMatchObject({ expiresAt: '2026-12-31T23:59:59.000Z', usageLimitPerUser: 2, individualUse: false });
    expect(record.reports.map(({ key }) => key)).toEqual(['coupon-used-by', 'coupon-details']);
  });

  test('claims its code, and only promotions with one are asked for', () => {
    const row = promotionRow(lists);
    expect(row.keys([promotionRowOf('1')], facts())).toMatchObject([{ sourceId: '1', name: 'TEN' }]);
    expect(row.filter(facts())).toEqual({ couponCode: { isNull: false, notEq: '' } });
  });
});
