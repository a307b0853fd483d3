import { createHash } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import type { ChildPair } from '../../../domain/target-state.ts';
import { BASE_VARIANT, TRACKING, VARIANT } from '../mapping/stock.ts';
import type { ImageRow, ProductRow, VariantWireRow } from '../wire/product.ts';
import { pair } from './children.ts';
import { realVariants } from './product.ts';

/** Kinds of children that a product remembers. */
export const IMAGE = 'image';
export const UPLOAD = 'upload';
export const OPTION = 'option';
export const MODIFIER = 'modifier';
export const CUSTOM_FIELD = 'custom_field';

export interface VariantWish {
  readonly key: string;
  readonly sku: string;
  readonly option_values: readonly { readonly option_display_name: string; readonly label: string }[];
}

/** Our variants, told by their options: the SKU may have been edited since. */
export function pairVariants(desired: Json, rows: readonly VariantWireRow[]): ReadonlyMap<string, VariantWireRow> {
  const byTuple = new Map(realVariants(rows).map((row) => [tuple(row.option_values ?? []), row]));
  const wishes = (isObject(desired) ? (desired['rows'] ?? []) : []) as unknown as readonly VariantWish[];
  return new Map(
    wishes.flatMap((wish): [string, VariantWireRow][] => {
      const row = byTuple.get(tuple(wish.option_values));
      return row === undefined ? [] : [[wish.key, row]];
    }),
  );
}

function tuple(
  values: readonly { option_display_name?: string | null | undefined; label?: string | null | undefined }[],
): string {
  const pairs = values.map((value) => `${value.option_display_name ?? ''}\n${value.label ?? ''}`.toLowerCase());
  return JSON.stringify(pairs.toSorted());
}

/** Everything that a record remembers of a product's parts, told from the form that it was made of. */
export function childrenOfProduct(row: ProductRow, bundle: Readonly<Record<string, Json>>): ChildPair[] {
  const variants = pairVariants(bundle['variants'] ?? null, row.variants ?? []);
  const base = isObject(bundle['variants'] ?? null) ? (bundle['variants'] as JsonObject)['base'] : null;
  return [
    pair(TRACKING, 'stock', row.inventory_tracking ?? 'none'),
    ...(typeof base === 'string' ? [pair(BASE_VARIANT, base, row.base_variant_id ?? row.id)] : []),
    ...[...variants].map(([key, variant]) => pair(VARIANT, key, variant.id)),
    ...optionPairs(row.variants ?? []),
    ...pairImages((bundle['images'] ?? []) as never, row.images ?? [], new Map()).map(([key, image]) =>
      pair(IMAGE, key, image.id),
    ),
    ...(row.custom_fields ?? []).map((field) => pair(CUSTOM_FIELD, customFieldKey(field), field.id)),
  ];
}

function optionPairs(rows: readonly VariantWireRow[]): ChildPair[] {
  const ids = new Map<string, number>();
  for (const value of rows.flatMap((row) => row.option_values ?? [])) {
    if (value.option_id != null) ids.set(value.option_display_name ?? '', value.option_id);
  }
  return [...ids].map(([name, id]) => pair(OPTION, name, id));
}

/** Fields are told by name and value; the key is short whatever they hold. */
export function customFieldKey(field: { name?: string | null | undefined; value?: string | null | undefined }): string {
  const text = `${field.name ?? ''}\n${field.value ?? ''}`;
  return text.length <= 60
    ? text
    : `${text.slice(0, 40)}#${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

interface ImageWish {
  readonly key: string;
  readonly description: string;
  readonly sort_order: number;
}

/** Images carry no marker: those that are known by id, then those with the same place and text. */
export function pairImages(
  desired: readonly ImageWish[],
  rows: readonly ImageRow[],
  known: ReadonlyMap<string, string>,
): [string, ImageRow][] {
  const left = new Map(rows.map((row) => [String(row.id), row]));
  const pairs: [string, ImageRow][] = [];
  const take = (key: string, row: ImageRow | undefined): boolean => {
    if (row === undefined) return false;
    left.delete(String(row.id));
    pairs.push([key, row]);
    return true;
  };
  const unknown = desired.filter((wish) => !take(wish.key, left.get(known.get(wish.key) ?? '')));
  for (const wish of unknown) {
    const claimed = new Set(known.values());
    const alike = [...left.values()].find(
      (row) =>
        !claimed.has(String(row.id)) &&
        (row.sort_order ?? 0) === wish.sort_order &&
        (row.description ?? '').trim() === wish.description.trim(),
    );
    take(wish.key, alike);
  }
  return pairs;
}
