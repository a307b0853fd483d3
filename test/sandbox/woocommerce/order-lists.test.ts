import { describe, expect, test } from 'vitest';
import type { Row, TestShop } from './shop.ts';
import { openShop } from './shop.ts';

/** Four orders, ten minutes apart from 12:00 UTC on, which is 08:00 in the shop. */
async function fourOrders(timeZone = 'America/New_York'): Promise<{ shop: TestShop; ids: number[] }> {
  const shop = await openShop({ timeZone });
  const ids: number[] = [];
  for (let at = 0; at < 4; at += 1) {
    const billing = { email: `guest${at}@example.test`, last_name: at === 2 ? 'Żółć' : 'Lee' };
    ids.push((await shop.post('/orders', { billing, created_via: at === 3 ? 'app' : 'web' })).body['id'] as number);
    shop.clock.step(600_000);
  }
  return { shop, ids };
}

async function found(shop: TestShop, query: string): Promise<unknown[]> {
  const answer = await shop.get(`/orders?orderby=modified&order=asc&${query}`);
  expect(answer.headers.get('x-wp-total')).toBe(String(answer.rows.length));
  return answer.rows.map((row: Row) => row['id']);
}

describe('changed orders are found by time', () => {
  test('naive UTC with dates_are_gmt is right and strict', async () => {
    const { shop, ids } = await fourOrders();
    expect(await found(shop, 'modified_after=2026-07-10T12:10:00&dates_are_gmt=true')).toEqual(ids.slice(2));
    const window = 'modified_after=2026-07-10T12:00:00&modified_before=2026-07-10T12:30:00&dates_are_gmt=true';
    expect(await found(shop, window)).toEqual(ids.slice(1, 3));
  });

  test('without dates_are_gmt a naive stamp is shop time and Z is converted', async () => {
    const { shop, ids } = await fourOrders();
    expect(await found(shop, 'modified_after=2026-07-10T08:10:00')).toEqual(ids.slice(2));
    expect(await found(shop, 'modified_after=2026-07-10T12:10:00Z')).toEqual(ids.slice(2));
  });

  test('Z with dates_are_gmt is shifted: too much west of Greenwich, nothing east of it', async () => {
    const west = await fourOrders();
    expect(await found(west.shop, 'modified_after=2026-07-10T12:10:00Z&dates_are_gmt=true')).toEqual(west.ids);
    const east = await fourOrders('Asia/Tokyo');
    expect(await found(east.shop, 'modified_after=2026-07-10T11:00:00Z&dates_are_gmt=true')).toEqual([]);
  });

  test('sorting by modified follows UTC also where the wall clock goes back', async () => {
    const shop = await openShop();
    shop.clock.freeze(Date.parse('2026-11-01T05:40:00Z'));
    const early = (await shop.post('/orders', {})).body;
    shop.clock.freeze(Date.parse('2026-11-01T06:20:00Z'));
    const late = (await shop.post('/orders', {})).body;
    expect([early['date_modified'], late['date_modified']]).toEqual(['2026-11-01T01:40:00', '2026-11-01T01:20:00']);
    expect(await found(shop, 'status=any')).toEqual([early['id'], late['id']]);
  });

  test('after a change of the zone orders show the new local time, unlike products', async () => {
    const shop = await openShop();
    const made = (await shop.post('/orders', {})).body;
    const product = (await shop.post('/products', { name: 'P' })).body;
    await shop.admin('POST', '/settings', { timeZone: 'Asia/Tokyo' });
    const order = (await shop.get(`/orders/${String(made['id'])}`)).body;
    expect([made['date_created'], order['date_created']]).toEqual(['2026-07-10T08:00:00', '2026-07-10T21:00:00']);
    expect(order['date_created_gmt']).toBe('2026-07-10T12:00:00');
    const listed = (await shop.get(`/products?modified_after=2026-07-10T09:00:00`)).rows;
    expect([product['date_created'], listed]).toEqual(['2026-07-10T08:00:00', []]);
  });
});

