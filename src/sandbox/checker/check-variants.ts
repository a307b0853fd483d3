import { checkMetafields, compareRecord } from './compare.ts';
import type { Context } from './expect/context.ts';
import { expectedVariantMetafields } from './expect/product-metafields.ts';
import { expectedVariantStock, poolAgrees } from './expect/stock.ts';
import type { ExpectedStock } from './expect/stock-units.ts';
import { skuKey } from './expect/keys.ts';
import { expectedBaseVariant, expectedVariant, variantLabels } from './expect/variants.ts';
import type { Cell, Matrix } from './expect/variation-matrix.ts';
import type { Row } from './raw/row.ts';
import { idOf, textOf } from './raw/row.ts';
import type { TargetRecord, TargetStore } from './raw/target-store.ts';
import type { ReportBuilder } from './report.ts';
import { foldedKey } from './rules/normalise.ts';

export interface VariantCheck {
  report: ReportBuilder;
  context: Context;
  store: TargetStore;
  product: Row;
  owner: TargetRecord;
  matrix: Matrix | undefined;
  stock: ExpectedStock;
}

/** The variants of one product: those that it should have, and no others. */
export function checkVariants(check: VariantCheck): void {
  const { store, owner, matrix } = check;
  const variants = store.variantsOf(owner);
  if (!matrix || matrix.cells.length === 0) checkBase(check, variants);
  else checkCells(check, matrix, variants);
}

function checkBase({ report, context, product, owner, matrix }: VariantCheck, variants: readonly TargetRecord[]): void {
  const sourceId = idOf(product['id']);
  const [base, ...others] = variants;
  const about = { entity: 'variant', scope: 'variants', sourceId } as const;
  if (!base) {
    report.add('lost', { ...about, targetId: owner.id, expected: 'a base variant', rule: 'lost' });
    return;
  }
  const expected = expectedBaseVariant(context, product, matrix, owner);
  report.adjust('variant', expected.adjusted);
  compareRecord(report, { entity: 'variant', sourceId, target: base }, expected);
  for (const other of others) {
    report.add('foreign', { ...about, targetId: other.id, target: other.row['sku'], rule: 'foreign' });
  }
}

function checkCells(check: VariantCheck, matrix: Matrix, variants: readonly TargetRecord[]): void {
  const { report, context, product, owner } = check;
  const paired = pairCells(context, matrix, variants);
  report.count('variant', 'source', matrix.cells.length);
  for (const cell of matrix.cells) {
    const sourceId = idOf(cell.variation['id']);
    const target = paired.get(cell);
    if (!target) {
      const about = { entity: 'variant', scope: 'variants', sourceId, targetId: owner.id } as const;
      report.add('lost', { ...about, expected: cell.labels, rule: 'lost' });
      continue;
    }
    report.count('variant', 'target');
    const expected = expectedVariant(context, product, matrix, cell, owner);
    const metafields = expectedVariantMetafields(product, cell.variation);
    report.adjust('variant', [...expected.adjusted, ...metafields.adjusted]);
    compareRecord(report, { entity: 'variant', sourceId, target }, expected);
    compareRecord(report, { entity: 'variant', sourceId, target }, metafields);
    checkMetafields(report, { entity: 'variant', sourceId, target }, 'variant-metafields');
  }
  checkStock(check, paired);
  reportStrays(check, matrix, paired, variants);
}

