import { chunks, type Store } from './client.ts';
import type { Row } from './rows.ts';

/** What a page of a list holds at most (WooCommerce). */
const PAGE = 100;

export interface ShopRows {
  readonly categories: Promise<Row[]>;
  readonly brands: Promise<Row[]>;
  /** Each with its `variation_rows`. */
  readonly products: Promise<Row[]>;
  readonly customers: Promise<Row[]>;
  /** Each with its `refund_rows` and `note_rows`. */
  readonly orders: Promise<Row[]>;
  readonly coupons: Promise<Row[]>;
  readonly reviews: Promise<Row[]>;
  readonly posts: Promise<Row[]>;
  readonly pages: Promise<Row[]>;
}

/** Starts to read everything, in the order in which it is wanted; the client keeps the number of requests down. */
export function readShop(shop: Store): ShopRows {
  const list = (path: string, params = {}) => listAll(shop, path, params);
  const rows = {
    categories: list('/wc/v3/products/categories'),
    brands: list('/wc/v3/products/brands'),
    products: list('/wc/v3/products', { status: 'any' }).then((products) => withVariations(shop, products)),
    customers: list('/wc/v3/customers', { role: 'all' }),
    orders: list('/wc/v3/orders', { status: 'any', dp: 6 }).then((orders) => withChildren(shop, orders)),
    coupons: list('/wc/v3/coupons', { status: 'any' }),
    reviews: list('/wc/v3/products/reviews', { status: 'all' }),
    posts: list('/wp/v2/posts', { status: 'any', context: 'edit' }),
    pages: list('/wp/v2/pages', { status: 'any', context: 'edit' }),
  };
  // Whoever waits for a list hears of its failure; one that nobody waits for yet must not end the process before.
  for (const promise of Object.values(rows)) promise.catch(() => undefined);
  return rows;
}

async function listAll(shop: Store, path: string, params: object): Promise<Row[]> {
  const ask = (page: number) => shop.get<Row[]>(path, { ...params, orderby: 'id', order: 'asc', per_page: PAGE, page });
  const first = await ask(1);
  const pages = Number(first.headers['x-wp-totalpages'] ?? 1);
  const rest = await Promise.all(Array.from({ length: Math.max(0, pages - 1) }, (_, at) => ask(at + 2)));
  return [first, ...rest].flatMap(({ data }) => data);
}

async function withVariations(shop: Store, products: Row[]): Promise<Row[]> {
  const rows = await byIds(shop, '/wc/v3/variations', idsIn(products, 'variations'), { status: 'any' });
  return products.map((product) => ({
    ...product,
    variation_rows: ((product['variations'] ?? []) as number[]).flatMap((id) => rows.get(id) ?? []),
  }));
}

async function withChildren(shop: Store, orders: Row[]): Promise<Row[]> {
  const named = orders.flatMap((order) => ((order['refunds'] ?? []) as Row[]).map(({ id }) => id));
  const refunds = await byIds(shop, '/wc/v3/refunds', named, { dp: 6 });
  return Promise.all(
    orders.map(async (order) => ({
      ...order,
      refund_rows: ((order['refunds'] ?? []) as Row[]).flatMap(({ id }) => refunds.get(id) ?? []),
      note_rows: (await shop.get<Row[]>(`/wc/v3/orders/${order.id}/notes`)).data,
    })),
  );
}

async function byIds(shop: Store, path: string, ids: number[], params: object): Promise<Map<number, Row>> {
  const pages = await Promise.all(
    chunks(ids, PAGE).map((include) =>
      shop.get<Row[]>(path, { ...params, include: include.join(','), per_page: PAGE }),
    ),
  );
  return new Map(pages.flatMap(({ data }) => data.map((row) => [row.id, row])));
}

function idsIn(rows: readonly Row[], field: string): number[] {
  return rows.flatMap((row) => (row[field] ?? []) as number[]);
}
