import { describe, expect, test } from 'vitest';
import type { Row } from './shop.ts';
import { openShop } from './shop.ts';

const ann = {
  email: 'ann@example.test',
  first_name: 'Ann',
  last_name: 'Lee',
  billing: { city: 'Albany', country: 'US' },
};

describe('customers', () => {
  test('only role customer is listed unless all are asked for', async () => {
    const shop = await openShop();
    const id = (await shop.post('/customers', ann)).body['id'];
    expect((await shop.get('/customers')).rows.map((row) => row['id'])).toEqual([id]);
    const all = await shop.get('/customers?role=all&orderby=id');
    expect(all.rows.map((row) => [row['id'], row['role'], row['date_modified_gmt']])).toEqual([
      [1, 'administrator', null],
      [id, 'customer', '2026-07-10T12:00:00'],
    ]);
    expect(all.headers.get('x-wp-total')).toBe('2');
  });

  test('there is no filter by change: the parameter is ignored', async () => {
    const shop = await openShop();
    await shop.post('/customers', ann);
    expect((await shop.get('/customers?modified_after=2030-01-01T00:00:00')).rows).toHaveLength(1);
    expect((await shop.get('/customers?orderby=modified')).body['code']).toBe('rest_invalid_param');
  });

  test('are sorted by name, or by the day they registered', async () => {
    const shop = await openShop();
    for (const first_name of ['Zoë', 'Bob', 'mia']) {
      await shop.post('/customers', { email: `${first_name.length}${first_name[0]}@example.test`, first_name });
      shop.clock.step(60_000);
    }
    const names = async (query: string): Promise<unknown[]> =>
      (await shop.get(`/customers${query}`)).rows.map((row) => row['first_name']);
    expect(await names('')).toEqual(['Bob', 'mia', 'Zoë']);
    expect(await names('?orderby=registered_date&order=desc&per_page=1')).toEqual(['mia']);
    expect(await names('?email=3B@EXAMPLE.test')).toEqual(['Bob']);
    expect(await names('?search=zo')).toEqual(['Zoë']);
  });

  test('a save moves the stamp, an order does not; completing it makes a paying customer', async () => {
    const shop = await openShop();
    const id = (await shop.post('/customers', ann)).body['id'];
    const stamp = async (): Promise<unknown[]> => {
      const { body } = await shop.get(`/customers/${String(id)}`);
      return [body['date_modified_gmt'], body['is_paying_customer']];
    };
    shop.clock.step(5_000);
    await shop.post('/orders', { customer_id: id, status: 'completed' });
    expect(await stamp()).toEqual(['2026-07-10T12:00:00', true]);
    await shop.put(`/customers/${String(id)}`, { meta_data: [{ key: 'tier', value: 'gold' }] });
    expect(await stamp()).toEqual(['2026-07-10T12:00:05', true]);
  });

  test('addresses are kept field by field', async () => {
    const shop = await openShop();
    const id = (await shop.post('/customers', ann)).body['id'];
    const changed = await shop.put(`/customers/${String(id)}`, { billing: { state: 'NY', colour: 'red' } });
    expect(changed.body['billing']).toMatchObject({ city: 'Albany', state: 'NY', country: 'US', company: '' });
    expect(changed.body['billing']).not.toHaveProperty('colour');
    expect(changed.body['shipping']).not.toHaveProperty('email');
  });

  test('e-mails and names are unique whatever their case, and e-mails look like ones', async () => {
    const shop = await openShop();
    const id = (await shop.post('/customers', { ...ann, username: 'ann' })).body['id'];
    const code = async (body: Row): Promise<unknown> => (await shop.post('/customers', body)).body['code'];
    expect(await code({ email: 'ANN@example.test' })).toBe('registration-error-email-exists');
    expect(await code({ email: 'b@example.test', username: 'Ann' })).toBe('registration-error-username-exists');
    expect(await code({ email: 'nonsense' })).toBe('customer_invalid_email');
    expect(await code({ first_name: 'Bob' })).toBe('rest_missing_callback_param');
    const own = await shop.put(`/customers/${String(id)}`, { email: 'Ann@example.test' });
    expect([own.status, own.body['email']]).toEqual([200, 'Ann@example.test']);
    const renamed = await shop.put(`/customers/${String(id)}`, { username: 'other' });
    expect([renamed.status, renamed.body['code']]).toEqual([400, 'woocommerce_rest_customer_invalid_argument']);
  });

  test('a deleted one is gone for good; orders quietly become guest orders', async () => {
    const shop = await openShop();
    const id = String((await shop.post('/customers', ann)).body['id']);
    const order = (await shop.post('/orders', { customer_id: Number(id) })).body;
    shop.clock.step(5_000);
    expect((await shop.call('DELETE', `/wp-json/wc/v3/customers/${id}`)).status).toBe(501);
    const removed = await shop.call('DELETE', `/wp-json/wc/v3/customers/${id}?force=true`);
    expect([removed.status, removed.body['email']]).toEqual([200, ann.email]);
    const gone = await shop.get(`/customers/${id}`);
    expect([gone.status, gone.body['code']]).toEqual([404, 'wc_user_invalid_id']);
    const left = (await shop.get(`/orders/${String(order['id'])}`)).body;
    expect(left).toMatchObject({ customer_id: 0, date_modified_gmt: order['date_modified_gmt'] });
    expect((await shop.post('/customers', ann)).body['id']).not.toBe(Number(id));
  });

  test('need credentials, and take batches', async () => {
    const shop = await openShop();
    const refused = await shop.asNobody('GET', '/wc/v3/customers');
    expect([refused.status, refused.body['code']]).toEqual([401, 'woocommerce_rest_cannot_view']);
    expect((await shop.asUser('GET', '/wc/v3/customers')).status).toBe(200);
    const made = await shop.post('/customers/batch', { create: [ann, ann] });
    const [one, two] = made.body['create'] as Row[];
    expect([one!['username'], (two!['error'] as Row)['code']]).toEqual(['ann', 'registration-error-email-exists']);
  });
});
