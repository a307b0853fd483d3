import type { Row } from '../raw/row.ts';
import { idOf, textOf } from '../raw/row.ts';
import type { TargetRecord, TargetStore } from '../raw/target-store.ts';
import type { Context } from './context.ts';
import type { Expectation, Expected } from './expectation.ts';
import { ownField } from './expectation.ts';
import type { CellStock, ExpectedStock } from './stock-units.ts';
import { expectedStock } from './stock-units.ts';
import type { Cell } from './variation-matrix.ts';

const scope = 'stock';

/** How a product is tracked, and its own level where it has one (fidelity §4.3). */
export function expectedProductStock(
  context: Context,
  store: TargetStore,
  product: Row,
): Expected & { stock: ExpectedStock } {
  const matrix = context.matrices.get(idOf(product['id']));
  const stock = expectedStock(context.shop, product, matrix);
  const key = stock.adjusted[0];
  const rule = key ? `ADJUSTED ${key}` : 'EXACT §4.3';
  const state = ['manage_stock', 'stock_quantity', 'stock_status', 'backorders'].map((name) => product[name]);
  const tracking = ownField({ scope, field: 'inventory_tracking', rule, source: state, expected: stock.tracking });
  const level: Expectation = {
    scope,
    field: 'level',
    rule,
    source: state,
    expected: stock.level,
    read: (target) => levelsOf(store, store.variantsOf(target), target.row['inventory_level']),
    agrees: (actual) => (actual as unknown[]).every((found) => found === stock.level),
  };
  return {
    fields: [
      tracking,
      ...(stock.level === null
        ? []
        : [level, warningField(context, matrix?.base ? [matrix.base, product] : [product])]),
    ],
    adjusted: stock.adjusted,
    stock,
  };
}

/** One location holds everything: its level, or the product's where the state shows no inventory. */
function levelsOf(store: TargetStore, variants: readonly TargetRecord[], own: unknown): unknown[] {
  const levels = variants.flatMap(({ id }) => store.inventoryOf(id).map((row) => row['available']));
  return levels.length > 0 ? [...new Set(levels)] : [own];
}

/** Level of one variant of its own. */
export function expectedVariantStock(
  context: Context,
  store: TargetStore,
  product: Row,
  cell: Cell,
  stock: CellStock,
): Expected {
  const read = (target: TargetRecord): unknown[] => levelsOf(store, [target], target.row['inventory_level']);
  const level: Expectation = {
    scope,
    field: 'level',
    rule: stock.placeholder ? 'ADJUSTED untracked-stock-placeholder' : 'EXACT §4.3',
    source: [cell.variation['manage_stock'], cell.variation['stock_quantity'], cell.variation['stock_status']],
    expected: stock.level,
    read,
    agrees: (actual) => (actual as unknown[]).every((found) => found === stock.level),
  };
  const warning = stock.placeholder ? [] : [warningField(context, [cell.variation, product])];
  // Levels of one pool are judged together: the total counts, not who got the remainder.
  return { fields: [...(stock.pool ? [] : [level]), ...warning], adjusted: [] };
}

/** Own figure, else the shop's default; where both levels of a product have one, either is somebody's (fidelity §4). */
function warningField({ shop }: Context, owners: readonly Row[]): Expectation {
  const usual = Number(shop.setting('woocommerce_notify_low_stock_amount') || 0);
  const own = owners.map((row) => textOf(row['low_stock_amount']));
  const expected = own[0] ? [Number(own[0])] : [usual, ...own.slice(1).filter(Boolean).map(Number)];
  return {
    scope,
    field: 'inventory_warning_level',
    rule: 'EXACT §4 low_stock_amount',
    source: own,
    expected: expected[0],
    read: ({ row }) => row['inventory_warning_level'],
    agrees: (actual) => expected.includes(Number(actual ?? 0)),
  };
}

/** A pool that is dealt out: nobody gets less than an even share, and the total is kept. */
export function poolAgrees(levels: readonly number[], total: number): boolean {
  const least = Math.floor(total / levels.length);
  return levels.every((level) => level >= least) && levels.reduce((sum, level) => sum + level, 0) === total;
}
