import { z } from 'zod';
import { decimal, derived, flag, gmt, id, ids, image, integer, listOf, meta, text } from '../wire/fields.ts';

const named = z.looseObject({ id, name: text.default('') });

const dimensions = z.union([
  z.looseObject({ length: decimal.default(null), width: decimal.default(null), height: decimal.default(null) }),
  // PHP writes an empty object as a list.
  z.array(z.never()).transform(() => ({ length: null, width: null, height: null })),
  z.null().transform(() => ({ length: null, width: null, height: null })),
]);

const attribute = z.looseObject({
  id,
  name: text,
  slug: text.default(''),
  position: integer.default(0),
  visible: flag.default(false),
  variation: flag.default(false),
  options: listOf(text),
});

const pricing = {
  regular_price: decimal,
  sale_price: decimal,
  on_sale: flag,
  date_on_sale_from_gmt: gmt.default(null),
  date_on_sale_to_gmt: gmt.default(null),
};

const goods = {
  sku: text,
  global_unique_id: text.default(''),
  virtual: flag.default(false),
  downloadable: flag.default(false),
  downloads: listOf(z.looseObject({ name: text.default('') })).default([]),
  download_limit: integer.default(-1),
  download_expiry: integer.default(-1),
  tax_status: text.default('taxable'),
  tax_class: text.default(''),
  stock_quantity: decimal,
  stock_status: z.string(),
  backorders: text.default('no'),
  low_stock_amount: decimal.default(null),
  weight: decimal.default(null),
  dimensions: dimensions.default({ length: null, width: null, height: null }),
  shipping_class: text.default(''),
  menu_order: integer.default(0),
  meta_data: listOf(meta).default([]),
};

/** Fields that either platform computes for itself (fidelity §4, class DERIVED). */
const computed = {
  date_created: derived,
  date_modified: derived,
  date_on_sale_from: derived,
  date_on_sale_to: derived,
  price: derived,
  price_html: derived,
  has_options: derived,
  purchasable: derived,
  shipping_required: derived,
  shipping_taxable: derived,
  shipping_class_id: derived,
  related_ids: derived,
  backorders_allowed: derived,
  backordered: derived,
  average_rating: derived,
  rating_count: derived,
  permalink_template: derived,
  generated_slug: derived,
};

export const productSchema = z.looseObject({
  ...computed,
  ...pricing,
  ...goods,
  id,
  name: text,
  slug: text,
  permalink: text.default(''),
  date_created_gmt: gmt.default(null),
  date_modified_gmt: gmt.default(null),
  type: text,
  status: text,
  featured: flag.default(false),
  catalog_visibility: text.default('visible'),
  description: text,
  short_description: text,
  total_sales: decimal.default(null),
  external_url: text.default(''),
  button_text: text.default(''),
  manage_stock: flag,
  sold_individually: flag.default(false),
  reviews_allowed: flag.default(true),
  upsell_ids: ids.default([]),
  cross_sell_ids: ids.default([]),
  parent_id: id.default(''),
  purchase_note: text.default(''),
  categories: listOf(named),
  brands: listOf(named).default([]),
  tags: listOf(named).default([]),
  images: listOf(image),
  attributes: listOf(attribute),
  default_attributes: listOf(z.looseObject({ id, name: text.default(''), option: text })).default([]),
  variations: ids,
  grouped_products: ids.default([]),
  post_password: text.default(''),
});

export type WireProduct = z.output<typeof productSchema>;
export type WireAttribute = WireProduct['attributes'][number];

export const variationSchema = z.looseObject({
  ...computed,
  ...pricing,
  ...goods,
  id,
  parent_id: id.default(''),
  type: derived,
  name: derived,
  permalink: derived,
  date_created_gmt: derived,
  date_modified_gmt: gmt.default(null),
  description: text,
  status: text,
  manage_stock: z.union([z.literal('parent'), flag]),
  image: z.union([image, z.null(), z.array(z.never()).transform(() => null)]).default(null),
  attributes: listOf(z.looseObject({ id, name: text, slug: text.default(''), option: text.default('') })),
});

export type WireVariation = z.output<typeof variationSchema>;
