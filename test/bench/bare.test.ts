import { expect, onTestFinished, test } from 'vitest';
import { atMost, chunks, openShop, openTarget } from '../../bench/bare/client.ts';
import { migrate } from '../../bench/bare/migrate.ts';
import { onlyOnce, pathOf } from '../../bench/bare/rows.ts';
import { createBigCommerceSandbox } from '../../src/sandbox/bigcommerce/server.ts';
import { bigCommerceCredentials } from '../../src/sandbox/bigcommerce/options.ts';
import { sandboxCredentials } from '../../src/sandbox/woocommerce/options.ts';
import { seedShop } from '../../src/sandbox/woocommerce/seed/shop.ts';
import { presets } from '../../src/sandbox/woocommerce/seed/sizes.ts';
import { createWooCommerceSandbox } from '../../src/sandbox/woocommerce/server.ts';

test('the script moves a whole shop, its ugly cases too, and keeps to so many requests at once', async () => {
  const [shop, store] = await Promise.all([createWooCommerceSandbox(), createBigCommerceSandbox()]);
  onTestFinished(async () => void (await Promise.all([shop.close(), store.close()])));
  seedShop(shop.store, 5, presets.S);
  const { consumerKey: key, consumerSecret: secret, applicationUser, applicationPassword } = sandboxCredentials;
  const wordpress = `${applicationUser}:${applicationPassword}`;
  const { storeHash, accessToken } = bigCommerceCredentials;
  const { written, refused } = await migrate(
    openShop({ url: shop.url, key, secret, wordpress }, 4),
    openTarget({ url: store.url, key: storeHash, secret: accessToken }, 4),
  );
  expect(refused).toEqual([]);
  expect(written).toMatchObject({
    category: 25,
    brand: 12,
    product: 45,
    customer: 20,
    order: 52,
    coupon: 11,
    review: 11,
  });
  const reply = await fetch(`${store.url}/__admin/state`);
  const state = (await reply.json()) as Record<string, unknown[]>;
  expect([state['products'], state['customers'], state['orders']].map((rows) => rows?.length)).toEqual([45, 20, 52]);
});

test('works wait in line when as many as allowed are under way', async () => {
  const inTurn = atMost(2);
  let busy = 0;
  let most = 0;
  const work = async () => {
    busy += 1;
    most = Math.max(most, busy);
    await new Promise(setImmediate);
    busy -= 1;
  };
  await Promise.all(Array.from({ length: 9 }, () => inTurn(work)));
  expect(most).toBe(2);
});

test('batches are full but for the last, a value is given once, a path ends with a slash', () => {
  expect(chunks([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
  const free = onlyOnce();
  expect([free('A', 1), free('a ', 2), free('b', 3)]).toEqual(['A', 'a  (2)', 'b']);
  expect([pathOf('http://shop.test/a/b'), pathOf('http://shop.test/?p=3'), pathOf('')]).toEqual(['/a/b/', '', '']);
});
