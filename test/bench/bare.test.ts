import { expect, onTestFinished, test } from 'vitest';
import { atMost, chunks, openShop, openTarget } from '../../bench/bare/client.ts';
import { migrate } from '../../bench/bare/migrate.ts';
import { readShop } from '../../bench/bare/read-shop.ts';
import { onlyOnce, pathOf, rowsOf, textOf } from '../../bench/bare/rows.ts';
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
  const from = openShop({ url: shop.url, key, secret, wordpress }, 4);
  const { written, refused } = await migrate(
    from,
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

  // Options stand as the shop has them, with its defaults: that costs requests of their own, as it costs ours.
  const options = (state['products'] as readonly { name: string; options: readonly Option[] }[]).flatMap((one) =>
    one.options.map((option) => [`${one.name}, ${option.display_name}`, option.option_values] as const),
  );
  const ordered = new Map(
    options.map(([name, values]) => [name, values.toSorted((a, b) => a.sort_order - b.sort_order)]),
  );
  const varied = (await readShop(from).products).flatMap((row) =>
    rowsOf(row['attributes']).map((one) => [`${textOf(row['name'])}, ${textOf(one['name'])}`, one['options']] as const),
  );
  const inOrder = varied.filter(([name, wished]) => {
    const made = ordered.get(name)?.map(({ label }) => label) ?? [];
    const labels = (wished as readonly string[]).filter((label) => made.includes(label));
    return made.length > 1 && made.filter((label) => labels.includes(label)).join() === labels.join();
  });
  const several = options.filter(([name, values]) => values.length > 1 && varied.some(([of]) => of === name));
  expect(inOrder.length).toBeGreaterThan(3);
  expect(inOrder).toHaveLength(several.length);
  expect(options.filter(([, values]) => values.some((value) => value.is_default)).length).toBeGreaterThan(0);
});

interface Option {
  readonly display_name: string;
  readonly option_values: readonly {
    readonly label: string;
    readonly sort_order: number;
    readonly is_default: boolean;
  }[];
}

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
