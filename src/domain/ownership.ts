import type { Entity } from './entity.ts';
import { equalJson, isObject, type Json, type JsonObject } from './json.ts';

/**
 * What may belong to the target, by entity, in a merchant's words; which fields of a platform they are its connector says
 * (`TargetEntity.ownable`). Names, addresses, SKUs, codes and e-mail addresses are not among them: they are unique keys, which
 * the ledger gives to one record at a time (P6).
 */
export const OWNABLE = {
  category: ['description', 'page_title', 'meta_description', 'sort_order', 'visibility', 'image'],
  brand: ['page_title', 'meta_description', 'image'],
  product: [
    'description',
    'price',
    'sale_price',
    'cost_price',
    'weight',
    'categories',
    'brand',
    'visibility',
    'featured',
    'search_keywords',
    'page_title',
    'meta_description',
    'sort_order',
    'images',
    'custom_fields',
    'related',
  ],
  customer: ['first_name', 'last_name', 'company', 'phone', 'group', 'addresses'],
  order: ['status', 'staff_notes'],
  review: ['status', 'text', 'rating'],
  blog_post: ['body', 'author', 'meta_description'],
  page: ['body', 'meta_description', 'sort_order', 'visibility'],
  /** The level as a whole. */
  stock: ['all'],
} as const satisfies Partial<Record<Entity, readonly string[]>>;

export type OwnableEntity = keyof typeof OWNABLE;
export const OWNABLE_ENTITIES = Object.keys(OWNABLE) as readonly OwnableEntity[];

/** Entity → words for the fields that belong to the target for good. */
export type TargetOwns = Partial<Record<OwnableEntity, readonly string[]>>;

export function isOwnable(entity: Entity): entity is OwnableEntity {
  return entity in OWNABLE;
}

/** Those of the words that name nothing that can belong to the target. */
export function notOwnable(entity: OwnableEntity, words: readonly string[]): readonly string[] {
  const known: readonly string[] = OWNABLE[entity];
  return words.filter((word) => !known.includes(word));
}

/** Where in a record's parts a word is: a field of a part, or (without `field`) the part as a whole. */
export interface OwnedPlace {
  readonly part: string;
  readonly field?: string;
  /** The part is rows, each with this field; a row is the one that it was while these members are what they were. */
  readonly rowsBy?: readonly string[];
}
/** What each word is at a target. */
export type OwnablePlaces = Readonly<Record<string, readonly OwnedPlace[]>>;

/** The places of the words that belong to the target, by the mapping and by what was announced of the record. */
export function ownedPlaces(
  ownable: OwnablePlaces | undefined,
  words: readonly (string | undefined)[],
): readonly OwnedPlace[] {
  if (ownable === undefined) return [];
  return [...new Set(words)].flatMap((word) => (word === undefined ? [] : (ownable[word] ?? [])));
}

export function ownsPart(places: readonly OwnedPlace[], part: string): boolean {
  return places.some((place) => place.part === part && place.field === undefined);
}

/**
 * A value of a part without the fields that belong to the target: an object, a list of rows, or an object that holds `rows`.
 * @param known where given, rows that are not among its own keep their fields: they are new, and made from the source
 */
export function withoutOwned(places: readonly OwnedPlace[], part: string, value: Json, known?: Json): Json {
  const own = places.filter((place) => place.part === part && place.field !== undefined);
  if (own.length === 0 || value === null) return value;
  const names = new Set(own.map(({ field }) => field ?? ''));
  const rowsBy = own[0]?.rowsBy ?? [];
  const before = known === undefined ? null : rowsOf(known);
  const strip = (row: Json): Json => {
    if (!isObject(row)) return row;
    const isNew = before !== null && !before.some((one) => rowsBy.every((name) => sameMember(one, row, name)));
    return isNew ? row : Object.fromEntries(Object.entries(row).filter(([name]) => !names.has(name)));
  };
  if (Array.isArray(value)) return (value as readonly Json[]).map(strip);
  if (!isObject(value)) return value;
  if (Array.isArray(value['rows'])) return { ...value, rows: (value['rows'] as readonly Json[]).map(strip) };
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.has(name)));
}

/** Such a value with what belongs to the target as it was before; rows stay as they are. */
export function withOwned(places: readonly OwnedPlace[], part: string, value: Json, before: Json): Json {
  if (!isObject(value) || !isObject(before) || Array.isArray(value['rows'])) return value;
  const names = places.flatMap((place) => (place.part === part && place.field !== undefined ? [place.field] : []));
  const kept = names.filter((name) => name in before).map((name): [string, Json] => [name, before[name] ?? null]);
  return kept.length === 0 ? value : { ...value, ...Object.fromEntries(kept) };
}

/** null: there are none to compare with. */
function rowsOf(value: Json): readonly JsonObject[] | null {
  return isObject(value) && Array.isArray(value['rows']) ? (value['rows'] as readonly JsonObject[]) : null;
}

function sameMember(one: JsonObject, other: JsonObject, name: string): boolean {
  return equalJson(one[name] ?? null, other[name] ?? null);
}
