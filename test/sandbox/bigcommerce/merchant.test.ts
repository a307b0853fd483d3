import { describe, expect, it } from 'vitest';
import type { LifeEvent } from '../../../src/sandbox/shared/life/life.ts';
import { openStore, product } from './store.ts';

type Store = Awaited<ReturnType<typeof openStore>>;

/** A store with something of everything, its clock stopped. */
async function filledStore(): Promise<Store> {
  const store = await openStore();
  await store.admin('/clock', { freezeAt: '2026-07-10T12:00:00Z' });
  for (let at = 1; at <= 8; at += 1) {
    const tracked = at % 2 === 0 ? { inventory_tracking: 'product', inventory_level: at } : {};
    await store.post('/v3/catalog/products', product(`Product ${at}`, { sku: `P-${at}`, ...tracked }));
    const email = `buyer${at}@example.test`;
    await store.post('/v3/customers', [{ email, first_name: 'Ann', last_name: `No. ${at}` }]);
    const billing = { first_name: 'Ann', zip: '10115', country_iso2: 'DE', email };
    const line = { name: 'Mug', quantity: 2, price_ex_tax: 5, price_inc_tax: 5.95 };
    await store.post('/v2/orders', { billing_address: billing, products: [line] });
  }
  const option = { option_display_name: 'Size', label: 'S' };
  const sized = { inventory_tracking: 'variant', variants: [{ sku: 'T-S', option_values: [option] }] };
  await store.post('/v3/catalog/products', product('Tee', sized));
  return store;
}

async function works(store: Store, body: object): Promise<LifeEvent[]> {
  const { status, body: said } = await store.admin('/merchant/edits', body);
  expect(status).toBe(200);
  return said.happened;
}

const stateOf = async (store: Store) => (await store.admin('/state')).body;
const SECOND = '2026-07-10T12:00:05Z';

describe('a merchant', () => {
  it('does the same under the same seed, and again from the log', async () => {
    const [first, second, third] = [await filledStore(), await filledStore(), await filledStore()];
    const events = await works(first, { events: 150, seed: 21 });
    expect(await works(second, { events: 150, seed: 21 })).toEqual(events);
    expect(await works(third, { replay: events })).toEqual(events);
    expect(events.filter(({ refused }) => refused !== undefined)).toEqual([]);
    const state = await stateOf(first);
    expect(await stateOf(second)).toEqual(state);
    expect(await stateOf(third)).toEqual(state);
  });

  it.each([
    ['product.name', 'products', 'name'],
    ['product.price', 'products', 'price'],
    ['product.description', 'products', 'description'],
    ['product.visibility', 'products', 'is_visible'],
    ['order.status', 'orders', 'status_id'],
    ['order.staff-notes', 'orders', 'staff_notes'],
    ['order.archive', 'orders', 'is_deleted'],
  ])('%s changes that field of one row, and its stamp', async (kind, table, field) => {
    const store = await filledStore();
    const before = (await stateOf(store))[table];
    await store.admin('/clock', { stepMs: 5_000 });
    const [event] = await works(store, { events: 1, kinds: [kind] });
    const after = (await stateOf(store))[table];
    const changed = after.filter((row: object, at: number) => JSON.stringify(row) !== JSON.stringify(before[at]));
    expect(changed).toMatchObject([{ id: Number(event!.touched[0]!.split(' ')[1]), date_modified: SECOND }]);
    const [was] = before.filter((row: { id: number }) => row.id === changed[0].id);
    expect(changed).not.toMatchObject([{ [field]: was[field] }]);
    expect({ ...changed[0], [field]: was[field], date_modified: was.date_modified }).toEqual(was);
  });

  it('sets stock by hand: of the product, or of a variant that has its own; the journal says so', async () => {
    const store = await filledStore();
    await store.admin('/clock', { stepMs: 5_000 });
    const events = await works(store, { events: 30, kinds: ['product.stock'] });
    const { products, stockJournal } = await stateOf(store);
    expect(stockJournal).toHaveLength(30);
    expect(stockJournal.at(-1)).toMatchObject({ cause: 'by hand' });
    const touched = new Set(events.flatMap((event) => event.touched));
    expect([...touched].some((name) => name.startsWith('variant '))).toBe(true);
    for (const row of products) expect(row.date_modified === SECOND).toBe(touched.has(`product ${row.id}`));
  });

  it('edits, adds and deletes customers; e-mail addresses stay the key', async () => {
    const store = await filledStore();
    await works(store, { events: 40, kinds: ['customer.add', 'customer.delete', 'customer.edit'] });
    const { customers } = await stateOf(store);
    const emails = customers.map(({ email }: { email: string }) => email);
    expect([...store.store.emails.keys()].toSorted()).toEqual(emails.toSorted());
    expect(emails.some((email: string) => email.startsWith('by.hand'))).toBe(true);
  });

  it('adds and deletes products, and what is deleted is gone with its name and SKU', async () => {
    const store = await filledStore();
    const [added] = await works(store, { events: 1, kinds: ['product.add'] });
    const id = Number(added!.touched[0]!.split(' ')[1]);
    expect((await store.get(`/v3/catalog/products/${id}`)).body.data).toMatchObject({
      name: expect.stringMatching(/^Made by hand/),
    });
    await works(store, { events: 10, kinds: ['product.delete'] });
    expect([store.store.products.size, store.store.names.size, store.store.skus.size]).toEqual([0, 0, 0]);
    expect(await works(store, { events: 1, kinds: ['product.price'] })).toEqual([]);
  });

  it('works at a rate until told to stop, also from the start on', async () => {
    const store = await openStore({ merchant: 200 });
    await expect.poll(async () => (await store.admin('/merchant/edits')).body.events).toBeGreaterThan(3);
    const { events } = (await store.admin('/merchant/edits', { perSecond: 0 })).body;
    expect((await works(store, { events: 2 })).map(({ number }) => number)).toEqual([events + 1, events + 2]);
  });
});
