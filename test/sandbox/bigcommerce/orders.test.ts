import { describe, expect, it } from 'vitest';
import { openStore } from './store.ts';

const PATH = '/v2/orders';
const billing = {
  first_name: 'Ann',
  last_name: 'Lee',
  street_1: '1 Main St',
  city: 'Berlin',
  zip: '10115',
  country_iso2: 'DE',
  email: 'ann@example.test',
};
const line = { name: 'Mug', quantity: 2, price_ex_tax: 5, price_inc_tax: 5.95 };
const order = (more: object = {}) => ({ billing_address: billing, products: [line], ...more });

describe('an order', () => {
  it('keeps what it was given: day, totals, who it came from; its lines are a list of their own', async () => {
    const store = await openStore();
    const made = await store.post(
      PATH,
      order({
        external_source: 'M-MIG',
        external_order_id: 'abc:7',
        date_created: 'Tue, 05 Mar 2024 10:00:00 +0000',
        total_ex_tax: '9.99',
        total_inc_tax: '11.90',
        status_id: 10,
      }),
    );
    expect(made).toMatchObject({
      status: 201,
      body: {
        date_created: 'Tue, 05 Mar 2024 10:00:00 +0000',
        total_ex_tax: '9.9900',
        total_inc_tax: '11.9000',
        subtotal_ex_tax: '10.0000',
        status: 'Completed',
        products: { resource: expect.stringMatching(/^\/orders\/\d+\/products$/) },
      },
    });
    const lines = await store.get(`${PATH}/${made.body.id}/products`);
    expect(lines.body).toMatchObject([{ name: 'Mug', quantity: 2, price_ex_tax: '5.0000', product_id: 0 }]);
    expect(store.store.outbox).toEqual([]);
  });

  it('is status 1 and adds up when nothing else is said', async () => {
    const store = await openStore({ switches: { orderCreateStatus: 200 } });
    const made = await store.post(PATH, order());
    expect(made).toMatchObject({
      status: 200,
      body: { status_id: 1, total_inc_tax: '11.9000', total_ex_tax: '10.0000' },
    });
  });

  it.each([
    ['billing_address', { billing_address: undefined }],
    ['billing_address.zip', { billing_address: { ...billing, zip: '1' } }],
    ['billing_address.country_iso2', { billing_address: { ...billing, country_iso2: 'Germany' } }],
    ['products', { products: [] }],
    ['products.price_ex_tax', { products: [{ ...line, price_inc_tax: undefined }] }],
    ['products.quantity', { products: [{ ...line, quantity: 0 }] }],
    ['products.quantity', { products: [{ ...line, quantity: 1.5 }] }],
    ['products.name', { products: [{ ...line, name: 'x'.repeat(251) }] }],
    ['products', { products: [{ quantity: 1, product_id: 99_999 }] }],
    ['total', { total_inc_tax: '5.00' }],
    ['total_ex_tax', { total_inc_tax: '-5.00', total_ex_tax: '-5.00' }],
    ['customer_id', { customer_id: 4711 }],
    ['status_id', { status_id: 15 }],
    ['external_id', { external_id: '7' }],
    ['date_created', { date_created: 'yesterday' }],
    ['default_currency_code', { default_currency_code: 'XXX' }],
    ['ip_address', { ip_address: '10.0.0.1', ip_address_v6: '::1' }],
    ['ip_address', { ip_address: '::1' }],
    ['fees', { fees: [{ type: 'custom_fee', display_name_customer: 'Off', cost_ex_tax: -1, cost_inc_tax: -1 }] }],
    ['staff_notes', { staff_notes: 'x'.repeat(65_536) }],
  ])('with a wrong %s is refused in the shape of V2', async (field, more) => {
    const store = await openStore();
    const refused = await store.post(PATH, order(more));
    expect(refused).toMatchObject({ status: 400, body: [{ status: 400, details: { field } }] });
    expect(store.store.orders.size).toBe(0);
  });

  it('changes in part; its day and its lines stay', async () => {
    const store = await openStore();
    const { body } = await store.post(PATH, order({ date_created: 'Tue, 05 Mar 2024 10:00:00 +0000' }));
    const changed = await store.put(`${PATH}/${body.id}`, { status_id: 4, staff_notes: 'paid back' });
    expect(changed.body).toMatchObject({ status_id: 4, staff_notes: 'paid back', date_created: body.date_created });
    expect((await store.get(`${PATH}/${body.id}/products`)).body).toHaveLength(1);
  });

  it('tells the shopper of a new status only where that mail is on', async () => {
    const store = await openStore();
    const { body } = await store.post(PATH, order());
    await store.put(`${PATH}/${body.id}`, { status_id: 2 });
    expect(store.store.outbox).toEqual([]);
    await store.put('/v3/settings/email-statuses', { combined_order_status_email: true });
    expect((await store.get('/v3/settings/email-statuses')).body.data).toMatchObject({
      combined_order_status_email: true,
      invoice_email: false,
    });
    await store.put(`${PATH}/${body.id}`, { status_id: 10 });
    expect(store.store.outbox).toMatchObject([{ kind: 'order status' }]);
  });

  it('is archived, never erased', async () => {
    const store = await openStore();
    const { body } = await store.post(PATH, order());
    expect((await store.delete(`${PATH}/${body.id}`)).status).toBe(204);
    expect((await store.get(PATH)).status).toBe(204);
    expect((await store.get(`${PATH}?is_deleted=true`)).body).toHaveLength(1);
    expect((await store.get(`${PATH}/${body.id}`)).body).toMatchObject({ is_deleted: true });
  });

  it.each([
    ['done', 200, false],
    ['ignored', 200, true],
    ['refused', 400, true],
  ] as const)('is asked back, which is %s as the switch says', async (archivedOrderRestore, status, is_deleted) => {
    const store = await openStore({ switches: { archivedOrderRestore } });
    const { body } = await store.post(PATH, order());
    expect((await store.put(`${PATH}/${body.id}`, { is_deleted: true })).body).toMatchObject({ is_deleted: true });
    expect(await store.put(`${PATH}/${body.id}`, { is_deleted: false, staff_notes: 'back' })).toMatchObject({ status });
    expect((await store.get(`${PATH}/${body.id}`)).body).toMatchObject({ is_deleted });
  });

  it('is shown archived or not, as the switch says', async () => {
    const store = await openStore({ switches: { archivedOrdersListed: true, emptyListStatus: 200 } });
    const { body } = await store.post(PATH, order());
    await store.delete(`${PATH}/${body.id}`);
    expect((await store.get(PATH)).body).toHaveLength(1);
  });

  it.each([
    [true, 3],
    [false, 5],
  ])('takes from the shelf if the switch says so (%s)', async (ordersMoveStock, left) => {
    const store = await openStore({ switches: { ordersMoveStock } });
    const product = { name: 'Mug', type: 'physical', weight: 0, price: 5, inventory_tracking: 'product' };
    const { body } = await store.post('/v3/catalog/products', { ...product, inventory_level: 5 });
    await store.post(PATH, order({ products: [{ product_id: body.data.id, quantity: 2 }] }));
    expect((await store.get(`/v3/catalog/products/${body.data.id}`)).body.data.inventory_level).toBe(left);
    expect(store.store.stockJournal).toHaveLength(ordersMoveStock ? 1 : 0);
  });
});

