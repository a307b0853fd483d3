import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { compareStores } from './compare-stores.ts';
import { wantedInTemporal } from './histories.ts';
import { LiveStack } from './live-stack.ts';
import { unsoldProducts } from './unsold-products.ts';

/** A continuous sync on the whole service: it follows the shop, rests while nothing happens, and ends when it is told to. */
let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start(40, 17);
  await stack.createProject('shop');
  const { run } = await stack.fullRun('shop');
  if (run?.state !== 'completed') throw new Error(`the full run ${run?.state}: ${run?.endedReason}`);
});
afterAll(() => stack.stop());

const priceAtTarget = async (name: string): Promise<number | undefined> => {
  const { products } = await stack.admin<{ products: { name: string; price: number }[] }>('target', 'GET', 'state');
  return products.find((row) => row.name === name)?.price;
};
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 100 });

it('brings over what changes while it follows, without another word, and closes its account in the end', async () => {
  const { run } = await stack.api.startRun('shop', { kind: 'continuous' });
  const [first] = await unsoldProducts(stack);
  await stack.atSource('PUT', `/products/${first?.id}`, { regular_price: '321.50' });
  await eventually(async () => expect(await priceAtTarget(first?.name ?? '')).toBe(321.5));
  // It sweeps, polls and writes side by side, and is at one thing all the same.
  expect(['follow', 'parked']).toContain((await stack.api.status('shop')).run?.step);
  await stack.until('shop', 'it is parked', (status) => status.run?.step === 'parked');
  // Parked, it hears of a capture at once.
  await stack.atSource('PUT', `/products/${first?.id}`, { regular_price: '123.25' });
  await stack.api.capture('shop', 'product', [String(first?.id)]);
  await eventually(async () => expect(await priceAtTarget(first?.name ?? '')).toBe(123.25));
  await stack.admin('source', 'POST', 'life', {
    events: 40,
    seed: 5,
    perSecond: 20,
    kinds: ['product.create', 'order.place'],
  });
  await stack.api.command('shop', 'finish', 'the test is over');
  const { run: ended } = await stack.until('shop', 'it has ended', (status) => status.run?.state !== 'running');
  expect(ended).toMatchObject({ run, state: 'completed', endedReason: null });
  expect((await stack.api.account('shop', run)).closed).toBe(true);
  expect(await compareStores(stack)).toEqual({});
});

it('is one run: nothing else starts beside it, and it goes on after a pause', async () => {
  await stack.api.startRun('shop', { kind: 'continuous' });
  await expect(stack.api.startRun('shop', { kind: 'recent' })).rejects.toMatchObject({ problem: { status: 409 } });
  const [, second] = await unsoldProducts(stack);
  await stack.api.options('shop', { alerts: { lagSeconds: 1 } });
  await stack.api.command('shop', 'pause');
  await stack.atSource('PUT', `/products/${second?.id}`, { regular_price: '77.75' });
  await stack.api.capture('shop', 'product', [String(second?.id)]);
  // The pause asks for nobody; what waits behind it is told of, in Temporal too.
  await eventually(async () => {
    const { found, page } = await wantedInTemporal(stack, 'shop');
    expect(found).toEqual(['migration-shop']);
    expect(page).toContain('**Needs a person:** open alerts: lag-above-limit (storeferry alerts shop)');
  });
  expect((await stack.api.status('shop')).attention).toBeNull();
  await stack.api.command('shop', 'resume');
  await eventually(async () => expect(await priceAtTarget(second?.name ?? '')).toBe(77.75));
  await stack.api.command('shop', 'finish');
  const { run } = await stack.until('shop', 'it has ended', (status) => status.run?.state !== 'running');
  expect(run?.state).toBe('completed');
});
