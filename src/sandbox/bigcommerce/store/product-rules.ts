import { ApiError, duplicate, invalid, missingFields } from '../errors.ts';
import { type Catalog, key, pathKey } from './catalog.ts';
import { type Fields, type ProductRow, textOf } from './rows.ts';

const MOST_VARIANTS = 600;
const MOST_VALUES = 250;

/** What a create or a change of a product must satisfy (bigcommerce-api §1.5, §3.3). `self` is the row that is changed. */
export function checkProduct(catalog: Catalog, body: Fields, self: ProductRow | null): void {
  if (self === null) requireFields(body);
  lengths(body);
  amounts(body);
  references(catalog, body);
  unique(catalog, body, self);
}

function requireFields(body: Fields): void {
  const missing: Record<string, string> = {};
  for (const field of ['name', 'type', 'weight', 'price']) {
    if (body[field] === undefined || body[field] === null || body[field] === '')
      missing[field] = `Please provide a ${field}.`;
  }
  if (Object.keys(missing).length > 0) throw missingFields(missing);
  if (body['type'] !== 'physical' && body['type'] !== 'digital') throw invalid({ type: 'physical or digital' });
}

const LONGEST: Record<string, number> = {
  name: 250,
  sku: 255,
  page_title: 255,
  upc: 14,
  gtin: 14,
  availability_description: 255,
};

function lengths(body: Fields): void {
  for (const [field, most] of Object.entries(LONGEST)) {
    const value = body[field];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') throw invalid({ [field]: 'must be a text' });
    if (value.length > most) throw invalid({ [field]: `must be at most ${most} characters` });
  }
  const url = (body['custom_url'] as { url?: string } | undefined)?.url;
  if (url !== undefined && url.length > 255) throw invalid({ custom_url: 'must be at most 255 characters' });
  const fields = (body['custom_fields'] ?? []) as { name: string; value: string }[];
  if (fields.length > 200) throw invalid({ custom_fields: 'at most 200' });
  const pairs = new Set<string>();
  for (const { name, value } of fields) {
    if (!name || !value || name.length > 250 || value.length > 250)
      throw invalid({ custom_fields: 'name and value have 1 to 250 characters' });
    const pair = `${name}\n${value}`;
    if (pairs.has(pair)) throw invalid({ custom_fields: 'The custom field already exists.' });
    pairs.add(pair);
  }
}

function amounts(body: Fields): void {
  for (const field of ['price', 'sale_price', 'cost_price', 'retail_price', 'weight', 'width', 'height', 'depth']) {
    const value = body[field];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      throw invalid({ [field]: 'must be a number of 0 or more' });
  }
  const level = body['inventory_level'];
  if (level !== undefined && (!Number.isInteger(level) || (level as number) < 0 || (level as number) > 2_147_483_647)) {
    throw invalid({ inventory_level: 'must be a whole number from 0 to 2147483647' });
  }
  if (body['is_price_hidden'] === true && body['availability'] !== 'disabled') {
    throw invalid({ is_price_hidden: 'only where availability is disabled' });
  }
  if (((body['related_products'] ?? []) as number[]).length > 50) throw invalid({ related_products: 'at most 50' });
}

function references(catalog: Catalog, body: Fields): void {
  for (const id of (body['categories'] ?? []) as number[]) {
    if (!catalog.categories.has(id))
      throw new ApiError(409, `The category ${id} does not exist.`, { categories: 'invalid' });
  }
  const brand = Number(body['brand_id'] ?? 0);
  if (brand !== 0 && !catalog.brands.has(brand))
    throw new ApiError(409, `The brand ${brand} does not exist.`, { brand_id: 'invalid' });
  const tax = Number(body['tax_class_id'] ?? 0);
  if (tax < 0 || tax > 5) throw new ApiError(409, `The tax class ${tax} does not exist.`, { tax_class_id: 'invalid' });
}

function unique(catalog: Catalog, body: Fields, self: ProductRow | null): void {
  const name = textOf(body['name']);
  const named = catalog.names.get(key(name));
  if (named !== undefined && named !== self?.id) throw duplicate('name', name);
  const sku = textOf(body['sku']);
  const owner = sku === '' ? undefined : catalog.skus.get(key(sku));
  if (owner !== undefined && owner.product !== self?.id) throw duplicate('sku', sku);
  const url = (body['custom_url'] as { url?: string } | undefined)?.url;
  const holder = url === undefined ? undefined : catalog.paths.get(pathKey(url));
  if (holder !== undefined && holder !== `product ${self?.id}`) throw duplicate('url', url ?? '');
}

/** Variants of a create: a SKU each, unique store-wide and among themselves, every option named (§3.4). */
export function checkVariants(catalog: Catalog, productSku: string, variants: readonly Fields[]): void {
  if (variants.length > MOST_VARIANTS) throw invalid({ variants: `at most ${MOST_VARIANTS}` });
  const seen = new Set<string>(productSku === '' ? [] : [key(productSku)]);
  const tuples = new Set<string>();
  const labels = new Map<string, Set<string>>();
  for (const [at, variant] of variants.entries()) {
    const sku = textOf(variant['sku']);
    if (sku === '' || sku.length > 255) throw invalid({ [`variants.${at}.sku`]: '1 to 255 characters' });
    if (seen.has(key(sku)) || catalog.skus.has(key(sku)))
      throw new ApiError(409, `Sku ${sku} is not unique`, { [`variants.${at}.sku`]: 'not unique' });
    seen.add(key(sku));
    const values = (variant['option_values'] ?? []) as { option_display_name?: string; label?: string }[];
    if (values.length === 0) throw invalid({ [`variants.${at}.option_values`]: 'required' });
    for (const { option_display_name: name = '', label = '' } of values) {
      if (name === '' || label === '' || name.length > 255 || label.length > 255)
        throw invalid({ [`variants.${at}.option_values`]: 'name and label' });
      labels.set(key(name), (labels.get(key(name)) ?? new Set()).add(key(label)));
    }
    const tuple = values
      .map((value) => `${key(value.option_display_name ?? '')}=${key(value.label ?? '')}`)
      .sort()
      .join('|');
    if (tuples.has(tuple)) throw invalid({ [`variants.${at}.option_values`]: 'this combination exists already' });
    tuples.add(tuple);
    amounts(variant);
  }
  if ([...labels.values()].some((set) => set.size > MOST_VALUES))
    throw invalid({ options: `at most ${MOST_VALUES} values` });
}
