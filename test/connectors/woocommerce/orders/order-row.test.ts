import { describe, expect, it } from 'vitest';
import { orderRow } from '../../../../src/connectors/woocommerce/orders/order-row.ts';
import type { WooApi } from '../../../../src/connectors/woocommerce/woo-api.ts';
import type { CanonicalOrder } from '../../../../src/domain/order.ts';
import { recordedBody } from '../recorded.ts';

const recorded = recordedBody('create order');
const refunded = recordedBody('order after refund');
const { signal } = new AbortController();

/** Answers what was recorded, and tells what was asked for. */
function shop(answers: Record<string, unknown> = {}) {
  const asked: string[] = [];
  const api = {
    list: (ask: { path: string; query?: { include?: string[] } }) => {
      const ids = ask.query?.include;
      asked.push(ids === undefined ? ask.path : `${ask.path}?${ids.join(',')}`);
      return Promise.resolve({ rows: (answers[ask.path] ?? []) as unknown[], total: null });
    },
  } as unknown as WooApi;
  const states = { of: () => Promise.resolve((_: string, state: string) => (state === 'NY' ? 'New York' : null)) };
  return { row: orderRow(api, states), asked };
}

const REFUNDS = { '/refunds': recordedBody('list refunds') };
const NOTES = { '/orders/2048/notes': recordedBody('list notes') };

async function read(more: object = {}, answers: Record<string, unknown> = {}, base: object = recorded) {
  const { row, asked } = shop(answers);
  const { records, unreadable } = await row.read([{ ...base, ...more }], signal);
  const [record] = records;
  return { record, order: record?.canonical as CanonicalOrder, unreadable, asked };
}
const hash = async (more: object, answers: Record<string, unknown> = {}) =>
  (await read(more, answers)).record?.contentHash;

describe('a recorded order', () => {
  it('becomes canonical, and every field of it is known', async () => {
    const { record, order } = await read();
    expect(order).toMatchObject({
      number: '2048',
      status: 'processing',
      currency: 'USD',
      createdAt: '2026-11-20T15:47:51.000Z',
      paidAt: '2026-11-20T15:47:51.000Z',
      completedAt: null,
      customer: '1004',
      customerNote: 'Leave at door',
      total: { incTax: '117.60', tax: '0.00' },
      shippingTotal: { amount: '7.50', tax: '0.00' },
      discountTotal: { amount: '11.90', tax: '0.00' },
      billing: { firstName: 'Ann', state: 'NY', stateName: 'New York' },
      shipping: { street1: '1 Main St' },
      paymentTitle: 'Bank transfer',
      paymentMethod: 'bacs',
      coupons: [{ code: 'save10mwp5kuha', discount: { amount: '11.9', tax: '0' }, nominalAmount: '10' }],
      fees: [{ name: 'Gift wrap', total: { amount: '3.00', tax: '0.00' } }],
      shippingLines: [{ title: 'Flat', method: 'flat_rate' }],
      meta: [{ key: 'channel', value: 'web' }],
    });
    expect(order.lines).toMatchObject([
      { product: '2043', variant: null, quantity: '2', subtotal: { amount: '30.00' }, total: { amount: '27.00' } },
      {
        product: '2044',
        variant: '2045',
        options: [
          { name: 'Colour mwp5kuha', value: 'Red' },
          { name: 'Size', value: '40' },
        ],
      },
    ]);
    expect(record?.reports).toEqual([]);
    expect(record?.references).toEqual([
      { entity: 'customer', sourceId: '1004', kind: 'hard', field: 'customer_id' },
      { entity: 'product', sourceId: '2043', kind: 'hard', field: 'line_items.product_id' },
      { entity: 'product', sourceId: '2044', kind: 'hard', field: 'line_items.product_id' },
    ]);
  });

  it('brings its refunds in one request, each positive, its lines with their signs', async () => {
    const { order, asked } = await read({}, REFUNDS, refunded);
    expect(order.refunds).toMatchObject([
      { sourceId: '2049', amount: '13.50', reason: 'damaged', createdAt: '2026-11-20T15:47:51.000Z' },
    ]);
    expect(order.refunds[0]?.lines).toMatchObject({ lines: [{ quantity: '-1', subtotal: { amount: '-13.50' } }] });
    expect(asked).toEqual(['/refunds?2049', '/orders/2048/notes']);
  });

  it('keeps what it says of a refund whose details are not there', async () => {
    const { order } = await read({}, {}, refunded);
    expect(order.refunds).toMatchObject([{ sourceId: '2049', amount: '13.50', reason: 'damaged', createdAt: null }]);
  });

  it('brings its notes, the oldest first, and knows those of the software', async () => {
    const { order } = await read({}, NOTES);
    expect(order.notes.map(({ sourceId, bySystem }) => [sourceId, bySystem])).toEqual([
      ['1516', true],
      ['1517', true],
      ['1518', true],
    ]);
  });

  it('changes its hash with a note, a refund and a line, and not with stamps and addresses of pages', async () => {
    const before = await hash({});
    expect(await hash({ date_modified_gmt: '2027-01-01T00:00:00', payment_url: 'x', needs_payment: true })).toBe(
      before,
    );
    expect(await hash({}, NOTES)).not.toBe(before);
    expect(await hash({ refunds: [{ id: 1, reason: '', total: '-1.00' }] })).not.toBe(before);
    expect(await hash({ total: '117.61' })).not.toBe(before);
  });
});

