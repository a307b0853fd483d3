import type { Entity } from '../src/domain/entity.ts';
import type { MetafieldKind, StoreFacts } from './store-facts.ts';

/** The most that one request carries, by the platforms' documentation; docs/benchmarks.md gives the formulae in words. */
const BATCHES = {
  sourcePage: 100,
  categories: 10,
  customers: 10,
  metafields: 10,
  productUpdates: 10,
  redirects: 50,
  stock: 2_000,
} as const;

const { sourcePage } = BATCHES;
const requests = (count: number, batch: number): number => Math.ceil(count / batch);

/** The fewest requests that move what is at the target now: source pages + creates + parts. */
export function leastRequests(facts: StoreFacts): Readonly<Record<Entity, number>> {
  const { read, written, siblings, metafields, variations, refunds, related, ofProducts } = facts;
  const parts = (kind: MetafieldKind) => requests(metafields[kind], BATCHES.metafields);
  const one = (entity: 'coupon' | 'review' | 'blog_post' | 'page') =>
    requests(read[entity], sourcePage) + written[entity];
  return {
    category:
      requests(read.category, sourcePage) +
      siblings.reduce((sum, count) => sum + requests(count, BATCHES.categories), 0) +
      parts('categories'),
    brand: requests(read.brand, sourcePage) + written.brand + parts('brands'),
    product:
      requests(read.product, sourcePage) +
      requests(variations, sourcePage) +
      written.product +
      ofProducts +
      requests(related, BATCHES.productUpdates) +
      parts('products') +
      parts('variants'),
    stock: requests(written.stock, BATCHES.stock),
    customer_group: written.customer_group,
    customer: requests(read.customer, sourcePage) + requests(written.customer, BATCHES.customers) + parts('customers'),
    // Notes are listed per order only.
    order:
      requests(read.order, sourcePage) + read.order + requests(refunds, sourcePage) + written.order + parts('orders'),
    coupon: one('coupon'),
    review: one('review'),
    redirect: requests(written.redirect, BATCHES.redirects),
    blog_post: one('blog_post'),
    page: one('page'),
  };
}
