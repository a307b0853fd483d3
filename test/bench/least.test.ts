import { expect, test } from 'vitest';
import { leastRequests } from '../../bench/least.ts';
import { factsOf, type StoreFacts } from '../../bench/store-facts.ts';
import { ENTITIES, type Entity } from '../../src/domain/entity.ts';

const counts = (given: Partial<Record<Entity, number>>) =>
  ({ ...Object.fromEntries(ENTITIES.map((entity) => [entity, 0])), ...given }) as Record<Entity, number>;

const nothing: StoreFacts = {
  read: counts({}),
  written: counts({}),
  siblings: [],
  metafields: { categories: 0, brands: 0, products: 0, variants: 0, customers: 0, orders: 0 },
  variations: 0,
  refunds: 0,
  related: 0,
  ofProducts: 0,
};

test('an empty store takes no request', () => {
  expect(leastRequests(nothing)).toEqual(counts({}));
});

test('categories: a page for 100, creates by level ten at a time, metafields ten at a time', () => {
  const facts = { ...nothing, read: counts({ category: 101 }), siblings: [11, 5] };
  expect(leastRequests({ ...facts, metafields: { ...nothing.metafields, categories: 16 } }).category).toBe(2 + 3 + 2);
});

test('products: their pages and those of variations, one create each, parts in their own batches', () => {
  const facts: StoreFacts = {
    ...nothing,
    read: counts({ product: 250 }),
    written: counts({ product: 249 }),
    variations: 120,
    related: 12,
    ofProducts: 4,
    metafields: { ...nothing.metafields, products: 500, variants: 121 },
  };
  expect(leastRequests(facts).product).toBe(3 + 2 + 249 + 4 + 2 + 50 + 13);
});

test('orders: a request for the notes of each', () => {
  const facts = { ...nothing, read: counts({ order: 200 }), written: counts({ order: 199 }), refunds: 101 };
  expect(leastRequests(facts).order).toBe(2 + 200 + 2 + 199);
});

test('customers go ten at a time, redirects fifty, stock two thousand', () => {
  const least = leastRequests({
    ...nothing,
    written: counts({ customer: 21, redirect: 51, stock: 2_001, customer_group: 2 }),
  });
  expect(least).toMatchObject({ customer: 3, redirect: 2, stock: 2, customer_group: 2 });
});

test('what both stores hold is counted: siblings of categories, metafields wherever they are kept', () => {
  const shop = { products: [{}, {}], variations: [{}], refunds: [{}, {}, {}] };
  const target = {
    categories: [
      { category_id: 1, parent_id: 0 },
      { category_id: 2, parent_id: 1 },
      { category_id: 3, parent_id: 1 },
    ],
    products: [
      { metafields: [{}, {}], related_products: [7] },
      { metafields: [{}], related_products: [] },
    ],
    metafields: { categories: { 1: [{}], 2: [{}] } },
  };
  const byRoute = { 'PUT /v3/catalog/products/:id/options/:child': 2, 'POST /v3/catalog/products': 9 };
  expect(factsOf(shop, target, { byRoute }, 4)).toMatchObject({
    read: { product: 2 },
    written: { category: 3, product: 2, stock: 4 },
    siblings: [1, 2],
    metafields: { categories: 2, products: 3 },
    variations: 1,
    refunds: 3,
    related: 1,
    ofProducts: 2,
  });
});
