import { invalid } from '../errors.ts';
import { type Catalog, key, pathKey } from './catalog.ts';
import { checkProduct, checkVariants } from './product-rules.ts';
import { type Fields, type OptionRow, type ProductRow, type VariantRow, textOf } from './rows.ts';

const DEFAULTS = {
  type: 'physical',
  sku: '',
  description: '',
  weight: 0,
  width: 0,
  depth: 0,
  height: 0,
  price: 0,
  cost_price: 0,
  retail_price: 0,
  sale_price: 0,
  map_price: 0,
  tax_class_id: 0,
  product_tax_code: '',
  categories: [],
  brand_id: 0,
  inventory_level: 0,
  inventory_warning_level: 0,
  inventory_tracking: 'none',
  is_free_shipping: false,
  fixed_cost_shipping_price: 0,
  is_visible: true,
  is_featured: false,
  related_products: [],
  warranty: '',
  bin_picking_number: '',
  upc: '',
  mpn: '',
  gtin: '',
  search_keywords: '',
  availability: 'available',
  availability_description: '',
  condition: 'New',
  is_condition_shown: false,
  order_quantity_minimum: 0,
  order_quantity_maximum: 0,
  page_title: '',
  meta_keywords: [],
  meta_description: '',
  sort_order: 0,
  is_price_hidden: false,
  price_hidden_label: '',
  open_graph_title: '',
  open_graph_description: '',
};

const VARIANT_DEFAULTS = {
  price: null,
  sale_price: null,
  retail_price: null,
  cost_price: null,
  weight: null,
  width: null,
  height: null,
  depth: null,
  upc: '',
  gtin: '',
  mpn: '',
  inventory_level: 0,
  inventory_warning_level: 0,
  bin_picking_number: '',
  purchasing_disabled: false,
  purchasing_disabled_message: '',
  is_free_shipping: false,
  fixed_cost_shipping_price: null,
  image_url: '',
};

/** An address made up from a name leaves room for the id and for the store's own limit of 255. */
const MADE_UP_PATH = 200;

/** One product with its variants, images and custom fields; options come into being as rectangles (bigcommerce-api §3.4). */
export function createProduct(catalog: Catalog, body: Fields): ProductRow {
  const { variants: wanted = [], images = [], custom_fields: fields = [], ...own } = body;
  checkProduct(catalog, body, null);
  checkVariants(catalog, textOf(own['sku']), wanted as Fields[]);
  const id = catalog.nextId();
  const url =
    (own['custom_url'] as { url?: string } | undefined)?.url ??
    `/${key(textOf(own['name']))
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, MADE_UP_PATH)}-${id}/`;
  const row: ProductRow = {
    ...structuredClone(DEFAULTS),
    ...own,
    ...catalog.stamps(),
    id,
    name: textOf(own['name']),
    sku: textOf(own['sku']),
    categories: (own['categories'] ?? []) as number[],
    brand_id: Number(own['brand_id'] ?? 0),
    inventory_tracking: textOf(own['inventory_tracking'], 'none'),
    inventory_level: Number(own['inventory_level'] ?? 0),
    custom_url: { url, is_customized: own['custom_url'] !== undefined },
    base_variant_id: null,
    variants: [],
    images: (images as Fields[]).map((image, at) => imageRow(catalog, image, at)),
    custom_fields: (fields as { name: string; value: string }[]).map(({ name, value }) => ({
      id: catalog.nextId(),
      name,
      value,
    })),
    options: [],
    modifiers: [],
  };
  for (const variant of wanted as Fields[]) row.variants.push(addVariant(catalog, row, variant));
  if (row.variants.length === 0) row.variants.push(baseVariant(catalog, row));
  hold(catalog, row);
  catalog.products.set(id, row);
  return row;
}

export function imageRow(catalog: Catalog, image: Fields, at: number) {
  return {
    description: '',
    ...image,
    id: catalog.nextId(),
    sort_order: Number(image['sort_order'] ?? at),
    is_thumbnail: image['is_thumbnail'] === true,
    url_standard: textOf(image['image_url']),
    description_given: undefined,
  } as unknown as ProductRow['images'][number];
}

