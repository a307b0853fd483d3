import { expect, it } from 'vitest';
import { openStore } from './store.ts';

const PATH = '/v2/coupons';
const coupon = (more: object = {}) => ({
  name: 'Ten',
  code: 'TEN',
  type: 'percentage_discount',
  amount: '10',
  ...more,
});

it('coupons are bare rows with amounts as text, made with 201', async () => {
  const store = await openStore();
  expect((await store.get(PATH)).status).toBe(204);
  const made = await store.post(PATH, coupon({ enabled: true }));
  expect(made).toMatchObject({ status: 201, body: { code: 'TEN', amount: '10.0000', num_uses: 0, enabled: true } });
  expect((await store.get(`${PATH}?code=ten`)).body).toMatchObject([{ id: made.body.id }]);
  expect((await store.get(`${PATH}?min_id=${made.body.id + 1}`)).status).toBe(204);
  expect((await store.get(`${PATH}/count`)).body).toEqual({ count: 1 });
});

it.each([
  [coupon({ name: 'Other', code: 'ten' }), 409],
  [coupon({ name: 'TEN', code: 'OTHER' }), 201],
  [coupon({ name: 'ten', code: 'OTHER' }), 409],
  [coupon({ code: 'é', name: 'x' }), 400],
  [coupon({ code: 'A', name: 'x', type: 'bogo' }), 400],
  [coupon({ code: 'A', name: 'x', expires: 'soon' }), 400],
  [coupon({ code: 'A', name: 'x', applies_to: { entity: 'products', ids: [9] } }), 400],
])('%j beside another one', async (body, status) => {
  const store = await openStore();
  await store.post(PATH, coupon({ name: body.name === 'TEN' ? 'Different' : 'Ten' }));
  const answer = await store.post(PATH, body);
  expect(answer.status).toBe(status);
});

it('an update without a scope clears it', async () => {
  const store = await openStore();
  const { body: made } = await store.post('/v3/catalog/products', { name: 'A', type: 'physical', weight: 0, price: 1 });
  const scope = { applies_to: { entity: 'products', ids: [made.data.id] } };
  const { body } = await store.post(PATH, coupon(scope));
  const changed = await store.put(`${PATH}/${body.id}`, { amount: '5' });
  expect(changed.body).toMatchObject({ amount: '5.0000', applies_to: { entity: 'categories', ids: [0] } });
  await store.api('DELETE', `${PATH}/${body.id}`);
  expect((await store.get(`${PATH}/${body.id}`)).status).toBe(404);
});
