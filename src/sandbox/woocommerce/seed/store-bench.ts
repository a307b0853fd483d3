import type { Random } from '../../shared/random.ts';
import type { ProductRow, VariationRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { ownPrice } from '../resources/sellable.ts';

export const day = 86_400_000;

/** What can be put in an order of the past, at the price it had. */
export interface Sellable {
  productId: number;
  variationId: number;
  price: string;
}

/** What the makers of buyers, orders and articles share. */
export interface StoreBench {
  shop: Shop;
  random: Random;
  /** "Now" of the seed, so that one seed gives one shop whenever it is run. */
  baseMs: number;
  sellables: Sellable[];
  /** Ids of what was made so far. */
  customers: number[];
  orders: number[];
}

export function sellablesOf(shop: Shop, baseMs: number): Sellable[] {
  const out: Sellable[] = [];
  const add = (row: ProductRow | VariationRow, productId: number, variationId: number): void => {
    const price = ownPrice(row, baseMs);
    if (price !== '' && row.status === 'publish') out.push({ productId, variationId, price });
  };
  for (const row of shop.products.values()) if (row.type === 'simple') add(row, row.id, 0);
  for (const row of shop.variations.values()) add(row, row.parentId, row.id);
  return out;
}