/** By marker and combination, then marker alone, SKU, and combination: the first that finds one. */
function pairCells(context: Context, matrix: Matrix, variants: readonly TargetRecord[]): Map<Cell, TargetRecord> {
  const paired = new Map<Cell, TargetRecord>();
  const free = new Set(variants);
  const sameTuple = (cell: Cell, variant: TargetRecord): boolean =>
    tupleKey(variantLabels(variant.row, matrix)) === tupleKey(expectedLabels(matrix, cell));
  const sameSku = (cell: Cell, variant: TargetRecord): boolean => {
    const sku = context.keys.skus.get(skuKey(idOf(cell.variation['id']), cell.place))?.value ?? '';
    return foldedKey(sku) === foldedKey(textOf(variant.row['sku']));
  };
  const passes = [
    (cell: Cell, variant: TargetRecord) => marked(cell, variant) && sameTuple(cell, variant),
    marked,
    (cell: Cell, variant: TargetRecord) => variant.sourceId === null && sameSku(cell, variant),
    (cell: Cell, variant: TargetRecord) => variant.sourceId === null && sameTuple(cell, variant),
  ];
  for (const fits of passes) {
    for (const cell of matrix.cells) {
      if (paired.has(cell)) continue;
      const found = [...free].find((variant) => fits(cell, variant));
      if (!found) continue;
      paired.set(cell, found);
      free.delete(found);
    }
  }
  return paired;
}

function marked(cell: Cell, variant: TargetRecord): boolean {
  return variant.sourceId === idOf(cell.variation['id']);
}

function expectedLabels(matrix: Matrix, cell: Cell): string[] {
  return matrix.options.map((option, at) => `${option.name}: ${cell.labels[at] ?? ''}`);
}

function tupleKey(labels: readonly string[]): string {
  return labels.map(foldedKey).toSorted().join('\n');
}

function checkStock({ report, context, store, product, stock }: VariantCheck, paired: Map<Cell, TargetRecord>): void {
  for (const [cell, cellStock] of stock.cells) {
    const target = paired.get(cell);
    report.count('stock', 'source');
    if (!target) continue;
    report.count('stock', 'target');
    const sourceId = idOf(cell.variation['id']);
    const expected = expectedVariantStock(context, store, product, cell, cellStock);
    compareRecord(report, { entity: 'stock', sourceId, target }, expected);
  }
  checkPool(report, store, product, stock, paired);
}

function checkPool(
  report: ReportBuilder,
  store: TargetStore,
  product: Row,
  stock: ExpectedStock,
  paired: ReadonlyMap<Cell, TargetRecord>,
): void {
  const pool = [...stock.cells].filter(([, { pool: cells }]) => cells !== null);
  if (pool.length === 0) return;
  const total = pool.reduce((sum, [, { level }]) => sum + level, 0);
  const levels = pool.map(([cell]) => {
    const variant = paired.get(cell);
    const own = variant ? (store.inventoryOf(variant.id)[0]?.['available'] ?? variant.row['inventory_level']) : 0;
    return Number(own);
  });
  if (poolAgrees(levels, total)) return;
  report.add('different', {
    entity: 'stock',
    scope: 'stock',
    sourceId: idOf(product['id']),
    field: 'level',
    source: product['stock_quantity'],
    expected: `${total} in even shares`,
    target: levels,
    rule: 'ADJUSTED shared-stock-split',
  });
}

function reportStrays(
  { report }: VariantCheck,
  matrix: Matrix,
  paired: ReadonlyMap<Cell, TargetRecord>,
  variants: readonly TargetRecord[],
): void {
  const used = new Set(paired.values());
  const ids = new Set(matrix.cells.map((cell) => idOf(cell.variation['id'])));
  const tuples = new Set([...used].map((variant) => tupleKey(variantLabels(variant.row, matrix))));
  for (const variant of variants) {
    if (used.has(variant)) continue;
    const isOurs = variant.sourceId !== null && ids.has(variant.sourceId);
    const isDouble = isOurs || tuples.has(tupleKey(variantLabels(variant.row, matrix)));
    const about = { entity: 'variant', scope: 'variants', targetId: variant.id, target: variant.row['sku'] } as const;
    const sourceId = variant.sourceId;
    if (isDouble) report.add('doubled', { ...about, sourceId, expected: 'once', rule: 'doubled' });
    else if (sourceId === null) report.add('foreign', { ...about, rule: 'foreign' });
    else report.add('different', { ...about, sourceId, expected: 'gone', rule: 'EXACT §4.2 status (delete policy)' });
  }
}
