import { createRandom } from '../../shared/random.ts';
import type { Shop } from '../store/shop.ts';
import { seedAttributes } from './attributes.ts';
import type { SeedBench } from './products.ts';
import { everydayProduct } from './products.ts';
import { seedTerms } from './terms.ts';
import { uglyCases } from './ugly-products.ts';
import { putHuge, putVariable } from './variable-products.ts';

export interface CatalogueSize {
  products: number;
  /** Default: a fifth of the products, 25 to 400. */
  categories?: number | undefined;
  /** Default: a tenth of the products, 12 to 200. */
  brands?: number | undefined;
}

/** From this many products on, one of them has 700 variations. */
const hugeFrom = 400;

/**
 * Fills the shop with a catalogue: ugly cases first (at most two thirds of the products), then everyday ones, one in
 * six of them variable. The same seed and size give the same shop on every machine and at every time.
 */
export function seedCatalogue(shop: Shop, seed: number, size: CatalogueSize): Record<string, number> {
  const random = createRandom(seed);
  const categories = size.categories ?? clamp(Math.round(size.products / 5), 25, 400);
  const brands = size.brands ?? clamp(Math.round(size.products / 10), 12, 200);
  const slugs = new Set([...shop.products.values()].map((row) => row.slug));
  const terms = seedTerms(shop, random, { categories, brands });
  const attributes = seedAttributes(shop);
  const baseMs = Date.UTC(2026, 0, 15, 12);
  const bench: SeedBench = { shop, random, terms, attributes, baseMs, slugs, made: 0 };
  for (const ugly of uglyCases()) {
    // A case may make up to three products.
    if (bench.made + 3 > (size.products * 2) / 3) break;
    ugly(bench);
  }
  if (size.products >= hugeFrom) putHuge(bench);
  while (bench.made < size.products) {
    if (bench.made % 6 === 5) {
      putVariable(bench, {
        name: `Variable ${bench.made + 1}`,
        attributes: random.int(1, 2),
        share: 0.6,
        stock: 'own',
      });
    } else everydayProduct(bench);
  }
  shop.revision += 1;
  return {
    products: shop.products.size,
    variations: shop.variations.size,
    categories: terms.categories.length,
    brands: terms.brands.length,
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
