import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPlaced } from '../real-store/check/pairs.ts';
import { installStore } from '../real-store/install.ts';
import { StoreLife } from '../real-store/life.ts';
import { readStore } from '../real-store/read/read-store.ts';
import type { OrderRow, StoreRows } from '../real-store/read/rows.ts';
import { RealStore } from '../real-store/real-store.ts';
import { fillStore } from '../real-store/seed/fill-store.ts';
import { StoreApi, StoreRefusal } from '../real-store/store-api.ts';

const FILLING_MS = 400_000;

const refunded = ({ payments }: OrderRow) =>
  payments.flatMap(({ refunds }) => refunds).reduce((sum, { total }) => sum + total, 0);

describe('a real store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'storeferry-real-store-'));
  let store: RealStore;
  let rows: StoreRows;
  const read = () => readStore(store.url, store.login);
  beforeAll(async () => {
    store = await RealStore.start({ folder });
    await fillStore(store.url, store.login, { seed: 3, records: 150 });
    rows = await read();
  }, FILLING_MS);
  afterAll(async () => {
    await store.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds about as many records as were asked for', () => {
    const { collections, brands, products, groups, customers, orders, promotions } = rows;
    const lists = [collections, brands, products, groups, customers, orders, promotions];
    const all = lists.reduce((sum, { length }) => sum + length, 0);
    expect(all).toBeGreaterThan(150);
    expect(all).toBeLessThan(300);
  });

  it('sells what shops sell: options, hidden goods, names and SKUs there twice, files that are no pictures', () => {
    const { products } = rows;
    const variants = products.flatMap((product) => product.variants);
    const skus = variants.map(({ sku }) => sku.toLowerCase());
    expect(products.filter(({ optionGroups }) => optionGroups.length > 1).length).toBeGreaterThan(0);
    expect(products.filter(({ enabled }) => !enabled).length).toBeGreaterThan(0);
    expect(products.filter((product) => product.variants.length === 0)).toHaveLength(1);
    expect(products.filter(({ name }) => name === 'Plain Mug')).toHaveLength(2);
    expect(products.filter(({ name }) => name.length > 250)).toHaveLength(1);
    expect(skus.filter((sku) => sku === 'twice')).toHaveLength(3);
    expect(skus).toContain('');
    expect(variants.some(({ enabled }) => !enabled)).toBe(true);
    expect(variants.some(({ trackInventory }) => trackInventory === 'FALSE')).toBe(true);
    expect(variants.some(({ stockLevels }) => stockLevels.filter((level) => level.stockOnHand > 0).length > 1)).toBe(
      true,
    );
    expect(products.flatMap(({ assets }) => assets).some(({ type }) => type !== 'IMAGE')).toBe(true);
  });

  it('nests collections, keeps some to itself and fills them by its own rules', () => {
    const { collections, products } = rows;
    const byId = new Map(collections.map((row) => [row.id, row]));
    const depth = (id: string): number => (byId.has(id) ? 1 + depth(byId.get(id)?.parentId ?? '') : 0);
    expect(Math.max(...collections.map(({ id }) => depth(id)))).toBeGreaterThan(3);
    expect(collections.filter(({ isPrivate }) => isPrivate)).toHaveLength(1);
    expect(collections.filter(({ name }) => name === 'Sale')).toHaveLength(3);
    const kitchen = collections.find(({ slug }) => slug === 'kitchen');
    const within = products.filter((product) => product.collections.some(({ id }) => id === kitchen?.id));
    expect(within.length).toBeGreaterThan(0);
    const inKitchen = ({ facetValues }: (typeof within)[0]) => facetValues.some(({ name }) => name === 'Kitchen');
    expect(within.every(inKitchen)).toBe(true);
  });

  it('took orders of every kind through its own till', () => {
    const { orders, customers } = rows;
    const states = new Set(orders.filter(isPlaced).map(({ state }) => state));
    const wanted = [
      'PaymentAuthorized',
      'PaymentSettled',
      'PartiallyShipped',
      'Shipped',
      'PartiallyDelivered',
      'Delivered',
    ];
    expect([...wanted, 'Cancelled'].filter((state) => !states.has(state))).toEqual([]);
    expect(orders.some((order) => !isPlaced(order))).toBe(true);
    expect(orders.some((order) => refunded(order) > 0 && refunded(order) < order.totalWithTax)).toBe(true);
    expect(orders.some((order) => order.totalWithTax > 0 && refunded(order) === order.totalWithTax)).toBe(true);
    expect(orders.flatMap(({ payments }) => payments).some(({ state }) => state === 'Declined')).toBe(true);
    const refunds = orders.flatMap(({ payments }) => payments).flatMap((payment) => payment.refunds);
    expect(refunds.some(({ state }) => state === 'Pending')).toBe(true);
    expect(orders.some(({ customer }) => customer?.user === null)).toBe(true);
    expect(orders.some(({ couponCodes, discounts }) => couponCodes.length > 0 && discounts.length > 0)).toBe(true);
    expect(orders.some(({ surcharges }) => surcharges.length > 0)).toBe(true);
    expect(orders.some(({ history }) => history.some(({ note }) => note.includes('🎁')))).toBe(true);
    expect(customers.some(({ user }) => user === null)).toBe(true);
    // Vendure's own sum: what its lines, shipping and fees come to is what was to be paid.
    for (const order of orders) expect(order.subTotalWithTax + order.shippingWithTax).toBe(order.totalWithTax);
  });

  it('has sold to somebody who is gone, and something that is gone', () => {
    const known = new Set(rows.customers.map(({ id }) => id));
    const left = rows.orders.filter(({ customer }) => customer !== null && !known.has(customer.id));
    expect(left).toHaveLength(1);
    expect(left[0]?.customer?.user).not.toBeNull();
    const products = new Set(rows.products.map(({ id }) => id));
    const gone = rows.orders.filter(({ lines }) => lines.some((line) => !products.has(line.productVariant.productId)));
    expect(gone).toHaveLength(2);
  });

  it('keeps everything over a stop, and shows its pictures to who asks by their address', async () => {
    await store.stop();
    store = await RealStore.start({ folder, login: store.login, port: Number(new URL(store.url).port) });
    expect(await read()).toEqual(rows);
    const picture = rows.products.flatMap(({ assets }) => assets).find(({ type }) => type === 'IMAGE');
    const reply = await fetch(picture?.source ?? '');
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'image/png']);
  });

  it('lets in a key that was made for it, and nobody else', async () => {
    const ask = async (headers: Record<string, string>) => {
      const body = JSON.stringify({ query: '{ orders { totalItems } }' });
      const init = { method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' } };
      const reply = await fetch(`${store.url}/admin-api`, init);
      return (await reply.json()) as object;
    };
    const all = { data: { orders: { totalItems: rows.orders.length } } };
    expect(await ask({ 'vendure-api-key': await store.newApiKey() })).toEqual(all);
    expect(await ask({})).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    const wrong = StoreApi.admin(store.url, { ...store.login, password: 'wrong' });
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS_ERROR' });
    await expect(wrong).rejects.toBeInstanceOf(StoreRefusal);
  });

  it('goes on living: prices, stock, names, deletions, new people and new orders show', async () => {
    const life = await StoreLife.of(store, 1);
    const [renamed, deleted] = rows.products.filter(({ name }) => name === 'Plain Mug');
    const goods = rows.products.find(({ variants }) => variants[0]?.sku === 'BARE-1')?.variants[0];
    const collection = rows.collections.find(({ slug }) => slug === 'empty-shelf');
    const leaver = rows.customers.find(({ emailAddress }) => emailAddress === 'blanks@example.test');
    if (!goods || !renamed || !deleted || !collection || !leaver) throw new Error('the store is not as it was filled');
    await life.setPrice(goods.id, 4_321);
    await life.setSku(goods.id, 'BARE-2');
    await life.restock(goods.id, 77);
    await life.renameProduct(renamed.id, 'Mug, renamed');
    await life.switchProduct(renamed.id, false);
    await life.renameCollection(collection.id, 'Full shelf');
    await life.deleteProduct(deleted.id);
    await life.deleteCustomer(leaver.id);
    const member = await life.register();
    const order = await life.placeOrder(goods.id, { pieces: 2 });
    await life.desk.ship(order);
    const after = await read();
    const product = (id: string) => after.products.find((row) => row.id === id);
    const sold = after.products.flatMap(({ variants }) => variants).find(({ id }) => id === goods.id);
    expect(sold).toMatchObject({ price: 4_321, sku: 'BARE-2' });
    expect(sold?.stockLevels.reduce((sum, { stockOnHand }) => sum + stockOnHand, 0)).toBe(75);
    expect(product(renamed.id)).toMatchObject({ name: 'Mug, renamed', enabled: false });
    expect(product(deleted.id)).toBeUndefined();
    expect(after.collections.find(({ id }) => id === collection.id)?.name).toBe('Full shelf');
    expect(after.customers.find(({ id }) => id === leaver.id)).toBeUndefined();
    const registered = after.customers.find(({ emailAddress }) => emailAddress === member.emailAddress);
    expect(registered?.user).not.toBeNull();
    expect(after.orders.find(({ id }) => id === order)).toMatchObject({ state: 'Shipped', lines: [{ quantity: 2 }] });
  });
});

