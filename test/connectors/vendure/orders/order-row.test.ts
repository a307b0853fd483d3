import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderRow } from '../../../../src/connectors/vendure/orders/order-row.ts';
import { createVendureApi } from '../../../../src/connectors/vendure/vendure-api.ts';
import type { CanonicalOrder } from '../../../../src/domain/order.ts';
import {
  facts,
  historyRow,
  orderAddressRow,
  orderLineRow,
  orderRowOf,
  paymentRow,
  refundRow,
  shippingRow,
  signal,
} from '../forms.ts';
import { type StubServer, stubServer } from '../stub-server.ts';

let server: StubServer;
let read: (
  more?: Record<string, unknown>,
  shop?: ReturnType<typeof facts>,
) => Promise<{
  record: { modifiedAt: string | null; references: readonly object[]; reports: readonly object[] };
  order: CanonicalOrder;
}>;
const LATE = historyRow('51', 'ORDER_NOTE', { note: 'late' });

beforeAll(async () => {
  server = await stubServer(({ variables }) => {
    const { skip } = variables['options'] as { skip: number };
    return { body: { data: { item: { history: { totalItems: 2, items: skip === 1 ? [LATE] : [] } } } } };
  });
  const orders = orderRow(createVendureApi(server.options({ apiKey: 'a:b' })), []);
  read = async (more = {}, shop = facts()) => {
    const { records, unreadable } = await orders.read([orderRowOf('5', more)], shop, signal);
    const [record] = records;
    if (record === undefined) throw new Error(JSON.stringify(unreadable));
    return { record, order: record.canonical as CanonicalOrder };
  };
});
afterAll(() => server.close());

const history = (...items: readonly object[]) => ({ history: { totalItems: items.length, items } });

describe('figures of an order', () => {
  test('are those of the server, which add up', async () => {
    const { order } = await read();
    expect(order).toMatchObject({
      total: { incTax: '48.18', tax: '7.20' },
      shippingTotal: { amount: '5.00', tax: '0.00' },
      discountTotal: { amount: '4.00', tax: '0.80' },
      taxLines: [{ label: 'Standard', percent: '20', total: '7.20', shippingTotal: '0.00' }],
    });
    expect(order.lines).toMatchObject([
      {
        product: '1',
        variant: '11',
        quantity: '2',
        subtotal: { amount: '39.98', tax: '8.00' },
        total: { amount: '35.98', tax: '7.20' },
        meta: [],
      },
    ]);
  });

  test('of another precision', async () => {
    const { order } = await read({}, facts({ moneyDecimals: 0 }));
    expect(order.total).toEqual({ incTax: '4818', tax: '720' });
  });

  test('surcharges are fees, negative ones too', async () => {
    const surcharges = [
      { id: '2', description: 'Goodwill', sku: '', price: -500, priceWithTax: -600, taxLines: [] },
      {
        id: '1',
        description: 'Gift wrap',
        sku: 'WRAP',
        price: 300,
        priceWithTax: 360,
        taxLines: [{ description: 'Standard', taxRate: 20 }],
      },
    ];
    expect((await read({ surcharges })).order.fees).toMatchObject([
      {
        sourceId: '1',
        name: 'Gift wrap',
        total: { amount: '3.00', tax: '0.60' },
        meta: [{ key: 'sku', value: 'WRAP' }],
      },
      { sourceId: '2', total: { amount: '-5.00', tax: '-1.00' }, meta: [] },
    ]);
  });

  test('what was taken off shipping is off it already, and told beside it', async () => {
    const shippingLines = [shippingRow('1', { discountedPrice: 0, discountedPriceWithTax: 0 })];
    const { order } = await read({ shippingLines, shipping: 0, shippingWithTax: 0 });
    expect(order.shippingLines).toMatchObject([
      {
        title: 'Standard',
        total: { amount: '0.00' },
        meta: [{ key: 'before_discount', value: { amount: '5.00', tax: '0.00' } }],
      },
    ]);
    expect(order.discountTotal.amount).toBe('4.00');
  });

  test('a code tells what its promotion took off', async () => {
    const off = { type: 'DISTRIBUTED_ORDER_PROMOTION', description: 'ten', amount: -400, amountWithTax: -480 };
    const { order } = await read({
      couponCodes: ['TEN', 'OLD'],
      promotions: [
        { id: '1', couponCode: 'TEN' },
        { id: '2', couponCode: null },
      ],
      discounts: [
        { ...off, adjustmentSource: 'PROMOTION:1' },
        { ...off, adjustmentSource: 'PROMOTION:2', amount: -100, amountWithTax: -120 },
      ],
    });
    expect(order.coupons.map(({ code, discount }) => [code, discount.amount, discount.tax])).toEqual([
      ['TEN', '4.00', '0.80'],
      ['OLD', '0.00', '0.00'],
    ]);
    expect(order.meta.find(({ key }) => key === 'discounts')?.value).toHaveLength(2);
  });

  test('of what was cancelled nothing is left but how much was ordered', async () => {
    const none = { linePrice: 0, linePriceWithTax: 0, proratedLinePrice: 0, proratedLinePriceWithTax: 0 };
    const { order } = await read({ state: 'Cancelled', lines: [orderLineRow('1', { ...none, quantity: 0 })] });
    expect(order.lines).toMatchObject([
      {
        quantity: '0',
        subtotal: { amount: '0.00' },
        meta: [{ key: 'ordered', value: { quantity: 2, price: { amount: '19.99', tax: '4.00' } } }],
      },
    ]);
  });
});

