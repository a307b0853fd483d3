import type { CanonicalImage, Decimal, Instant, MetaField } from './record.ts';

/** How a product sells. `unknown` carries the source's own word in `sourceType` and is never made buyable. */
export type ProductKind = 'simple' | 'variable' | 'grouped' | 'external' | 'subscription' | 'bundle' | 'unknown';
export type ProductStatus = 'published' | 'draft' | 'pending' | 'private' | 'scheduled';
export type ProductVisibility = 'everywhere' | 'catalog' | 'search' | 'nowhere';

/** Prices as the source stores them, in the shop's currency and tax entry mode. null = none (not zero). */
export interface Pricing {
  readonly regular: Decimal | null;
  readonly sale: Decimal | null;
  /** The source's own judgement now (rulebook T9); a sale price alone is not a sale. */
  readonly onSale: boolean;
  readonly saleFrom: Instant | null;
  readonly saleTo: Instant | null;
}

/** Decimals in the source's units (see the source profile); null = none. `length` is the long side. */
export interface Measures {
  readonly weight: Decimal | null;
  readonly length: Decimal | null;
  readonly width: Decimal | null;
  readonly height: Decimal | null;
}

/**
 * How stock is kept. Quantities are not here: they are records of entity `stock`, so that a sale does not rewrite the
 * product. `status` is null where it follows from a managed quantity; `forcedOut` says "out of stock" stands although
 * the managed quantity is above zero.
 */
export interface StockPolicy {
  readonly managed: 'own' | 'parent' | 'no';
  readonly status: 'in_stock' | 'out_of_stock' | 'on_backorder' | null;
  readonly forcedOut: boolean;
  readonly backorders: 'no' | 'notify' | 'yes';
  readonly lowStockAt: number | null;
}

export interface CanonicalAttribute {
  /** Stable key: `global:<slug>` for a store-wide attribute, `local:<name or id>` for one of this product. */
  readonly key: string;
  readonly name: string;
  readonly visible: boolean;
  /** Whether variants are told apart by it. */
  readonly forVariants: boolean;
  /** Option names in the source's order. */
  readonly options: readonly string[];
  /** The option chosen at first sight, by name; null when none or not resolvable. */
  readonly defaultOption: string | null;
  /** What the source said as default when it could not be resolved to an option. */
  readonly unresolvedDefault: string | null;
}

export interface CanonicalVariant {
  /** Source id of the variant. */
  readonly sourceId: string;
  /** Own SKU; '' when it has none or shows its parent's (rulebook T3). */
  readonly sku: string;
  readonly gtin: string;
  readonly status: ProductStatus;
  readonly pricing: Pricing;
  /** Only what differs from the parent; null = inherited (T3). */
  readonly measures: Measures;
  readonly image: CanonicalImage | null;
  readonly stock: StockPolicy;
  /** Attribute key → option name; an attribute left out means "any" (T4). */
  readonly options: Readonly<Record<string, string>>;
  readonly virtual: boolean;
  readonly downloadable: boolean;
  /** null = as the product. */
  readonly taxClass: string | null;
  readonly shippingClass: string;
  /** HTML. */
  readonly description: string;
  /** Order of precedence among equal or "any" variants. */
  readonly position: number;
  readonly meta: readonly MetaField[];
}

export interface CanonicalProduct {
  readonly kind: ProductKind;
  /** The source's own type word. */
  readonly sourceType: string;
  /** Plain text; may still hold tags that the source's theme would render (T2). */
  readonly name: string;
  readonly slug: string;
  /** Path at the source, percent-encoded as given, one slash at each end; null for drafts without an address (T22). */
  readonly path: string | null;
  /** '' = none. */
  readonly sku: string;
  /** As typed, may hold hyphens; '' = none. */
  readonly gtin: string;
  readonly status: ProductStatus;
  readonly visibility: ProductVisibility;
  readonly passwordProtected: boolean;
  readonly featured: boolean;
  readonly soldIndividually: boolean;
  readonly position: number;
  /** HTML, as shown (shortcodes expanded). */
  readonly description: string;
  /** HTML. */
  readonly shortDescription: string;
  readonly pricing: Pricing;
  readonly taxStatus: 'taxable' | 'shipping' | 'none';
  /** '' = standard. */
  readonly taxClass: string;
  readonly virtual: boolean;
  readonly downloadable: boolean;
  /** Names and limits only; addresses of files are never copied. */
  readonly downloads: readonly { readonly name: string }[];
  readonly downloadLimit: number | null;
  readonly downloadExpiryDays: number | null;
  readonly measures: Measures;
  readonly shippingClass: string;
  readonly purchaseNote: string;
  readonly stock: StockPolicy;
  /** Source ids, in the source's order. */
  readonly categories: readonly string[];
  /** Source ids, ascending. */
  readonly brands: readonly string[];
  /** Names, in the source's order. */
  readonly tags: readonly string[];
  readonly images: readonly CanonicalImage[];
  readonly attributes: readonly CanonicalAttribute[];
  readonly variants: readonly CanonicalVariant[];
  readonly upSells: readonly string[];
  readonly crossSells: readonly string[];
  readonly groupedChildren: readonly string[];
  readonly externalUrl: string;
  readonly buttonText: string;
  readonly reviewsAllowed: boolean;
  readonly createdAt: Instant | null;
  readonly meta: readonly MetaField[];
}
