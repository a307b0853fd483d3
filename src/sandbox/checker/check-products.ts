import { checkMetafields, compareRecord } from './compare.ts';
import type { EntityCheck } from './check-terms.ts';
import { presentPair, reportOthers } from './check-terms.ts';
import { checkVariants } from './check-variants.ts';
import { expectedAttributes } from './expect/attributes.ts';
import type { Context } from './expect/context.ts';
import type { Expected } from './expect/expectation.ts';
import { expectedImages } from './expect/images.ts';
import { expectedOptions } from './expect/options.ts';
import { expectedProduct } from './expect/product.ts';
import { expectedProductMetafields } from './expect/product-metafields.ts';
import { expectedRelated } from './expect/related.ts';
import { expectedSeo } from './expect/seo.ts';
import { expectedProductStock } from './expect/stock.ts';
import type { Matrix } from './expect/variation-matrix.ts';
import type { Row } from './raw/row.ts';
import { idOf, textOf } from './raw/row.ts';
import type { TargetRecord, TargetStore } from './raw/target-store.ts';

/** Products with their lists, variants, stock and metafields. */
export function checkProducts(check: EntityCheck, store: TargetStore): void {
  const { report, context, pairing } = check;
  report.count('product', 'source', context.shop.products.length);
  for (const product of context.shop.products) {
    const sourceId = idOf(product['id']);
    const matrix = context.matrices.get(sourceId);
    const isTooBig = matrix?.overLimit === true;
    if (isTooBig && !pairing.pairs.has(sourceId)) {
      // More than the target takes: it waits for a decision (fidelity §4.2).
      report.count('product', 'failed');
      continue;
    }
    const owner = presentPair(check, 'product', sourceId, textOf(product['name']));
    if (owner) checkProduct(check, store, product, owner, matrix);
  }
  reportOthers(report, 'product', pairing);
}

function checkProduct(
  { report, context }: EntityCheck,
  store: TargetStore,
  product: Row,
  owner: TargetRecord,
  matrix: Matrix | undefined,
): void {
  const sourceId = idOf(product['id']);
  const parts = expectedParts(context, product, matrix);
  report.adjust(
    'product',
    parts.flatMap((part) => part.adjusted),
  );
  const about = { entity: 'product', sourceId, target: owner } as const;
  for (const part of parts) compareRecord(report, about, part);
  checkMetafields(report, about, 'product-metafields');
  const stock = expectedProductStock(context, store, product);
  report.adjust('stock', stock.adjusted);
  if (stock.stock.level !== null) {
    report.count('stock', 'source');
    report.count('stock', 'target');
  }
  // What a product over the limit becomes is a person's decision, so its variants cannot be foretold.
  if (matrix?.overLimit) return;
  compareRecord(report, { ...about, entity: 'stock' }, stock);
  checkVariants({ report, context, store, product, owner, matrix, stock: stock.stock });
}

function expectedParts(context: Context, product: Row, matrix: Matrix | undefined): Expected[] {
  return [
    expectedProduct(context, product),
    expectedImages(context, product),
    expectedAttributes(product),
    ...(matrix && !matrix.overLimit ? [expectedOptions(context, product, matrix)] : []),
    expectedProductMetafields(product),
    expectedRelated(context, product),
    expectedSeo(product),
  ];
}