const option = (id: string, name: string) => ({ name, group: { id, name: `Group ${id}` } });

const lineOf = (id: string, options: readonly object[]) =>
  orderLineRow(id, { productVariant: { id: '11', productId: '1', name: 'Mug', sku: 'A', options } });

describe('an order', () => {
  test('is the same in whatever order its parts come', async () => {
    const parts = {
      lines: [lineOf('1', [option('1', 'S'), option('2', 'Red')]), lineOf('10', [option('1', 'S')]), lineOf('9', [])],
      payments: [paymentRow('2'), paymentRow('10')],
      fulfillments: ['1', '2'].map((id) => ({
        id,
        createdAt: null,
        state: 'Shipped',
        method: 'DHL',
        trackingCode: `T${id}`,
      })),
      taxSummary: [
        { description: 'a', taxRate: 20, taxTotal: 1 },
        { description: 'b', taxRate: 20, taxTotal: 2 },
      ],
    };
    const turned = {
      ...parts,
      lines: [lineOf('9', []), lineOf('10', [option('1', 'S')]), lineOf('1', [option('2', 'Red'), option('1', 'S')])],
      payments: parts.payments.toReversed(),
      fulfillments: parts.fulfillments.toReversed(),
      taxSummary: parts.taxSummary.toReversed(),
    };
    const { order } = await read(parts);
    expect(order.lines.map(({ sourceId }) => sourceId)).toEqual(['1', '9', '10']);
    expect((await read(turned)).order).toEqual(order);
  });

  test('waits for its account and its products; a guest has no account', async () => {
    const { record, order } = await read();
    expect(order.customer).toBe('3');
    expect(record.references).toEqual([
      { entity: 'customer', sourceId: '3', kind: 'hard', field: 'customer' },
      { entity: 'product', sourceId: '1', kind: 'hard', field: 'lines' },
    ]);
    const guest = await read({
      customer: {
        id: '4',
        firstName: 'Bob',
        lastName: 'Lee',
        emailAddress: 'bob@example.test',
        phoneNumber: '',
        user: null,
      },
    });
    expect(guest.order).toMatchObject({ customer: null, billing: { email: 'bob@example.test' } });
    expect((await read({ customer: null })).order).toMatchObject({ customer: null, billing: { email: '' } });
  });

  test('has both addresses; the goods’ serves for billing where there is no other', async () => {
    const { order } = await read();
    expect(order.billing).toMatchObject({
      firstName: 'Ann Mary',
      lastName: 'Lee',
      city: 'Berlin',
      country: 'DE',
      email: 'ann@example.test',
    });
    expect(order.shipping).toMatchObject({ firstName: 'Bob', city: 'Hamburg', email: '' });
    const one = await read({ billingAddress: null });
    expect(one.order.billing).toMatchObject({ city: 'Hamburg', email: 'ann@example.test' });
    const none = await read({
      billingAddress: orderAddressRow({ fullName: '', streetLine1: '', city: '', postalCode: '', phoneNumber: '' }),
      shippingAddress: null,
    });
    expect(none.order).toMatchObject({
      billing: { firstName: 'Ann Mary', street1: '', email: 'ann@example.test' },
      shipping: null,
    });
  });

  test('that was never placed refers to nothing', async () => {
    const { record, order } = await read({ state: 'AddingItems', orderPlacedAt: null });
    expect([order.status, order.createdAt, record.references]).toEqual([
      'checkout-draft',
      '2026-11-21T14:33:03.000Z',
      [],
    ]);
  });

  test.each([
    ['PaymentAuthorized', 'on-hold'],
    ['PaymentSettled', 'processing'],
    ['PartiallyShipped', 'partially-shipped'],
    ['Shipped', 'shipped'],
    ['PartiallyDelivered', 'partially-shipped'],
    ['Delivered', 'completed'],
    ['Modifying', 'on-hold'],
    ['ArrangingAdditionalPayment', 'on-hold'],
    ['Cancelled', 'cancelled'],
    ['constructor', 'constructor'],
    ['WaitingForTheKiln', 'WaitingForTheKiln'],
  ])('in state %s is %s, and the state is kept', async (state, status) => {
    const { order } = await read({ state });
    expect(order.status).toBe(status);
    expect(order.meta[0]).toEqual({ key: 'state', value: state });
  });
});

