import { BRAND_FACET } from '../seed/facets.ts';
import { type Login, StoreApi } from '../store-api.ts';
import type { CustomerRow, OrderRow, StoreRows } from './rows.ts';

const AT_ONCE = 100;

const ASSET = 'id type source';
const ADDRESS = 'fullName company streetLine1 streetLine2 city province postalCode phoneNumber';
const OPERATION = 'code args { name value }';

/** Each list with its fields. */
const LISTS = {
  collections: `id name slug description isPrivate parentId parent { name }`,
  products: `id name slug description enabled featuredAsset { ${ASSET} } assets { ${ASSET} }
    facetValues { id name facet { code } } collections { id } optionGroups { id name }
    variants {
      id sku enabled price trackInventory outOfStockThreshold useGlobalOutOfStockThreshold
      options { id name groupId } assets { ${ASSET} } stockLevels { stockOnHand stockAllocated }
    }`,
  customerGroups: `id name`,
  customers: `id firstName lastName emailAddress phoneNumber user { id } groups { id name }
    addresses { ${ADDRESS} country { code } }`,
  orders: `id code state active orderPlacedAt currencyCode customer { id emailAddress user { id } }
    billingAddress { ${ADDRESS} countryCode } shippingAddress { ${ADDRESS} countryCode } couponCodes
    subTotal subTotalWithTax shipping shippingWithTax total totalWithTax
    discounts { amount amountWithTax } surcharges { description price priceWithTax }
    lines {
      id quantity orderPlacedQuantity unitPrice unitPriceWithTax linePrice linePriceWithTax productVariant { id productId sku name }
    }
    payments { method amount state refunds { total state } } fulfillments { state trackingCode }
    history { items { type isPublic data } }`,
  promotions: `id name enabled couponCode startsAt endsAt usageLimit perCustomerUsageLimit
    conditions { ${OPERATION} } actions { ${OPERATION} }`,
} as const;

/** Everything that a store holds, as its Admin API says it. Nothing here comes from a connector, or goes to one. */
export async function readStore(url: string, login: Login): Promise<StoreRows> {
  const admin = await StoreApi.admin(url, login);
  const { activeChannel, globalSettings, facets } = await admin.ask<Shop>(
    `query ($brand: String!) {
      activeChannel { defaultCurrencyCode pricesIncludeTax trackInventory }
      globalSettings { trackInventory }
      facets(options: { filter: { code: { eq: $brand } } }) { items { values { id name } } }
    }`,
    { brand: BRAND_FACET },
  );
  const orders = await readList<ListedOrder>(admin, 'orders');
  const customers = await readList<ListedCustomer>(admin, 'customers');
  return {
    currency: activeChannel.defaultCurrencyCode,
    pricesIncludeTax: activeChannel.pricesIncludeTax,
    tracksStock: activeChannel.trackInventory ?? globalSettings.trackInventory,
    brands: facets.items.flatMap(({ values }) => values),
    collections: await readList(admin, 'collections'),
    products: await readList(admin, 'products'),
    groups: await readList(admin, 'customerGroups'),
    customers: customers.map(withCountryCodes),
    orders: orders.map(withoutNesting),
    promotions: await readList(admin, 'promotions'),
  };
}

interface Shop {
  readonly activeChannel: {
    readonly defaultCurrencyCode: string;
    readonly pricesIncludeTax: boolean;
    readonly trackInventory: boolean | null;
  };
  readonly globalSettings: { readonly trackInventory: boolean };
  readonly facets: { readonly items: readonly { readonly values: StoreRows['brands'] }[] };
}

/** As the lists give them, before what is nested is taken out. */
type ListedOrder = Omit<OrderRow, 'history' | 'payments' | 'fulfillments'> & {
  readonly payments: OrderRow['payments'] | null;
  readonly fulfillments: OrderRow['fulfillments'] | null;
  readonly history: { readonly items: readonly { type: string; isPublic: boolean; data: { note?: string } }[] };
};
type ListedCustomer = Omit<CustomerRow, 'addresses'> & {
  readonly addresses: readonly (CustomerRow['addresses'][0] & { readonly country: { readonly code: string } })[] | null;
};

/** All pages, oldest first. Whoever reads lets the store rest meanwhile: a checker is asked about a store that nobody changes. */
async function readList<Row>(admin: StoreApi, list: keyof typeof LISTS): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const { page } = await admin.ask<{ page: { totalItems: number; items: Row[] } }>(
      `query ($skip: Int!) {
        page: ${list}(options: { skip: $skip, take: ${AT_ONCE}, sort: { id: ASC } }) { totalItems items { ${LISTS[list]} } }
      }`,
      { skip: rows.length },
    );
    rows.push(...page.items);
    if (page.items.length === 0 || rows.length >= page.totalItems) return rows;
  }
}

function withoutNesting({ history, payments, fulfillments, ...order }: ListedOrder): OrderRow {
  return {
    ...order,
    payments: payments ?? [],
    fulfillments: fulfillments ?? [],
    history: history.items.map(({ type, isPublic, data }) => ({ type, isPublic, note: data.note ?? '' })),
  };
}

function withCountryCodes({ addresses, ...customer }: ListedCustomer): CustomerRow {
  return {
    ...customer,
    addresses: (addresses ?? []).map(({ country, ...address }) => ({ ...address, countryCode: country.code })),
  };
}
