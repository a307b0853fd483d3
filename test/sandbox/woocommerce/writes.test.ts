import { describe, expect, test } from 'vitest';
import type { Row, TestShop } from './shop.ts';
import { openShop } from './shop.ts';
import { variableProduct } from './variable-product.ts';

const modified = async (shop: TestShop, id: unknown): Promise<unknown> =>
  (await shop.get(`/products/${String(id)}?_fields=date_modified_gmt`)).body['date_modified_gmt'];

describe('names', () => {
  test('product names are encoded once and keep tags; term names lose them; attribute names stay', async () => {
    const shop = await openShop();
    const product = await shop.post('/products', { name: 'Fish & <b>Chips</b> &amp; Co' });
    expect([product.body['name'], product.body['slug']]).toEqual(['Fish &amp; <b>Chips</b> &amp; Co', 'fish-chips-co']);
    const term = await shop.post('/products/tags', { name: 'A & <b>B</b> < C' });
    expect(term.body['name']).toBe('A &amp; B &lt; C');
    expect((await shop.post('/products/attributes', { name: 'Size & fit' })).body['name']).toBe('Size & fit');
  });

  test('equal names are legal, slugs are numbered, foreign letters percent-encoded, drafts have none', async () => {
    const shop = await openShop();
    const slugs = [];
    for (const name of ['Twin', 'Twin', '🌞']) slugs.push((await shop.post('/products', { name })).body['slug']);
    const draft = (await shop.post('/products', { name: 'Draft', status: 'draft' })).body;
    expect(slugs).toEqual(['twin', 'twin-2', '%f0%9f%8c%9e']);
    expect([draft['slug'], draft['permalink']]).toEqual([
      '',
      `${shop.url}/?post_type=product&p=${String(draft['id'])}`,
    ]);
    const live = await shop.call('PUT', `/wp-json/wc/v3/products/${String(draft['id'])}`, { status: 'publish' });
    expect(live.body['slug']).toBe('draft');
  });

  test('a description is raw in edit, wrapped and expanded in view', async () => {
    const shop = await openShop();
    const raw = 'One\ntwo\n\n[gallery ids="1,2"]\n\n[gone x="1"]';
    const id = String((await shop.post('/products', { name: 'D', description: raw })).body['id']);
    const shown = (await shop.get(`/products/${id}`)).body['description'] as string;
    expect(shown).toMatch(/^<p>One<br \/>\ntwo<\/p>\n<style/);
    expect(shown).toContain('<p>[gone x="1"]</p>');
    expect((await shop.get(`/products/${id}?context=edit`)).body['description']).toBe(raw);
  });
});

describe('refusals', () => {
  test('a SKU is unique without case, across products and variations, the trash aside', async () => {
    const shop = await openShop();
    const parent = await variableProduct(shop);
    const variation = await shop.post(`/products/${parent}/variations`, { sku: 'V-1' });
    const taken = await shop.post('/products', { name: 'X', sku: 'v-1' });
    expect(taken.body).toEqual({
      code: 'product_invalid_sku',
      message: 'Invalid or duplicated SKU.',
      data: { status: 400, resource_id: variation.body['id'], unique_sku: 'v-1-1' },
    });
    await shop.call('DELETE', `/wp-json/wc/v3/products/${parent}`);
    expect((await shop.post('/products', { name: 'X', sku: 'v-1' })).status).toBe(201);
  });

  test('an equal term name under the same parent is refused with the holder', async () => {
    const shop = await openShop();
    const { body: first } = await shop.post('/products/categories', { name: 'Men' });
    const again = await shop.post('/products/categories', { name: 'men' });
    expect([again.status, again.body['code'], again.body['data']]).toEqual([
      400,
      'term_exists',
      { status: 400, resource_id: first['id'] },
    ]);
    const below = await shop.post('/products/categories', { name: 'Men', parent: first['id'] });
    expect([below.status, below.body['slug']]).toEqual([201, 'men-men']);
  });

  test('wrong types and missing names are refused, broken JSON too', async () => {
    const shop = await openShop();
    const price = await shop.post('/products', { name: 'X', regular_price: 12 });
    expect((price.body['data'] as { params: Row }).params).toEqual({
      regular_price: 'regular_price is not of type string.',
    });
    expect((await shop.post('/products/tags', {})).body['code']).toBe('rest_missing_callback_param');
    const broken = await fetch(shop.sign('POST', '/wp-json/wc/v3/products'), {
      method: 'POST',
      body: '{"name":',
      headers: { 'content-type': 'application/json' },
    });
    expect([broken.status, ((await broken.json()) as Row)['code']]).toEqual([400, 'rest_invalid_json']);
  });

  test('terms and attributes have no trash', async () => {
    const shop = await openShop();
    await variableProduct(shop);
    for (const path of ['/products/attributes/1', '/products/attributes/1/terms/16', '/products/categories/15']) {
      const answer = await shop.call('DELETE', `/wp-json/wc/v3${path}`);
      expect([path, answer.status, answer.body['code']]).toEqual([path, 501, 'woocommerce_rest_trash_not_supported']);
    }
    expect((await shop.call('DELETE', '/wp-json/wc/v3/products/attributes/1?force=true')).status).toBe(200);
    expect((await shop.get('/products/attributes/1')).status).toBe(404);
  });

  test('a batch takes 100 items and refuses 101; its deletes are forced', async () => {
    const shop = await openShop();
    const create = Array.from({ length: 101 }, (_, at) => ({ name: `P${at}` }));
    const over = await shop.post('/products/batch', { create });
    expect([over.status, over.body['code']]).toEqual([413, 'woocommerce_rest_request_entity_too_large']);
    const full = await shop.post('/products/batch', { create: create.slice(1) });
    expect([full.status, (full.body['create'] as Row[]).length]).toEqual([200, 100]);
    await shop.post('/products/batch', { delete: [2001] });
    expect((await shop.get('/products/2001')).status).toBe(404);
  });
});

