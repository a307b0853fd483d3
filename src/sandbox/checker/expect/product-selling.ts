import type { Row } from '../raw/row.ts';
import { idOf, rowsOf, textOf } from '../raw/row.ts';
import { sameAmount, sameFlag, sameText } from '../rules/normalise.ts';
import type { Context } from './context.ts';
import type { Expectation, Expected } from './expectation.ts';
import { coreField } from './expectation.ts';
import { productPrices } from './pricing.ts';
import { hasVariations, kindOf } from './product-kind.ts';
import { isForcedOut } from './stock-units.ts';

/** Prices of the product itself. */
export function expectedPrices({ shop, matrices }: Context, product: Row): Expected {
  const matrix = matrices.get(idOf(product['id']));
  const { regular, sale, also, adjusted } = productPrices(shop, product, matrix);
  const rule = adjusted.includes('price-rounded') ? 'ADJUSTED price-rounded' : 'EXACT §4 (N2)';
  const cost = rowsOf(product['meta_data']).find((row) =>
    /^(_cogs_total_value|_wc_cog_cost)$/.test(textOf(row['key'])),
  );
  const costValue = textOf(cost?.['value']);
  return {
    fields: [
      coreField({
        field: 'price',
        rule,
        source: regular,
        expected: regular === '' ? '0' : regular,
        agrees: (expected: string, actual) => [expected, ...also].some((price) => sameAmount(price, actual)),
      }),
      coreField({ field: 'sale_price', rule, source: product['sale_price'], expected: sale, agrees: sameAmount }),
      ...(Number(costValue) > 0
        ? [coreField({ field: 'cost_price', rule: 'EXACT §4 cost', expected: costValue, agrees: sameAmount })]
        : []),
    ],
    adjusted,
  };
}

/** One switch for several states of the source (fidelity §4 `status`, `catalog_visibility`). */
export function expectedVisibility(product: Row): Expected {
  const [status, shelf] = [textOf(product['status']), textOf(product['catalog_visibility'])];
  const isLocked = textOf(product['post_password']) !== '';
  const visible = status === 'publish' && shelf !== 'hidden' && !isLocked && !kindOf(product).hidden;
  const adjusted = [
    ...(status === 'future' ? ['scheduled-product-hidden'] : []),
    ...(isLocked ? ['password-product-hidden'] : []),
    ...(shelf === 'catalog' || shelf === 'search' ? ['visibility-flattened'] : []),
    ...(shelf === 'hidden' ? ['visibility-hidden'] : []),
  ];
  const rule = adjusted[0] ? `ADJUSTED ${adjusted[0]}` : 'EXACT §4 status';
  const source = [status, shelf, ...(isLocked ? ['password'] : [])].join(', ');
  return { fields: [coreField({ field: 'is_visible', rule, source, expected: visible })], adjusted };
}

/** Kind of goods, and whether they can be bought (fidelity §4.1, §4.3). */
export function expectedSelling({ shop, matrices, taxClassId }: Context, product: Row): Expected {
  const kind = kindOf(product);
  const matrix = matrices.get(idOf(product['id']));
  const noVariation = hasVariations(product) && shop.variationsOf(idOf(product['id'])).length === 0;
  const unpriced = kind.price === 'none' || productPrices(shop, product, matrix).regular === '' || noVariation;
  const forcedOut = !hasVariations(product) && isForcedOut(product);
  const disabled = kind.disabled || unpriced || forcedOut;
  const rule = kind.key ? `ADJUSTED ${kind.key}` : unpriced ? 'ADJUSTED no-price-unpurchasable' : 'EXACT §4.1';
  const keptPhysical = product['downloadable'] === true && product['virtual'] !== true;
  const tax = taxClassId(product);
  return {
    fields: [
      ...goods(shop, product, rule),
      ...availability(product, disabled, forcedOut ? 'ADJUSTED forced-out-of-stock' : rule),
      coreField({ field: 'is_price_hidden', rule, expected: unpriced, agrees: sameFlag }),
      coreField({
        field: 'tax_class_id',
        rule: tax.adjusted[0] ? `ADJUSTED ${tax.adjusted[0]}` : 'EXACT §4 tax class',
        source: `${textOf(product['tax_status'])} ${textOf(product['tax_class'])}`,
        expected: tax.id,
      }),
    ],
    adjusted: [...(kind.key ? [kind.key] : []), ...(keptPhysical ? ['download-kept-physical'] : []), ...tax.adjusted],
  };
}

/** Physical or digital. Of a product whose variations are all virtual the rulebook says nothing. */
function goods(shop: Context['shop'], product: Row, rule: string): Expectation[] {
  if (!hasVariations(product)) {
    return [coreField({ field: 'type', rule, expected: product['virtual'] === true ? 'digital' : 'physical' })];
  }
  const variations = shop.variationsOf(idOf(product['id']));
  const allVirtual = variations.length > 0 && variations.every((row) => row['virtual'] === true);
  return allVirtual || product['virtual'] === true ? [] : [coreField({ field: 'type', rule, expected: 'physical' })];
}

/**
 * A product that is forced out of stock as a whole may be switched off itself or by all its variants; which of them is
 * seen to with the variants.
 */
function availability(product: Row, disabled: boolean, rule: string): Expectation[] {
  if (!disabled && hasVariations(product) && isForcedOut(product)) return [];
  const backorder = textOf(product['stock_status']) === 'onbackorder' && product['manage_stock'] !== true;
  const text = coreField({
    field: 'availability_description',
    rule: 'ADJUSTED backorder-as-available',
    source: product['stock_status'],
    expected: 'Available on backorder',
    agrees: sameText,
  });
  return [
    coreField({ field: 'availability', rule, expected: disabled ? 'disabled' : 'available' }),
    ...(backorder && !hasVariations(product) && !kindOf(product).disabled ? [text] : []),
  ];
}
