import type { MapContext, SourceWord } from '../../target.ts';
import { createFindings } from './findings.ts';
import { knowsStatus } from './orders/status.ts';
import { taxClassId } from './tax-class.ts';

/** Types that the rulebook has a row for (fidelity §4.1). */
const PRODUCT_TYPES =
  /^(simple|variable|grouped|external|subscription|variable-subscription|bundle|composite|woosb|mix-and-match)$/;

/** Whether something else than a fallback says what becomes of a word of the source (fidelity §0 d). */
export function understands(
  what: SourceWord,
  word: string,
  context: Pick<MapContext, 'mapping' | 'source' | 'target'>,
): boolean {
  switch (what) {
    case 'order-status':
      return knowsStatus(word, context);
    case 'tax-class': {
      const findings = createFindings();
      taxClassId({ taxStatus: 'taxable', taxClass: word }, context, findings);
      return findings.adjustments.length === 0;
    }
    case 'product-type':
      return PRODUCT_TYPES.test(word) || context.mapping.productTypes[word] !== undefined;
  }
}
