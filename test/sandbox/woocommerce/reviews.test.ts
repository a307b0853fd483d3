import { expect, test } from 'vitest';
import type { Row, TestShop } from './shop.ts';
import { openShop } from './shop.ts';

async function reviewed(): Promise<{ shop: TestShop; product: number; review: (extra?: Row) => Promise<Row> }> {
  const shop = await openShop();
  const product = (await shop.post('/products', { name: 'Tee', regular_price: '10' })).body['id'] as number;
  const base = { product_id: product, reviewer: 'Ann', reviewer_email: 'ann@example.test', review: 'Good', rating: 5 };
  const review = async (extra: Row = {}): Promise<Row> => {
    shop.clock.step(10_000);
    return (await shop.post('/products/reviews', { ...base, ...extra })).body;
  };
  return { shop, product, review };
}

test('a review bumps its product; the rating follows only once a review is changed', async () => {
  const { shop, product, review } = await reviewed();
  const made = await review();
  const rated = async (): Promise<unknown[]> => {
    const { body } = await shop.get(`/products/${product}`);
    return [body['average_rating'], body['rating_count'], body['date_modified_gmt']];
  };
  expect(await rated()).toEqual(['0.00', 0, '2026-07-10T12:00:10']);
  await review({ rating: 4, reviewer: 'Bob' });
  await shop.put(`/products/reviews/${String(made['id'])}`, { rating: 1 });
  expect(await rated()).toEqual(['2.50', 2, '2026-07-10T12:00:20']);
});

test('raw in edit, wrapped in view; verified is who has bought', async () => {
  const { shop, product, review } = await reviewed();
  const made = await review({ review: 'One\ntwo' });
  const path = `/products/reviews/${String(made['id'])}`;
  expect((await shop.get(path)).body['review']).toBe('<p>One<br />\ntwo</p>\n');
  expect((await shop.get(`${path}?context=edit`)).body['review']).toBe('One\ntwo');
  expect(made['verified']).toBe(false);
  const billing = { email: 'bob@example.test' };
  await shop.post('/orders', { status: 'processing', billing, line_items: [{ product_id: product }] });
  expect((await review({ reviewer_email: 'BOB@example.test' }))['verified']).toBe(true);
});

test('lists show what is approved, newest first; the rest has to be asked for', async () => {
  const { shop, review } = await reviewed();
  const ids: unknown[] = [];
  for (const status of ['approved', 'hold', 'spam', 'approved']) ids.push((await review({ status }))['id']);
  const listed = async (query: string): Promise<unknown[]> =>
    (await shop.get(`/products/reviews${query}`)).rows.map((row) => row['id']);
  expect(await listed('')).toEqual([ids[3], ids[0]]);
  expect(await listed('?status=all&order=asc')).toEqual([ids[0], ids[1], ids[3]]);
  expect(await listed('?status=spam')).toEqual([ids[2]]);
  expect(await listed('?status=all&after=2026-07-10T12:00:20Z')).toEqual([ids[3]]);
  expect(await listed('?status=all&before=2026-07-10T08:00:20')).toEqual([ids[0]]);
  // Edits are found by no filter.
  await shop.put(`/products/reviews/${String(ids[0])}`, { review: 'Changed' });
  expect(await listed('?modified_after=2030-01-01T00:00:00')).toHaveLength(2);
});

test('trash keeps it, force answers what it was', async () => {
  const { shop, review } = await reviewed();
  const id = String((await review())['id']);
  const trashed = await shop.call('DELETE', `/wp-json/wc/v3/products/reviews/${id}`);
  expect([trashed.status, trashed.body['status']]).toEqual([200, 'approved']);
  expect((await shop.get(`/products/reviews/${id}`)).body['status']).toBe('trash');
  expect((await shop.call('DELETE', `/wp-json/wc/v3/products/reviews/${id}`)).status).toBe(410);
  expect((await shop.put(`/products/reviews/${id}`, { status: 'untrash' })).body['status']).toBe('approved');
  const removed = await shop.call('DELETE', `/wp-json/wc/v3/products/reviews/${id}?force=true`);
  expect(removed.body).toMatchObject({ deleted: true, previous: { review: 'Good' } });
  expect((await shop.get(`/products/reviews/${id}`)).body['code']).toBe('woocommerce_rest_review_invalid_id');
});

test('reviews follow their product into the trash and out of it, and go with it', async () => {
  const { shop, product, review } = await reviewed();
  await review();
  await review({ status: 'hold' });
  const listed = async (): Promise<unknown[]> =>
    (await shop.get('/products/reviews?status=all&order=asc')).rows.map((row) => row['status']);
  await shop.call('DELETE', `/wp-json/wc/v3/products/${product}`);
  expect(await listed()).toEqual([]);
  await shop.put(`/products/${product}`, { status: 'publish' });
  expect(await listed()).toEqual(['approved', 'hold']);
  await shop.call('DELETE', `/wp-json/wc/v3/products/${product}?force=true`);
  expect(await listed()).toEqual([]);
});

test('a review needs a product, a name and an address', async () => {
  const { shop } = await reviewed();
  const code = async (body: Row): Promise<unknown> => (await shop.post('/products/reviews', body)).body['code'];
  const base = { reviewer: 'Ann', reviewer_email: 'ann@example.test', review: 'Good' };
  expect(await code({ ...base, product_id: 999_999 })).toBe('woocommerce_rest_product_invalid_id');
  expect(await code(base)).toBe('rest_missing_callback_param');
});
