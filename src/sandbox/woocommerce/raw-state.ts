import { attributeWire } from './resources/attributes.ts';
import { productWire } from './resources/product-wire.ts';
import { taxClasses } from './resources/tax-classes.ts';
import { attributeTermKind, brandKind, categoryKind, shippingClassKind, tagKind } from './resources/term-kinds.ts';
import type { TermKind } from './resources/terms.ts';
import { termWire } from './resources/terms.ts';
import { variationWire } from './resources/variation-wire.ts';
import { termLink } from './resources/wordpress/terms.ts';
import type { Shop } from './store/shop.ts';
import { termsOf } from './store/shop.ts';

/**
 * The whole shop in REST form (`context=edit`), trashed rows included; terms with the `permalink` that only wp/v2
 * shows. This is what a checker compares with the target, so nothing is left out and nothing is paged.
 */
export function rawState(shop: Shop): Record<string, unknown> {
  const terms = (taxonomy: string, kind: TermKind, collection: string): unknown[] =>
    termsOf(shop, taxonomy).map((term) => ({
      ...termWire(shop, term, kind, collection),
      permalink: termLink(shop, term),
    }));
  return {
    baseUrl: shop.baseUrl,
    timeZone: shop.zone.name,
    categories: terms('product_cat', categoryKind, categoryKind.path),
    brands: terms('product_brand', brandKind, brandKind.path),
    tags: terms('product_tag', tagKind, tagKind.path),
    shippingClasses: terms('product_shipping_class', shippingClassKind, shippingClassKind.path),
    attributes: [...shop.attributes.values()].map((row) => ({
      ...attributeWire(shop, row),
      terms: terms(row.slug, attributeTermKind, `/wc/v3/products/attributes/${row.id}/terms`),
    })),
    taxClasses: taxClasses(shop),
    products: [...shop.products.values()].map((row) => productWire(shop, row, 'edit')),
    variations: [...shop.variations.values()].map((row) => variationWire(shop, row)),
    settings: shop.settings,
    missingImages: [...shop.attachments.values()].filter((row) => row.missing).map((row) => row.id),
  };
}
