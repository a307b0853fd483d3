import { RestError } from '../rest/errors.ts';
import type { Call } from '../rest/resource.ts';
import type { TermKind } from './terms.ts';

function fixed(taxonomy: string, path: string, fields: TermKind['fields']): TermKind {
  return { path, taxonomy: () => taxonomy, collection: () => path, fields };
}

export const categoryKind = fixed('product_cat', '/wc/v3/products/categories', [
  'parent',
  'display',
  'image',
  'menu_order',
]);
export const brandKind = fixed('product_brand', '/wc/v3/products/brands', ['parent', 'display', 'image', 'menu_order']);
export const tagKind = fixed('product_tag', '/wc/v3/products/tags', []);
export const shippingClassKind = fixed('product_shipping_class', '/wc/v3/products/shipping_classes', []);

export const attributeTermKind: TermKind = {
  path: '/wc/v3/products/attributes/:attribute_id(^\\d+$)/terms',
  taxonomy: (call) => attributeOf(call).slug,
  collection: (call) => `/wc/v3/products/attributes/${attributeOf(call).id}/terms`,
  fields: ['menu_order'],
};

function attributeOf(call: Call): { id: number; slug: string } {
  const attribute = call.shop.attributes.get(call.ids['attribute_id'] ?? 0);
  if (!attribute) throw new RestError('woocommerce_rest_taxonomy_invalid', 'Resource does not exist.', 404);
  return attribute;
}
