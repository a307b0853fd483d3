import { type Catalog, key, metafieldKey, pathKey } from './catalog.ts';
import type { BlogPostRow } from '../content/blog-posts.ts';
import type { CouponRow } from '../content/coupons.ts';
import type { PageRow } from '../content/pages.ts';
import type { RedirectRow } from '../content/redirects.ts';
import type { ReviewRow } from '../content/reviews.ts';
import type { OrderRow } from '../orders/rows.ts';
import type { CustomerRow, GroupRow } from '../people/rows.ts';
import { defaultSettings } from '../routes/settings.ts';
import type { BrandRow, CategoryRow, MetafieldRow, ProductRow } from './rows.ts';

/** The raw state, in the shapes of the wire: what the independent checker reads, and what a restart brings back. */
export function rawState(catalog: Catalog, store: object) {
  const of = (resource: MetafieldRow['resource'], id: number) => catalog.metafields.of({ resource, resource_id: id });
  const grouped = (resource: string) => {
    const byId: Record<string, MetafieldRow[]> = {};
    for (const row of catalog.metafields.values())
      if (row.resource === resource) (byId[row.resource_id] ??= []).push(row);
    return byId;
  };
  const products = [...catalog.products.values()];
  return {
    store,
    categories: [...catalog.categories.values()],
    brands: [...catalog.brands.values()],
    products: products.map((product) => ({ ...product, metafields: of('products', product.id) })),
    metafields: { categories: grouped('categories'), brands: grouped('brands'), variants: grouped('variants') },
    inventory: products.flatMap((product) =>
      product.variants.map((variant) => ({
        variant_id: variant.id,
        product_id: product.id,
        sku: variant.sku,
        location_id: 1,
        available: product.inventory_tracking === 'product' ? product.inventory_level : variant.inventory_level,
      })),
    ),
    customerGroups: [...catalog.customerGroups.values()],
    customers: [...catalog.customers.values()].map((customer) => ({
      ...customer,
      metafields: of('customers', customer.id),
    })),
    coupons: [...catalog.coupons.values()],
    orders: [...catalog.orders.values()].map((order) => ({ ...order, metafields: of('orders', order.id) })),
    reviews: [...catalog.reviews.values()],
    redirects: [...catalog.redirects.values()],
    blogPosts: [...catalog.blogPosts.values()],
    pages: [...catalog.pages.values()],
    settings: catalog.settings,
    outbox: catalog.outbox,
    stockJournal: catalog.stockJournal,
  };
}

interface Saved {
  categories: CategoryRow[];
  brands: BrandRow[];
  products: (ProductRow & { metafields?: MetafieldRow[] })[];
  metafields: Record<string, Record<string, MetafieldRow[]>>;
  stockJournal?: Catalog['stockJournal'];
  coupons?: CouponRow[];
  orders?: (OrderRow & { metafields?: MetafieldRow[] })[];
  reviews?: ReviewRow[];
  redirects?: RedirectRow[];
  blogPosts?: BlogPostRow[];
  pages?: PageRow[];
  settings?: Catalog['settings'];
  customerGroups?: GroupRow[];
  customers?: (CustomerRow & { metafields?: MetafieldRow[] })[];
}

export function clearCatalog(catalog: Catalog): void {
  for (const held of Object.values(catalog)) if (held instanceof Map) held.clear();
  catalog.stockJournal.length = 0;
  catalog.outbox.length = 0;
  Object.assign(catalog.settings, defaultSettings());
}

export function restoreCatalog(catalog: Catalog, saved: unknown): void {
  clearCatalog(catalog);
  const state = saved as Saved;
  for (const row of state.categories) {
    catalog.categories.set(row.category_id, row);
    catalog.paths.set(pathKey(row.url.path), `category ${row.category_id}`);
  }
  for (const row of state.brands) {
    catalog.brands.set(row.id, row);
    catalog.brandNames.set(key(row.name), row.id);
    catalog.paths.set(pathKey(row.custom_url.url), `brand ${row.id}`);
  }
  const fields = Object.values(state.metafields).flatMap((byId) => Object.values(byId).flat());
  for (const { metafields = [], ...row } of state.products) {
    catalog.products.set(row.id, row);
    catalog.names.set(key(row.name), row.id);
    if (row.sku) catalog.skus.set(key(row.sku), { product: row.id, variant: null });
    for (const variant of row.variants)
      if (variant.sku) catalog.skus.set(key(variant.sku), { product: row.id, variant: variant.id });
    catalog.paths.set(pathKey(row.custom_url.url), `product ${row.id}`);
    for (const field of metafields) fields.push(field);
  }
  for (const row of state.coupons ?? []) catalog.coupons.set(row.id, row);
  for (const row of state.customerGroups ?? []) catalog.customerGroups.set(row.id, row);
  for (const { metafields = [], ...row } of state.customers ?? []) {
    catalog.customers.set(row.id, row);
    catalog.emails.set(key(row.email), row.id);
    for (const field of metafields) fields.push(field);
  }
  for (const { metafields = [], ...row } of state.orders ?? []) {
    catalog.orders.set(row.id, row);
    for (const field of metafields) fields.push(field);
  }
  for (const row of state.reviews ?? []) catalog.reviews.set(row.id, row);
  for (const row of state.redirects ?? []) catalog.redirects.set(row.id, row);
  for (const row of state.blogPosts ?? []) {
    catalog.blogPosts.set(row.id, row);
    catalog.paths.set(pathKey(row.url), `post ${row.id}`);
  }
  for (const row of state.pages ?? []) {
    catalog.pages.set(row.id, row);
    catalog.paths.set(pathKey(row.url), `page ${row.id}`);
  }
  Object.assign(catalog.settings, state.settings);
  for (const row of fields) {
    catalog.metafields.set(row.id, row);
    catalog.metafieldKeys.set(metafieldKey(row), row.id);
  }
  const { products, brands, categories, metafields, coupons, customerGroups, customers, orders } = catalog;
  const { reviews, redirects, blogPosts, pages } = catalog;
  const tables = [products, brands, categories, metafields, coupons, customerGroups, customers, orders];
  let highest = 0;
  const see = (id: number): void => void (highest = Math.max(highest, id));
  for (const table of [...tables, reviews, redirects, blogPosts, pages]) for (const id of table.keys()) see(id);
  for (const { addresses } of customers.values()) for (const { id } of addresses) see(id);
  for (const order of orders.values()) {
    for (const { id } of [...order.products, ...order.shipping_addresses, ...order.fees]) see(id);
  }
  for (const p of products.values()) {
    for (const { id } of [...p.variants, ...p.images, ...p.custom_fields, ...p.options, ...p.modifiers]) see(id);
  }
  const ceiling = highest + 1_000;
  while (catalog.nextId() < ceiling);
}
