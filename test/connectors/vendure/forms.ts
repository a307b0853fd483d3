import type { Place } from '../../../src/connectors/vendure/place.ts';
import type { ShopFacts } from '../../../src/connectors/vendure/shop-facts.ts';

/** Rows as Vendure 3.7 sends them, with nothing special about them, and a shop in which they are read. */

type Fields = Readonly<Record<string, unknown>>;
export const signal = new AbortController().signal;

export function facts(more: Partial<ShopFacts> = {}): ShopFacts {
  return {
    channelCode: '__default_channel__',
    currency: 'USD',
    language: 'en',
    languages: ['en'],
    currencies: ['USD'],
    pricesIncludeTax: false,
    moneyDecimals: 2,
    tracksInventory: true,
    outOfStockThreshold: 0,
    brandFacet: '1',
    orderStates: [],
    customFields: new Map(),
    ...more,
  };
}

export const PLACE: Place = {
  serverUrl: 'https://api.example.test',
  shopUrl: 'https://shop.example.test',
  productPath: '/products/{slug}',
  collectionPath: '/collections/{slug}',
};

const STAMP = '2026-11-21T14:32:45.000Z';

export function assetRow(id: string, more: Fields = {}): Fields {
  return { id, name: `picture-${id}.png`, type: 'IMAGE', source: `/assets/source/${id}.png`, ...more };
}

export function facetValueRow(id: string, name: string, facet: Fields = {}): Fields {
  return { id, name, facet: { id: '2', code: 'season', name: 'Season', isPrivate: false, ...facet } };
}
export const BRAND = { id: '1', code: 'brand', name: 'Brand' };

export function variantRow(id: string, more: Fields = {}): Fields {
  return {
    id,
    updatedAt: STAMP,
    sku: `SKU-${id}`,
    name: 'Mug',
    enabled: true,
    trackInventory: 'INHERIT',
    outOfStockThreshold: 0,
    useGlobalOutOfStockThreshold: true,
    prices: [{ currencyCode: 'USD', price: 1999 }],
    taxCategory: { id: '1', name: 'Standard', isDefault: true },
    featuredAsset: null,
    assets: [],
    options: [],
    facetValues: [],
    stockLevels: [{ updatedAt: STAMP, stockOnHand: 10, stockAllocated: 2, stockLocationId: '1' }],
    ...more,
  };
}

export function productRow(id: string, more: Fields = {}): Fields {
  return {
    id,
    createdAt: STAMP,
    updatedAt: STAMP,
    name: 'Mug',
    slug: 'mug',
    description: '<p>For tea</p>',
    enabled: true,
    featuredAsset: null,
    assets: [],
    facetValues: [],
    collections: [],
    optionGroups: [],
    variants: [variantRow('11')],
    translations: [{ languageCode: 'en' }],
    ...more,
  };
}

/** A group with its options, ids from `10 × group` on. */
export function optionGroupRow(id: string, name: string, options: readonly string[]): Fields {
  return { id, name, options: options.map((option, at) => ({ id: `${id}${at}`, name: option, code: `code-${at}` })) };
}

export function addressRow(more: Fields = {}): Fields {
  return {
    id: '1',
    fullName: 'Ann Mary Lee',
    company: null,
    streetLine1: '1 Main Street',
    streetLine2: '',
    city: 'Berlin',
    province: '',
    postalCode: '10115',
    phoneNumber: '555-0100',
    country: { code: 'DE' },
    defaultShippingAddress: false,
    defaultBillingAddress: false,
    ...more,
  };
}

export function customerRowOf(id: string, more: Fields = {}): Fields {
  return {
    id,
    createdAt: STAMP,
    updatedAt: STAMP,
    title: '',
    firstName: 'Ann Mary',
    lastName: 'Lee',
    phoneNumber: '',
    emailAddress: 'ann@example.test',
    addresses: [],
    groups: [],
    user: { id: '7', identifier: 'ann@example.test' },
    ...more,
  };
}

