import { addressWire } from '../../store/address.ts';
import { currencySymbol, fixed } from '../../store/money.ts';
import type { OrderRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { naive } from '../../store/zone.ts';
import { links } from '../links.ts';
import { couponLinesWire, lineWire, otherLinesWire } from './order-lines-wire.ts';
import { needsPayment } from './order-status.ts';
import { refundsOf } from './refund-wire.ts';

const path = '/wc/v3/orders';

/** An order as `wc/v3` shows it, amounts with `dp` places; key order as recorded ("create order"). */
export function orderWire(shop: Shop, row: OrderRow, dp: number): Record<string, unknown> {
  const amount = (value: string): string => fixed(value, dp);
  const local = (ms: number | null): string | null => (ms === null ? null : shop.zone.local(ms));
  return {
    id: row.id,
    parent_id: row.parentId,
    status: row.status,
    currency: row.currency,
    version: '10.5.0',
    prices_include_tax: row.pricesIncludeTax,
    date_created: local(row.createdGmt),
    date_modified: local(row.modifiedGmt),
    discount_total: amount(row.discountTotal),
    discount_tax: amount(row.discountTax),
    shipping_total: amount(row.shippingTotal),
    shipping_tax: amount(row.shippingTax),
    cart_tax: amount(row.cartTax),
    total: amount(row.total),
    total_tax: amount(row.totalTax),
    customer_id: row.customerId,
    order_key: row.orderKey,
    billing: addressWire(row.billing, 'sale'),
    shipping: addressWire(row.shipping, 'sale'),
    payment_method: row.paymentMethod,
    payment_method_title: row.paymentMethodTitle,
    transaction_id: row.transactionId,
    customer_ip_address: row.customerIp,
    customer_user_agent: row.customerAgent,
    created_via: row.createdVia,
    customer_note: row.customerNote,
    date_completed: local(row.completedGmt),
    date_paid: local(row.paidGmt),
    cart_hash: row.cartHash,
    number: row.number || String(row.id),
    meta_data: [...row.meta],
    line_items: row.lines.map((line) => lineWire(shop, line, dp)),
    ...otherLinesWire(row, dp),
    coupon_lines: couponLinesWire(row.couponLines),
    refunds: refundsOf(shop, row.id).map((refund) => ({
      id: refund.id,
      reason: refund.reason,
      total: `-${amount(refund.amount)}`,
    })),
    payment_url: `${shop.baseUrl}/checkout/order-pay/${row.id}/?pay_for_order=true&key=${row.orderKey}`,
    is_editable: ['pending', 'on-hold', 'auto-draft'].includes(row.status),
    needs_payment: needsPayment(row),
    needs_processing: needsProcessing(shop, row),
    date_created_gmt: gmt(row.createdGmt),
    date_modified_gmt: gmt(row.modifiedGmt),
    date_completed_gmt: gmt(row.completedGmt),
    date_paid_gmt: gmt(row.paidGmt),
    currency_symbol: currencySymbol(row.currency),
    _links: orderLinks(shop, row),
  };
}

function gmt(ms: number | null): string | null {
  return ms === null ? null : naive(ms);
}

function orderLinks(shop: Shop, row: OrderRow): Record<string, unknown> {
  const base = `${shop.baseUrl}/wp-json/wc/v3`;
  const out = links(shop, path, row.id);
  out['email_templates'] = [{ embeddable: true, href: `${base}/orders/${row.id}/actions/email_templates` }];
  if (row.customerId > 0) out['customer'] = [{ href: `${base}/customers/${row.customerId}` }];
  if (row.parentId > 0) out['up'] = [{ href: `${base}/orders/${row.parentId}` }];
  return out;
}

/** Something has to be sent: not every line is virtual and downloadable at once. */
export function needsProcessing(shop: Shop, row: OrderRow): boolean {
  return row.lines.some((line) => {
    const sold = shop.variations.get(line.variationId) ?? shop.products.get(line.productId);
    return sold !== undefined && !(sold.virtual && sold.downloadable);
  });
}
