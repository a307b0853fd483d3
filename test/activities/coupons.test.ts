import { afterAll, beforeAll, expect, it } from 'vitest';
import { coupon } from '../connectors/bigcommerce/coupon-form.ts';
import { product } from '../connectors/bigcommerce/forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

/** By code: the target's own order is that of arrival. */
const there = () => [...bench.store.sandbox.store.coupons.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1));
const writes = () => bench.store.requests().filter((request) => !request.startsWith('GET'));

it('are made, left alone, changed and removed', async () => {
  await bench.renew('coupons');
  await bench.read('coupon', '1', coupon({ usageLimit: 10, usageCount: 3 }));
  await bench.read('coupon', '2', coupon({ code: 'save10' }));
  await bench.drain();
  expect(there().map(({ code, max_uses: uses }) => [code, uses])).toEqual([
    ['SAVE10', 7],
    ['save10-2', 0],
  ]);
  writes();
  await bench.read('coupon', '1', coupon({ usageLimit: 10, usageCount: 3 }));
  await bench.drain();
  expect(writes()).toEqual([]);
  await bench.read('coupon', '1', coupon({ amount: '12.50' }));
  await bench.gone('coupon', ['2']);
  await bench.drain();
  expect(there()).toMatchObject([{ code: 'SAVE10', amount: '12.5000', max_uses: 0 }]);
});

it('apply to their products; one that is gone switches them off instead of making them wider', async () => {
  await bench.renew('coupons-wait');
  const hard = [{ entity: 'product' as const, sourceId: '7', kind: 'hard' as const, field: 'product_ids' }];
  await bench.read('coupon', '1', coupon({ products: ['7'] }), { references: hard });
  const gone = [{ ...hard[0], sourceId: '9' } as (typeof hard)[number]];
  await bench.read('coupon', '2', coupon({ code: 'GONE', products: ['9'] }), { references: gone });
  await bench.read('product', '7', product());
  await bench.drain();
  expect(there()).toMatchObject([
    { code: 'GONE', enabled: false },
    { code: 'SAVE10', enabled: true, applies_to: { entity: 'products', ids: [bench.store.product().id] } },
  ]);
});

it.each(['now', 'never'] as const)(
  'are there once when the reply to a create is lost (applied: %s)',
  async (applied) => {
    await bench.renew(`coupons-lost-${applied}`);
    bench.store.sandbox.controls.faults.add([
      { method: 'POST', route: '/v2/coupons', times: 1, fault: { kind: 'drop', applied } },
    ]);
    await bench.read('coupon', '1', coupon());
    await bench.drain();
    expect(there().map(({ code }) => code)).toEqual(['SAVE10']);
    expect(await bench.apply()).toEqual({});
  },
);

it("leave the merchant's own coupon of the same code alone", async () => {
  await bench.renew('coupons-taken');
  const headers = { 'content-type': 'application/json', 'x-auth-token': 'sandbox-access-token' };
  const own = { name: 'Own', code: 'save10', type: 'free_shipping', amount: '0', enabled: true };
  const url = `${bench.store.sandbox.url}/stores/sandbox/v2/coupons`;
  expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify(own) })).status).toBe(201);
  await bench.read('coupon', '1', coupon());
  await bench.drain();
  expect(there()).toMatchObject([{ name: 'Own', type: 'free_shipping' }]);
  expect(await bench.apply()).toEqual({ 1: 'held' });
});
