import { expect, test, onTestFinished } from 'vitest';
import { checkDemo, totals } from '../../src/cli/demo-check.ts';
import { ENTITIES } from '../../src/domain/entity.ts';
import { createBigCommerceSandbox } from '../../src/sandbox/bigcommerce/server.ts';
import { seedShop } from '../../src/sandbox/woocommerce/seed/shop.ts';
import { presets } from '../../src/sandbox/woocommerce/seed/sizes.ts';
import { createWooCommerceSandbox } from '../../src/sandbox/woocommerce/server.ts';

async function stores() {
  const [from, to] = await Promise.all([createWooCommerceSandbox(), createBigCommerceSandbox()]);
  seedShop(from.store, 1, presets.S);
  onTestFinished(async () => void (await Promise.all([from.close(), to.close()])));
  return {
    source: { platform: 'woocommerce', url: from.url, credentials: {} },
    target: { platform: 'bigcommerce', url: to.url, credentials: {} },
  };
}

test('a store of which nothing has arrived is all lost', async () => {
  const check = await checkDemo(await stores(), []);
  expect(check.ok).toBe(false);
  expect(check.lost).toBeGreaterThan(3);
  expect(check).toMatchObject({ doubled: 0, foreign: 0 });
});

test('what the project lists as failed is not lost', async () => {
  const both = await stores();
  const before = await checkDemo(both, []);
  const { lost } = before;
  const state = (await (await fetch(`${both.source.url}/__admin/state`)).json()) as { brands: { id: number }[] };
  const failures = state.brands.map(({ id }) => ({ entity: 'brand', sourceId: String(id) }));
  const check = await checkDemo(both, failures);
  expect(totals(check).failed).toBe(totals(before).failed + failures.length);
  // Neither the brand nor its address.
  expect(check.lost).toBe(lost - 2 * failures.length);
});

test('every entity is counted, and what is wrong is said in words', async () => {
  const { entities, wrong } = await checkDemo(await stores(), []);
  expect(Object.keys(entities)).toEqual([...ENTITIES]);
  expect(entities.customer_group).toEqual({ source: 1, target: 0, adjusted: 0, failed: 0 });
  expect(wrong[0]).toMatch(/^lost: category \d+/);
});

test('a store that does not tell its raw state is named', async () => {
  const { source } = await stores();
  const other = await createBigCommerceSandbox();
  await other.close();
  await expect(checkDemo({ source, target: { ...source, url: other.url } }, [])).rejects.toThrow('fetch failed');
});
