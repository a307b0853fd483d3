import type { VariantRow } from '../read/rows.ts';

export interface StockRules {
  /** Where a variant leaves it to the shop. */
  readonly tracksStock: boolean;
}

/**
 * Pieces that a shopper can still buy: what lies at all places and is promised to nobody, without what the shop keeps back; never
 * below nothing. Null where nobody counts.
 */
export function stockOf(variant: VariantRow, { tracksStock }: StockRules): number | null {
  const { trackInventory, stockLevels, useGlobalOutOfStockThreshold, outOfStockThreshold } = variant;
  if (!(trackInventory === 'INHERIT' ? tracksStock : trackInventory === 'TRUE')) return null;
  const free = stockLevels.reduce((sum, { stockOnHand, stockAllocated }) => sum + stockOnHand - stockAllocated, 0);
  // The shop's own threshold is 0 in these stores. One below nothing means backorders, which the target has not.
  const keptBack = useGlobalOutOfStockThreshold ? 0 : Math.max(0, outOfStockThreshold);
  return Math.max(0, free - keptBack);
}
