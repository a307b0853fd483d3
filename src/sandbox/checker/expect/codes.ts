import type { Row } from '../raw/row.ts';
import { textOf } from '../raw/row.ts';
import type { Expectation, Expected } from './expectation.ts';
import { ownField, ownMetafield } from './expectation.ts';

/** GTIN with 8, 12, 13 or 14 digits; one of 12 is a UPC too; what is none goes to a metafield (fidelity §4). */
export function codes(row: Row, scope: 'product-core' | 'variants'): Expected {
  const given = textOf(row['global_unique_id']);
  const digits = given.replace(/[\s-]/g, '');
  const isCode = /^(\d{8}|\d{12,14})$/.test(digits);
  const code = (field: string, expected: string): Expectation =>
    ownField({ scope, field, rule: 'EXACT §4 global_unique_id', source: given, expected, agrees: sameCode });
  const metafield = ownMetafield({
    scope: scope === 'variants' ? 'variant-metafields' : 'product-metafields',
    key: /gtin|global_unique_id/,
    rule: 'ADJUSTED gtin-not-numeric',
    source: given,
    expected: given,
  });
  const misfit = given !== '' && !isCode;
  return {
    fields: [
      code('gtin', isCode ? digits : ''),
      code('upc', digits.length === 12 && isCode ? digits : ''),
      ...(misfit ? [metafield] : []),
    ],
    adjusted: misfit ? ['gtin-not-numeric'] : [],
  };
}

function sameCode(expected: string, actual: unknown): boolean {
  return expected === textOf(actual);
}
