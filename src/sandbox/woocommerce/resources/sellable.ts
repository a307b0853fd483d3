import type { ProductRow, SellableRow, VariationRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { variationsOf } from '../store/shop.ts';
import { naive } from '../store/zone.ts';

// Prices and stock as WooCommerce computes them from what is stored.

/** `is_on_sale`: a sale price below the regular one, inside its dates (fidelity §1 T9: outside, the price stays filled). */
export function saleRuns(row: SellableRow, nowMs: number): boolean {
  if (row.salePrice === '' || row.regularPrice === '' || Number(row.salePrice) >= Number(row.regularPrice))
    return false;
  return (row.saleFrom === null || row.saleFrom <= nowMs) && (row.saleTo === null || row.saleTo >= nowMs);
}

export function ownPrice(row: SellableRow, nowMs: number): string {
  return saleRuns(row, nowMs) ? row.salePrice : row.regularPrice;
}

export interface Priced {
  price: string;
  onSale: boolean;
  low: string;
  high: string;
}

/** A variable or grouped product shows its cheapest child's price (fidelity §1 T8). */
export function priceOf(shop: Shop, product: ProductRow): Priced {
  const now = shop.clock.now();
  const children = childrenOf(shop, product);
  if (!children) {
    const price = ownPrice(product, now);
    return { price, onSale: saleRuns(product, now), low: price, high: price };
  }
  const prices = children.map((child) => ownPrice(child, now)).filter((price) => price !== '');
  prices.sort((a, b) => Number(a) - Number(b));
  const low = prices[0] ?? '';
  return { price: low, onSale: children.some((child) => saleRuns(child, now)), low, high: prices.at(-1) ?? '' };
}

function childrenOf(shop: Shop, product: ProductRow): SellableRow[] | null {
  if (product.type === 'variable') return variationsOf(shop, product.id).filter((row) => row.status === 'publish');
  if (product.type !== 'grouped') return null;
  return product.groupedIds.flatMap((id) => shop.products.get(id) ?? []);
}

/** What a save stores as stock status: managed goods follow their quantity. */
export function savedStockStatus(row: SellableRow): string {
  if (!row.manageStock) return row.stockStatus;
  if ((row.stockQuantity ?? 0) > 0) return 'instock';
  return row.backorders === 'no' ? 'outofstock' : 'onbackorder';
}

/** A variable product without managed stock follows its variations; without any it is out of stock. */
export function shownStockStatus(shop: Shop, product: ProductRow): string {
  if (product.type !== 'variable' || product.manageStock) return product.stockStatus;
  const states = variationsOf(shop, product.id)
    .filter((row) => row.status === 'publish')
    .map((row) => row.stockStatus);
  if (states.includes('instock')) return 'instock';
  return states.includes('onbackorder') ? 'onbackorder' : 'outofstock';
}

/** Fields that products and variations show alike. `stock` is the row whose figures are shown. */
export function sellableWire(shop: Shop, row: SellableRow, stock: SellableRow): Record<string, unknown> {
  return {
    regular_price: row.regularPrice,
    sale_price: row.salePrice,
    date_on_sale_from: row.saleFrom === null ? null : shop.zone.local(row.saleFrom),
    date_on_sale_from_gmt: row.saleFrom === null ? null : naive(row.saleFrom),
    date_on_sale_to: row.saleTo === null ? null : shop.zone.local(row.saleTo),
    date_on_sale_to_gmt: row.saleTo === null ? null : naive(row.saleTo),
    virtual: row.virtual,
    downloadable: row.downloadable,
    downloads: row.downloads,
    download_limit: row.downloadLimit,
    download_expiry: row.downloadExpiry,
    stock_quantity: stock.manageStock ? stock.stockQuantity : null,
    backorders: stock.backorders,
    backorders_allowed: stock.backorders !== 'no',
    backordered: stock.manageStock && stock.backorders !== 'no' && (stock.stockQuantity ?? 0) < 0,
  };
}

export function stampsWire(shop: Shop, row: SellableRow): Record<string, unknown> {
  return {
    date_created: shop.zone.local(row.createdGmt),
    date_created_gmt: naive(row.createdGmt),
    date_modified: shop.zone.local(row.modifiedGmt),
    date_modified_gmt: naive(row.modifiedGmt),
  };
}

/** The row whose stock a variation sells from: its own, or its parent's when only that is managed. */
export function stockOwner(variation: VariationRow, parent: ProductRow | undefined): SellableRow {
  return !variation.manageStock && parent?.manageStock ? parent : variation;
}
