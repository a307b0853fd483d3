import { describe, expect, it } from 'vitest';
import { mapOrder } from '../../../../src/connectors/bigcommerce/mapping/orders/order.ts';
import { contextWith } from '../forms.ts';
import { address } from '../people-forms.ts';
import { fee, kept, line, mapped, note, order, refund, shippingLine } from './order-form.ts';

describe('the core of an order', () => {
  it('carries its id, its day and every figure as they were', () => {
    const { parts, adjusted, reported } = mapped(
      { customer: '3', paidAt: '2025-03-04T06:00:00.000Z' },
      { ids: { 'customer:3': '30' } },
    );
    expect(parts['core']).toMatchObject({
      external_source: 'M-MIG',
      external_order_id: 'abc123:9',
      status_id: 11,
      date_created: 'Tue, 04 Mar 2025 05:06:07 +0000',
      customer_id: 30,
      default_currency_code: null,
      subtotal_ex_tax: '20.00',
      subtotal_inc_tax: '22.00',
      shipping_cost_ex_tax: '5.00',
      shipping_cost_inc_tax: '5.50',
      total_ex_tax: '25.00',
      total_inc_tax: '27.50',
      discount_amount: '0.00',
      payment_method: 'Card',
    });
    expect(adjusted).toContain('order-renumbered');
    expect(reported).toEqual(['payment-transactions']);
  });

  it('adds lines up before it rounds, and copies a total that differs by a cent', () => {
    const lines = ['1', '2', '3'].map((id) => line(id, { subtotal: { amount: '9.175666', tax: '0.333333' } }));
    const { parts } = mapped({ lines, total: { incTax: '56.15', tax: '4.68' } });
    expect(parts['core']).toMatchObject({ subtotal_ex_tax: '27.53', subtotal_inc_tax: '28.53', total_ex_tax: '51.47' });
  });

  it.each([
    ['JPY', '1234.5', '1235'],
    ['KWD', '1.2345', '1.235'],
    ['USD', '1.005', '1.01'],
  ])('rounds amounts in %s half up at its own decimals', (currency, incTax, shown) => {
    const { parts } = mapped({ currency, total: { incTax, tax: '0' } });
    expect(parts['core']).toMatchObject({ total_inc_tax: shown });
    expect(parts['core'].default_currency_code).toBe(currency === 'USD' ? null : currency);
  });

  it('clamps what is negative, and says so', () => {
    const { parts, adjusted } = mapped({ total: { incTax: '-3', tax: '0' } });
    expect(parts['core']).toMatchObject({ total_inc_tax: '0.00', total_ex_tax: '0.00' });
    expect(adjusted).toContain('negative-total-clamped');
  });

  it('is the order of a guest when its account is not at the target', () => {
    const { parts, adjusted } = mapped({ customer: '3' });
    expect(parts['core'].customer_id).toBe(0);
    expect(adjusted).toContain('order-customer-missing-as-guest');
  });

  it.each([
    ['203.0.113.9', { ip_address: '203.0.113.9' }],
    ['unknown, 2001:db8::1, 203.0.113.9', { ip_address_v6: '2001:db8::1' }],
  ])('takes the first valid address of "%s"', (ipAddress, expected) => {
    const { parts } = mapped({ ipAddress, customerNote: 'One\r\nTwo' });
    const { ip_address: v4, ip_address_v6: v6, customer_message: said } = parts['core'];
    expect(JSON.parse(JSON.stringify({ ip_address: v4, ip_address_v6: v6 }))).toEqual(expected);
    expect(said).toBe('One\nTwo');
  });

  it.each([
    ['', 'cod', 'cod'],
    ['', '', 'Manual'],
  ])('names a payment "%s" by its gateway "%s"', (paymentTitle, paymentMethod, shown) => {
    expect(mapped({ paymentTitle, paymentMethod }).parts['core'].payment_method).toBe(shown);
  });

  it.each(['trash', 'checkout-draft', 'auto-draft'])('of a %s is not carried', (status) => {
    const form = mapOrder('9', order({ status }), contextWith());
    expect(form).toMatchObject({ outcome: 'skip', reports: [{ key: 'draft-orders-skipped' }] });
  });
});

