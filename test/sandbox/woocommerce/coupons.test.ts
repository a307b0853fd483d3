import { describe, expect, test } from 'vitest';
import type { Row, TestShop } from './shop.ts';
import { openShop } from './shop.ts';

async function shopWith(coupon: Row): Promise<{ shop: TestShop; path: string }> {
  const shop = await openShop();
  const made = await shop.post('/coupons', coupon);
  expect(made.status).toBe(201);
  shop.clock.step(10_000);
  return { shop, path: `/coupons/${String(made.body['id'])}` };
}

describe('coupons', () => {
  test('codes are kept in lower case and are unique whatever their case', async () => {
    const { shop, path } = await shopWith({ code: ' Save10 ', amount: 10 });
    expect((await shop.get(path)).body).toMatchObject({ code: 'save10', amount: '10.00', maximum_amount: '0.00' });
    const twin = await shop.post('/coupons', { code: 'SAVE10' });
    expect([twin.status, twin.body['code']]).toEqual([400, 'woocommerce_rest_coupon_code_already_exists']);
    expect((await shop.get('/coupons?code=SAVE10')).rows).toHaveLength(1);
  });

  test('a new amount or limit does not move the stamp, a new code or description does', async () => {
    const { shop, path } = await shopWith({ code: 'quiet', amount: '10' });
    const quiet = (await shop.put(path, { amount: '77', usage_limit: 3, date_expires: '2027-01-01T00:00:00' })).body;
    expect(quiet).toMatchObject({ amount: '77.00', date_modified_gmt: '2026-07-10T12:00:00', usage_limit: 3 });
    expect(quiet).toMatchObject({ date_expires: '2027-01-01T00:00:00', date_expires_gmt: '2027-01-01T05:00:00' });
    expect((await shop.put(path, { description: 'New' })).body['date_modified_gmt']).toBe('2026-07-10T12:00:10');
  });

  test('drafts and trash are listed only when asked for', async () => {
    const { shop, path } = await shopWith({ code: 'one' });
    await shop.post('/coupons', { code: 'two', status: 'draft' });
    const codes = async (query: string): Promise<unknown[]> =>
      (await shop.get(`/coupons${query}`)).rows.map((row) => row['code']);
    expect(await codes('')).toEqual(['one']);
    expect(await codes('?status=any')).toEqual(['two', 'one']);
    await shop.call('DELETE', `/wp-json/wc/v3${path}`);
    expect(await codes('?status=any')).toEqual(['two']);
    expect(await codes('?status=trash&modified_after=2026-07-10T12:00:05&dates_are_gmt=true')).toEqual(['one']);
    expect((await shop.call('DELETE', `/wp-json/wc/v3${path}`)).status).toBe(410);
    await shop.call('DELETE', `/wp-json/wc/v3${path}?force=true`);
    expect((await shop.get(path)).body['code']).toBe('woocommerce_rest_shop_coupon_invalid_id');
  });

  test('an order counts the use, a cancelled one takes it back', async () => {
    const { shop, path } = await shopWith({ code: 'once', amount: '2', usage_limit: 1 });
    const product = (await shop.post('/products', { name: 'Tee', regular_price: '10' })).body['id'];
    const body = { coupon_lines: [{ code: 'ONCE' }], line_items: [{ product_id: product }] };
    const made = await shop.post('/orders', { ...body, billing: { email: 'guest@example.test' } });
    expect(made.body).toMatchObject({ total: '8.00', discount_total: '2.00' });
    expect((await shop.get(path)).body).toMatchObject({ usage_count: 1, used_by: ['guest@example.test'] });
    expect((await shop.post('/orders', body)).body['message']).toBe('Coupon usage limit has been reached.');
    await shop.put(`/orders/${String(made.body['id'])}`, { status: 'cancelled' });
    expect((await shop.get(path)).body).toMatchObject({ usage_count: 0, used_by: [] });
    await shop.put(path, { date_expires: '2020-01-01' });
    expect((await shop.post('/orders', body)).body['message']).toBe('This coupon has expired.');
  });

  test.each([
    [{ discount_type: 'percent', amount: '10' }, ['27.00', '18.00']],
    [{ discount_type: 'fixed_cart', amount: '5' }, ['27.00', '18.00']],
    [{ discount_type: 'fixed_product', amount: '1.50' }, ['25.50', '18.50']],
    [{ discount_type: 'fixed_cart', amount: '999' }, ['0.00', '0.00']],
    [{ discount_type: 'percent', amount: '50', exclude_sale_items: true }, ['15.00', '20.00']],
  ])('%j takes off what it says', async (coupon, totals) => {
    const { shop } = await shopWith({ code: 'c', ...coupon });
    const plain = (await shop.post('/products', { name: 'Plain', regular_price: '10' })).body['id'];
    const sale = (await shop.post('/products', { name: 'Sale', regular_price: '25', sale_price: '20' })).body['id'];
    const lines = [{ product_id: plain, quantity: 3 }, { product_id: sale }];
    const { body } = await shop.post('/orders', { line_items: lines, coupon_lines: [{ code: 'c' }] });
    expect((body['line_items'] as Row[]).map((line) => line['total'])).toEqual(totals);
  });

  test('limits to products and categories hold', async () => {
    const shop = await openShop();
    const category = (await shop.post('/products/categories', { name: 'Shoes' })).body['id'];
    const categories = [{ id: category }];
    const shoe = (await shop.post('/products', { name: 'Shoe', regular_price: '10', categories })).body['id'];
    const hat = (await shop.post('/products', { name: 'Hat', regular_price: '10' })).body['id'];
    await shop.post('/coupons', {
      code: 'shoes',
      discount_type: 'percent',
      amount: '50',
      product_categories: [category],
    });
    await shop.post('/coupons', { code: 'nohat', discount_type: 'percent', amount: '50', excluded_product_ids: [hat] });
    for (const code of ['shoes', 'nohat']) {
      const lines = [{ product_id: shoe }, { product_id: hat }];
      const { body } = await shop.post('/orders', { line_items: lines, coupon_lines: [{ code }] });
      expect((body['line_items'] as Row[]).map((line) => line['total'])).toEqual(['5.00', '10.00']);
    }
  });
});

describe('tax rates', () => {
  test('are listed by their order, filtered by class, and have no trash', async () => {
    const shop = await openShop();
    const body = { country: 'de', rate: '19', name: 'MwSt.', postcodes: ['10115'], order: 2 };
    const made = await shop.post('/taxes', body);
    expect(made.body).toMatchObject({ country: 'DE', rate: '19.0000', postcode: '10115', class: 'standard' });
    await shop.post('/taxes', { country: 'DE', rate: '7', class: 'reduced-rate', order: 1 });
    expect((await shop.get('/taxes')).rows.map((row) => row['rate'])).toEqual(['7.0000', '19.0000']);
    expect((await shop.get('/taxes?class=reduced-rate')).headers.get('x-wp-total')).toBe('1');
    expect((await shop.get('/taxes?orderby=id&order=desc')).rows[0]!['rate']).toBe('7.0000');
    const path = `/taxes/${String(made.body['id'])}`;
    expect((await shop.put(path, { rate: '20.5', compound: true })).body).toMatchObject({
      rate: '20.5000',
      compound: true,
    });
    expect((await shop.call('DELETE', `/wp-json/wc/v3${path}`)).status).toBe(501);
    expect((await shop.call('DELETE', `/wp-json/wc/v3${path}?force=true`)).status).toBe(200);
    expect((await shop.get(path)).status).toBe(404);
  });
});
