import { afterAll, beforeAll, expect, it } from 'vitest';
import { CORE_FIELDS, VARIANT_FIELDS } from '../../../src/connectors/bigcommerce/projection/product.ts';
import { OWNABLE, OWNABLE_ENTITIES } from '../../../src/domain/ownership.ts';
import { openStore, type SandboxStore } from './sandbox-store.ts';

let store: SandboxStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

it.each(OWNABLE_ENTITIES)('has a place in its parts for every word of %s, and for no other', (of) => {
  const { ownable = {}, parts } = store.driver.target.entity(of);
  expect(Object.keys(ownable).toSorted()).toEqual([...OWNABLE[of]].toSorted());
  const named = Object.values(ownable).flatMap((places) => places.map(({ part }) => part));
  const known = parts.map(({ part }) => part);
  expect(named.filter((part) => !known.includes(part))).toEqual([]);
});

it('names fields of products that the store has', () => {
  const places = Object.values(store.driver.target.entity('product').ownable ?? {}).flat();
  const fields = (of: string) => places.flatMap(({ part, field }) => (part === of && field ? [field] : []));
  expect(fields('core').filter((name) => !(name in CORE_FIELDS))).toEqual([]);
  // Pictures of variants cannot be compared and are sent all the same.
  expect(fields('variants').filter((name) => !(name in VARIANT_FIELDS))).toEqual(['image_url']);
});

it.each(['coupon', 'redirect', 'customer_group'] as const)('lets nothing of %s belong to the target', (of) => {
  expect(store.driver.target.entity(of).ownable).toBeUndefined();
});