describe('orders are filtered and paged', () => {
  test('by customer, product, origin, text and ids', async () => {
    const { shop, ids } = await fourOrders();
    const [one, two, three, four] = ids;
    expect(await found(shop, 'created_via=app')).toEqual([four]);
    expect(await found(shop, `search=${encodeURIComponent('żółć')}`)).toEqual([three]);
    expect(await found(shop, `include=${two},${one}`)).toEqual([one, two]);
    expect(await found(shop, `exclude=${two},${one}`)).toEqual([three, four]);
    expect(await found(shop, 'customer=0')).toEqual(ids);
    expect(await found(shop, 'customer=5')).toEqual([]);
    expect(await found(shop, 'product=5')).toEqual([]);
    const given = await shop.get(`/orders?include=${four},${one},${three}&orderby=include&order=asc`);
    expect(given.rows.map((row) => row['id'])).toEqual([four, one, three]);
  });

  test('newest first by default, with totals, links and HEAD as the cheap count', async () => {
    const { shop, ids } = await fourOrders();
    const page = await shop.get('/orders?per_page=3&_fields=number,id');
    expect(page.rows).toEqual(
      ids
        .toReversed()
        .slice(0, 3)
        .map((id) => ({ id, number: String(id) })),
    );
    expect([page.headers.get('x-wp-total'), page.headers.get('x-wp-totalpages')]).toEqual(['4', '2']);
    expect(page.headers.get('link')).toContain('page=2>; rel="next"');
    const head = await shop.call('HEAD', '/wp-json/wc/v3/orders');
    expect([head.status, head.headers.get('x-wp-total'), head.text]).toEqual([200, '4', '']);
    expect((await shop.get('/orders?page=9')).body).toEqual([]);
    expect((await shop.get('/orders?per_page=101')).body['code']).toBe('rest_invalid_param');
    const bad = (await shop.get('/orders?modified_after=zz')).body;
    expect(bad).toMatchObject({ data: { details: { modified_after: { code: 'rest_invalid_date' } } } });
  });

  test('open pages drift: an edit between two pages hides an unread order', async () => {
    const { shop, ids } = await fourOrders();
    const walk = 'orderby=modified&order=asc&per_page=2&_fields=id';
    const first = (await shop.get(`/orders?${walk}&page=1`)).rows.map((row) => row['id']);
    await shop.put(`/orders/${ids[0]}`, {});
    const second = (await shop.get(`/orders?${walk}&page=2`)).rows.map((row) => row['id']);
    expect([...first, ...second]).not.toContain(ids[2]);
  });

  test('meta can be asked for by key', async () => {
    const shop = await openShop();
    const meta = [
      { key: 'channel', value: 'web' },
      { key: '_fee', value: { cents: 59 } },
    ];
    await shop.post('/orders', { meta_data: meta });
    const keys = async (query: string): Promise<unknown> =>
      (await shop.get(`/orders?${query}`)).rows.map((row) => (row['meta_data'] as Row[]).map((one) => one['key']));
    expect(await keys('dp=2')).toEqual([['channel', '_fee']]);
    expect(await keys('include_meta=_fee')).toEqual([['_fee']]);
    expect(await keys('exclude_meta=_fee')).toEqual([['channel']]);
  });

  test('a batch answers 200 with its failures in place and deletes for good', async () => {
    const { shop, ids } = await fourOrders();
    const answer = await shop.post('/orders/batch', {
      create: [{ status: 'completed' }, { customer_id: 4_711 }],
      update: [
        { id: ids[0], status: 'cancelled' },
        { id: 1, status: 'completed' },
      ],
      delete: [ids[1]],
    });
    const { create, update, delete: removed } = answer.body as Record<string, Row[]>;
    expect(answer.status).toBe(200);
    expect([create![0]!['status'], (create![1]!['error'] as Row)['code']]).toEqual([
      'completed',
      'woocommerce_rest_invalid_customer_id',
    ]);
    expect([update![0]!['status'], (update![1]!['error'] as Row)['code']]).toEqual([
      'cancelled',
      'woocommerce_rest_shop_order_invalid_id',
    ]);
    expect(removed![0]!['id']).toBe(ids[1]);
    expect((await shop.get(`/orders/${ids[1]}`)).status).toBe(404);
  });
});
