import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareStores } from './compare-stores.ts';
import { LiveStack } from './live-stack.ts';
import { unsoldProducts } from './unsold-products.ts';

/** A shop that lives on after its full run: recent runs bring over what happened, and nothing else. */
let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start(40, 11);
  await stack.createProject('shop');
  const { run } = await stack.fullRun('shop');
  if (run?.state !== 'completed') throw new Error(`the full run ${run?.state}: ${run?.endedReason}`);
});
afterAll(() => stack.stop());

async function recent(sweep = false) {
  const { run, state, phase, account } = await stack.recentRun('shop', sweep);
  const count = (entity: string, word: string) =>
    account.lines
      .filter((line) => line.entity === entity && line.word === word)
      .reduce((sum, line) => sum + line.count, 0);
  return { run, state, phase, account, count };
}

/** What the client has no word for. */
async function callApi(method: 'PUT', path: string, body: object): Promise<void> {
  const key = readFileSync(join(stack.folder.dataFolder, 'approver.key'), 'utf8').trim();
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const url = `http://127.0.0.1:${stack.folder.ports.api}/v1${path}`;
  const reply = await fetch(url, { method, headers, body: JSON.stringify(body) });
  expect({ status: reply.status, body: await reply.text() }).toMatchObject({ status: 200 });
}

it('brings over what was added, changed, trashed and deleted, and closes its account', async () => {
  const [edited, trashed, deleted] = await unsoldProducts(stack);
  await stack.atSource('PUT', `/products/${edited?.id}`, {
    name: 'Edited after the full run',
    regular_price: '123.45',
  });
  await stack.atSource('DELETE', `/products/${trashed?.id}`);
  await stack.atSource('DELETE', `/products/${deleted?.id}?force=true`);
  await stack.atSource('POST', '/products', {
    name: 'New after the full run',
    type: 'simple',
    regular_price: '7.00',
    sku: 'NEW-1',
  });
  await stack.atSource('POST', '/customers', { email: 'late@example.test', first_name: 'Late', last_name: 'Comer' });
  const order = { status: 'processing', line_items: [{ product_id: edited?.id, quantity: 2 }] };
  await stack.atSource('POST', '/orders', order);
  const { state, phase, account, count } = await recent(true);
  expect([state, phase]).toEqual(['completed', 'syncing']);
  expect(await compareStores(stack)).toEqual({});
  expect(account.closed).toBe(true);
  expect(account.seen).toBe(account.lines.reduce((sum, line) => sum + line.count, 0));
  expect([count('product', 'created'), count('customer', 'created'), count('order', 'created')]).toEqual([1, 1, 1]);
  expect(count('product', 'deleted') + count('product', 'archived')).toBe(2);
  expect(count('product', 'updated')).toBeGreaterThan(0);
});

it('costs what changed: a run after which nothing happened writes nothing and reads no list as a whole', async () => {
  await recent();
  await stack.admin('target', 'DELETE', 'requests');
  await stack.admin('source', 'DELETE', 'requests');
  const { state, account } = await recent();
  expect(state).toBe('completed');
  expect(account.lines.filter(({ word }) => !['unchanged', 'stale', 'ignored', 'waiting'].includes(word))).toEqual([]);
  expect(await stack.targetWrites()).toEqual({});
  const { total } = await stack.admin<{ total: number }>('source', 'GET', 'requests');
  expect(total).toBeLessThan(30);
});

it('finds what no poll can see when an entity is swept: edited customers, categories', async () => {
  const { customers, categories } = await stack.admin<{
    customers: { id: number; email: string }[];
    categories: { id: number; slug: string }[];
  }>('source', 'GET', 'state');
  const someone = customers.find(({ email }) => email === 'late@example.test');
  const some = categories.find(({ slug }) => slug !== 'uncategorized');
  await stack.atSource('PUT', `/customers/${someone?.id}`, { last_name: 'Renamed-Quietly' });
  await stack.atSource('PUT', `/products/categories/${some?.id}`, { description: 'Rewritten quietly' });
  const { count, account } = await recent(true);
  expect(account.closed).toBe(true);
  expect([count('customer', 'updated'), count('category', 'updated')]).toEqual([1, 1]);
  expect(await compareStores(stack)).toEqual({});
});

it('is refused while the mapping is another than the baseline was made with, and says what to do', async () => {
  await callApi('PUT', '/projects/shop/mapping', { shortDescription: 'drop' });
  await expect(stack.api.startRun('shop', { kind: 'recent' })).rejects.toMatchObject({
    problem: { status: 409, code: 'mapping-changed', detail: expect.stringContaining('start a full run') as unknown },
  });
});

it('is refused before there is a baseline', async () => {
  await stack.deleteProject('shop');
  await stack.createProject('new');
  await expect(stack.api.startRun('new', { kind: 'recent' })).rejects.toMatchObject({ problem: { status: 409 } });
});
