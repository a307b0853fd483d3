import type { CatalogueSize } from './catalogue.ts';

/** How many records of each kind a generated shop has. */
export interface ShopSize extends CatalogueSize {
  /** Default: a third of the products, at most 400. */
  customers?: number | undefined;
  /** Default: half of the products, at most 600. Refunds and notes come with them. */
  orders?: number | undefined;
  /** Default: a twenty-fourth of the products, at most 5. */
  coupons?: number | undefined;
  /** Default: a sixth of the products, at most 200. */
  reviews?: number | undefined;
  /** Default: a twenty-fourth of the products, at most 5. */
  posts?: number | undefined;
  /** Default: an eighth of the products, at most 8; of five and more, four are the shop's software. */
  pages?: number | undefined;
}

export type FullSize = Required<Pick<ShopSize, 'customers' | 'orders' | 'coupons' | 'reviews' | 'posts' | 'pages'>>;

/** About 200, 10,000 and 150,000 records, not counting what hangs on them: variations, refunds, notes, pictures. */
export const presets = {
  S: {
    products: 45,
    categories: 25,
    brands: 12,
    customers: 22,
    orders: 55,
    coupons: 12,
    reviews: 14,
    posts: 12,
    pages: 12,
  },
  M: {
    products: 2e3,
    categories: 300,
    brands: 120,
    customers: 3e3,
    orders: 3500,
    coupons: 80,
    reviews: 900,
    posts: 60,
    pages: 40,
  },
  L: {
    products: 2e4,
    categories: 400,
    brands: 200,
    customers: 5e4,
    orders: 6e4,
    coupons: 1e3,
    reviews: 18e3,
    posts: 300,
    pages: 100,
  },
} satisfies Record<string, ShopSize>;

/** Of 2,000 records; the rest of them is their stock and the redirects from their old addresses. */
const OF_TWO_THOUSAND = {
  products: 350,
  categories: 70,
  brands: 30,
  customers: 405,
  orders: 520,
  coupons: 30,
  reviews: 140,
  posts: 26,
  pages: 18,
};

/** A shop of about so many records in all, stock and redirects included; never smaller than all of its ugly cases need. */
export function sizeOfRecords(records: number): ShopSize {
  const share = (name: keyof typeof OF_TWO_THOUSAND): number =>
    Math.max(presets.S[name], Math.round((OF_TWO_THOUSAND[name] * records) / 2_000));
  return {
    products: share('products'),
    categories: share('categories'),
    brands: share('brands'),
    customers: share('customers'),
    orders: share('orders'),
    coupons: share('coupons'),
    reviews: share('reviews'),
    posts: share('posts'),
    pages: share('pages'),
  };
}

/** What is not said is modest and follows the number of products: 120 give 40 customers, 60 orders, 20 reviews. */
export function filledSize(size: ShopSize): Record<keyof FullSize, number> {
  const share = (divisor: number, most: number): number => Math.min(most, Math.round(size.products / divisor));
  return {
    customers: size.customers ?? share(3, 400),
    orders: size.orders ?? share(2, 600),
    coupons: size.coupons ?? share(24, 5),
    reviews: size.reviews ?? share(6, 200),
    posts: size.posts ?? share(24, 5),
    pages: size.pages ?? share(8, 8),
  };
}
