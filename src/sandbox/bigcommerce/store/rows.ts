/** Rows in the shape of the wire; fields that the sandbox does not look into are kept as they came. */
export type Fields = Record<string, unknown>;

export interface Timed {
  date_created: string;
  date_modified: string;
  /** For list lag (shared controls). */
  visibleSinceMs: number;
}
export interface CategoryRow extends Fields, Timed {
  category_id: number;
  parent_id: number;
  tree_id: number;
  name: string;
  url: { path: string; is_customized: boolean };
}
export interface BrandRow extends Fields, Timed {
  id: number;
  name: string;
  custom_url: { url: string; is_customized: boolean };
}
export interface OptionValueRow extends Fields {
  id: number;
  label: string;
  sort_order: number;
  is_default: boolean;
}
export interface OptionRow extends Fields {
  id: number;
  display_name: string;
  type: string;
  sort_order: number;
  option_values: OptionValueRow[];
}
export interface VariantRow extends Fields {
  id: number;
  product_id: number;
  sku: string;
  option_values: { id: number; option_id: number; option_display_name: string; label: string }[];
  inventory_level: number;
}
export interface ImageRow extends Fields {
  id: number;
  description: string;
  sort_order: number;
  is_thumbnail: boolean;
}
export interface CustomFieldRow {
  id: number;
  name: string;
  value: string;
}
export interface ProductRow extends Fields, Timed {
  id: number;
  name: string;
  sku: string;
  categories: number[];
  brand_id: number;
  inventory_tracking: string;
  inventory_level: number;
  custom_url: { url: string; is_customized: boolean };
  base_variant_id: number | null;
  variants: VariantRow[];
  images: ImageRow[];
  custom_fields: CustomFieldRow[];
  options: OptionRow[];
  modifiers: OptionRow[];
}
export interface MetafieldRow extends Fields {
  id: number;
  date_modified: string;
  resource: string;
  resource_id: number;
  namespace: string;
  key: string;
  value: string;
}

/** A text as it came, '' for anything else. */
export function textOf(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}
