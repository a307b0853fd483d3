import { expect, test } from 'vitest';
import type { TestShop } from './shop.ts';
import { openShop } from './shop.ts';

async function visit(shop: TestShop, path: string): Promise<[number, string | null]> {
  const answer = await fetch(`${shop.url}${path}`, { redirect: 'manual' });
  return [answer.status, answer.headers.get('location')];
}

test('old slugs of published products lead to the new address, and no API lists them', async () => {
  const shop = await openShop();
  const id = String((await shop.post('/products', { name: 'Blue Boot' })).body['id']);
  expect(await visit(shop, '/product/blue-boot/')).toEqual([200, null]);
  await shop.put(`/products/${id}`, { slug: 'navy-boot' });
  const { body } = await shop.put(`/products/${id}`, { slug: 'dark-boot' });
  expect(await visit(shop, '/product/blue-boot/')).toEqual([301, `${shop.url}/product/dark-boot/`]);
  expect(await visit(shop, '/product/navy-boot')).toEqual([301, `${shop.url}/product/dark-boot/`]);
  expect(await visit(shop, '/product/dark-boot/')).toEqual([200, null]);
  expect(JSON.stringify(body)).not.toContain('navy-boot');
  await shop.put(`/products/${id}`, { slug: 'blue-boot' });
  expect(await visit(shop, '/product/blue-boot/')).toEqual([200, null]);
});

test('posts and pages do the same; drafts, the trash and strangers are not there', async () => {
  const shop = await openShop();
  const made = await shop.asUser('POST', '/wp/v2/posts', { title: 'Grüße 🌞', status: 'publish' });
  const path = new URL(String(made.body['link'])).pathname;
  expect(await visit(shop, path)).toEqual([200, null]);
  await shop.asUser('PUT', `/wp/v2/posts/${String(made.body['id'])}`, { slug: 'greetings' });
  expect(await visit(shop, path)).toEqual([301, `${shop.url}/greetings/`]);
  await shop.asUser('POST', '/wp/v2/pages', { title: 'Draft', slug: 'draft' });
  expect(await visit(shop, '/draft/')).toEqual([404, null]);
  await shop.asUser('DELETE', `/wp/v2/posts/${String(made.body['id'])}`);
  expect(await visit(shop, '/greetings/')).toEqual([404, null]);
  expect(await visit(shop, '/product/none/')).toEqual([404, null]);
  const route = await fetch(`${shop.url}/wp-json/wc/v3/nowhere`);
  expect([route.status, ((await route.json()) as { code: string }).code]).toEqual([404, 'rest_no_route']);
});
