import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGovernor } from '../../../../src/connectors/http/open-governor.ts';
import type { Source } from '../../../../src/connectors/source.ts';
import { createWooCommerceSource } from '../../../../src/connectors/woocommerce/woocommerce-source.ts';
import type { CanonicalOrder } from '../../../../src/domain/order.ts';
import { sandboxCredentials } from '../../../../src/sandbox/woocommerce/options.ts';
import { seedShop } from '../../../../src/sandbox/woocommerce/seed/shop.ts';
import { createWooCommerceSandbox, type WooCommerceSandbox } from '../../../../src/sandbox/woocommerce/server.ts';
import { scanned } from '../../../support/scanned.ts';

const { signal } = new AbortController();
let shop: WooCommerceSandbox;
let source: Source;
beforeAll(async () => {
  shop = await createWooCommerceSandbox();
  seedShop(shop.store, 5, { products: 20, customers: 30, orders: 120 });
  source = createWooCommerceSource({
    ...sandboxCredentials,
    baseUrl: shop.url,
    network: { allowPrivate: true },
    governor: openGovernor(),
    timeoutMs: 5_000,
    concurrency: 8,
  });
});
afterAll(() => shop.close());

async function allIds(): Promise<string[]> {
  return (await scanned(source, 'order')).map(({ sourceId }) => sourceId);
}

it('every order but those in the trash is read, exact to six places, with its refunds and notes', async () => {
  const ids = await allIds();
  const kept = [...shop.store.orders.values()].filter(({ status }) => status !== 'trash' && status !== 'auto-draft');
  expect(ids).toEqual(kept.map(({ id }) => String(id)).toSorted((a, b) => Number(a) - Number(b)));
  const { records, unreadable } = await source.readByIds('order', ids.slice(0, 100), signal);
  expect(unreadable).toEqual([]);
  for (const record of records) {
    const canonical = record.canonical as CanonicalOrder;
    const row = shop.store.orders.get(Number(record.sourceId));
    expect(Number(canonical.total.incTax)).toBe(Number(row?.total));
    expect(canonical.lines).toHaveLength(row?.lines.length ?? -1);
    const refunds = [...shop.store.refunds.values()].filter(({ parentId }) => parentId === row?.id);
    expect(canonical.refunds.map(({ amount }) => Number(amount)).toSorted((a, b) => a - b)).toEqual(
      refunds.map(({ amount }) => Number(amount)).toSorted((a, b) => a - b),
    );
    const notes = [...shop.store.notes.values()].filter(({ orderId }) => orderId === row?.id);
    expect(canonical.notes).toHaveLength(notes.length);
  }
});

it('a scan tells which orders are still worked with, in the same requests', async () => {
  const busy = new Map((await scanned(source, 'order')).map((keys) => [keys.sourceId, keys.busy]));
  const statuses = new Set([...busy.keys()].map((id) => shop.store.orders.get(Number(id))?.status ?? ''));
  expect([...statuses]).toEqual(expect.arrayContaining(['completed', 'processing']));
  for (const [id, isBusy] of busy) {
    const status = shop.store.orders.get(Number(id))?.status ?? '';
    expect([status, isBusy]).toEqual([status, !['completed', 'refunded', 'cancelled'].includes(status)]);
  }
});

it('a read by id is as exact as a read in a list', async () => {
  const [first = ''] = await allIds();
  const listed = await source.readByIds('order', [first], signal);
  const fetched = await source.fetchOne({ entity: 'order', sourceId: first }, signal);
  expect(fetched).toMatchObject({ outcome: 'present', record: { contentHash: listed.records[0]?.contentHash } });
});

it('a page of orders takes one request, one for all its refunds and one for the notes of each', async () => {
  const ids = (await allIds()).slice(0, 100);
  await source.readByIds('order', ids, signal);
  shop.controls.journal.reset();
  await source.readByIds('order', ids, signal);
  const paths = shop.controls.journal.entries().map(({ path }) => path.replace(/\d+/g, 'n'));
  const count = (end: string) => paths.filter((path) => path.endsWith(end)).length;
  expect([count('/orders'), count('/refunds'), count('/notes')]).toEqual([1, 1, 100]);
  expect(paths).toHaveLength(102);
});

it('one in the trash is said to be there, one that is deleted to be gone', async () => {
  const [id = ''] = await allIds();
  const row = shop.store.orders.get(Number(id));
  if (row === undefined) throw new Error('there are orders');
  row.status = 'trash';
  expect(await source.fetchOne({ entity: 'order', sourceId: id }, signal)).toMatchObject({ outcome: 'trashed' });
  shop.store.orders.delete(row.id);
  expect(await source.fetchOne({ entity: 'order', sourceId: id }, signal)).toMatchObject({ outcome: 'gone' });
});
