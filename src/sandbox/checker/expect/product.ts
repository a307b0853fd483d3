import type { Row } from '../raw/row.ts';
import { idOf, rowOf, rowsOf, textOf } from '../raw/row.ts';
import {
  cutAtWord,
  decoded,
  decodedName,
  hasTags,
  isNothing,
  sameAmount,
  sameSet,
  sameSku,
  sameText,
} from '../rules/normalise.ts';
import { categoryIds } from './category-tree.ts';
import type { Context } from './context.ts';
import { productDescription } from './description.ts';
import type { Expectation, Expected, FieldRule } from './expectation.ts';
import { holdsAll, ownField, ownMetafield, sourceIdField } from './expectation.ts';
import { skuKey } from './keys.ts';
import { productPrices } from './pricing.ts';
import { hasVariations, kindOf } from './product-kind.ts';
import { addressField } from './terms.ts';
import { isForcedOut } from './stock-units.ts';

const core = (rule: Omit<FieldRule, 'scope'>): Expectation => ownField({ scope: 'product-core', ...rule });

/** What the product itself becomes (fidelity §4, §4.1); its lists are in files of their own. */
export function expectedProduct(context: Context, product: Row): Expected {
  const id = idOf(product['id']);
  const parts: Expected[] = [
    nameAndSku(context, product, id),
    addressField(context, 'product-core', 'product', id, product, ({ row }) => rowOf(row['custom_url'])['url']),
    productDescription(context, product),
    prices(context, product),
    visibility(product),
    selling(context, product),
    measured(context, product),
    belonging(context, product),
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
      core({ field: 'name', rule: nameRule, source: given, expected: name.value, agrees: sameText }),
      core({
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
  const rule = 'ADJUSTED text-truncated';
  const agrees = (expected: string, actual: string): boolean => sameText(expected, decodedName(actual));
  return ownMetafield({
    scope: 'product-metafields',
    key: `full_${field}`,
    rule,
    source: text,
    expected: text,
    agrees,
  });
}

function prices({ shop, matrices }: Context, product: Row): Expected {
  const matrix = matrices.get(idOf(product['id']));
  const { regular, sale, adjusted } = productPrices(shop, product, matrix);
  const rule = adjusted.includes('price-rounded') ? 'ADJUSTED price-rounded' : 'EXACT §4 (N2)';
  const cost = rowsOf(product['meta_data']).find((row) =>
    /^(_cogs_total_value|_wc_cog_cost)$/.test(textOf(row['key'])),
  );
  const costValue = textOf(cost?.['value']);
  return {
    fields: [
      core({ field: 'price', rule, source: regular, expected: regular === '' ? '0' : regular, agrees: sameAmount }),
      core({ field: 'sale_price', rule, source: product['sale_price'], expected: sale, agrees: sameAmount }),
      ...(Number(costValue) > 0
        ? [core({ field: 'cost_price', rule: 'EXACT §4 cost', expected: costValue, agrees: sameAmount })]
        : []),
    ],
    adjusted,
  };
}

/** One switch for several states of the source (fidelity §4 `status`, `catalog_visibility`). */
function visibility(product: Row): Expected {
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
  return { fields: [core({ field: 'is_visible', rule, source, expected: visible })], adjusted };
}

/** Kind of goods, and whether they can be bought (fidelity §4.1, §4.3). */
function selling({ shop, matrices, taxClassId }: Context, product: Row): Expected {
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
      core({ field: 'is_price_hidden', rule, expected: unpriced, agrees: sameFlag }),
      core({
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
    return [core({ field: 'type', rule, expected: product['virtual'] === true ? 'digital' : 'physical' })];
  }
  const variations = shop.variationsOf(idOf(product['id']));
  const allVirtual = variations.length > 0 && variations.every((row) => row['virtual'] === true);
  return allVirtual || product['virtual'] === true ? [] : [core({ field: 'type', rule, expected: 'physical' })];
}

/**
 * A product that is forced out of stock as a whole may be switched off itself or by all its variants; which of them is
 * seen to with the variants.
 */
function availability(product: Row, disabled: boolean, rule: string): Expectation[] {
  if (!disabled && hasVariations(product) && isForcedOut(product)) return [];
  const backorder = textOf(product['stock_status']) === 'onbackorder' && product['manage_stock'] !== true;
  const text = core({
    field: 'availability_description',
    rule: 'ADJUSTED backorder-as-available',
    source: product['stock_status'],
    expected: 'Available on backorder',
    agrees: sameText,
  });
  return [
    core({ field: 'availability', rule, expected: disabled ? 'disabled' : 'available' }),
    ...(backorder && !hasVariations(product) && !kindOf(product).disabled ? [text] : []),
  ];
}

/** Weight, sizes, order, limits. The source's length is the target's depth (fidelity §4). */
function measured(context: Context, product: Row): Expected {
  const matrix = context.matrices.get(idOf(product['id']));
  const owner = matrix?.base ?? product;
  const fields = measureRules(context, owner).map((rule) => core(rule));
  const isPlain = product['sold_individually'] !== true;
  return {
    fields: [
      ...fields,
      core({ field: 'is_featured', rule: 'EXACT §4 featured', expected: product['featured'] === true }),
      core({
        field: 'order_quantity_maximum',
        rule: 'EXACT §4 sold_individually',
        source: product['sold_individually'],
        expected: isPlain ? 0 : 1,
        agrees: sameAmount,
      }),
      core({ field: 'sort_order', rule: 'EXACT §4 menu_order', expected: idOf(product['menu_order']) }),
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
  const rule = (differ: boolean): string => (differ ? 'ADJUSTED unit-converted' : 'EXACT §4 (N4)');
  const weight = textOf(row['weight']);
  return [
    {
      field: 'weight',
      rule: rule(context.weightsDiffer),
      source: weight,
      expected: context.weight(weight),
      agrees: sameAmount,
    },
    ...sizes.map(([field, name]) => ({
      field,
      rule: rule(context.lengthsDiffer),
      source: dimensions[name],
      expected: context.length(textOf(dimensions[name])),
      agrees: sameAmount,
    })),
  ];
}

export function isConverted(context: Context, row: Row): boolean {
  const sizes = Object.values(rowOf(row['dimensions'])).map(textOf);
  const weighed = context.weightsDiffer && textOf(row['weight']) !== '';
  return weighed || (context.lengthsDiffer && sizes.some((size) => size !== ''));
}

/** Categories, brand and tags: by the ids that their records have at the target. */
function belonging(context: Context, product: Row): Expected {
  const categories = categoryIds(product).flatMap((id) => context.targetId('category', id) ?? []);
  const brands = rowsOf(product['brands']).toSorted((a, b) => idOf(a['id']) - idOf(b['id']));
  const [brand, ...extra] = brands;
  const brandId = brand ? (context.targetId('brand', idOf(brand['id'])) ?? 0) : 0;
  const names = extra.map((row) => decoded(textOf(row['name'])));
  const tags = rowsOf(product['tags']).map((row) => decoded(textOf(row['name'])));
  const metafield = ownMetafield({
    scope: 'product-metafields',
    key: /brand/,
    rule: 'ADJUSTED extra-brand-dropped',
    source: names,
    expected: names.join(', '),
    agrees: holdsAll(names),
  });
  return {
    fields: [
      core({
        field: 'categories',
        rule: 'EXACT §4 categories (N7)',
        source: categoryIds(product),
        expected: categories,
        agrees: sameSet,
      }),
      core({ field: 'brand_id', rule: 'EXACT §4 brands', source: brand?.['id'] ?? null, expected: brandId }),
      core({
        field: 'search_keywords',
        rule: 'ADJUSTED tags-as-search-keywords',
        source: tags,
        expected: cutAtWord(tags.join(','), 65_535),
        agrees: sameKeywords,
      }),
      ...(names.length > 0 ? [metafield] : []),
    ],
    adjusted: [
      ...(names.length > 0 ? ['extra-brand-dropped'] : []),
      ...(tags.length > 0 ? ['tags-as-search-keywords'] : []),
    ],
  };
}

function sameKeywords(expected: string, actual: unknown): boolean {
  const form = (text: string): string => text.replace(/\s*,\s*/g, ',');
  return sameText(form(expected), form(textOf(actual)));
}

function sameFlag(expected: boolean, actual: unknown): boolean {
  return expected === (isNothing(actual) ? false : actual);
}

/** GTIN with 8, 12, 13 or 14 digits; one of 12 is a UPC too; what is none goes to a metafield (fidelity §4). */
export function codes(row: Row, scope: 'product-core' | 'variants'): Expected {
  const given = textOf(row['global_unique_id']);
  const digits = given.replace(/[\s-]/g, '');
  const isCode = /^(\d{8}|\d{12,14})$/.test(digits);
  const same = (expected: string, actual: unknown): boolean => expected === textOf(actual);
  const code = (field: string, expected: string): Expectation =>
    ownField({ scope, field, rule: 'EXACT §4 global_unique_id', source: given, expected, agrees: same });
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
