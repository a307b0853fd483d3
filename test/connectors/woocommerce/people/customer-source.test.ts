import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGovernor } from '../../../../src/connectors/http/open-governor.ts';
import type { Source } from '../../../../src/connectors/source.ts';
import { createWooCommerceSource } from '../../../../src/connectors/woocommerce/woocommerce-source.ts';
import { sandboxCredentials } from '../../../../src/sandbox/woocommerce/options.ts';
import { seedShop } from '../../../../src/sandbox/woocommerce/seed/shop.ts';
import { createWooCommerceSandbox, type WooCommerceSandbox } from '../../../../src/sandbox/woocommerce/server.ts';
import { scanned } from '../../../support/scanned.ts';

const { signal } = new AbortController();
let shop: WooCommerceSandbox;
let source: Source;
beforeAll(async () => {
  shop = await createWooCommerceSandbox();
  seedShop(shop.store, 5, { products: 5, customers: 130, orders: 5 });
  source = createWooCommerceSource({
    ...sandboxCredentials,
    baseUrl: shop.url,
    network: { allowPrivate: true },
    governor: openGovernor(),
    timeoutMs: 5_000,
    concurrency: 4,
  });
});
afterAll(() => shop.close());

async function allIds(): Promise<string[]> {
  return (await scanned(source, 'customer')).map(({ sourceId }) => sourceId);
}

it('every account is found, with every role', async () => {
  const ids = await allIds();
  expect(ids).toEqual([...shop.store.customers.keys()].toSorted((a, b) => a - b).map(String));
  expect(await source.count('customer', signal)).toBe(ids.length);
});

it('accounts are read a hundred at a time, with the names of states, which are asked for once', async () => {
  const ids = (await allIds()).slice(0, 100);
  shop.controls.journal.reset();
  const first = await source.readByIds('customer', ids, signal);
  const again = await source.readByIds('customer', ids, signal);
  expect(first.records.filter(({ entity }) => entity === 'customer')).toHaveLength(100);
  expect(again.records).toEqual(first.records);
  const paths = shop.controls.journal.entries().map(({ path }) => path);
  expect(paths.filter((path) => path.endsWith('/customers'))).toHaveLength(2);
  const countries = paths.filter((path) => path.includes('/data/countries/'));
  expect(new Set(countries).size).toBe(countries.length);
});

it('one that is not there is gone, by its own word', async () => {
  expect(await source.fetchOne({ entity: 'customer', sourceId: '999999' }, signal)).toMatchObject({ outcome: 'gone' });
});

it('a group is known by its name alone', async () => {
  shop.controls.journal.reset();
  const fetched = await source.fetchOne({ entity: 'customer_group', sourceId: 'vip' }, signal);
  expect(fetched).toMatchObject({ outcome: 'present', record: { canonical: { name: 'vip' } } });
  expect(shop.controls.journal.entries()).toEqual([]);
});