const line = (more: object) => ({ ...(recorded['line_items'] as object[])[0], ...more });

describe('orders as shops have them', () => {
  it.each([
    ['a deleted product', { line_items: [line({ product_id: 0, sku: null, global_unique_id: null })] }, [1004], null],
    ['a deleted customer', { customer_id: 0, line_items: [] }, [], undefined],
    ['a cart', { status: 'checkout-draft' }, [], '2043'],
  ])('%s is nobody to wait for', async (_what, more, waits, product) => {
    const { record, order } = await read(more);
    expect(record?.references.map(({ sourceId }) => Number(sourceId))).toEqual(waits);
    expect(order.lines[0]?.product).toBe(product);
  });

  it('names of lines come encoded, names of fees and addresses as they were typed', async () => {
    const { order } = await read({
      line_items: [line({ name: 'Fish &amp; Chips', meta_data: [] })],
      fee_lines: [{ id: 1, name: 'Tom &amp; Co', total: '-1.00', total_tax: '-0.19', taxes: [], meta_data: [] }],
      billing: { ...(recorded['billing'] as object), company: 'Tom &amp; Co' },
    });
    expect(order.lines[0]?.name).toBe('Fish & Chips');
    expect(order.fees[0]).toMatchObject({ name: 'Tom &amp; Co', total: { amount: '-1.00', tax: '-0.19' } });
    expect(order.billing.company).toBe('Tom &amp; Co');
  });

  it('parcels are found in the fields of the plugin, and not a second time among the shop’s own', async () => {
    const value = [
      { tracking_provider: 'UPS', tracking_number: '1Z', date_shipped: '1767225600' },
      { tracking_number: '' },
    ];
    const { order } = await read({ meta_data: [{ id: 1, key: '_wc_shipment_tracking_items', value }] });
    expect(order.tracking).toEqual([{ carrier: 'UPS', number: '1Z', shippedAt: '2026-01-01' }]);
    expect(order.meta).toEqual([]);
  });

  it('an empty address is nobody; a fraction of a piece stays one', async () => {
    const { order } = await read({ billing: [], shipping: [], line_items: [line({ quantity: 1.5 })] });
    expect(order.billing).toMatchObject({ firstName: '', country: '' });
    expect(order.shipping).toBeNull();
    expect(order.lines[0]?.quantity).toBe('1.5');
  });

  it('what nobody has judged is reported by its name, technical fields as such, secrets by name alone', async () => {
    const { record } = await read({
      gift_message: 'x',
      cart_hash: 'abc',
      line_items: [line({ warehouse: 'x' })],
      meta_data: [{ id: 1, key: 'card_token', value: 'tok_1' }],
    });
    expect(record?.reports.map(({ key, field }) => `${key} ${field}`)).toEqual([
      'unknown-field gift_message',
      'unknown-field line_items.warehouse',
      'secret-meta-skipped meta_data.card_token',
      'order-technical-fields customer_user_agent',
    ]);
    expect(JSON.stringify(record)).not.toContain('tok_1');
  });

  it.each([
    ['a status that is none', { status: { is: 'x' } }, 'status'],
    ['a date of no calendar', { date_created_gmt: 'yesterday' }, 'date_created_gmt'],
    ['lines that are no list', { line_items: 'none' }, 'line_items'],
    ['a total in words', { total: 'much' }, 'total'],
  ])('%s spoils this order alone', async (_what, more, field) => {
    const { record, unreadable } = await read(more);
    expect(record).toBeUndefined();
    expect(unreadable).toMatchObject([{ entity: 'order', sourceId: '2048', reason: expect.stringContaining(field) }]);
  });
});