describe('lists of orders', () => {
  it('are found by the id of the other system, by day, by change and by id; two of one id are both there', async () => {
    const store = await openStore();
    const first = await store.post(
      PATH,
      order({ external_order_id: 'abc:1', date_created: 'Tue, 05 Mar 2024 10:00:00 +0000' }),
    );
    await store.post(PATH, order({ external_order_id: 'abc:1' }));
    await store.post(PATH, order({ external_order_id: 'abc:2' }));
    const count = async (query: string) => ((await store.get(`${PATH}?${query}`)).body ?? []).length;
    expect(await count('external_order_id=abc:1')).toBe(2);
    expect(await count(`min_id=${first.body.id + 1}`)).toBe(2);
    expect(await count('max_date_created=2024-12-31')).toBe(1);
    expect(await count('min_date_modified=2999-01-01')).toBe(0);
    expect(await count('limit=2&page=2')).toBe(1);
    expect((await store.get(`${PATH}?sort=id:desc&limit=1`)).body[0].external_order_id).toBe('abc:2');
    expect((await store.get(`${PATH}/count`)).body).toMatchObject({ count: 3 });
  });

  it('come back as they were after a restart, metafields and all', async () => {
    const store = await openStore();
    const { body } = await store.post(PATH, order());
    const field = {
      resource_id: body.id,
      namespace: 'storeferry',
      key: 'origin',
      value: '{}',
      permission_set: 'app_only',
    };
    expect((await store.post('/v3/orders/metafields', [field])).status).toBe(200);
    const state = (await store.get('/__admin/state')).body;
    await store.post('/__admin/reset', {});
    expect((await store.get(PATH)).status).toBe(204);
    await store.post('/__admin/state', state);
    expect((await store.get(`/v3/orders/${body.id}/metafields`)).body.data).toMatchObject([{ key: 'origin' }]);
    const next = await store.post(PATH, order());
    expect(next.body.id).toBeGreaterThan(body.id);
  });
});