it('of the year 0 is a dead letter; a country that is no code is told by its name', () => {
  const broken = mapOrder('9', order({ createdAt: '0000-01-01T00:00:00.000Z' }), contextWith());
  expect(broken).toMatchObject({ outcome: 'refuse', reason: expect.stringContaining('0000-01-01') });
  const { parts } = mapped({ billing: { ...order().billing, country: 'Germany' } });
  expect(parts['core'].billing_address).toMatchObject({ country: 'Germany', country_iso2: '' });
});

describe('the status', () => {
  it.each([
    ['pending', 1],
    ['on-hold', 7],
    ['processing', 11],
    ['completed', 10],
    ['cancelled', 5],
    ['refunded', 4],
    ['failed', 6],
    ['wc-ready_for_pickup', 8],
  ])('%s is %i', (status, id) => {
    const { parts, adjusted } = mapped({ status });
    expect(parts['core'].status_id).toBe(id);
    expect(adjusted).not.toContain('order-status-fallback');
  });

  it('that nobody knows waits for a person, unless the project maps it', () => {
    const unknown = mapped({ status: 'in-kiln' });
    expect(unknown.parts['core'].status_id).toBe(12);
    expect(unknown.adjusted).toContain('order-status-fallback');
    expect(mapped({ status: 'constructor' }).parts['core'].status_id).toBe(12);
    const chosen = mapped({ status: 'in-kiln' }, { mapping: { orderStatuses: { 'in-kiln': '9' } } });
    expect(chosen.parts['core'].status_id).toBe(9);
    expect(chosen.adjusted).not.toContain('order-status-fallback');
  });

  it.each([
    ['completed', '13.50', 14],
    ['completed', '27.50', 10],
    ['processing', '13.50', 11],
  ])('of a %s order of which %s was paid back is %i', (status, amount, id) => {
    const { parts, adjusted } = mapped({ status, refunds: [refund('1', amount)] });
    expect(parts['core'].status_id).toBe(id);
    expect(adjusted.includes('partial-refund-status')).toBe(id === 14);
  });
});

describe('addresses', () => {
  it('go by names of countries and states, with what the target asks for', () => {
    const { parts, adjusted } = mapped({ billing: address({ firstName: '', postcode: '', email: 'no mail' }) });
    expect(parts['core'].billing_address).toMatchObject({
      first_name: '-',
      state: 'New York',
      zip: 'N/A',
      country: 'United States',
      country_iso2: 'US',
      email: '',
    });
    expect(parts['core'].shipping_addresses).toEqual([]);
    for (const key of [
      'name-placeholder',
      'postcode-placeholder',
      'state-code-to-name',
      'shipping-address-from-billing',
    ])
      expect(adjusted).toContain(key);
  });

  it('of delivery carry the ways it was sent', () => {
    const shippingLines = [shippingLine('Post'), shippingLine('Crane')];
    const sent = mapped({ shipping: address({ city: 'Boston' }), shippingLines });
    expect(sent.parts['core'].shipping_addresses).toMatchObject([
      { city: 'Boston', email: 'ann@example.test', shipping_method: 'Post + Crane' },
    ]);
    expect(sent.adjusted).toContain('several-shipping-lines-joined');
    const fetched = mapped({ shippingLines: [shippingLine('Pick-up')] });
    expect(fetched.parts['core'].shipping_addresses).toMatchObject([{ city: 'New York', shipping_method: 'Pick-up' }]);
  });
});

