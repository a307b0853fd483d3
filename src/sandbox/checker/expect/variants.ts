import type { Row } from '../raw/row.ts';
import { idOf, rowOf, rowsOf, textOf } from '../raw/row.ts';
import type { TargetRecord } from '../raw/target-store.ts';
import { foldedKey, sameAmount, sameFlag, samePrice, sameSku, sameTexts } from '../rules/normalise.ts';
import type { Context } from './context.ts';
import type { Expectation, Expected } from './expectation.ts';
import { ownField, sourceIdField } from './expectation.ts';
import { variantImage } from './images.ts';
import { hasOwnSku, skuKey } from './keys.ts';
import { sellablePrices } from './pricing.ts';
import { codes } from './codes.ts';
import { isConverted, measureRules } from './measures.ts';
import { isForcedOut } from './stock-units.ts';
import type { Cell, Matrix } from './variation-matrix.ts';

const scope = 'variants';

/** One variant of a variable product (fidelity §4.2). `owner` is the product's record at the target. */
export function expectedVariant(
  context: Context,
  product: Row,
  matrix: Matrix,
  cell: Cell,
  owner: TargetRecord,
): Expected {
  const { variation } = cell;
  const id = idOf(variation['id']);
  const sku = context.keys.skus.get(skuKey(id, cell.place)) ?? { value: '', changed: false };
  const skuRule = sku.changed ? 'sku-made-unique' : hasOwnSku(product, variation) ? null : 'sku-generated';
  const expanded = cell.places > 1 ? 'any-variation-expanded' : null;
  const prices = sellablePrices(variation);
  const code = codes(variation, scope);
  const mixed = isMixed(context, product, variation);
  const rule = skuRule ?? expanded;
  return {
    fields: [
      sourceIdField('variant-metafields', id),
      ownField({
        scope,
        field: 'sku',
        rule: rule ? `ADJUSTED ${rule}` : 'EXACT §4.2 sku (N12)',
        source: variation['sku'],
        expected: sku.value,
        agrees: sameSku,
      }),
      labelsField(matrix, cell),
      ...priceFields(prices, variation, owner),
      disabledField(context, product, variation, owner),
      ...measureRules(context, variation).map((measure) =>
        ownField({ ...measure, scope, read: ({ row }) => row[measure.field] ?? owner.row[measure.field] }),
      ),
      ...code.fields,
      variantImage(context, product, variation),
      ...(mixed === null ? [] : [freeShipping(mixed)]),
    ],
    adjusted: [
      ...(skuRule ? [skuRule] : []),
      ...prices.adjusted,
      ...code.adjusted,
      ...(mixed === true ? ['mixed-virtual-physical'] : []),
      ...(isConverted(context, variation) ? ['unit-converted'] : []),
    ],
  };
}

/** Price always explicit; without one it is null, which is not 0 (N10). */
function priceFields(
  prices: { regular: string; sale: string; adjusted: string[] },
  variation: Row,
  owner: TargetRecord,
): Expectation[] {
  const rule = prices.adjusted.find((key) => key !== 'sale-schedule-dropped');
  return [
    ownField({
      scope,
      field: 'price',
      rule: rule ? `ADJUSTED ${rule}` : 'EXACT §4.2 regular_price (N2)',
      source: variation['regular_price'],
      expected: prices.regular,
      agrees: samePrice,
    }),
    ownField({
      scope,
      field: 'sale_price',
      rule: 'EXACT §4.2 sale_price (N2)',
      source: variation['sale_price'],
      expected: prices.sale,
      read: ({ row }) => row['sale_price'] ?? owner.row['sale_price'],
      agrees: sameAmount,
    }),
  ];
}

