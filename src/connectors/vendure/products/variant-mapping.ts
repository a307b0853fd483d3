import { comparableText, tidyText } from '../../../canonical/plain-text.ts';
import type { CanonicalVariant, Measures, Pricing } from '../../../domain/product.ts';
import type { MetaField, ReportItem } from '../../../domain/record.ts';
import { groupBy } from '../../../domain/group-by.ts';
import type { Place } from '../place.ts';
import type { ShopFacts } from '../shop-facts.ts';
import { canonicalImages } from '../wire/images.ts';
import { decimalMoney } from '../wire/money.ts';
import { customMeta } from '../wire/read-row.ts';
import { type Attributes, inOrder } from './attributes.ts';
import type { WireProduct, WireVariant } from './product-schema.ts';
import { stockPolicy } from './stock.ts';

export const NO_MEASURES: Measures = { weight: null, length: null, width: null, height: null };

export interface Surroundings {
  readonly attributes: Attributes;
  readonly facts: ShopFacts;
  readonly place: Place;
}

/** `taxClass`: what the product as a whole is taxed as. */
export function canonicalVariant(
  variant: WireVariant,
  product: WireProduct,
  position: number,
  taxClass: string,
  { facts, place, attributes }: Surroundings,
): { readonly variant: CanonicalVariant; readonly reports: readonly ReportItem[] } {
  const { meta, reports } = customMeta(variant.customFields, facts, 'ProductVariant');
  const images = canonicalImages(variant.featuredAsset, variant.assets, place.serverUrl);
  const [image = null] = images;
  const own = taxClassOf(variant);
  const at = `variants.${variant.id}`;
  return {
    variant: {
      sourceId: variant.id,
      sku: tidyText(variant.sku),
      gtin: '',
      status: variant.enabled ? 'published' : 'private',
      pricing: pricingOf(variant, facts),
      measures: NO_MEASURES,
      // The product's own picture is shown for a variant that has none.
      image: image?.key === product.featuredAsset?.id ? null : image,
      stock: stockPolicy(variant, facts),
      options: attributes.optionsOf(variant),
      virtual: false,
      downloadable: false,
      taxClass: own === taxClass ? null : own,
      shippingClass: '',
      description: '',
      position,
      meta: [...ownName(variant, product), ...facetFields(variant, facts), ...meta],
    },
    reports: [
      ...reports,
      ...(own === taxClass ? [] : [{ key: 'variant-tax-class', field: `${at}.taxCategory`, sample: own || 'default' }]),
      ...(images.length > 1 ? [{ key: 'further-images', field: `${at}.assets` }] : []),
      ...(variant.prices.some(({ currencyCode }) => currencyCode !== facts.currency)
        ? [{ key: 'extra-currency-prices', field: `${at}.prices` }]
        : []),
    ],
  };
}

/** '' = the category that the shop takes by default; else its name, by which the target's is found. */
export function taxClassOf({ taxCategory }: WireVariant): string {
  return taxCategory.isDefault ? '' : taxCategory.name;
}

/** As typed, in the currency of the channel; none means that it cannot be bought. */
function pricingOf(variant: WireVariant, { currency, moneyDecimals }: ShopFacts): Pricing {
  const typed = variant.prices.find(({ currencyCode }) => currencyCode === currency);
  return {
    regular: typed === undefined ? null : decimalMoney(typed.price, moneyDecimals),
    sale: null,
    onSale: false,
    saleFrom: null,
    saleTo: null,
  };
}

/** A variant has a name of its own, which usually says no more than its product's and its options. */
function ownName({ name, options }: WireVariant, product: WireProduct): MetaField[] {
  const known = new Set([product.name, ...options.map((option) => option.name)].flatMap(wordsOf));
  return wordsOf(name).every((word) => known.has(word)) ? [] : [{ key: 'variant_name', value: tidyText(name) }];
}

function wordsOf(text: string): readonly string[] {
  return comparableText(text).toLowerCase().split(' ');
}

/** Facet values of a variant alone: there is no attribute of a variant that tells none apart. */
function facetFields({ facetValues }: WireVariant, { brandFacet }: ShopFacts): MetaField[] {
  const others = facetValues.filter(({ facet }) => facet.id !== brandFacet);
  return [...groupBy(others, ({ facet }) => facet.code)]
    .map(([code, values]) => ({ key: `facet_${code}`, value: inOrder(values).map(({ name }) => tidyText(name)) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
