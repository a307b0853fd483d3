import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openGovernor } from '../../src/connectors/http/open-governor.ts';
import type { Source } from '../../src/connectors/source.ts';
import { createVendureSource } from '../../src/connectors/vendure/vendure-source.ts';
import type { CanonicalOrder } from '../../src/domain/order.ts';
import type { MovedEntity, SourceRecord } from '../../src/domain/record.ts';
import { RealStore } from '../real-store/real-store.ts';
import { OrderDesk } from '../real-store/seed/order-desk.ts';
import { fillStore, type FilledStore } from '../real-store/seed/fill-store.ts';
import type { StoreApi } from '../real-store/store-api.ts';
import { scanned } from '../support/scanned.ts';

const signal = new AbortController().signal;
const OVERLAP_MS = 1_000;

/** The whole second before now is over, so that nothing of before is in the window with its overlap. */
const quiet = async (): Promise<string> => {
  const then = Date.now() + OVERLAP_MS + 1_100;
  await vi.waitUntil(() => Date.now() >= then, { timeout: 5_000, interval: 20 });
  return new Date().toISOString();
};

/** What only a real server knows: which of its rows it stamps, and when (measured on Vendure 3.7.3). */
describe('a real Vendure', { timeout: 240_000 }, () => {
  let folder: string;
  let store: RealStore;
  let admin: StoreApi;
  let filled: FilledStore;
  let source: Source;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storeferry-vendure-changes-'));
    store = await RealStore.start({ folder });
    filled = await fillStore(store.url, store.login, { seed: 1, records: 150 });
    admin = await store.admin();
    source = open({ apiKey: await store.newApiKey() });
  }, 240_000);
  afterAll(async () => {
    await store.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (credentials: object): Source =>
    createVendureSource({
      baseUrl: store.url,
      ...credentials,
      network: { allowPrivate: true },
      governor: openGovernor(),
      timeoutMs: 20_000,
      concurrency: 4,
    });
  const idsOf = async (entity: MovedEntity) => (await scanned(source, entity)).map(({ sourceId }) => sourceId);
  const changedSince = async (entity: MovedEntity, after: string): Promise<SourceRecord[]> => {
    const window = { after, until: new Date().toISOString() };
    const records: SourceRecord[] = [];
    let cursor: string | null = null;
    do {
      const page = await source.readChanged(entity, window, cursor, signal);
      records.push(...page.records);
      cursor = page.next;
    } while (cursor !== null);
    return records;
  };
  const forSale = () => {
    const product = filled.products.find(
      ({ variants: [only, ...more] }) => only?.forSale === true && more.length === 0,
    );
    const [variant] = product?.variants ?? [];
    if (product === undefined || variant === undefined) throw new Error('the store sells nothing');
    return { product: product.id, variant: variant.id };
  };

  test('gives every record of every entity the same by a page, by itself and by what changed', async () => {
    for (const { entity, pageSize, modifiedFilter } of source.entities) {
      const ids = (await idsOf(entity)).slice(0, pageSize);
      const page = await source.readByIds(entity, ids, signal);
      expect(page).toMatchObject({ unreadable: [], missing: [] });
      const hashes = new Map(page.records.map((record) => [`${record.entity} ${record.sourceId}`, record.contentHash]));
      for (const sourceId of ids.slice(0, 15)) {
        const one = await source.fetchOne({ entity, sourceId }, signal);
        if (one.outcome !== 'present') throw new Error(`${entity} ${sourceId} is ${one.outcome}`);
        expect([entity, sourceId, one.record.contentHash]).toEqual([
          entity,
          sourceId,
          hashes.get(`${entity} ${sourceId}`),
        ]);
      }
      if (!modifiedFilter) continue;
      const changed = new Map(
        (await changedSince(entity, '2020-01-01T00:00:00.000Z')).map((one) => [one.sourceId, one]),
      );
      for (const sourceId of ids) {
        expect([entity, sourceId, changed.get(sourceId)?.contentHash]).toEqual([
          entity,
          sourceId,
          hashes.get(`${entity} ${sourceId}`),
        ]);
      }
    }
  });

  test.each<[string, (at: { product: string; variant: string }) => Promise<unknown>]>([
    [
      'a price, which stamps the variant alone',
      ({ variant }) =>
        admin.ask('mutation ($i: [UpdateProductVariantInput!]!) { updateProductVariants(input: $i) { id } }', {
          i: [{ id: variant, price: 4_321 }],
        }),
    ],
    [
      'a stock level that somebody set',
      ({ variant }) =>
        admin.ask('mutation ($i: [UpdateProductVariantInput!]!) { updateProductVariants(input: $i) { id } }', {
          i: [{ id: variant, stockOnHand: 77 }],
        }),
    ],
    [
      'a text, which stamps the product alone',
      ({ product }) =>
        admin.ask('mutation ($i: UpdateProductInput!) { updateProduct(input: $i) { id } }', {
          i: { id: product, translations: [{ languageCode: 'en', description: 'New words' }] },
        }),
    ],
  ])('tells that a product changed: %s', async (_, change) => {
    const at = forSale();
    const after = await quiet();
    await change(at);
    const changed = (await changedSince('product', after)).filter(({ entity }) => entity === 'product');
    expect(new Set(changed.map(({ sourceId }) => sourceId))).toEqual(new Set([at.product]));
  });

  test('tells an order that is placed, with the stock it takes and who placed it', async () => {
    const at = forSale();
    const [customer] = filled.customers;
    if (customer === undefined) throw new Error('the store has no customers');
    const [shippingMethod] = filled.surroundings.shipping;
    const after = await quiet();
    await new OrderDesk(admin).sell({
      customerId: customer.id,
      items: [{ productVariantId: at.variant, quantity: 2 }],
      address: {
        fullName: 'Ann Lee',
        streetLine1: '1 Main Street',
        city: 'Berlin',
        postalCode: '10115',
        countryCode: 'DE',
      },
      shippingMethod,
    });
    // Seen by its stamp and by its history: once or twice, and always the same one.
    expect(new Set((await changedSince('order', after)).map(({ sourceId }) => sourceId)).size).toBe(1);
    const stock = (await changedSince('stock', after)).map(({ sourceId }) => sourceId);
    expect(new Set(stock)).toEqual(new Set([`${at.product}/${at.variant}`]));
    expect((await changedSince('customer', after)).map(({ sourceId }) => sourceId)).toEqual([customer.id]);
  });

  test('tells an order whose state, note or refund changed, although its own stamp stands still', async () => {
    const orders = await source.readByIds('order', (await idsOf('order')).slice(0, 50), signal);
    const paid = orders.records.find(({ canonical }) => (canonical as CanonicalOrder).status === 'processing');
    if (paid === undefined) throw new Error('no order is paid and not sent');
    const stampOf = async () =>
      (
        await admin.ask<{ order: { updatedAt: string } }>('query ($id: ID!) { order(id: $id) { updatedAt } }', {
          id: paid.sourceId,
        })
      ).order.updatedAt;
    const stamp = await stampOf();
    const after = await quiet();
    await admin.ask('mutation ($i: AddNoteToOrderInput!) { addNoteToOrder(input: $i) { id } }', {
      i: { id: paid.sourceId, note: 'Ring twice', isPublic: false },
    });
    const [noted, ...others] = await changedSince('order', after);
    expect(others).toEqual([]);
    expect(noted?.sourceId).toBe(paid.sourceId);
    expect(noted?.contentHash).not.toBe(paid.contentHash);
    expect(await stampOf()).toBe(stamp);
  });

  test('lists neither carts nor what was deleted, and says so of one by its id', async () => {
    const at = forSale();
    const count = await source.count('order', signal);
    const { draft } = await admin.ask<{ draft: { id: string } }>('mutation { draft: createDraftOrder { id } }');
    expect(await source.count('order', signal)).toBe(count);
    expect(await source.fetchOne({ entity: 'order', sourceId: draft.id }, signal)).toMatchObject({
      outcome: 'present',
      record: { canonical: { status: 'checkout-draft' }, references: [] },
    });
    const after = await quiet();
    await admin.ask('mutation ($id: ID!) { deleteProduct(id: $id) { result } }', { id: at.product });
    // No list says that it was there: only a scan of all ids does.
    expect((await changedSince('product', after)).map(({ sourceId }) => sourceId)).not.toContain(at.product);
    expect(await idsOf('product')).not.toContain(at.product);
    const ref = { entity: 'product' as const, sourceId: at.product };
    expect(await source.fetchOne(ref, signal)).toEqual({ outcome: 'gone', ref });
  });

  test('names what a role may not see, and reads the rest', async () => {
    const { role } = await admin.ask<{ role: { id: string } }>(
      'mutation { role: createRole(input: { code: "goods", description: "goods", permissions: [ReadCatalog, ReadSettings] }) { id } }',
    );
    await admin.ask('mutation ($i: CreateAdministratorInput!) { createAdministrator(input: $i) { id } }', {
      i: {
        firstName: 'Goods',
        lastName: 'Only',
        emailAddress: 'goods@example.test',
        password: 'goods-only',
        roleIds: [role.id],
      },
    });
    const narrow = open({ username: 'goods@example.test', password: 'goods-only' });
    expect((await narrow.survey(signal)).refused).toEqual(['customer_group', 'customer', 'order', 'coupon']);
    await expect(narrow.count('order', signal)).rejects.toMatchObject({ kind: 'permission-missing' });
    expect(await narrow.count('product', signal)).toBeGreaterThan(0);
    await expect(open({ apiKey: 'nobody:knows' }).check(signal)).rejects.toMatchObject({
      kind: 'credentials-rejected',
    });
  });

  test('is surveyed by words that orders and products are read with', async () => {
    const survey = await source.survey(signal);
    const orders = await source.readByIds('order', (await idsOf('order')).slice(0, 50), signal);
    const words = new Set(orders.records.map(({ canonical }) => (canonical as CanonicalOrder).status));
    words.delete('refunded');
    expect(Object.keys(survey.orderStatuses)).toEqual(expect.arrayContaining([...words]));
    expect(survey.refused).toEqual([]);
    expect(survey.leftBehind.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['automatic-promotions', 'draft-orders-skipped', 'stock-locations']),
    );
  });
});
