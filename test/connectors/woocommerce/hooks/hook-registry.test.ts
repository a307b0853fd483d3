import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HookRegistry } from '../../../../src/connectors/hooks.ts';
import { openGovernor } from '../../../../src/connectors/http/open-governor.ts';
import { HOOK_FORMATS, openSource } from '../../../../src/connectors/platforms.ts';
import { sandboxCredentials } from '../../../../src/sandbox/woocommerce/options.ts';
import { createWooCommerceSandbox, type WooCommerceSandbox } from '../../../../src/sandbox/woocommerce/server.ts';

let shop: WooCommerceSandbox;
let registry: HookRegistry;
const signal = new AbortController().signal;
beforeAll(async () => {
  shop = await createWooCommerceSandbox();
  const { consumerKey, consumerSecret } = sandboxCredentials;
  const { hooks } = openSource(
    { platform: 'woocommerce', baseUrl: shop.url, shown: {}, secrets: { consumerKey, consumerSecret } },
    { network: { allowPrivate: true }, governor: openGovernor(2), timeoutMs: 5_000, concurrency: 2 },
  );
  if (hooks === undefined) throw new Error('WooCommerce has hooks');
  registry = hooks;
});
afterAll(() => shop.close());

const hook = { name: 'ours', topic: 'order.created', url: 'http://127.0.0.1:9/hook', secret: 's1' };

it('makes a hook, puts it right and takes it away; one that is gone is taken away too', async () => {
  const id = await registry.create(hook, signal);
  expect(await registry.list(signal)).toEqual([
    { id, name: 'ours', topic: 'order.created', url: hook.url, state: 'active' },
  ]);
  const row = shop.store.webhooks.get(Number(id));
  if (row === undefined) throw new Error('the hook is not there');
  row.status = 'disabled';
  expect(await registry.list(signal)).toMatchObject([{ state: 'disabled' }]);
  await registry.enable(id, {}, signal);
  expect(row).toMatchObject({ status: 'active', deliveryUrl: hook.url, secret: 's1' });
  await registry.enable(id, { url: 'http://127.0.0.1:9/other', secret: 's2' }, signal);
  expect(row).toMatchObject({ deliveryUrl: 'http://127.0.0.1:9/other', secret: 's2' });
  await registry.remove(id, signal);
  await registry.remove(id, signal);
  expect(await registry.list(signal)).toEqual([]);
});

it('lists all hooks of a shop that has many', async () => {
  const id = Number(await registry.create(hook, signal));
  const row = shop.store.webhooks.get(id);
  if (row === undefined) throw new Error('the hook is not there');
  for (let at = 1; at < 230; at += 1) shop.store.webhooks.set(id + at, { ...row, id: id + at });
  const ids = (await registry.list(signal)).map((one) => Number(one.id));
  expect(ids).toEqual(Array.from({ length: 230 }, (_, at) => id + at));
});

it('says what the shop refuses, and takes no page for a list', async () => {
  await expect(registry.create({ ...hook, topic: 'review.created' }, signal)).rejects.toMatchObject({
    kind: 'rejected',
  });
  shop.controls.faults.add([{ method: 'GET', fault: { kind: 'status', code: 200, body: [{ id: 'x' }] } }]);
  await expect(registry.list(signal)).rejects.toMatchObject({ kind: 'unintelligible' });
  shop.controls.faults.remove();
});

it('is known by its platform', () => {
  expect(HOOK_FORMATS['woocommerce']).toBe(registry.format);
  expect(HOOK_FORMATS['vendure']).toBeUndefined();
});
