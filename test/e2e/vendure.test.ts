import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkMigration } from '../real-store/check/check-migration.ts';
import { isPlaced } from '../real-store/check/pairs.ts';
import { StoreLife } from '../real-store/life.ts';
import { readStore } from '../real-store/read/read-store.ts';
import type { StoreRows } from '../real-store/read/rows.ts';
import { RealStore } from '../real-store/real-store.ts';
import { fillStore } from '../real-store/seed/fill-store.ts';
import { LiveStack } from './live-stack.ts';
import { type RawTarget, VENDURE_DEFECTS } from './vendure-defects.ts';

const FILLING_MS = 400_000;

const folder = mkdtempSync(join(tmpdir(), 'storeferry-vendure-'));
let store: RealStore;
let rows: StoreRows;

beforeAll(async () => {
  store = await RealStore.start({ folder });
  await fillStore(store.url, store.login, { seed: 5, records: 150 });
  rows = await readStore(store.url, store.login);
}, FILLING_MS);
afterAll(async () => {
  await store.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** What the store's own API and the target's raw state disagree about; empty: nothing. */
async function differences(stack: LiveStack): Promise<object> {
  const { ok, lost, doubled, different, foreign } = checkMigration({
    rows: await readStore(store.url, store.login),
    target: await stack.admin<unknown>('target', 'GET', 'state'),
  });
  return ok ? {} : { lost, doubled, different: different.slice(0, 20), foreign };
}

function fromVendure(stack: LiveStack, project: string): Promise<void> {
  const { user: username, password } = store.login;
  // Of a key the server checks the hash at each request, and takes a quarter of a second for it.
  return stack.createProjectFrom(project, { platform: 'vendure', url: store.url, credentials: { username, password } });
}

/** A day at the shop. */
async function liveOn(life: StoreLife, { products, collections, customers, orders }: StoreRows): Promise<void> {
  const named = (sku: string) => {
    const product = products.find(({ variants }) => variants[0]?.sku === sku);
    const [variant] = product?.variants ?? [];
    if (product === undefined || variant === undefined) throw new Error(`the store sells no ${sku}`);
    return { product: product.id, variant: variant.id };
  };
  const [bare, hidden, gone] = [named('BARE-1'), named('HIDDEN-1'), named('UNTAXED-1')];
  const many = products.find(({ name }) => name === 'Finishes and sizes');
  await life.setPrice(bare.variant, 7_654);
  await life.restock(bare.variant, 41);
  await life.renameProduct(named('PLACES-2').product, 'In two places, renamed');
  await life.setSku(named('PLACES-2').variant, 'PLACES-TWO');
  await life.switchProduct(hidden.product, true);
  await life.renameCollection(collections[0]?.id ?? '', 'Everything, renamed');
  await life.deleteProduct(gone.product);
  await life.deleteVariant(many?.variants.at(-1)?.id ?? '');
  const leaver = customers.find(({ emailAddress }) => emailAddress === 'blanks@example.test');
  const namesake = customers.find(({ emailAddress }) => emailAddress === 'hanako@example.test');
  await life.deleteCustomer(leaver?.id ?? '');
  await life.renameCustomer(namesake?.id ?? '', '佐藤');
  await life.register();
  const placed = await life.placeOrder(bare.variant, { pieces: 3 });
  await life.desk.ship(placed);
  const paid = orders.find(({ state, payments }) => state === 'PaymentSettled' && payments[0]?.method === 'card');
  await life.desk.note(paid?.id ?? '', 'Wants it wrapped.', false);
  await life.desk.refund(await life.placeOrder(bare.variant), { amount: 300 });
  await life.desk.cancel(await life.placeOrder(bare.variant));
}

describe('a full migration from a real Vendure', () => {
  let stack: LiveStack;
  beforeAll(async () => {
    stack = await LiveStack.startWithoutShop();
    await fromVendure(stack, 'real');
  });
  afterAll(() => stack.stop());

  it('carries everything that the store holds, each record once', async () => {
    const status = await stack.fullRun('real');
    expect(status.run?.state).toBe('completed');
    expect(await differences(stack)).toEqual({});
    const entities = status.run?.entities ?? [];
    expect(entities.filter(({ failed, held }) => failed + held > 0)).toEqual([]);
    const planned = Object.fromEntries(entities.map((row) => [row.entity, row.planned]));
    const { products, collections, brands, orders } = rows;
    expect(planned).toMatchObject({ product: products.length, category: collections.length, brand: brands.length });
    expect(planned['order']).toBe(orders.filter(isPlaced).length);
  });

  it.each(VENDURE_DEFECTS)('would be found out by $what', async ({ kind, entity, field, plant }) => {
    const target = await stack.admin<RawTarget>('target', 'GET', 'state');
    plant(target);
    const report = checkMigration({ rows, target });
    expect(report.ok).toBe(false);
    const found = report[kind].filter((finding) => finding.entity === entity);
    expect(found.map((finding) => finding.field)).toContainEqual(expect.stringContaining(field));
  });

  it('writes nothing in a second full run', async () => {
    await stack.admin('target', 'DELETE', 'requests');
    const status = await stack.fullRun('real');
    expect(status.run?.state).toBe('completed');
    expect(await stack.targetWrites()).toEqual({});
  });
});

describe('a real Vendure that lives on', () => {
  let stack: LiveStack;
  beforeAll(async () => {
    stack = await LiveStack.startWithoutShop();
    await fromVendure(stack, 'living');
    await stack.fullRun('living');
  });
  afterAll(() => stack.stop());

  it('is followed by recent runs until it is quiet: edits, deletions, new people and new orders', async () => {
    const lived = liveOn(await StoreLife.of(store, 1), rows);
    const whileSyncing = await stack.recentRun('living');
    expect(whileSyncing).toMatchObject({ state: 'completed', account: { closed: true } });
    await lived;
    for (let written = 1, runs = 0; written > 0; runs += 1) {
      const outcome = await stack.recentRun('living', true);
      expect(outcome).toMatchObject({ state: 'completed', account: { closed: true } });
      expect(runs).toBeLessThan(5);
      written = outcome.written;
    }
    expect(await differences(stack)).toEqual({});
  });
});

describe('a migration from a real Vendure whose worker is killed', () => {
  let stack: LiveStack;
  afterEach(() => stack.stop());

  it.each(['product', 'order'])('ends right: kill -9 while each %s is being created', async (entity) => {
    stack = await LiveStack.startWithoutShop();
    // Made to last long enough to be hit.
    const fault = { kind: 'slow', ms: 60, when: 'before' };
    for (const route of ['/v2/', '/v3/']) await stack.admin('target', 'POST', 'faults', { route, rate: 1, fault });
    await fromVendure(stack, 'hit');
    const { run } = await stack.startRun('hit');
    await stack.until('hit', `some ${entity} is created`, (status) =>
      (status.run?.entities ?? []).some((row) => row.entity === entity && row.created > 3),
    );
    stack.kill('worker-1');
    const ended = await stack.until(
      'hit',
      'the run has ended',
      (now) => now.run?.run === run && now.run.state !== 'running',
    );
    expect(ended.run?.state).toBe('completed');
    expect(await differences(stack)).toEqual({});
  });
});
