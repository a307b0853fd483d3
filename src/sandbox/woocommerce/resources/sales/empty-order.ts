import { createHash } from 'node:crypto';
import { emptyAddress, emptyBilling } from '../../store/address.ts';
import type { OrderRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { nowSeconds } from '../../store/shop.ts';

export function emptyOrder(shop: Shop): OrderRow {
  const now = nowSeconds(shop);
  return {
    id: 0,
    parentId: 0,
    createdGmt: now,
    modifiedGmt: now,
    visibleSinceMs: shop.clock.now(),
    status: 'pending',
    number: '',
    currency: shop.settings['general']?.['woocommerce_currency'] ?? 'USD',
    pricesIncludeTax: shop.settings['tax']?.['woocommerce_prices_include_tax'] === 'yes',
    discountTotal: '0',
    discountTax: '0',
    shippingTotal: '0',
    shippingTax: '0',
    cartTax: '0',
    total: '0',
    totalTax: '0',
    customerId: 0,
    orderKey: '',
    billing: emptyBilling(),
    shipping: emptyAddress(),
    paymentMethod: '',
    paymentMethodTitle: '',
    transactionId: '',
    customerIp: '',
    customerAgent: '',
    createdVia: 'rest-api',
    customerNote: '',
    cartHash: '',
    completedGmt: null,
    paidGmt: null,
    stockReduced: false,
    salesCounted: false,
    couponsCounted: false,
    lines: [],
    shippingLines: [],
    feeLines: [],
    taxLines: [],
    couponLines: [],
    meta: [],
  };
}

/** Random in a real shop; here it follows from the id, so that one seed gives one shop. */
export function orderKey(id: number): string {
  return `wc_order_${createHash('sha256').update(`order ${id}`).digest('base64url').replace(/[-_]/g, 'x').slice(0, 13)}`;
}
