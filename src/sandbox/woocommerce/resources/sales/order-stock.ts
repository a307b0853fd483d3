import { newMeta } from '../../store/shop.ts';
import type { SellableRow } from '../../store/rows.ts';
import type { OrderLineRow, OrderRow, StockMoveRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { bump, nowSeconds } from '../../store/shop.ts';
import { savedStockStatus, stockOwner } from '../sellable.ts';
import { happened } from '../webhooks/queue.ts';
import { addNote } from './order-notes.ts';

/** The row whose managed quantity a line takes from; nothing where stock is not managed or the product is gone. */
function stockOf(shop: Shop, line: OrderLineRow): SellableRow | undefined {
  const variation = shop.variations.get(line.variationId);
  const product = shop.products.get(line.productId);
  const owner = variation ? stockOwner(variation, product) : product;
  return owner?.manageStock ? owner : undefined;
}

/** A movement of stock bumps the product; of a variation it bumps the variation and its parent (source-apis §1.4). */
function move(shop: Shop, line: OrderLineRow, delta: number, how: Pick<StockMoveRow, 'reason' | 'orderId'>): number[] {
  const owner = stockOf(shop, line);
  if (!owner) return [];
  const from = owner.stockQuantity ?? 0;
  const to = from + delta;
  owner.stockQuantity = to;
  owner.stockStatus = savedStockStatus(owner);
  bump(shop, owner);
  // A movement saves the row, and whatever saves a product announces it.
  happened(shop, 'product.updated', owner.id);
  const parent = shop.products.get(line.productId);
  if (parent && parent !== owner) bump(shop, parent);
  shop.stockMoves.push({ atMs: nowSeconds(shop), ...how, productId: owner.id, from, to });
  return [from, to];
}

function setReduced(shop: Shop, line: OrderLineRow, quantity: number): void {
  const held = line.meta.find((meta) => meta.key === '_reduced_stock');
  if (quantity === 0) line.meta = line.meta.filter((meta) => meta !== held);
  else if (held) held.value = String(quantity);
  else line.meta.push(newMeta(shop, '_reduced_stock', String(quantity), 'orderItemMeta'));
}

/** Recording "list notes": the note names every product and both quantities. */
export function reduceStock(shop: Shop, order: OrderRow): void {
  if (order.stockReduced) return;
  order.stockReduced = true;
  const moved = order.lines.flatMap((line) => {
    const [from, to] = move(shop, line, -line.quantity, { reason: 'sale', orderId: order.id });
    if (from === undefined) return [];
    setReduced(shop, line, line.quantity);
    return [`${line.name} (${from}&rarr;${to})`];
  });
  if (moved.length > 0) addNote(shop, order.id, `Stock levels reduced: ${moved.join(', ')}`);
}

/** A cancelled order gives back what it took and was not given back by refunds. */
export function restoreStock(shop: Shop, order: OrderRow): void {
  if (!order.stockReduced) return;
  order.stockReduced = false;
  const moved = order.lines.flatMap((line) => {
    const [from, to] = move(shop, line, reducedBy(line), { reason: 'cancelled', orderId: order.id });
    setReduced(shop, line, 0);
    return from === undefined ? [] : [`${line.name} (${from}&rarr;${to})`];
  });
  if (moved.length > 0) addNote(shop, order.id, `Stock levels increased: ${moved.join(', ')}`);
}

function reducedBy(line: OrderLineRow): number {
  return Number(line.meta.find((meta) => meta.key === '_reduced_stock')?.value ?? 0);
}

/** Refunded pieces go back on the shelf (recording "order after refund": `_reduced_stock` shrinks). */
export function restockRefunded(shop: Shop, order: OrderRow, line: OrderLineRow, quantity: number): void {
  const wanted = Math.min(quantity, reducedBy(line));
  if (wanted <= 0) return;
  const [from, to] = move(shop, line, wanted, { reason: 'refund', orderId: order.id });
  if (from === undefined) return;
  setReduced(shop, line, reducedBy(line) - wanted);
  const restocked = line.meta.find((meta) => meta.key === '_restock_refunded_items');
  const sum = Number(restocked?.value ?? 0) + wanted;
  if (restocked) restocked.value = String(sum);
  else line.meta.push(newMeta(shop, '_restock_refunded_items', String(sum), 'orderItemMeta'));
  addNote(shop, order.id, `Item #${line.variationId || line.productId} stock increased from ${from} to ${to}.`);
}