export function orderLineRow(id: string, more: Fields = {}): Fields {
  return {
    id,
    quantity: 2,
    orderPlacedQuantity: 2,
    unitPrice: 1999,
    unitPriceWithTax: 2399,
    linePrice: 3998,
    linePriceWithTax: 4798,
    proratedLinePrice: 3598,
    proratedLinePriceWithTax: 4318,
    taxLines: [{ description: 'Standard', taxRate: 20 }],
    discounts: [],
    productVariant: { id: '11', productId: '1', name: 'Mug', sku: 'SKU-11', options: [] },
    ...more,
  };
}

/** Ten percent off two mugs, and shipping without tax. */
export function orderRowOf(id: string, more: Fields = {}): Fields {
  return {
    id,
    createdAt: '2026-11-21T14:33:03.000Z',
    updatedAt: '2026-11-21T14:33:03.000Z',
    type: 'Regular',
    code: 'SKTQFHSURLXPRJMC',
    state: 'PaymentSettled',
    orderPlacedAt: '2026-11-21T14:33:04.453Z',
    currencyCode: 'USD',
    total: 4098,
    totalWithTax: 4818,
    shipping: 500,
    shippingWithTax: 500,
    couponCodes: [],
    customer: {
      id: '3',
      firstName: 'Ann Mary',
      lastName: 'Lee',
      emailAddress: 'ann@example.test',
      phoneNumber: '',
      user: { id: '7' },
    },
    billingAddress: orderAddressRow(),
    shippingAddress: orderAddressRow({ fullName: 'Bob Lee', city: 'Hamburg' }),
    lines: [orderLineRow('1')],
    surcharges: [],
    discounts: [],
    promotions: [],
    payments: [paymentRow('1')],
    fulfillments: [],
    shippingLines: [shippingRow('1')],
    taxSummary: [{ description: 'Standard', taxRate: 20, taxTotal: 720 }],
    history: { totalItems: 0, items: [] },
    ...more,
  };
}

export function orderAddressRow(more: Fields = {}): Fields {
  const { id: _id, country: _country, defaultBillingAddress: _b, defaultShippingAddress: _s, ...lines } = addressRow();
  return { ...lines, country: 'Germany', countryCode: 'DE', ...more };
}

export function shippingRow(id: string, more: Fields = {}): Fields {
  return {
    id,
    price: 500,
    priceWithTax: 500,
    discountedPrice: 500,
    discountedPriceWithTax: 500,
    shippingMethod: { id: '1', code: 'standard', name: 'Standard' },
    ...more,
  };
}

export function paymentRow(id: string, more: Fields = {}): Fields {
  return {
    id,
    createdAt: '2026-11-21T14:33:04.000Z',
    method: 'card',
    amount: 4818,
    state: 'Settled',
    transactionId: 'tx1',
    refunds: [],
    ...more,
  };
}

export function refundRow(id: string, more: Fields = {}): Fields {
  return {
    id,
    createdAt: '2026-11-21T14:33:09.000Z',
    total: 300,
    items: 300,
    shipping: 0,
    adjustment: 0,
    state: 'Settled',
    reason: 'broken',
    method: 'card',
    transactionId: 'r1',
    lines: [],
    ...more,
  };
}

export function historyRow(id: string, type: string, data: Fields, more: Fields = {}): Fields {
  const administrator = { firstName: 'Super', lastName: 'Admin' };
  return {
    id,
    type,
    createdAt: `2026-11-21T15:00:${id.padStart(2, '0')}.000Z`,
    isPublic: false,
    data,
    administrator,
    ...more,
  };
}

export function promotionRowOf(id: string, more: Fields = {}): Fields {
  return {
    id,
    updatedAt: STAMP,
    name: 'TEN',
    description: '',
    enabled: true,
    couponCode: 'TEN',
    startsAt: null,
    endsAt: null,
    usageLimit: null,
    perCustomerUsageLimit: null,
    conditions: [],
    actions: [operationRow('order_percentage_discount', { discount: '10' })],
    ...more,
  };
}

export function operationRow(code: string, args: Readonly<Record<string, string>> = {}): Fields {
  return { code, args: Object.entries(args).map(([name, value]) => ({ name, value })) };
}
