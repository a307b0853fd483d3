import { expect, test, onTestFinished } from 'vitest';
import { checkDemo } from '../../src/cli/demo-check.ts';
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
  const { lost, failed } = await checkDemo(both, []);
  const state = (await (await fetch(`${both.source.url}/__admin/state`)).json()) as { brands: { id: number }[] };
  const failures = state.brands.map(({ id }) => ({ entity: 'brand', sourceId: String(id) }));
  const check = await checkDemo(both, failures);
  expect(check.failed).toBe(failed + failures.length);
  // Neither the brand nor its address.
  expect(check.lost).toBe(lost - 2 * failures.length);
});

test('a store that does not tell its raw state is named', async () => {
  const { source } = await stores();
  const other = await createBigCommerceSandbox();
  await other.close();
  await expect(checkDemo({ source, target: { ...source, url: other.url } }, [])).rejects.toThrow('fetch failed');
});
