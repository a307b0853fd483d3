import type { CanonicalProduct } from '../../../domain/product.ts';
import type { MapContext } from '../../target.ts';
import type { Findings } from './findings.ts';

const MAX_RELATED = 50;

/**
 * Upsells, then cross-sells, then the parts of a group: those that are at the target by now. The rest follows when they are
 * (P9), so one that never comes does not hold back the others.
 */
export function relatedProducts(
  product: CanonicalProduct,
  context: Pick<MapContext, 'targetIdOf'>,
  findings: Findings,
): readonly number[] {
  const sourceIds = [...new Set([...product.upSells, ...product.crossSells, ...product.groupedChildren])];
  const ids = sourceIds.flatMap((sourceId) => context.targetIdOf({ entity: 'product', sourceId }) ?? []).map(Number);
  const related = [...new Set(ids)].slice(0, MAX_RELATED);
  if (product.upSells.length + product.crossSells.length > 0) {
    const before = { upsells: product.upSells, cross_sells: product.crossSells };
    const why = 'the target has one list of related products';
    findings.adjust('upsell-crosssell-merged', 'related_products', before, related, why);
  }
  return related;
}
