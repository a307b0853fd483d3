import type { CanonicalOrder, CanonicalOrderLine, CanonicalOrderNote } from '../../../../src/domain/order.ts';
import { mapOrder } from '../../../../src/connectors/bigcommerce/mapping/orders/order.ts';
import { type ContextChanges, contextWith, writtenForm } from '../forms.ts';
import { address } from '../people-forms.ts';

export const NOTHING = { amount: '0', tax: '0' };

export function line(sourceId: string, more: Partial<CanonicalOrderLine> = {}): CanonicalOrderLine {
  const total = { amount: '20.00', tax: '2.00' };
  return {
    sourceId,
    name: 'Green tea',
    product: '7',
    variant: null,
    sku: 'TEA-1',
    gtin: '',
    quantity: '2',
    subtotal: total,
    total,
    taxClass: '',
    taxes: [],
    options: [],
    meta: [],
    ...more,
  };
}

export function note(sourceId: string, more: Partial<CanonicalOrderNote> = {}): CanonicalOrderNote {
  const createdAt = '2025-03-05T10:00:00.000Z';
  return { sourceId, author: 'Ann', createdAt, text: '<p>Call first</p>', toCustomer: false, bySystem: false, ...more };
}

export function order(more: Partial<CanonicalOrder> = {}): CanonicalOrder {
  return {
    number: '1001',
    status: 'processing',
    currency: 'USD',
    createdAt: '2025-03-04T05:06:07.000Z',
    paidAt: null,
    completedAt: null,
    pricesIncludeTax: false,
    customer: null,
    customerNote: '',
    ipAddress: '',
    billing: address({ email: 'ann@example.test' }),
    shipping: null,
    paymentTitle: 'Card',
    paymentMethod: 'stripe',
    transactionId: '',
    total: { incTax: '27.50', tax: '2.50' },
    shippingTotal: { amount: '5.00', tax: '0.50' },
    discountTotal: NOTHING,
    lines: [line('1')],
    shippingLines: [],
    fees: [],
    coupons: [],
    taxLines: [],
    refunds: [],
    notes: [],
    tracking: [],
    origin: { parent: '', key: 'wc_order_1', createdVia: 'checkout', version: '10.5' },
    meta: [],
    ...more,
  };
}

export function fee(name: string, amount: string, tax = '0') {
  return { sourceId: name, name, total: { amount, tax }, taxClass: '', taxes: [], meta: [] };
}

export function shippingLine(title: string) {
  return { sourceId: title, title, method: 'flat', instance: '1', total: NOTHING, taxes: [], meta: [] };
}

export function refund(sourceId: string, amount: string, reason = '') {
  return { sourceId, createdAt: '2025-04-01T00:00:00.000Z', amount, reason, lines: [] };
}

export function mapped(more: Partial<CanonicalOrder> = {}, changes: ContextChanges = {}) {
  return writtenForm(mapOrder('9', order(more), contextWith(changes)));
}

/** Our own metafields by key. */
export function kept(form: ReturnType<typeof mapped>): Record<string, string> {
  const rows = form.parts['metafields'] as { namespace: string; key: string; value: string }[];
  return Object.fromEntries(rows.map(({ namespace, key, value }) => [`${namespace}/${key}`, value]));
}