describe('what moves date_modified (source-apis §1.4)', () => {
  test('an empty PUT moves it; a renamed category does not; a silent write does not', async () => {
    const shop = await openShop();
    const category = (await shop.post('/products/categories', { name: 'Cups' })).body['id'];
    const id = (await shop.post('/products', { name: 'Cup', categories: [{ id: category }] })).body['id'];
    const first = await modified(shop, id);
    shop.clock.step(10_000);
    await shop.call('PUT', `/wp-json/wc/v3/products/categories/${String(category)}`, { name: 'Mugs' });
    await shop.admin('POST', '/silent', { kind: 'product', id, fields: { regularPrice: '77' } });
    expect(await modified(shop, id)).toBe(first);
    const shown = (await shop.get(`/products/${String(id)}`)).body;
    expect([shown['price'], (shown['categories'] as Row[])[0]!['name']]).toEqual(['77', 'Mugs']);
    await shop.call('PUT', `/wp-json/wc/v3/products/${String(id)}`, {});
    expect(await modified(shop, id)).toBe('2026-07-10T12:00:10');
  });

  test('a variation moves its parent when made, edited and deleted, never the other way', async () => {
    const shop = await openShop();
    const parent = await variableProduct(shop);
    const variations = `/wp-json/wc/v3/products/${parent}/variations`;
    shop.clock.step(1_000);
    const id = String((await shop.call('POST', variations, { regular_price: '5' })).body['id']);
    expect(await modified(shop, parent)).toBe('2026-07-10T12:00:01');
    shop.clock.step(1_000);
    await shop.call('PUT', `/wp-json/wc/v3/products/${parent}`, { weight: '2' });
    expect((await shop.call('GET', `${variations}/${id}`)).body['date_modified_gmt']).toBe('2026-07-10T12:00:01');
    shop.clock.step(1_000);
    await shop.call('DELETE', `${variations}/${id}?force=true`);
    expect(await modified(shop, parent)).toBe('2026-07-10T12:00:03');
  });

  test('the trash takes variations along and a restore brings them back', async () => {
    const shop = await openShop();
    const parent = await variableProduct(shop);
    const { body: variation } = await shop.post(`/products/${parent}/variations`, {});
    await shop.call('DELETE', `/wp-json/wc/v3/products/${parent}`);
    const status = async (): Promise<unknown> =>
      (await shop.get(`/products/${parent}/variations/${String(variation['id'])}`)).body['status'];
    expect(await status()).toBe('trash');
    expect((await shop.call('DELETE', `/wp-json/wc/v3/products/${parent}`)).status).toBe(410);
    const back = await shop.call('PUT', `/wp-json/wc/v3/products/${parent}`, { status: 'publish' });
    expect([back.body['slug'], await status()]).toEqual(['boot', 'publish']);
    await shop.call('DELETE', `/wp-json/wc/v3/products/${parent}?force=true`);
    expect((await shop.get('/variations')).body).toEqual([]);
  });
});

async function created(body: Row): Promise<Row> {
  const shop = await openShop();
  return (await shop.post('/products', { name: 'P', ...body })).body;
}

describe('prices and stock', () => {
  test('prices stay unrounded, and a sale that is not lower is stored as none', async () => {
    expect(await created({ regular_price: '5.555', sale_price: '5.55' })).toMatchObject({
      price: '5.55',
      on_sale: true,
    });
    expect(await created({ regular_price: '5', sale_price: '5' })).toMatchObject({ sale_price: '', price: '5' });
    expect(await created({ regular_price: 'free' })).toMatchObject({ price: '', purchasable: false });
  });

  test('a sale to come keeps its price but is not on, until its hour', async () => {
    const shop = await openShop();
    const body = { name: 'S', regular_price: '9', sale_price: '7', date_on_sale_from: '2026-07-10T09:00:00' };
    const { body: product } = await shop.post('/products', body);
    expect(product).toMatchObject({ on_sale: false, price: '9', date_on_sale_from_gmt: '2026-07-10T13:00:00' });
    shop.clock.step(3_600_000);
    expect((await shop.get(`/products/${String(product['id'])}`)).body).toMatchObject({ on_sale: true, price: '7' });
  });

  test('managed stock may be null or negative and sets the status', async () => {
    const managed = { manage_stock: true };
    expect(await created({ ...managed, stock_quantity: -3 })).toMatchObject({
      stock_quantity: -3,
      stock_status: 'outofstock',
    });
    expect(await created({ ...managed, stock_quantity: null })).toMatchObject({ stock_quantity: null });
    expect(await created({ ...managed, stock_quantity: 0, backorders: 'yes' })).toMatchObject({
      stock_status: 'onbackorder',
    });
    expect(await created({ stock_quantity: 5 })).toMatchObject({ manage_stock: false, stock_quantity: null });
  });
});

test('a deleted category leaves its products in the default one and its children one level up', async () => {
  const shop = await openShop();
  const top = (await shop.post('/products/categories', { name: 'Top' })).body['id'];
  const child = (await shop.post('/products/categories', { name: 'Child', parent: top })).body['id'];
  const product = (await shop.post('/products', { name: 'P', categories: [{ id: top }] })).body['id'];
  await shop.call('DELETE', `/wp-json/wc/v3/products/categories/${String(top)}?force=true`);
  expect((await shop.get(`/products/categories/${String(child)}`)).body['parent']).toBe(0);
  expect((await shop.get(`/products/${String(product)}`)).body['categories']).toMatchObject([
    { slug: 'uncategorized' },
  ]);
});
