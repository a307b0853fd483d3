import type { MapContext, Mapped, TargetProfile } from '../../../src/connectors/target.ts';
import type { SourceProfile } from '../../../src/connectors/source.ts';
import type { CanonicalBrand } from '../../../src/domain/brand.ts';
import type { CanonicalCategory } from '../../../src/domain/category.ts';
import { refKey, type RecordRef } from '../../../src/domain/entity.ts';
import type { Json } from '../../../src/domain/json.ts';
import { DEFAULT_MAPPING, type Mapping } from '../../../src/domain/mapping.ts';
import type {
  CanonicalAttribute,
  CanonicalProduct,
  CanonicalVariant,
  Measures,
  Pricing,
  StockPolicy,
} from '../../../src/domain/product.ts';
import type { CanonicalStock } from '../../../src/domain/stock.ts';
import type { ChildPair } from '../../../src/domain/target-state.ts';

/** Canonical records with nothing special about them, and contexts in which they are mapped. */

export const SOURCE_KEY = 'abc123';

export const SOURCE: SourceProfile = {
  platform: 'woocommerce',
  platformName: 'WooCommerce',
  skuPrefix: 'WC',
  name: 'Tea & Co',
  url: 'https://shop.example.test',
  version: '10.5',
  currency: 'USD',
  currencyDecimals: 2,
  lowStockAt: 2,
  weightUnit: 'kg',
  lengthUnit: 'cm',
  timeZone: 'UTC',
  pricesIncludeTax: false,
  taxClasses: [
    { key: '', name: 'Standard' },
    { key: 'reduced-rate', name: 'Reduced rate' },
    { key: 'zero-rate', name: 'Zero rate' },
  ],
  clockSkewMs: 0,
};

export const TARGET: TargetProfile = {
  platform: 'bigcommerce',
  storeRef: 'bigcommerce:hash',
  name: 'Tea',
  url: 'https://tea.example.test',
  currency: 'USD',
  weightUnit: 'kg',
  lengthUnit: 'cm',
  timeZone: 'UTC',
  pricesIncludeTax: false,
  taxClasses: [
    { id: '0', name: 'Default Tax Class' },
    { id: '3', name: 'Non-Taxable Products' },
    { id: '7', name: 'Reduced Rate' },
  ],
  ids: { tree: '1', location: '1', channel: '1', site: '1000' },
  clockSkewMs: 0,
};

export interface ContextChanges {
  readonly mapping?: Partial<Mapping>;
  readonly source?: Partial<SourceProfile>;
  readonly target?: Partial<TargetProfile>;
  readonly ids?: Readonly<Record<string, string>>;
  readonly children?: Readonly<Record<string, readonly ChildPair[]>>;
  readonly keysOf?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly keys?: Readonly<Record<string, string>>;
  readonly addresses?: Readonly<Record<string, string>>;
}

export function contextWith(changes: ContextChanges = {}): MapContext {
  return {
    mapping: { ...DEFAULT_MAPPING, ...changes.mapping },
    source: { ...SOURCE, ...changes.source },
    target: { ...TARGET, ...changes.target },
    sourceKey: SOURCE_KEY,
    targetIdOf: (ref: RecordRef) => changes.ids?.[refKey(ref)] ?? null,
    childrenOf: (ref: RecordRef) => changes.children?.[refKey(ref)] ?? [],
    keysOf: (ref: RecordRef) => changes.keysOf?.[refKey(ref)] ?? {},
    addressOf: (path: string) => changes.addresses?.[path] ?? null,
    keys: changes.keys ?? {},
  };
}

export function pricing(regular: string | null, more: Partial<Pricing> = {}): Pricing {
  return { regular, sale: null, onSale: false, saleFrom: null, saleTo: null, ...more };
}
export const NO_MEASURES: Measures = { weight: null, length: null, width: null, height: null };

export function stockPolicy(more: Partial<StockPolicy> = {}): StockPolicy {
  return { managed: 'no', status: 'in_stock', forcedOut: false, backorders: 'no', lowStockAt: null, ...more };
}