const refunded = (...totals: number[]) => ({
  payments: [paymentRow('1', { refunds: totals.map((total, at) => refundRow(String(at + 1), { total })) })],
});

describe('payments and refunds', () => {
  test('what was paid back as a whole is refunded, in part it keeps its state', async () => {
    expect((await read(refunded(4000, 818))).order.status).toBe('refunded');
    const part = await read(refunded(300));
    expect(part.order).toMatchObject({
      status: 'processing',
      refunds: [{ sourceId: '1', amount: '3.00', reason: 'broken' }],
    });
    expect((await read({ ...refunded(4818), state: 'Cancelled' })).order.status).toBe('cancelled');
  });

  test('a refund that has not moved money is told and not counted', async () => {
    const { record, order } = await read({
      payments: [
        paymentRow('1', { refunds: [refundRow('1', { state: 'Pending' }), refundRow('2', { state: 'Failed' })] }),
      ],
    });
    expect(order.refunds).toEqual([]);
    expect(record.reports).toEqual([{ key: 'pending-refunds', field: 'payments.refunds' }]);
  });

  test('the settled ones name the way and the number; several are kept each', async () => {
    const payments = [
      paymentRow('1', { state: 'Declined', method: 'card', transactionId: 'no' }),
      paymentRow('2', { method: 'invoice', transactionId: '' }),
      paymentRow('3', { method: 'gift', transactionId: 'g3' }),
    ];
    const { order } = await read({ payments });
    expect(order).toMatchObject({ paymentTitle: 'invoice + gift', paymentMethod: 'invoice', transactionId: 'g3' });
    expect(order.meta.find(({ key }) => key === 'payments')?.value).toHaveLength(3);
    expect((await read({ payments: null })).order).toMatchObject({ paymentTitle: '', paidAt: null });
  });
});

describe('the history of an order', () => {
  test('tells when it was paid, sent and delivered, and moves its stamp', async () => {
    const { record, order } = await read({
      fulfillments: [
        { id: '8', createdAt: null, state: 'Delivered', method: 'DHL', trackingCode: 'TR1' },
        { id: '9', createdAt: null, state: 'Pending', method: 'DHL', trackingCode: '' },
      ],
      ...history(
        historyRow('1', 'ORDER_PAYMENT_TRANSITION', { paymentId: 1, from: 'Authorized', to: 'Settled' }),
        historyRow('2', 'ORDER_FULFILLMENT_TRANSITION', { fulfillmentId: 8, from: 'Pending', to: 'Shipped' }),
        historyRow('3', 'ORDER_STATE_TRANSITION', { from: 'Shipped', to: 'Delivered' }),
      ),
    });
    expect(order).toMatchObject({
      paidAt: '2026-11-21T15:00:01.000Z',
      completedAt: '2026-11-21T15:00:03.000Z',
      tracking: [{ carrier: 'DHL', number: 'TR1', shippedAt: '2026-11-21' }],
    });
    expect(record.modifiedAt).toBe('2026-11-21T15:00:03.000Z');
    expect(order.notes.map(({ text, bySystem, author }) => [text, bySystem, author])).toEqual([
      ['Payment 1: Authorized → Settled', true, 'Vendure'],
      ['Fulfillment 8: Pending → Shipped', true, 'Vendure'],
      ['Order: Shipped → Delivered', true, 'Vendure'],
    ]);
  });

  test('has notes as they were typed, safe as HTML', async () => {
    const { order } = await read(
      history(
        historyRow('1', 'ORDER_NOTE', { note: 'a <b>\r\nc & d' }, { isPublic: true }),
        historyRow('2', 'ORDER_COUPON_APPLIED', { couponCode: 'TEN' }),
        historyRow('3', 'ORDER_CANCELLATION', { reason: 'by <shopper>' }, { administrator: null }),
      ),
    );
    expect(order.notes.map(({ text, toCustomer, author }) => [text, toCustomer, author])).toEqual([
      ['a &lt;b&gt;<br>c &amp; d', true, 'Super Admin'],
      ['Cancelled: by &lt;shopper&gt;', false, 'Vendure'],
    ]);
  });

  test('that is longer than came along is read to its end', async () => {
    const { order } = await read({
      history: { totalItems: 2, items: [historyRow('1', 'ORDER_NOTE', { note: 'early' })] },
    });
    expect(order.notes.map(({ text }) => text)).toEqual(['early', 'late']);
  });
});
