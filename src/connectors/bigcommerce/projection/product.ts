import type { Json, JsonObject } from '../../../domain/json.ts';
import type { ChildPair, PresentState } from '../../../domain/target-state.ts';
import type { CustomFieldRow, ImageRow, OptionRow, ProductRow, VariantWireRow } from '../wire/product.ts';
import { type FieldTable, projectFields } from './fields.ts';

/** Stock levels, stamps, ratings and computed prices move by themselves and are not in it (P8). */
export const CORE_FIELDS: FieldTable = {
  name: 'text',
  type: 'text',
  sku: 'text',
  description: 'html',
  weight: 'number',
  depth: 'number',
  width: 'number',
  height: 'number',
  price: 'number',
  sale_price: 'number',
  cost_price: 'number',
  tax_class_id: 'number',
  categories: 'ids',
  brand_id: 'number',
  inventory_tracking: 'text',
  inventory_warning_level: 'number',
  is_visible: 'flag',
  is_featured: 'flag',
  upc: 'text',
  gtin: 'text',
  search_keywords: 'text',
  availability: 'text',
  availability_description: 'text',
  order_quantity_maximum: 'number',
  page_title: 'text',
  meta_description: 'text',
  open_graph_title: 'text',
  open_graph_description: 'text',
  sort_order: 'number',
  is_price_hidden: 'flag',
  custom_url: 'url',
};

/** The variant's picture is served from an address of the target's own, so it is not compared here. */
export const VARIANT_FIELDS: FieldTable = {
  sku: 'text',
  price: 'measure',
  sale_price: 'number',
  weight: 'measure',
  depth: 'measure',
  width: 'measure',
  height: 'measure',
  gtin: 'text',
  upc: 'text',
  is_free_shipping: 'flag',
  purchasing_disabled: 'flag',
  inventory_warning_level: 'number',
};

export function presentProduct(row: ProductRow, children: readonly ChildPair[] = []): PresentState {
  return {
    targetId: String(row.id),
    modifiedAt: instant(row.date_modified),
    createdAt: instant(row.date_created),
    parts: {
      core: presentCore(row),
      ...(row.variants == null ? {} : { variants: presentVariants(row.variants) }),
      ...(row.images == null ? {} : { images: presentImages(row.images) }),
      ...(row.custom_fields == null ? {} : { custom_fields: presentCustomFields(row.custom_fields) }),
      ...(row['related_products'] === undefined ? {} : { related: presentRelated(row) }),
    },
    children,
  };
}

function presentCore(row: ProductRow): JsonObject {
  const fields = projectFields(CORE_FIELDS, row);
  // Categories are a set (fidelity N7); the store gives them in whatever order.
  return { ...fields, categories: (fields['categories'] as number[]).toSorted((a, b) => a - b) };
}

/** The base variant of a product without options mirrors the product and is none of its variants. */
export function realVariants(rows: readonly VariantWireRow[]): readonly VariantWireRow[] {
  return rows.filter((row) => (row.option_values ?? []).length > 0).toSorted((a, b) => a.id - b.id);
}

export function presentVariants(rows: readonly VariantWireRow[]): Json {
  return realVariants(rows).map((row) => ({
    id: row.id,
    options: labelsOf(row),
    ...projectFields(VARIANT_FIELDS, row),
  }));
}

function labelsOf(row: VariantWireRow): JsonObject {
  const labels = (row.option_values ?? []).map((value): [string, string] => [
    value.option_display_name ?? '',
    value.label ?? '',
  ]);
  return Object.fromEntries(labels.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export function presentImages(rows: readonly ImageRow[]): Json {
  return rows
    .map((row) => ({
      id: row.id,
      description: row.description ?? '',
      sort_order: row.sort_order ?? 0,
      is_thumbnail: row.is_thumbnail === true,
    }))
    .toSorted((a, b) => a.sort_order - b.sort_order || a.id - b.id);
}

export function presentCustomFields(rows: readonly CustomFieldRow[]): Json {
  return rows
    .map((row) => ({ id: row.id, name: row.name ?? '', value: row.value ?? '' }))
    .toSorted((a, b) => a.id - b.id);
}

/** `-1` is the store's word for "whatever is alike". */
function presentRelated(row: ProductRow): Json {
  return projectFields({ related_products: 'ids' }, row)['related_products'] ?? [];
}

export function presentOptions(rows: readonly OptionRow[]): Json {
  return rows
    .map((row) => ({
      id: row.id,
      display_name: row.display_name ?? '',
      option_values: (row.option_values ?? [])
        .map((value) => ({
          id: value.id,
          label: value.label ?? '',
          is_default: value.is_default === true,
          sort_order: value.sort_order ?? 0,
        }))
        .toSorted((a, b) => a.sort_order - b.sort_order || a.id - b.id),
    }))
    .toSorted((a, b) => a.id - b.id);
}

/** The store writes `2026-11-20T15:47:50+00:00`. */
function instant(text: string | null | undefined): string | null {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
