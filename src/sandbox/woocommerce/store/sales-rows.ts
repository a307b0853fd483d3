import type { AddressRow, BillingRow } from './people-rows.ts';
import type { MetaRow, PostRow } from './rows.ts';

/** The part of one tax rate in an amount; `subtotal` is "" where there is none (shipping, fees). */
export interface TaxShare {
  id: number;
  total: string;
  subtotal: string;
}

interface TaxedRow {
  id: number;
  total: string;
  totalTax: string;
  taxes: TaxShare[];
  meta: MetaRow[];
}

/** Amounts are decimal text with as many places as were computed; answers round them (`dp`). */
export interface OrderLineRow extends TaxedRow {
  name: string;
  productId: number;
  variationId: number;
  /** Negative in refunds. */
  quantity: number;
  taxClass: string;
  subtotal: string;
  subtotalTax: string;
}

export interface ShippingLineRow extends TaxedRow {
  methodTitle: string;
  methodId: string;
  instanceId: string;
  taxStatus: string;
}

export interface FeeLineRow extends TaxedRow {
  name: string;
  taxClass: string;
  taxStatus: string;
  amount: string;
}

export interface TaxLineRow {
  id: number;
  rateCode: string;
  rateId: number;
  label: string;
  compound: boolean;
  taxTotal: string;
  shippingTaxTotal: string;
  ratePercent: number;
  meta: MetaRow[];
}

export interface CouponLineRow {
  id: number;
  code: string;
  discount: string;
  discountTax: string;
  discountType: string;
  nominalAmount: number;
  freeShipping: boolean;
  meta: MetaRow[];
}

/** What orders and refunds have in common: they share one table, with UTC stamps only (source-apis §1.3). */
export interface SaleRow {
  id: number;
  parentId: number;
  createdGmt: number;
  modifiedGmt: number;
  visibleSinceMs: number;
  lines: OrderLineRow[];
  shippingLines: ShippingLineRow[];
  feeLines: FeeLineRow[];
  taxLines: TaxLineRow[];
  meta: MetaRow[];
}

export interface OrderRow extends SaleRow {
  /** Without `wc-`. */
  status: string;
  /** Plugins may change it; empty means the id. */
  number: string;
  currency: string;
  pricesIncludeTax: boolean;
  discountTotal: string;
  discountTax: string;
  shippingTotal: string;
  shippingTax: string;
  cartTax: string;
  total: string;
  totalTax: string;
  /** 0 is a guest. */
  customerId: number;
  orderKey: string;
  billing: BillingRow;
  shipping: AddressRow;
  paymentMethod: string;
  paymentMethodTitle: string;
  transactionId: string;
  customerIp: string;
  customerAgent: string;
  createdVia: string;
  customerNote: string;
  cartHash: string;
  completedGmt: number | null;
  paidGmt: number | null;
  /** What was done once and must not be done again: stock moved, sales and uses of coupons counted. */
  stockReduced: boolean;
  salesCounted: boolean;
  couponsCounted: boolean;
  couponLines: CouponLineRow[];
}

export interface RefundRow extends SaleRow {
  amount: string;
  reason: string;
  refundedBy: number;
  refundedPayment: boolean;
}

/** A comment of type `order_note`. */
export interface OrderNoteRow {
  id: number;
  orderId: number;
  createdGmt: number;
  author: string;
  note: string;
  customerNote: boolean;
}

export interface CouponRow extends PostRow {
  code: string;
  description: string;
  discountType: string;
  amount: string;
  expiresGmt: number | null;
  usageCount: number;
  usedBy: string[];
  individualUse: boolean;
  productIds: number[];
  excludedProductIds: number[];
  usageLimit: number | null;
  usageLimitPerUser: number | null;
  limitUsageToItems: number | null;
  freeShipping: boolean;
  categoryIds: number[];
  excludedCategoryIds: number[];
  excludeSaleItems: boolean;
  minimumAmount: string;
  maximumAmount: string;
  emailRestrictions: string[];
}

export interface TaxRateRow {
  id: number;
  country: string;
  state: string;
  postcodes: string[];
  cities: string[];
  rate: string;
  name: string;
  priority: number;
  compound: boolean;
  shipping: boolean;
  order: number;
  /** Slug of the tax class; `standard` for the one that is always there. */
  taxClass: string;
}

/** One movement of managed stock by an order or a refund. No real shop keeps this; a checker adds it up. */
export interface StockMoveRow {
  atMs: number;
  reason: 'sale' | 'cancelled' | 'refund';
  orderId: number;
  /** The product or variation whose quantity moved. */
  productId: number;
  from: number;
  to: number;
}
