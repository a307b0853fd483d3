import { describe, expect, it } from 'vitest';
import { openStore } from './store.ts';

const CUSTOMERS = '/v3/customers';
const ann = (more: object = {}) => ({ email: 'ann@example.test', first_name: 'Ann', last_name: 'Lee', ...more });
const home = {
  first_name: 'Ann',
  last_name: 'Lee',
  address1: '1 Main St',
  city: 'Berlin',
  country_code: 'DE',
  postal_code: '10115',
};

describe('customers', () => {
  it('are made in batches of ten, with addresses, and get no mail unless it is asked for', async () => {
    const store = await openStore();
    const made = await store.post(CUSTOMERS, [ann({ addresses: [home] })]);
    expect(made).toMatchObject({
      status: 200,
      body: { data: [{ email: 'ann@example.test', addresses: [{ city: 'Berlin' }] }] },
    });
    expect(
      (
        await store.post(
          CUSTOMERS,
          Array.from({ length: 11 }, (_, n) => ann({ email: `${n}@example.test` })),
        )
      ).status,
    ).toBe(413);
    expect(store.store.outbox).toEqual([]);
    await store.post(CUSTOMERS, [ann({ email: 'bo@example.test', trigger_account_created_notification: true })]);
    expect(store.store.outbox).toHaveLength(1);
  });

  it.each([false, true])(
    'of one e-mail are refused with the whole batch (saved in part: %s)',
    async (customerBatchPartly) => {
      const store = await openStore({ switches: { customerBatchPartly } });
      await store.post(CUSTOMERS, [ann()]);
      const refused = await store.post(CUSTOMERS, [
        ann({ email: 'new@example.test' }),
        ann({ email: 'ANN@example.test' }),
      ]);
      expect(refused).toMatchObject({ status: 422, body: { title: 'Create customers failed.' } });
      expect(refused.body.errors['.customer_create']).toContain('ANN@example.test already in use');
      expect(store.store.customers.size).toBe(customerBatchPartly ? 2 : 1);
    },
  );

  it.each([
    [{ email: 'nobody' }],
    [{ first_name: '' }],
    [{ last_name: 'x'.repeat(101) }],
    [{ phone: '1'.repeat(51) }],
    [{ customer_group_id: 999 }],
    [{ addresses: [{ ...home, postal_code: '' }] }],
    [{ addresses: [{ ...home, country_code: 'US', state_or_province: 'NY' }] }],
  ])('with %j are refused', async (more) => {
    const store = await openStore();
    expect((await store.post(CUSTOMERS, [ann(more)])).status).toBe(422);
    expect(store.store.customers.size).toBe(0);
  });

  it('are found by e-mail without regard to case, and by ids; a delete without a filter does nothing', async () => {
    const store = await openStore();
    const { body } = await store.post(CUSTOMERS, [ann(), ann({ email: 'bo@example.test' })]);
    const [first, second] = body.data as { id: number }[];
    expect((await store.get(`${CUSTOMERS}?email:in=ANN@example.test`)).body.data).toMatchObject([{ id: first?.id }]);
    expect((await store.get(`${CUSTOMERS}?id:in=${second?.id}&include=addresses`)).body.data).toMatchObject([
      { addresses: [] },
    ]);
    expect((await store.api('DELETE', CUSTOMERS)).status).toBe(204);
    expect(store.store.customers.size).toBe(2);
    await store.api('DELETE', `${CUSTOMERS}?id:in=${first?.id}`);
    expect(store.store.customers.size).toBe(1);
    expect((await store.post(CUSTOMERS, [ann()])).status).toBe(200);
  });

  it('are updated without their addresses', async () => {
    const store = await openStore();
    const { body } = await store.post(CUSTOMERS, [ann({ addresses: [home] })]);
    await store.put(CUSTOMERS, [{ id: body.data[0].id, last_name: 'Li', addresses: [] }]);
    expect([...store.store.customers.values()]).toMatchObject([{ last_name: 'Li', addresses: [{ city: 'Berlin' }] }]);
    expect((await store.put(CUSTOMERS, [{ id: 9_999, last_name: 'Li' }])).status).toBe(422);
  });
});

it('an address that is there already is left out of the reply, silently', async () => {
  const store = await openStore();
  const { body } = await store.post(CUSTOMERS, [ann({ addresses: [home] })]);
  const again = { ...home, customer_id: body.data[0].id };
  const reply = await store.post(`${CUSTOMERS}/addresses`, [again, { ...again, city: 'Bonn' }]);
  expect(reply).toMatchObject({ status: 200, body: { data: [{ city: 'Bonn' }] } });
  const { body: listed } = await store.get(`${CUSTOMERS}/addresses?customer_id:in=${again.customer_id}`);
  expect(listed.data.map(({ city }: { city: string }) => city)).toEqual(['Berlin', 'Bonn']);
});

it.each([204, 200] as const)('groups are bare rows, and none are a %i', async (emptyListStatus) => {
  const store = await openStore({ switches: { emptyListStatus } });
  expect((await store.get('/v2/customer_groups')).status).toBe(emptyListStatus);
  const { body } = await store.post('/v2/customer_groups', { name: 'vip' });
  expect((await store.get('/v2/customer_groups')).body).toMatchObject([{ id: body.id, name: 'vip' }]);
  expect((await store.get('/v2/customer_groups/count')).body).toEqual({ count: 1 });
  expect(await store.post('/v2/customer_groups', {})).toMatchObject({ status: 400, body: [{ status: 400 }] });
  await store.post(CUSTOMERS, [ann({ customer_group_id: body.id })]);
  await store.api('DELETE', `/v2/customer_groups/${body.id}`);
  expect([...store.store.customers.values()]).toMatchObject([{ customer_group_id: 0 }]);
});
