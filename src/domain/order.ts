import type { CanonicalAddress } from './address.ts';
import type { Json } from './json.ts';
import type { Decimal, Instant, MetaField } from './record.ts';

/** An amount without and its tax; both as the source gives them, with up to six decimals. */
export interface TaxedAmount {
  readonly amount: Decimal;
  readonly tax: Decimal;
}

export interface CanonicalOrderLine {
  readonly sourceId: string;
  readonly name: string;
  /** Source ids; null when the line names none (a deleted product may be named still: the reference is then never met). */
  readonly product: string | null;
  readonly variant: string | null;
  readonly sku: string;
  readonly gtin: string;
  /** May be fractional with plugins, never negative. */
  readonly quantity: Decimal;
  /** Before discounts, the whole line. */
  readonly subtotal: TaxedAmount;
  /** After discounts, the whole line. */
  readonly total: TaxedAmount;
  readonly taxClass: string;
  readonly taxes: Json;
  /** Visible choices and add-ons, as shown to the shopper, in order. */
  readonly options: readonly { readonly name: string; readonly value: string }[];
  readonly meta: readonly MetaField[];
}

export interface CanonicalShippingLine {
  readonly sourceId: string;
  readonly title: string;
  readonly method: string;
  readonly instance: string;
  readonly total: TaxedAmount;
  readonly taxes: Json;
  readonly meta: readonly MetaField[];
}

export interface CanonicalFee {
  readonly sourceId: string;
  readonly name: string;
  /** Negative fees are discounts. */
  readonly total: TaxedAmount;
  readonly taxClass: string;
  readonly taxes: Json;
  readonly meta: readonly MetaField[];
}

export interface CanonicalOrderCoupon {
  readonly code: string;
  readonly discount: TaxedAmount;
  readonly type: string;
  readonly nominalAmount: Decimal | null;
  readonly freeShipping: boolean;
}

export interface CanonicalTaxLine {
  readonly code: string;
  readonly label: string;
  readonly compound: boolean;
  readonly percent: Decimal | null;
  readonly total: Decimal;
  readonly shippingTotal: Decimal;
}

export interface CanonicalRefund {
  readonly sourceId: string;
  readonly createdAt: Instant | null;
  /** Positive. */
  readonly amount: Decimal;
  readonly reason: string;
  /** Lines with their signs, as the source has them, without people's data. */
  readonly lines: Json;
}

export interface CanonicalOrderNote {
  readonly sourceId: string;
  readonly author: string;
  readonly createdAt: Instant | null;
  /** HTML. */
  readonly text: string;
  readonly toCustomer: boolean;
  /** Written by the shop's software, not by a person. */
  readonly bySystem: boolean;
}

export interface CanonicalOrder {
  /** As shoppers know it; may differ from the source id. */
  readonly number: string;
  /** The source's own status word, without a prefix. */
  readonly status: string;
  /** ISO-4217. */
  readonly currency: string;
  readonly createdAt: Instant | null;
  readonly paidAt: Instant | null;
  readonly completedAt: Instant | null;
  readonly pricesIncludeTax: boolean;
  /** Source id of the account; null = guest. */
  readonly customer: string | null;
  /** Plain text with line breaks. */
  readonly customerNote: string;
  /** As stored: may be a list. '' = none. */
  readonly ipAddress: string;
  readonly billing: CanonicalAddress;
  /** null: nothing was shipped, or to the billing address. */
  readonly shipping: CanonicalAddress | null;
  readonly paymentTitle: string;
  readonly paymentMethod: string;
  readonly transactionId: string;
  /** `amount` with tax and `tax` of it, as the source says, whatever the lines add up to. */
  readonly total: { readonly incTax: Decimal; readonly tax: Decimal };
  readonly shippingTotal: TaxedAmount;
  readonly discountTotal: TaxedAmount;
  readonly lines: readonly CanonicalOrderLine[];
  readonly shippingLines: readonly CanonicalShippingLine[];
  readonly fees: readonly CanonicalFee[];
  readonly coupons: readonly CanonicalOrderCoupon[];
  readonly taxLines: readonly CanonicalTaxLine[];
  /** By source id, ascending. */
  readonly refunds: readonly CanonicalRefund[];
  /** Oldest first. */
  readonly notes: readonly CanonicalOrderNote[];
  /** Parcels known from plugins. */
  readonly tracking: readonly { readonly carrier: string; readonly number: string; readonly shippedAt: string }[];
  /** What only support needs: parent order, key, channel, software version. */
  readonly origin: {
    readonly parent: string;
    readonly key: string;
    readonly createdVia: string;
    readonly version: string;
  };
  readonly meta: readonly MetaField[];
}
