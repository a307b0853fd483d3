/** What the Admin API says of a store, in its own words: ids are texts, money is in minor units, times are ISO-8601 UTC. */

export interface StoreRows {
  readonly currency: string;
  readonly pricesIncludeTax: boolean;
  /** Of stock, where a variant leaves it to the shop. */
  readonly tracksStock: boolean;
  readonly collections: readonly CollectionRow[];
  /** The values of the facet `brand`. */
  readonly brands: readonly { readonly id: string; readonly name: string }[];
  readonly products: readonly ProductRow[];
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  readonly customers: readonly CustomerRow[];
  readonly orders: readonly OrderRow[];
  readonly promotions: readonly PromotionRow[];
}

export interface CollectionRow {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly isPrivate: boolean;
  readonly parentId: string;
  readonly parent: { readonly name: string } | null;
}

export interface AssetRow {
  readonly id: string;
  readonly type: string;
  readonly source: string;
}

export interface ProductRow {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly featuredAsset: AssetRow | null;
  readonly assets: readonly AssetRow[];
  readonly facetValues: readonly {
    readonly id: string;
    readonly name: string;
    readonly facet: { readonly code: string };
  }[];
  readonly collections: readonly { readonly id: string }[];
  readonly optionGroups: readonly { readonly id: string; readonly name: string }[];
  readonly variants: readonly VariantRow[];
}

export interface VariantRow {
  readonly id: string;
  readonly sku: string;
  readonly enabled: boolean;
  readonly price: number;
  readonly trackInventory: 'TRUE' | 'FALSE' | 'INHERIT';
  readonly outOfStockThreshold: number;
  readonly useGlobalOutOfStockThreshold: boolean;
  readonly options: readonly { readonly id: string; readonly name: string; readonly groupId: string }[];
  readonly assets: readonly AssetRow[];
  readonly stockLevels: readonly { readonly stockOnHand: number; readonly stockAllocated: number }[];
}

export interface AddressRow {
  readonly fullName: string | null;
  readonly company: string | null;
  readonly streetLine1: string | null;
  readonly streetLine2: string | null;
  readonly city: string | null;
  readonly province: string | null;
  readonly postalCode: string | null;
  readonly phoneNumber: string | null;
  readonly countryCode: string | null;
}

export interface CustomerRow {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly emailAddress: string;
  readonly phoneNumber: string | null;
  /** Null for guests, whom Vendure lists among its customers. */
  readonly user: { readonly id: string } | null;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  readonly addresses: readonly AddressRow[];
}

export interface OrderRow {
  readonly id: string;
  readonly code: string;
  readonly state: string;
  readonly active: boolean;
  readonly orderPlacedAt: string | null;
  readonly currencyCode: string;
  readonly customer: {
    readonly id: string;
    readonly emailAddress: string;
    readonly user: { readonly id: string } | null;
  } | null;
  readonly billingAddress: AddressRow | null;
  readonly shippingAddress: AddressRow | null;
  readonly couponCodes: readonly string[];
  readonly subTotal: number;
  readonly subTotalWithTax: number;
  readonly shipping: number;
  readonly shippingWithTax: number;
  readonly total: number;
  readonly totalWithTax: number;
  readonly discounts: readonly { readonly amount: number; readonly amountWithTax: number }[];
  readonly surcharges: readonly {
    readonly description: string;
    readonly price: number;
    readonly priceWithTax: number;
  }[];
  readonly lines: readonly OrderLineRow[];
  readonly payments: readonly PaymentRow[];
  readonly fulfillments: readonly { readonly state: string; readonly trackingCode: string | null }[];
  readonly history: readonly { readonly type: string; readonly isPublic: boolean; readonly note: string }[];
}

export interface OrderLineRow {
  readonly id: string;
  readonly quantity: number;
  readonly orderPlacedQuantity: number;
  readonly unitPrice: number;
  readonly unitPriceWithTax: number;
  readonly linePrice: number;
  readonly linePriceWithTax: number;
  readonly productVariant: {
    readonly id: string;
    readonly productId: string;
    readonly sku: string;
    readonly name: string;
  };
}

export interface PaymentRow {
  readonly method: string;
  readonly amount: number;
  readonly state: string;
  readonly refunds: readonly { readonly total: number; readonly state: string }[];
}

export interface OperationRow {
  readonly code: string;
  readonly args: readonly { readonly name: string; readonly value: string }[];
}

export interface PromotionRow {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly couponCode: string | null;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly usageLimit: number | null;
  readonly perCustomerUsageLimit: number | null;
  readonly conditions: readonly OperationRow[];
  readonly actions: readonly OperationRow[];
}