describe('staff notes', () => {
  it('are laid out the same way every time', () => {
    const form = mapped({
      paidAt: '2025-03-04T06:00:00.000Z',
      completedAt: '2025-03-06T06:00:00.000Z',
      coupons: [
        {
          code: 'save10',
          discount: { amount: '2', tax: '0.2' },
          type: 'percent',
          nominalAmount: '10',
          freeShipping: false,
        },
      ],
      fees: [fee('Loyalty', '-3', '-0.3'), fee('Gift wrap', '1.5')],
      tracking: [{ carrier: 'UPS', number: '1Z9', shippedAt: '2025-03-06' }],
      refunds: [refund('1', '13.5', 'damaged')],
      notes: [
        note('1'),
        note('2', { author: 'WooCommerce', text: 'Stock reduced', bySystem: true }),
        note('3', { text: 'On its <b>way</b>', toCustomer: true, createdAt: null }),
      ],
    });
    expect(form.parts['core'].staff_notes.split('\n')).toEqual([
      'WooCommerce order 1001 (id 9)',
      'Paid 2025-03-04 06:00:00 UTC',
      'Completed 2025-03-06 06:00:00 UTC',
      'Coupon save10: 2.00 USD',
      'Discount Loyalty: 3.00 USD',
      'Tracking UPS 1Z9 2025-03-06',
      'Refund 2025-04-01 13.50 USD: damaged',
      '',
      '[2025-03-05 10:00:00 UTC] Ann: Call first',
      'Ann (to customer): On its way',
    ]);
    expect(form.reported).toContain('customer-notes-not-visible');
    for (const key of [
      'notes-in-staff-notes',
      'system-notes-in-metafield',
      'refund-in-notes',
      'tracking-in-notes',
      'order-coupon-in-notes',
    ])
      expect(form.adjusted).toContain(key);
    expect(kept(form)).toMatchObject({ 'storeferry/refund_total': '13.5', 'storeferry/order_number': '1001' });
    expect(JSON.parse(kept(form)['storeferry/notes'] ?? '')).toHaveLength(3);
  });

  it('leave room for the merchant, and the whole of them is kept', () => {
    const notes = Array.from({ length: 40 }, (_, at) => note(String(at), { text: 'word '.repeat(400) }));
    const form = mapped({ notes });
    expect(form.parts['core'].staff_notes.length).toBeLessThanOrEqual(60_000);
    const pieces = Object.keys(kept(form)).filter((key) => key.startsWith('storeferry/notes'));
    expect(pieces.length).toBeGreaterThan(1);
  });
});

it('what has no field is kept beside the order', () => {
  const taxLines = [{ code: 'US', label: 'Tax', compound: false, percent: '10', total: '2', shippingTotal: '0.5' }];
  const form = mapped({ taxLines, completedAt: '2025-03-06T06:00:00.000Z', meta: [{ key: 'po', value: '77' }] });
  const fields = kept(form);
  expect(fields['storeferry/source_id']).toBe('abc123:9');
  expect(fields['woocommerce/po']).toBe('77');
  expect(JSON.parse(fields['storeferry/origin'] ?? '')).toMatchObject({
    order_key: 'wc_order_1',
    payment_method: 'stripe',
    date_completed: '2025-03-06T06:00:00.000Z',
    prices_include_tax: false,
  });
  expect(JSON.parse(fields['storeferry/taxes'] ?? '')).toEqual(taxLines);
  expect(JSON.parse(fields['storeferry/lines'] ?? '')).toMatchObject([{ sourceId: '1', quantity: '2' }]);
  for (const key of [
    'order-origin-in-metafield',
    'payment-gateway-in-metafield',
    'order-dates-in-metafield',
    'order-tax-lines-in-metafield',
  ])
    expect(form.adjusted).toContain(key);
});

it('no adjustment or report tells of people', () => {
  const secret = 'Zanzibar';
  const who = address({ firstName: '', lastName: secret, street1: secret, email: `${secret}@example.test` });
  const form = mapOrder(
    '9',
    order({ billing: who, notes: [note('1', { text: secret, author: secret })], customerNote: secret }),
    contextWith(),
  );
  const { adjustments, reports } = form as Extract<typeof form, { outcome: 'write' }>;
  expect(adjustments.length).toBeGreaterThan(5);
  expect(JSON.stringify([adjustments, reports])).not.toContain(secret);
});
