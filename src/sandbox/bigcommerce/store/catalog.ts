import type { SandboxClock } from '../../shared/clock.ts';
import type { BlogPostRow } from '../content/blog-posts.ts';
import type { CouponRow } from '../content/coupons.ts';
import type { PageRow } from '../content/pages.ts';
import type { RedirectRow } from '../content/redirects.ts';
import type { ReviewRow } from '../content/reviews.ts';
import type { OrderRow } from '../orders/rows.ts';
import type { CustomerRow, GroupRow } from '../people/rows.ts';
import { defaultSettings, type StoreSettings } from '../routes/settings.ts';
import { MetafieldTable } from './metafield-table.ts';
import type { BrandRow, CategoryRow, MetafieldRow, ProductRow, Timed } from './rows.ts';

/** All that the store holds, with an index for each value that is unique, so that a write costs no scan. */
export interface Catalog {
  readonly clock: SandboxClock;
  readonly categories: Map<number, CategoryRow>;
  readonly brands: Map<number, BrandRow>;
  readonly products: Map<number, ProductRow>;
  readonly metafields: MetafieldTable;
  /** Which product a variant belongs to, as far as anybody asked: `productOfVariant` reads it. */
  readonly homes: Map<number, ProductRow>;
  readonly customerGroups: Map<number, GroupRow>;
  readonly customers: Map<number, CustomerRow>;
  readonly coupons: Map<number, CouponRow>;
  readonly orders: Map<number, OrderRow>;
  readonly reviews: Map<number, ReviewRow>;
  readonly redirects: Map<number, RedirectRow>;
  readonly blogPosts: Map<number, BlogPostRow>;
  readonly pages: Map<number, PageRow>;
  /** Lower-case e-mail addresses, each to its customer. */
  readonly emails: Map<string, number>;
  /** Lower-case product names, SKUs (products and variants alike, bigcommerce-api §2) and paths, each to its holder. */
  readonly names: Map<string, number>;
  readonly skus: Map<string, { product: number; variant: number | null }>;
  readonly paths: Map<string, string>;
  readonly brandNames: Map<string, number>;
  readonly metafieldKeys: Map<string, number>;
  readonly stockJournal: { at: string; variant_id: number; from: number; to: number; cause: string }[];
  readonly outbox: object[];
  readonly settings: StoreSettings;
  nextId(): number;
  touch(row: Timed): void;
  stamps(): Timed;
}

export function createCatalog(clock: SandboxClock): Catalog {
  let last = 100;
  // Second precision (bigcommerce-api §11.5).
  const now = () => `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
  return {
    clock,
    categories: new Map(),
    brands: new Map(),
    products: new Map(),
    metafields: new MetafieldTable(),
    homes: new Map(),
    customerGroups: new Map(),
    customers: new Map(),
    coupons: new Map(),
    orders: new Map(),
    reviews: new Map(),
    redirects: new Map(),
    blogPosts: new Map(),
    pages: new Map(),
    emails: new Map(),
    names: new Map(),
    skus: new Map(),
    paths: new Map(),
    brandNames: new Map(),
    metafieldKeys: new Map(),
    stockJournal: [],
    outbox: [],
    settings: defaultSettings(),
    nextId: () => ++last,
    touch: (row) => {
      row.date_modified = now();
    },
    stamps: () => ({ date_created: now(), date_modified: now(), visibleSinceMs: clock.now() }),
  };
}

/** One scan for the first variant of a product that is asked for, none for those after it. */
export function productOfVariant({ products, homes }: Catalog, variantId: number): ProductRow | undefined {
  const holds = (product: ProductRow) => product.variants.some(({ id }) => id === variantId);
  const known = homes.get(variantId);
  if (known !== undefined && products.get(known.id) === known && holds(known)) return known;
  for (const product of products.values()) {
    if (!holds(product)) continue;
    for (const { id } of product.variants) homes.set(id, product);
    return product;
  }
  return undefined;
}

export const key = (value: string): string => value.trim().toLowerCase();
export const pathKey = (path: string): string => `/${path.toLowerCase().replaceAll(/^\/+|\/+$/g, '')}/`;
export const metafieldKey = (row: Pick<MetafieldRow, 'resource' | 'resource_id' | 'namespace' | 'key'>): string =>
  [row.resource, row.resource_id, row.namespace, row.key].join('\n');
