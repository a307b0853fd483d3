import { contentHash } from '../../../canonical/content-hash.ts';
import type { Instant, SourceRecord } from '../../../domain/record.ts';
import type { CanonicalStock } from '../../../domain/stock.ts';
import type { WireProduct, WireVariation } from './product-schema.ts';
import { backorderWord, managedWord, stockStatus } from './stock-policy.ts';

/** Neither is ever in stock itself: a grouped product sells its children, an external one is sold elsewhere. */
const WITHOUT_STOCK = new Set(['grouped', 'external']);

/**
 * The stock records of a product (fidelity §4.3): one for the product's own pool when it has no variations or all of
 * them draw from it; else one for each variation, those on `parent` with their share of the common pool.
 */
export function stockRecords(product: WireProduct, variations: readonly WireVariation[]): SourceRecord<'stock'>[] {
  if (WITHOUT_STOCK.has(product.type)) return [];
  const onParent = variations.filter((variation) => variation.manage_stock === 'parent');
  if (variations.length === onParent.length) return [stockRecord(product, null, ownPool(product))];
  const anySiblingManaged = variations.some((variation) => variation.manage_stock !== false);
  return variations.map((variation) => {
    const index = onParent.indexOf(variation);
    const share = index === -1 ? null : { index, of: onParent.length };
    const goods = share === null ? variation : { ...variation, stock_quantity: product.stock_quantity };
    return stockRecord(product, variation, { ...figures(goods), variant: variation.id, share, anySiblingManaged });
  });
}

type Figures = Pick<CanonicalStock, 'managed' | 'quantity' | 'status' | 'backorders'>;

function ownPool(product: WireProduct): Figures & Pick<CanonicalStock, 'variant' | 'share' | 'anySiblingManaged'> {
  return { ...figures(product), variant: null, share: null, anySiblingManaged: product.manage_stock };
}

function figures(
  goods: Pick<WireVariation, 'manage_stock' | 'stock_quantity' | 'stock_status' | 'backorders'>,
): Figures {
  const managed = managedWord(goods.manage_stock);
  return {
    managed,
    quantity: managed === 'no' ? null : goods.stock_quantity,
    status: stockStatus(goods.stock_status),
    backorders: backorderWord(goods.backorders),
  };
}

function stockRecord(
  product: WireProduct,
  variation: WireVariation | null,
  kept: Figures & Pick<CanonicalStock, 'variant' | 'share' | 'anySiblingManaged'>,
): SourceRecord<'stock'> {
  const canonical: CanonicalStock = { product: product.id, location: 'default', ...kept };
  return {
    entity: 'stock',
    sourceId: variation === null ? product.id : `${product.id}/${variation.id}`,
    modifiedAt: later(product.date_modified_gmt, variation?.date_modified_gmt ?? null),
    canonical,
    contentHash: contentHash('stock', canonical),
    references: [{ entity: 'product', sourceId: product.id, kind: 'hard', field: 'product' }],
    urls: [],
    reports: [],
  };
}

function later(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