function baseVariant(catalog: Catalog, row: ProductRow): VariantRow {
  const id = catalog.nextId();
  row.base_variant_id = id;
  return { ...VARIANT_DEFAULTS, id, product_id: row.id, sku: row.sku, option_values: [] };
}

/** A variant with its option values, by name and label or by ids; what is new among the options is made. */
export function addVariant(catalog: Catalog, product: ProductRow, body: Fields): VariantRow {
  const id = catalog.nextId();
  const named = (body['option_values'] ?? []) as {
    option_display_name?: string;
    label?: string;
    id?: number;
    option_id?: number;
  }[];
  const values = named.map((value) => {
    if (value.id !== undefined && value.option_id !== undefined) return byIds(product, value.option_id, value.id);
    const option = optionOf(catalog, product, String(value.option_display_name));
    const made = valueOf(catalog, option, String(value.label));
    return { id: made.id, option_id: option.id, option_display_name: option.display_name, label: made.label };
  });
  return {
    ...VARIANT_DEFAULTS,
    ...body,
    id,
    product_id: product.id,
    sku: textOf(body['sku']),
    option_values: values,
    inventory_level: Number(body['inventory_level'] ?? 0),
  };
}

function byIds(product: ProductRow, optionId: number, valueId: number) {
  const option = product.options.find((candidate) => candidate.id === optionId);
  const value = option?.option_values.find((candidate) => candidate.id === valueId);
  if (option === undefined || value === undefined) throw invalid({ option_values: 'unknown option or value' });
  return { id: value.id, option_id: option.id, option_display_name: option.display_name, label: value.label };
}

function optionOf(catalog: Catalog, product: ProductRow, name: string): OptionRow {
  const known = product.options.find((option) => key(option.display_name) === key(name));
  if (known !== undefined) return known;
  const made: OptionRow = {
    id: catalog.nextId(),
    product_id: product.id,
    display_name: name,
    type: 'rectangles',
    sort_order: product.options.length,
    option_values: [],
  };
  product.options.push(made);
  return made;
}

function valueOf(catalog: Catalog, option: OptionRow, label: string) {
  const known = option.option_values.find((value) => key(value.label) === key(label));
  if (known !== undefined) return known;
  const made = { id: catalog.nextId(), label, sort_order: option.option_values.length, is_default: false };
  option.option_values.push(made);
  return made;
}

export function updateProduct(catalog: Catalog, row: ProductRow, body: Fields): void {
  const { variants: _variants, images: _images, custom_fields: _fields, id: _id, ...own } = body;
  checkProduct(catalog, { ...row, custom_fields: [], ...own }, row);
  release(catalog, row);
  Object.assign(row, own);
  if (row.base_variant_id !== null) for (const variant of row.variants) variant.sku = row.sku;
  hold(catalog, row);
  catalog.touch(row);
}

export function deleteProduct(catalog: Catalog, row: ProductRow): void {
  release(catalog, row);
  catalog.products.delete(row.id);
  for (const review of catalog.reviews.values()) if (review.product_id === row.id) catalog.reviews.delete(review.id);
  const fields = [
    ...catalog.metafields.of({ resource: 'products', resource_id: row.id }),
    ...row.variants.flatMap(({ id }) => catalog.metafields.of({ resource: 'variants', resource_id: id })),
  ];
  for (const field of fields) catalog.metafields.delete(field.id);
}

export function hold(catalog: Catalog, row: ProductRow): void {
  catalog.names.set(key(row.name), row.id);
  catalog.paths.set(pathKey(row.custom_url.url), `product ${row.id}`);
  for (const variant of row.variants)
    if (variant.sku !== '') catalog.skus.set(key(variant.sku), { product: row.id, variant: variant.id });
  if (row.sku !== '') catalog.skus.set(key(row.sku), { product: row.id, variant: null });
}

export function release(catalog: Catalog, row: ProductRow): void {
  catalog.names.delete(key(row.name));
  catalog.paths.delete(pathKey(row.custom_url.url));
  for (const variant of row.variants) catalog.skus.delete(key(variant.sku));
  catalog.skus.delete(key(row.sku));
}
