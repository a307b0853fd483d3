import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { wooHookFormat as format } from '../../../../src/connectors/woocommerce/hooks/hook-format.ts';

interface Recorded {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly secret: string;
  readonly bodyLength: number;
  readonly bodyStart: string;
}
const recorded = (
  JSON.parse(readFileSync(new URL('../../../fixtures/woocommerce/recordings.json', import.meta.url), 'utf8')) as {
    readonly webhookDeliveries: readonly Recorded[];
  }
).webhookDeliveries;
const deliveryOf = ({ headers, bodyStart }: Recorded) => ({ headers, body: Buffer.from(bodyStart) });
/** Only these were kept as a whole, so that their signatures can be held against them. */
const whole = recorded.filter(({ bodyLength, bodyStart }) => Buffer.byteLength(bodyStart) === bodyLength);
const pings = whole.filter(({ headers }) => headers['x-wc-webhook-signature'] === undefined);
const signed = whole.filter(({ headers }) => headers['x-wc-webhook-signature'] !== undefined);

it('knows the pings of a real shop, and nothing else as one', () => {
  expect(pings.length).toBeGreaterThan(3);
  expect(pings.map((one) => format.isPing(deliveryOf(one)))).toEqual(pings.map(() => true));
  expect(signed.map((one) => format.isPing(deliveryOf(one)))).toEqual(signed.map(() => false));
  for (const body of ['webhook_id=1&more=2', 'webhook_id=', ' webhook_id=1', `webhook_id=${'1'.repeat(100)}`]) {
    expect(format.isPing({ headers: {}, body: Buffer.from(body) })).toBe(false);
  }
});

it('holds for the signatures of a real shop, and for no other secret, body or header', () => {
  expect(signed.length).toBeGreaterThan(4);
  for (const one of signed) {
    const delivery = deliveryOf(one);
    expect(format.isSigned(delivery, one.secret)).toBe(true);
    expect(format.isSigned(delivery, `${one.secret}h`)).toBe(false);
    expect(format.isSigned({ ...delivery, body: Buffer.concat([delivery.body, Buffer.from(' ')]) }, one.secret)).toBe(
      false,
    );
    for (const signature of [undefined, '', 'AAAA', [one.headers['x-wc-webhook-signature'] ?? '']]) {
      const headers = { ...delivery.headers, 'x-wc-webhook-signature': signature };
      expect(format.isSigned({ ...delivery, headers }, one.secret)).toBe(false);
    }
  }
  // A base64 text that is right but for its case is another signature.
  const body = Buffer.from('{"id":1}');
  const right = createHmac('sha256', 's').update(body).digest('base64');
  expect(format.isSigned({ headers: { 'x-wc-webhook-signature': right.toLowerCase() }, body }, 's')).toBe(false);
});

it('tells the record of what a real shop sent; the error of what is gone names none', () => {
  const refs = signed.map((one) => {
    const delivery = deliveryOf(one);
    return [format.topicOf(delivery), format.refOf(format.topicOf(delivery) ?? '', delivery.body)];
  });
  expect(refs).toContainEqual(['product.deleted', { entity: 'product', sourceId: '16' }]);
  expect(refs).toContainEqual(['coupon.deleted', { entity: 'coupon', sourceId: '16' }]);
  expect(refs).toContainEqual(['product.created', null]);
  expect(refs).toContainEqual(['product.updated', null]);
});

const ref = (topic: string, body: unknown) =>
  format.refOf(topic, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));

it.each([
  ['product.updated', { id: 14, parent_id: 0 }, 'product', '14'],
  ['product.updated', { id: 15, parent_id: 14 }, 'product', '14'],
  ['order.created', { id: 7, parent_id: 3 }, 'order', '7'],
  ['customer.deleted', { id: 2 }, 'customer', '2'],
  ['action.edited_product_cat', { action: 'edited_product_cat', arg: 21 }, 'category', '21'],
  ['action.delete_product_brand', { action: 'delete_product_brand', arg: '5' }, 'brand', '5'],
  ['action.trashed_comment', { action: 'trashed_comment', arg: 9 }, 'review', '9'],
])('%s of %o is a look at %s %s', (topic, body, entity, sourceId) => {
  expect(ref(topic, body)).toEqual({ entity, sourceId });
});

it.each([
  ['product.sold', { id: 14 }],
  ['review.created', { id: 14 }],
  ['action.save_post', { arg: 14 }],
  ['product.updated', { id: 0 }],
  ['product.updated', { id: '14' }],
  ['product.updated', { id: 1.5 }],
  ['product.updated', null],
  ['product.updated', '{"id":'],
  ['product.updated', ''],
  ['action.edited_product_cat', { arg: "1' OR 1" }],
  ['action.edited_product_cat', { arg: null }],
])('%s of %o names nothing', (topic, body) => {
  expect(ref(topic, body)).toBeNull();
});

it('wants each topic once, in the form that WooCommerce takes', () => {
  const topics = format.topics.map(({ topic }) => topic);
  expect(new Set(topics).size).toBe(topics.length);
  const form = /^(?:(?:product|order|customer|coupon)\.(?:created|updated|deleted|restored)|action\.\w+)$/;
  expect(topics.filter((topic) => !form.test(topic))).toEqual([]);
});
