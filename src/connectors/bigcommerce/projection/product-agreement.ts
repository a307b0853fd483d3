import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { agreesFields, type FieldTable } from './fields.ts';
import { CORE_FIELDS, VARIANT_FIELDS } from './product.ts';
import { customFieldKey, type VariantWish } from './product-children.ts';

/** Whether a part as it is at the target is what `desired` would have made of it (P2). */
export function agreesProductPart(part: string, desired: Json, present: Json): boolean {
  switch (part) {
    case 'core':
      return agreesFields(CORE_FIELDS, desired, present);
    case 'variants':
      return agreesVariants(desired, present);
    case 'images':
      return agreesImages(desired, present);
    case 'custom_fields':
      return agreesFieldSet(desired, present);
    case 'related':
      return Array.isArray(desired) && agreesFields({ ids: 'ids' }, { ids: desired }, { ids: present });
    default:
      return false;
  }
}

function agreesVariants(desired: Json, present: Json): boolean {
  if (!isObject(desired) || !Array.isArray(present)) return false;
  const wishes = (desired['rows'] ?? []) as readonly JsonObject[];
  const rows = present as readonly JsonObject[];
  if (wishes.length !== rows.length) return false;
  const byTuple = new Map(rows.map((row) => [tupleOf(Object.entries(row['options'] as JsonObject)), row]));
  return wishes.every((wish) => {
    const values = wish['option_values'] as unknown as VariantWish['option_values'];
    const row = byTuple.get(tupleOf(values.map((value) => [value.option_display_name, value.label])));
    return row !== undefined && agreesFields(VARIANT_FIELDS, wish, row);
  });
}

function tupleOf(pairs: readonly (readonly [string, Json])[]): string {
  return JSON.stringify(pairs.map(([name, label]) => `${name}\n${JSON.stringify(label)}`.toLowerCase()).toSorted());
}

/** Uploaded pictures stand in the same list, so there may be more than `desired` names. */
function agreesImages(desired: Json, present: Json): boolean {
  if (!Array.isArray(desired) || !Array.isArray(present)) return false;
  const table: FieldTable = { description: 'text', sort_order: 'number', is_thumbnail: 'flag' };
  if (desired.length === 0) return present.length === 0;
  return desired.every((wish: Json) => present.some((row: Json) => agreesFields(table, wish, row)));
}

function agreesFieldSet(desired: Json, present: Json): boolean {
  if (!Array.isArray(desired) || !Array.isArray(present)) return false;
  return JSON.stringify(fieldKeys(desired)) === JSON.stringify(fieldKeys(present));
}

function fieldKeys(rows: readonly Json[]): string[] {
  return rows.map((row) => customFieldKey(row as never)).toSorted();
}
