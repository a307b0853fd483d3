import type { Row } from '../raw/row.ts';
import { idOf, rowOf, textOf } from '../raw/row.ts';
import { sameAmount } from '../rules/normalise.ts';
import type { Context } from './context.ts';
import type { Expected, FieldRule } from './expectation.ts';
import { coreField } from './expectation.ts';

/** Weight, sizes, order, limits. The source's length is the target's depth (fidelity §4). */
export function expectedMeasures(context: Context, product: Row): Expected {
  const matrix = context.matrices.get(idOf(product['id']));
  const owner = matrix?.base ?? product;
  const fields = measureRules(context, owner).map((rule) => coreField(rule));
  const isPlain = product['sold_individually'] !== true;
  return {
    fields: [
      ...fields,
      coreField({ field: 'is_featured', rule: 'EXACT §4 featured', expected: product['featured'] === true }),
      coreField({
        field: 'order_quantity_maximum',
        rule: 'EXACT §4 sold_individually',
        source: product['sold_individually'],
        expected: isPlain ? 0 : 1,
        agrees: sameAmount,
      }),
      coreField({ field: 'sort_order', rule: 'EXACT §4 menu_order', expected: idOf(product['menu_order']) }),
    ],
    adjusted: isConverted(context, owner) ? ['unit-converted'] : [],
  };
}

export function measureRules(context: Context, row: Row): Omit<FieldRule, 'scope'>[] {
  const dimensions = rowOf(row['dimensions']);
  const sizes = [
    ['depth', 'length'],
    ['width', 'width'],
    ['height', 'height'],
  ] as const;
  const weight = textOf(row['weight']);
  return [
    {
      field: 'weight',
      rule: measureRule(context.weightsDiffer),
      source: weight,
      expected: context.weight(weight),
      agrees: sameAmount,
    },
    ...sizes.map(([field, name]) => ({
      field,
      rule: measureRule(context.lengthsDiffer),
      source: dimensions[name],
      expected: context.length(textOf(dimensions[name])),
      agrees: sameAmount,
    })),
  ];
}

function measureRule(unitsDiffer: boolean): string {
  return unitsDiffer ? 'ADJUSTED unit-converted' : 'EXACT §4 (N4)';
}

export function isConverted(context: Context, row: Row): boolean {
  const sizes = Object.values(rowOf(row['dimensions'])).map(textOf);
  const weighed = context.weightsDiffer && textOf(row['weight']) !== '';
  return weighed || (context.lengthsDiffer && sizes.some((size) => size !== ''));
}
