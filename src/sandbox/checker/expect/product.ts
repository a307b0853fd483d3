import type { Row } from '../raw/row.ts';
import { idOf, textOf } from '../raw/row.ts';
import { decodedName, hasTags, sameSku, sameText } from '../rules/normalise.ts';
import { expectedBelonging } from './belonging.ts';
import { codes } from './codes.ts';
import type { Context } from './context.ts';
import { productDescription } from './description.ts';
import type { Expectation, Expected } from './expectation.ts';
import { coreField, ownMetafield, sourceIdField } from './expectation.ts';
import { skuKey } from './keys.ts';
import { expectedMeasures } from './measures.ts';
import { expectedPrices, expectedSelling, expectedVisibility } from './product-selling.ts';
import { addressField, customUrl } from './terms.ts';

/** What the product itself becomes (fidelity §4, §4.1); its lists are in files of their own. */
export function expectedProduct(context: Context, product: Row): Expected {
  const id = idOf(product['id']);
  const parts: Expected[] = [
    nameAndSku(context, product, id),
    addressField(context, 'product-core', 'product', id, product, customUrl),
    productDescription(context, product),
    expectedPrices(context, product),
    expectedVisibility(product),
    expectedSelling(context, product),
    expectedMeasures(context, product),
    expectedBelonging(context, product),
    codes(product, 'product-core'),
  ];
  return {
    fields: [sourceIdField('product-metafields', id), ...parts.flatMap((part) => part.fields)],
    adjusted: parts.flatMap((part) => part.adjusted),
  };
}

function nameAndSku({ keys }: Context, product: Row, id: number): Expected {
  const name = keys.productNames.get(id) ?? { value: '', changed: false };
  const sku = keys.skus.get(skuKey(id)) ?? { value: '', changed: false };
  const given = textOf(product['name']);
  const full = decodedName(given);
  const isCut = full.length > 250;
  const adjusted = [
    ...(name.changed ? ['name-made-unique'] : []),
    ...(hasTags(given) ? ['name-tags-stripped'] : []),
    ...(isCut ? ['text-truncated'] : []),
    ...(textOf(product['sku']).trim() === '' ? ['sku-generated'] : []),
    ...(sku.changed ? ['sku-made-unique'] : []),
  ];
  const nameRule = name.changed
    ? 'ADJUSTED name-made-unique'
    : isCut
      ? 'ADJUSTED text-truncated'
      : 'EXACT §4 name (N1)';
  const skuRule = adjusted.find((key) => key.startsWith('sku-'));
  return {
    fields: [
      coreField({ field: 'name', rule: nameRule, source: given, expected: name.value, agrees: sameText }),
      coreField({
        field: 'sku',
        rule: skuRule ? `ADJUSTED ${skuRule}` : 'EXACT §4 sku (N12)',
        source: product['sku'],
        expected: sku.value,
        agrees: sameSku,
      }),
      ...(isCut ? [fullText('name', full)] : []),
    ],
    adjusted,
  };
}

/** The whole of what was cut goes to metafield `full_<field>` (fidelity §3 "Length"). */
function fullText(field: string, text: string): Expectation {
  return ownMetafield({
    scope: 'product-metafields',
    key: `full_${field}`,
    rule: 'ADJUSTED text-truncated',
    source: text,
    expected: text,
    agrees: sameFullText,
  });
}

/** The whole value may stand as the source wrote it. */
function sameFullText(expected: string, actual: string): boolean {
  return sameText(expected, decodedName(actual));
}
