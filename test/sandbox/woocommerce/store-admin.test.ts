import { describe, expect, test } from 'vitest';
import type { Row } from './shop.ts';
import { openShop } from './shop.ts';

describe('admin', () => {
  test('a size by name fills the shop over HTTP, and the raw state shows all of it', async () => {
    const shop = await openShop();
    const made = (await shop.admin('POST', '/seed', { seed: 2, size: 'S' })).body['made'] as Row;
    const { body: state } = await shop.admin('GET', '/state');
    for (const name of ['customers', 'orders', 'refunds', 'coupons', 'reviews', 'posts', 'pages']) {
      expect([name, (state[name] as Row[]).length]).toEqual([name, made[name]]);
    }
    expect((state['orderNotes'] as Row[]).length).toBe(made['notes']);
    const [order] = state['orders'] as Row[];
    // As it is stored: an answer of two places would be rounded.
    expect((await shop.get(`/orders/${String(order!['id'])}?dp=6`)).body).toEqual(order);
    const [customer] = (state['customers'] as Row[]).slice(1);
    expect((await shop.get(`/customers/${String(customer!['id'])}`)).body).toEqual(customer);
    const [post] = state['posts'] as Row[];
    expect((await shop.asUser('GET', `/wp/v2/posts/${String(post!['id'])}?context=edit`)).body).toEqual(post);
    const refunds = state['refunds'] as Row[];
    expect(refunds.every((row) => (state['orders'] as Row[]).some((one) => one['id'] === row['parent_id']))).toBe(true);
    expect(state['loopingImages']).toHaveLength(2);
    await shop.admin('POST', '/reset');
    const empty = (await shop.admin('GET', '/state?only=orders,customers,stockMoves')).body;
    expect([empty['orders'], (empty['customers'] as Row[]).length, empty['stockMoves']]).toEqual([[], 1, []]);
  });

  test('explicit records may be what REST refuses', async () => {
    const shop = await openShop();
    const records = {
      products: [{ name: 'Tee', sku: 'TEE', regular_price: '10' }],
      customers: [{ email: 'a@example.test' }, { email: 'A@example.test', raw: { modifiedGmt: null } }, { email: '' }],
      coupons: [{ code: 'x', amount: '1' }, { code: 'X' }],
      taxRates: [{ country: 'DE', rate: '19' }],
      orders: [
        {
          customer_email: 'a@example.test',
          status: 'completed',
          date_created_gmt: '2019-03-31T01:30:00',
          line_items: [
            { sku: 'TEE', quantity: 2 },
            { product_id: 424_242, name: 'Gone', total: '3.00' },
          ],
          refunds: [{ line_items: [{ line: 1, quantity: 1, refund_total: '3.00' }], reason: 'lost' }],
          notes: [{ note: 'Hello', customer_note: true }],
          raw: { number: 'A-7', createdVia: 'import' },
        },
      ],
      reviews: [{ product_sku: 'TEE', reviewer: 'B', review: 'Fine', rating: 4, raw: { status: 'spam' } }],
      posts: [{ title: 'P', status: 'publish', raw: { slug: 'taken' } }],
      pages: [{ title: 'Q', raw: { parentId: 77 } }],
      orderStatuses: { shipped: 'Shipped' },
    };
    const made = (await shop.admin('POST', '/seed', { records })).body['made'] as Record<string, number[]>;
    expect(Object.entries(made).map(([kind, ids]) => `${kind} ${ids.length}`)).toEqual(
      'products 1,taxRates 1,customers 3,coupons 2,orderNotes 1,refunds 1,orders 1,reviews 1,posts 1,pages 1'.split(
        ',',
      ),
    );
    const order = (await shop.get(`/orders/${made['orders']![0]}`)).body;
    expect(order).toMatchObject({
      customer_id: made['customers']![0],
      number: 'A-7',
      created_via: 'import',
      total: '23.00',
      date_created_gmt: '2019-03-31T01:30:00',
      refunds: [{ reason: 'lost', total: '-3.00' }],
      line_items: [{ sku: 'TEE' }, { name: 'Gone', product_id: 0, sku: null }],
    });
    const second = (await shop.get(`/customers/${made['customers']![1]}`)).body;
    expect([second['email'], second['date_modified']]).toEqual(['A@example.test', null]);
    expect((await shop.get('/orders?status=shipped')).status).toBe(200);
  });

  test('silent changes move no stamp, of any kind, unless asked to', async () => {
    const shop = await openShop();
    const id = (await shop.post('/orders', {})).body['id'];
    const post = (await shop.asUser('POST', '/wp/v2/posts', { title: 'P', status: 'publish' })).body['id'];
    shop.clock.step(5_000);
    await shop.admin('POST', '/silent', { kind: 'order', id, fields: { total: '77.5' } });
    expect((await shop.get(`/orders/${String(id)}`)).body).toMatchObject({
      total: '77.50',
      date_modified_gmt: '2026-07-10T12:00:00',
    });
    await shop.admin('POST', '/silent', { kind: 'order', id, fields: {}, bump: true });
    await shop.admin('POST', '/silent', { kind: 'post', id: post, fields: { title: 'Q' }, bump: true });
    expect((await shop.get(`/orders/${String(id)}`)).body['date_modified_gmt']).toBe('2026-07-10T12:00:05');
    const changed = (await shop.asUser('GET', `/wp/v2/posts/${String(post)}`)).body;
    expect(changed).toMatchObject({ modified_gmt: '2026-07-10T12:00:05', title: { rendered: 'Q' } });
    const wrong = await shop.admin('POST', '/silent', { kind: 'order', id, fields: { colour: 'red' } });
    expect(wrong.body['error']).toBe('order has no column colour');
  });

  test('an outage empties the lists of the whole store', async () => {
    const shop = await openShop();
    await shop.admin('POST', '/seed', { size: { products: 12 } });
    await shop.admin('POST', '/scare', { on: true });
    for (const list of ['orders', 'customers', 'refunds', 'coupons', 'products/reviews']) {
      expect([list, (await shop.get(`/${list}`)).body]).toEqual([list, []]);
    }
  });
});
