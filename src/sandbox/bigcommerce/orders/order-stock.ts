import type { Catalog } from '../store/catalog.ts';
import type { OrderRow } from './rows.ts';

/** Incomplete, refunded, cancelled and declined orders take nothing from the shelf. */
const TAKES_NOTHING = new Set([0, 4, 5, 6]);

/** Whether orders made through the API move stock is not known (bigcommerce-api §5.1): a switch decides. */
export function moveStock(catalog: Catalog, order: OrderRow): void {
  if (TAKES_NOTHING.has(order.status_id)) return;
  const at = order.date_modified;
  for (const line of order.products) {
    const product = catalog.products.get(line.product_id);
    if (product === undefined || product.inventory_tracking === 'none') continue;
    const variant = product.variants.find(({ id }) => id === line.variant_id);
    const held = product.inventory_tracking === 'variant' ? variant : product;
    if (held === undefined) continue;
    const from = held.inventory_level;
    held.inventory_level = Math.max(0, from - line.quantity);
    catalog.stockJournal.push({ at, variant_id: line.variant_id, from, to: held.inventory_level, cause: 'order' });
  }
}