const lockOf = (version: string) =>
  JSON.stringify({ name: 'x', version, lockfileVersion: 3, packages: { '': { name: 'x', version } } });

describe('the packages of the real store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'storeferry-install-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const write = (version: string) => {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'x', version }));
    writeFileSync(join(folder, 'package-lock.json'), lockOf(version));
  };
  const mark = () => readFileSync(join(folder, 'node_modules', '.installed-from'), 'utf8');

  it('are installed once, also when two ask at the same time, and anew for another lock file', async () => {
    write('1.0.0');
    const said: string[] = [];
    await Promise.all([installStore(folder, (line) => said.push(line)), installStore(folder)]);
    expect(mark()).toBe(lockOf('1.0.0'));
    expect(readdirSync(join(folder, '.storeferry'))).toEqual([]);
    expect(said).toHaveLength(1);
    await installStore(folder, (line) => said.push(line));
    expect(said).toHaveLength(1);
    write('2.0.0');
    await installStore(folder);
    expect(mark()).toBe(lockOf('2.0.0'));
  });

  it('are not half there after an install that failed', async () => {
    rmSync(join(folder, 'node_modules'), { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'x', dependencies: { 'not-in-the-lock': '1.0.0' } }),
    );
    await expect(installStore(folder)).rejects.toThrow('not-in-the-lock');
    expect(existsSync(join(folder, 'node_modules'))).toBe(false);
  });
});