export function product(more: Partial<CanonicalProduct> = {}): CanonicalProduct {
  return {
    kind: 'simple',
    sourceType: more.kind ?? 'simple',
    name: 'Green tea',
    slug: 'green-tea',
    path: '/product/green-tea/',
    sku: 'TEA-1',
    gtin: '',
    status: 'published',
    visibility: 'everywhere',
    passwordProtected: false,
    featured: false,
    soldIndividually: false,
    position: 0,
    description: '<p>Leaves.</p>',
    shortDescription: '',
    pricing: pricing('9.95'),
    taxStatus: 'taxable',
    taxClass: '',
    virtual: false,
    downloadable: false,
    downloads: [],
    downloadLimit: null,
    downloadExpiryDays: null,
    measures: NO_MEASURES,
    shippingClass: '',
    purchaseNote: '',
    stock: stockPolicy(),
    categories: [],
    brands: [],
    tags: [],
    images: [],
    attributes: [],
    variants: [],
    upSells: [],
    crossSells: [],
    groupedChildren: [],
    externalUrl: '',
    buttonText: '',
    reviewsAllowed: true,
    createdAt: null,
    meta: [],
    ...more,
  };
}

export function attribute(
  name: string,
  options: readonly string[],
  more: Partial<CanonicalAttribute> = {},
): CanonicalAttribute {
  return {
    key: `local:${name}`,
    name,
    visible: true,
    forVariants: true,
    options,
    defaultOption: null,
    unresolvedDefault: null,
    ...more,
  };
}

export function variant(
  sourceId: string,
  options: Record<string, string>,
  more: Partial<CanonicalVariant> = {},
): CanonicalVariant {
  const keyed = Object.fromEntries(Object.entries(options).map(([name, option]) => [`local:${name}`, option]));
  return {
    sourceId,
    sku: '',
    gtin: '',
    status: 'published',
    pricing: pricing('10'),
    measures: NO_MEASURES,
    image: null,
    stock: stockPolicy(),
    options: keyed,
    virtual: false,
    downloadable: false,
    taxClass: null,
    shippingClass: '',
    description: '',
    position: 0,
    meta: [],
    ...more,
  };
}

export function category(more: Partial<CanonicalCategory> = {}): CanonicalCategory {
  return {
    name: 'Teas',
    slug: 'teas',
    path: '/product-category/teas/',
    parent: null,
    description: '',
    image: null,
    position: 0,
    visible: true,
    isCatchAll: false,
    isEmpty: false,
    meta: [],
    ...more,
  };
}

export function brand(more: Partial<CanonicalBrand> = {}): CanonicalBrand {
  return { name: 'Leaf', slug: 'leaf', path: '/brand/leaf/', description: '', image: null, meta: [], ...more };
}

export function stock(more: Partial<CanonicalStock> = {}): CanonicalStock {
  return {
    product: '5',
    variant: null,
    location: 'default',
    managed: 'own',
    quantity: '7',
    status: 'in_stock',
    backorders: 'no',
    share: null,
    anySiblingManaged: true,
    ...more,
  };
}

export interface MappedForm {
  /** Desired forms as plain JSON, for reaching into. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly parts: Readonly<Record<string, any>>;
  readonly adjusted: readonly string[];
  readonly reported: readonly string[];
}

/** What a mapping wrote, by part; throws when it did not write. */
export function writtenForm(mapped: Mapped): MappedForm {
  if (mapped.outcome !== 'write') throw new Error(`expected a write, not ${mapped.outcome}: ${JSON.stringify(mapped)}`);
  return {
    parts: Object.fromEntries(mapped.parts.map(({ part, desired }): [string, Json] => [part, desired])),
    adjusted: [...new Set(mapped.adjustments.map(({ key }) => key))].sort(),
    reported: [...new Set(mapped.reports.map(({ key }) => key))].sort(),
  };
}