/** Switched off, without a price, forced out of stock, or empty where nothing is counted (fidelity §4.2, §4.3). */
function disabledField(context: Context, product: Row, variation: Row, owner: TargetRecord): Expectation {
  const forced = isForcedOut(variation);
  const empty = variation['stock_status'] === 'outofstock' && variation['manage_stock'] === false;
  const siblings = context.shop.variationsOf(idOf(product['id']));
  const counted = siblings.some((row) => row['manage_stock'] === true);
  const disabled =
    variation['status'] !== 'publish' || textOf(variation['regular_price']) === '' || forced || (empty && !counted);
  return ownField({
    scope,
    field: 'purchasing_disabled',
    rule: forced ? 'ADJUSTED forced-out-of-stock' : 'EXACT §4.2 status, price, stock',
    source: [variation['status'], variation['stock_status']],
    expected: disabled,
    // Of a pool that is forced out as a whole the product itself may be switched off instead.
    agrees: (expected: boolean, actual) =>
      (actual === true) === expected ||
      (forced && variation['manage_stock'] === 'parent' && owner.row['availability'] === 'disabled'),
  });
}

function labelsField(matrix: Matrix, cell: Cell): Expectation {
  const expected = matrix.options.map((option, at) => `${option.name}: ${cell.labels[at] ?? ''}`);
  return {
    scope,
    field: 'option_values',
    rule: 'EXACT §4.2 options',
    source: rowsOf(cell.variation['attributes']).map((value) => `${textOf(value['name'])}: ${textOf(value['option'])}`),
    expected,
    read: ({ row }) => variantLabels(row, matrix),
    agrees: (actual) => sameTexts(expected, actual as string[]),
  };
}

/** Labels of a variant in the order of the expected options; what belongs to none of them comes last. */
export function variantLabels(row: Row, matrix: Matrix): string[] {
  const values = rowsOf(row['option_values']);
  const order = matrix.options.map((option) => foldedKey(option.name));
  const place = (value: Row): number => {
    const at = order.indexOf(foldedKey(textOf(value['option_display_name'])));
    return at < 0 ? order.length : at;
  };
  return values
    .toSorted((a, b) => place(a) - place(b))
    .map((value) => `${textOf(value['option_display_name'])}: ${textOf(value['label'])}`);
}

/** Null where all variations are virtual, of which the rulebook says nothing. */
function isMixed({ shop }: Context, product: Row, variation: Row): boolean | null {
  const virtual = shop.variationsOf(idOf(product['id'])).filter((row) => row['virtual'] === true);
  if (virtual.length === shop.variationsOf(idOf(product['id'])).length) return null;
  return virtual.includes(variation);
}

function freeShipping(expected: boolean): Expectation {
  const rule = expected ? 'ADJUSTED mixed-virtual-physical' : 'EXACT §4.1 virtual';
  return ownField({ scope, field: 'is_free_shipping', rule, expected, agrees: sameFlag });
}

/** The base variant of a product without options shows the product's own SKU, prices and measures. */
export function expectedBaseVariant(
  context: Context,
  product: Row,
  matrix: Matrix | undefined,
  owner: TargetRecord,
): Expected {
  const id = idOf(product['id']);
  const sku = context.keys.skus.get(skuKey(id))?.value ?? '';
  const rule = 'EXACT §4.2 base variant';
  const effective = (field: string): Expectation =>
    ownField({
      scope,
      field,
      rule,
      expected: owner.row[field],
      read: ({ row }) => row[field] ?? owner.row[field],
      agrees: sameAmount,
    });
  const base = matrix?.base;
  const buyable = base ? !isSwitchedOff(base) : true;
  return {
    fields: [
      ownField({ scope, field: 'sku', rule, source: product['sku'], expected: sku, agrees: sameSku }),
      ...['price', 'sale_price', 'weight', 'depth', 'width', 'height'].map(effective),
      {
        scope,
        field: 'purchasing_disabled',
        rule: 'EXACT §4.2 status, price, stock',
        source: rowOf(base)['status'] ?? product['status'],
        expected: !buyable,
        read: ({ row }) => row['purchasing_disabled'] === true,
        agrees: (actual) => (buyable ? actual === false : actual === true || owner.row['availability'] === 'disabled'),
      },
    ],
    adjusted: base ? sellablePrices(base).adjusted : [],
  };
}

function isSwitchedOff(base: Row): boolean {
  return base['status'] !== 'publish' || textOf(base['regular_price']) === '' || isForcedOut(base);
}
