import { contentHash } from '../../../canonical/content-hash.ts';
import type { StockPolicy } from '../../../domain/product.ts';
import type { SourceRecord } from '../../../domain/record.ts';
import type { CanonicalStock } from '../../../domain/stock.ts';
import { latest } from '../../walks/instants.ts';
import type { ShopFacts } from '../shop-facts.ts';
import type { WireProduct, WireVariant } from './product-schema.ts';

/**
 * How the stock of a variant is kept. Vendure stops selling at a threshold: below zero it sells what is not there yet, above
 * zero it keeps some back.
 */
export function stockPolicy(variant: WireVariant, facts: ShopFacts): StockPolicy {
  const managed = isTracked(variant, facts);
  return {
    managed: managed ? 'own' : 'no',
    status: managed ? null : 'in_stock',
    forcedOut: false,
    backorders: managed ? backorders(variant, facts) : 'no',
    lowStockAt: null,
  };
}

/** One record for each variant: what can still be sold, over all stock locations. */
export function stockRecords(product: WireProduct, facts: ShopFacts): SourceRecord<'stock'>[] {
  const anySiblingManaged = product.variants.some((variant) => isTracked(variant, facts));
  return product.variants.map((variant) => {
    const quantity = saleable(variant, facts);
    const canonical: CanonicalStock = {
      product: product.id,
      variant: variant.id,
      location: 'default',
      managed: quantity === null ? 'no' : 'own',
      quantity: quantity === null ? null : String(quantity),
      status: quantity === null || quantity > 0 || backorders(variant, facts) !== 'no' ? 'in_stock' : 'out_of_stock',
      backorders: quantity === null ? 'no' : backorders(variant, facts),
      share: null,
      anySiblingManaged,
    };
    return {
      entity: 'stock',
      sourceId: `${product.id}/${variant.id}`,
      modifiedAt: latest([
        product.updatedAt,
        variant.updatedAt,
        ...variant.stockLevels.map((level) => level.updatedAt),
      ]),
      canonical,
      contentHash: contentHash('stock', canonical),
      references: [{ entity: 'product', sourceId: product.id, kind: 'hard', field: 'product' }],
      urls: [],
      reports: variant.stockLevels.length > 1 ? [{ key: 'stock-locations', field: 'stockLevels' }] : [],
    };
  });
}

/** null: not tracked. What is promised to open orders is not for sale, nor is what the threshold keeps back. */
function saleable(variant: WireVariant, facts: ShopFacts): number | null {
  if (!isTracked(variant, facts)) return null;
  const free = variant.stockLevels.reduce((sum, level) => sum + level.stockOnHand - level.stockAllocated, 0);
  return free - Math.max(0, thresholdOf(variant, facts));
}

function isTracked({ trackInventory }: WireVariant, { tracksInventory }: ShopFacts): boolean {
  return trackInventory === 'INHERIT' ? tracksInventory : trackInventory === 'TRUE';
}

function thresholdOf(variant: WireVariant, { outOfStockThreshold }: ShopFacts): number {
  return variant.useGlobalOutOfStockThreshold ? outOfStockThreshold : variant.outOfStockThreshold;
}

function backorders(variant: WireVariant, facts: ShopFacts): StockPolicy['backorders'] {
  return thresholdOf(variant, facts) < 0 ? 'yes' : 'no';
}
