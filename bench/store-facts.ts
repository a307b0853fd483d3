import { ENTITIES, type Entity } from '../src/domain/entity.ts';
import { fetchState } from '../src/sandbox/shared/state-lines.ts';
import type { Journal } from './sandbox-admin.ts';
import { groupBy } from '../src/domain/group-by.ts';

const METAFIELD_KINDS = ['categories', 'brands', 'products', 'variants', 'customers', 'orders'] as const;
export type MetafieldKind = (typeof METAFIELD_KINDS)[number];

/** What the `least` formulae count: what the shop lists and what the target holds. */
export interface StoreFacts {
  /** Rows that the shop lists. */
  readonly read: Readonly<Record<Entity, number>>;
  /** Records at the target. */
  readonly written: Readonly<Record<Entity, number>>;
  /** Categories below each parent. */
  readonly siblings: readonly number[];
  readonly metafields: Readonly<Record<MetafieldKind, number>>;
  readonly variations: number;
  readonly refunds: number;
  /** Products that name related ones: written when both are there. */
  readonly related: number;
  /** Requests for parts of one product that no batch takes: pictures sent alone, order of options, modifiers. */
  readonly ofProducts: number;
}

type Rows = readonly Readonly<Record<string, unknown>>[];
type State = Readonly<Record<string, unknown>>;

const rowsOf = (state: State, name: string): Rows => (Array.isArray(state[name]) ? (state[name] as Rows) : []);

/** Reads both stores as they are after a run. `written.stock`: levels that the run has set. */
export async function readFacts(
  { shopUrl, storeUrl }: { readonly shopUrl: string; readonly storeUrl: string },
  store: Pick<Journal, 'byRoute'>,
  stock: number,
): Promise<StoreFacts> {
  const shop = (await fetchState(shopUrl)) as State;
  const target = (await fetchState(storeUrl)) as State;
  return factsOf(shop, target, store, stock);
}

const SHOP_LISTS: Partial<Record<Entity, string>> = {
  category: 'categories',
  brand: 'brands',
  product: 'products',
  customer: 'customers',
  order: 'orders',
  coupon: 'coupons',
  review: 'reviews',
  blog_post: 'posts',
  page: 'pages',
};
const STORE_LISTS: Partial<Record<Entity, string>> = {
  ...SHOP_LISTS,
  customer_group: 'customerGroups',
  redirect: 'redirects',
  blog_post: 'blogPosts',
};

export function factsOf(shop: State, target: State, store: Pick<Journal, 'byRoute'>, stock: number): StoreFacts {
  const counted = (state: State, lists: Partial<Record<Entity, string>>) =>
    Object.fromEntries(ENTITIES.map((entity) => [entity, rowsOf(state, lists[entity] ?? '').length])) as Record<
      Entity,
      number
    >;
  const products = rowsOf(target, 'products');
  return {
    read: counted(shop, SHOP_LISTS),
    written: { ...counted(target, STORE_LISTS), stock },
    siblings: siblingsOf(rowsOf(target, 'categories')),
    metafields: metafieldsOf(target),
    variations: rowsOf(shop, 'variations').length,
    refunds: rowsOf(shop, 'refunds').length,
    related: products.filter((row) => (row['related_products'] as unknown[] | undefined)?.length).length,
    ofProducts: writesOfProducts(store),
  };
}

/** Only siblings share a request (bigcommerce-api §3.1). */
function siblingsOf(categories: Rows): number[] {
  return [...groupBy(categories, (row) => row['parent_id']).values()].map((siblings) => siblings.length);
}

function metafieldsOf(target: State): StoreFacts['metafields'] {
  const beside = (target['metafields'] ?? {}) as Readonly<Record<string, Readonly<Record<string, Rows>>>>;
  const count = (kind: MetafieldKind): number => {
    const own = rowsOf(target, kind).reduce((sum, row) => sum + rowsOf(row, 'metafields').length, 0);
    const others = Object.values(beside[kind] ?? {}).reduce((sum, rows) => sum + rows.length, 0);
    return Math.max(own, others);
  };
  return Object.fromEntries(METAFIELD_KINDS.map((kind) => [kind, count(kind)])) as StoreFacts['metafields'];
}

function writesOfProducts({ byRoute }: Pick<Journal, 'byRoute'>): number {
  const children = /^(POST|PUT) .*\/catalog\/products\/:id\/(options|modifiers|images|custom-fields)/;
  return Object.entries(byRoute).reduce((sum, [route, count]) => sum + (children.test(route) ? count : 0), 0);
}
