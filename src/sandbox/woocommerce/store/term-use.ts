import type { ProductRow } from './rows.ts';
import type { Shop } from './shop.ts';

/** Which products carry a term; rebuilt when the shop changed. */
interface TermUse {
  revision: number;
  products: Map<number, number[]>;
  published: Map<number, number>;
}

const known = new WeakMap<Shop, TermUse>();

export function termIdsOf(product: ProductRow): number[] {
  const attributes = product.attributes.flatMap((attribute) => attribute.termIds);
  return [...new Set([...product.categoryIds, ...product.brandIds, ...product.tagIds, ...attributes])];
}

function use(shop: Shop, revisionsBehind: number): TermUse {
  const held = known.get(shop);
  if (held && shop.revision - held.revision <= revisionsBehind) return held;
  const products = new Map<number, number[]>();
  const published = new Map<number, number>();
  for (const product of shop.products.values()) {
    if (product.status === 'trash') continue;
    for (const term of termIdsOf(product)) {
      const list = products.get(term);
      if (list) list.push(product.id);
      else products.set(term, [product.id]);
      if (product.status === 'publish') published.set(term, (published.get(term) ?? 0) + 1);
    }
  }
  const fresh = { revision: shop.revision, products, published };
  known.set(shop, fresh);
  return fresh;
}

/** `count` of a term: published products that carry it themselves. */
export function publishedCount(shop: Shop, termId: number): number {
  return use(shop, 0).published.get(termId) ?? 0;
}

/** Products that carry a term, as they were up to 1,000 changes ago: for suggestions, which need no better. */
export function productIdsWith(shop: Shop, termId: number): readonly number[] {
  return use(shop, 1_000).products.get(termId) ?? [];
}
