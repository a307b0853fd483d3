import { expect, test } from 'vitest';
import { shopApi } from '../../../../src/sandbox/woocommerce/life/shop-api.ts';
import { RestError } from '../../../../src/sandbox/woocommerce/rest/errors.ts';
import { resources } from '../../../../src/sandbox/woocommerce/routes.ts';
import { openShop } from '../shop.ts';

async function opened() {
  const shop = await openShop();
  return { shop, api: shopApi(shop.store, shop.controls, resources) };
}

function refusal(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    return [error.status, error.code];
  }
}

test('writes are those of the wire: the same body makes the same row', async () => {
  const { shop, api } = await opened();
  const body = { name: 'Tee', regular_price: '9.90', manage_stock: true, stock_quantity: 4, meta_data: [] };
  const mine = api.create('/wc/v3/products', { ...body, sku: 'A' });
  const wire = (await shop.post('/products', { ...body, sku: 'B' })).body;
  const own = ['id', 'sku', 'slug', 'generated_slug', 'permalink', 'permalink_template', '_links', 'related_ids'];
  const shared = (row: object): object =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !own.includes(name)));
  expect(shared(mine)).toEqual(shared(wire));
  expect((await shop.get(`/products/${String(mine['id'])}`)).body).toMatchObject({ sku: 'A', price: '9.90' });
});

test('paths below another resource carry its id', async () => {
  const { shop, api } = await opened();
  const parent = Number(api.create('/wc/v3/products', { name: 'P', type: 'variable' })['id']);
  const made = Number(api.create(`/wc/v3/products/${parent}/variations`, { regular_price: '3' })['id']);
  expect(shop.store.variations.get(made)).toMatchObject({ parentId: parent, regularPrice: '3' });
  api.update(`/wc/v3/products/${parent}/variations`, made, { regular_price: '4' });
  expect(shop.store.variations.get(made)?.regularPrice).toBe('4');
  expect(refusal(() => api.update('/wc/v3/products/1/variations', made, {}))).toEqual([
    400,
    'woocommerce_rest_product_variation_invalid_id',
  ]);
  api.remove(`/wc/v3/products/${parent}/variations`, made, true);
  expect(shop.store.variations.has(made)).toBe(false);
});

test('what the route refuses is refused here, and nothing is written', async () => {
  const { shop, api } = await opened();
  const revision = shop.store.revision;
  const refusals = [
    () => api.create('/wc/v3/products', { name: 'P', type: 'unheard-of' }),
    () => api.create('/wc/v3/customers', {}),
    () => api.create('/wc/v3/customers', { email: 'nobody' }),
    () => api.update('/wc/v3/orders', 77, {}),
    () => api.remove('/wc/v3/customers', 1, false),
    () => api.create('/wc/v3/webhooks', { topic: 'review.created', delivery_url: 'http://127.0.0.1:1/' }),
  ].map(refusal);
  expect(refusals).toEqual([
    [400, 'rest_invalid_param'],
    [400, 'rest_missing_callback_param'],
    [400, 'customer_invalid_email'],
    [400, 'woocommerce_rest_shop_order_invalid_id'],
    [501, 'woocommerce_rest_trash_not_supported'],
    [400, 'woocommerce_rest_shop_webhook_invalid_topic'],
  ]);
  expect(shop.store.revision).toBe(revision);
});

test('a path that the shop does not serve is a mistake of the caller', async () => {
  const { api } = await opened();
  expect(() => api.create('/wc/v3/unheard-of', {})).toThrow('no resource lies at /wc/v3/unheard-of');
  expect(() => api.create('/wc/v3/products/7', {})).toThrow('no resource lies');
});

test('an update need not name what a new row must have', async () => {
  const { shop, api } = await opened();
  const id = Number(api.create('/wc/v3/customers', { email: 'a@example.test' })['id']);
  shop.clock.step(4_000);
  expect(api.update('/wc/v3/customers', id, { first_name: 'Ann' })).toMatchObject({
    email: 'a@example.test',
    first_name: 'Ann',
    date_modified_gmt: '2026-07-10T12:00:04',
  });
});
