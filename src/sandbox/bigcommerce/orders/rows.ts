import type { Timed } from '../store/rows.ts';

/** Money of V2 is text with four decimals (bigcommerce-api §5.1). */
export interface OrderLineRow {
  id: number;
  order_id: number;
  /** 0 for a custom line. */
  product_id: number;
  variant_id: number;
  name: string;
  sku: string;
  upc: string;
  quantity: number;
  price_ex_tax: string;
  price_inc_tax: string;
}

export interface OrderAddress {
  first_name: string;
  last_name: string;
  company: string;
  street_1: string;
  street_2: string;
  city: string;
  state: string;
  zip: string;
  country: string;
  country_iso2: string;
  phone: string;
  email: string;
}

export interface OrderFeeRow {
  id: number;
  type: string;
  display_name_customer: string;
  cost_ex_tax: string;
  cost_inc_tax: string;
}

export const ORDER_AMOUNTS = [
  'subtotal_ex_tax',
  'subtotal_inc_tax',
  'shipping_cost_ex_tax',
  'shipping_cost_inc_tax',
  'handling_cost_ex_tax',
  'handling_cost_inc_tax',
  'wrapping_cost_ex_tax',
  'wrapping_cost_inc_tax',
  'total_ex_tax',
  'total_inc_tax',
  'discount_amount',
] as const;
export type OrderAmount = (typeof ORDER_AMOUNTS)[number];

export const ORDER_TEXTS = [
  'external_source',
  'external_order_id',
  'customer_message',
  'staff_notes',
  'payment_method',
  'payment_provider_id',
  'ip_address',
  'ip_address_v6',
  'geoip_country',
  'geoip_country_iso2',
  'default_currency_code',
  'customer_locale',
  'ebay_order_id',
  'external_merchant_id',
] as const;
export type OrderText = (typeof ORDER_TEXTS)[number];

export interface OrderRow extends Timed, Record<OrderAmount, string>, Record<OrderText, string> {
  id: number;
  status_id: number;
  customer_id: number;
  channel_id: number;
  is_deleted: boolean;
  order_is_digital: boolean;
  billing_address: OrderAddress;
  products: OrderLineRow[];
  shipping_addresses: (OrderAddress & { id: number; order_id: number; shipping_method: string })[];
  fees: OrderFeeRow[];
}

/** bigcommerce-api §5.1, the list of statuses. */
export const STATUSES: readonly string[] = [
  'Incomplete',
  'Pending',
  'Shipped',
  'Partially Shipped',
  'Refunded',
  'Cancelled',
  'Declined',
  'Awaiting Payment',
  'Awaiting Pickup',
  'Awaiting Shipment',
  'Completed',
  'Awaiting Fulfillment',
  'Manual Verification Required',
  'Disputed',
  'Partially Refunded',
];
