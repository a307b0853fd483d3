import { Big } from 'big.js';
import type { Row } from '../raw/row.ts';
import { idOf, textOf } from '../raw/row.ts';
import type { SourceShop } from '../raw/source-shop.ts';
import { hasVariations } from './product-kind.ts';
import type { Cell, Matrix } from './variation-matrix.ts';

/** What fidelity §4.3 makes of one product's stock. */
export interface ExpectedStock {
  tracking: 'none' | 'product' | 'variant';
  /** Level of the product as a whole, where it is tracked so. */
  level: number | null;
  /** Levels of its variants by cell, where they are tracked. */
  cells: Map<Cell, CellStock>;
  adjusted: string[];
}

export interface CellStock {
  level: number;
  /** Cells of one pool: how a remainder is dealt out is left open, the total is not. */
  pool: Cell[] | null;
  /** A figure that stands for "as many as you like", no stock of the source's. */
  placeholder: boolean;
}

const PLACEHOLDER_LEVEL = 1_000;
const MOST_STOCK = 2_147_483_647;

/** Negative and null are 0, fractions are cut, and there is a cap. */
function clampedLevel(quantity: unknown): number {
  const text = textOf(quantity);
  if (text === '') return 0;
  const units = Number(new Big(text).round(0, Big.roundDown).toString());
  return Math.min(Math.max(units, 0), MOST_STOCK);
}

function isClamped(quantity: unknown): boolean {
  return String(clampedLevel(quantity)) !== textOf(quantity);
}

/** `outofstock` though there is some: somebody switched it off by hand. */
export function isForcedOut(row: Row): boolean {
  const managed = row['manage_stock'] === true || row['manage_stock'] === 'parent';
  return managed && row['stock_status'] === 'outofstock' && clampedLevel(row['stock_quantity']) > 0;
}

export function expectedStock(shop: SourceShop, product: Row, matrix: Matrix | undefined): ExpectedStock {
  if (!hasVariations(product)) return simpleStock(product);
  if (!matrix || shop.variationsOf(idOf(product['id'])).length === 0) return untracked([]);
  // Reduced to its base variant it is tracked as `product` (fidelity §14 "Settled").
  if (matrix.base) return simpleStock(matrix.base);
  return variableStock(product, matrix.cells);
}

function untracked(adjusted: string[]): ExpectedStock {
  return { tracking: 'none', level: null, cells: new Map(), adjusted };
}

function simpleStock(row: Row): ExpectedStock {
  if (isManaged(row)) return whole(clampedLevel(row['stock_quantity']), managedKeys(row));
  if (row['stock_status'] === 'outofstock') return whole(0, ['out-of-stock-as-zero']);
  return untracked(row['stock_status'] === 'onbackorder' ? ['backorder-as-available'] : []);
}

function whole(level: number, adjusted: string[]): ExpectedStock {
  return { tracking: 'product', level, cells: new Map(), adjusted };
}

function isManaged(row: Row): boolean {
  return row['manage_stock'] === true || row['manage_stock'] === 'parent';
}

function managedKeys(row: Row): string[] {
  return [
    ...(['yes', 'notify'].includes(textOf(row['backorders'])) ? ['backorder-dropped'] : []),
    ...(isClamped(row['stock_quantity']) ? ['stock-clamped'] : []),
    ...(isForcedOut(row) ? ['forced-out-of-stock'] : []),
  ];
}

function variableStock(product: Row, cells: readonly Cell[]): ExpectedStock {
  const own = cells.filter(({ variation }) => variation['manage_stock'] === true);
  const shared = cells.filter(({ variation }) => variation['manage_stock'] === 'parent');
  if (own.length === 0 && shared.length === 0) {
    const states = cells.map(({ variation }) => variation['stock_status']);
    return untracked(states.includes('onbackorder') ? ['backorder-as-available'] : []);
  }
  if (own.length === 0) {
    return whole(clampedLevel(product['stock_quantity']), managedKeys(product));
  }
  const stock: ExpectedStock = { tracking: 'variant', level: null, cells: new Map(), adjusted: [] };
  for (const cell of own) stock.cells.set(cell, ownShare(cell, own));
  for (const cell of shared) stock.cells.set(cell, share(shared, clampedLevel(product['stock_quantity']), cell));
  for (const cell of cells) if (!stock.cells.has(cell)) stock.cells.set(cell, unmanaged(cell));
  const placed = [...stock.cells.values()].some(({ placeholder }) => placeholder);
  const emptied = cells.some(({ variation }) => !isManaged(variation) && variation['stock_status'] === 'outofstock');
  stock.adjusted.push(
    ...own.flatMap(({ variation }) => managedKeys(variation)),
    ...(shared.length > 0 ? ['shared-stock-split', ...managedKeys(product)] : []),
    ...(placed ? ['untracked-stock-placeholder'] : []),
    ...(emptied ? ['out-of-stock-as-zero'] : []),
  );
  return stock;
}

/** An expanded variation's stock is dealt out evenly, the remainder to its first combination (fidelity §4.2). */
function ownShare(cell: Cell, own: readonly Cell[]): CellStock {
  const pool = own.filter(({ variation }) => variation === cell.variation);
  return { ...share(pool, clampedLevel(cell.variation['stock_quantity']), cell), pool: null };
}

function share(pool: Cell[], total: number, cell: Cell): CellStock {
  const each = Math.floor(total / pool.length);
  const level = cell === pool[0] ? total - each * (pool.length - 1) : each;
  return { level, pool: pool.length > 1 ? pool : null, placeholder: false };
}

function unmanaged({ variation }: Cell): CellStock {
  const empty = variation['stock_status'] === 'outofstock';
  return { level: empty ? 0 : PLACEHOLDER_LEVEL, pool: null, placeholder: !empty };
}
