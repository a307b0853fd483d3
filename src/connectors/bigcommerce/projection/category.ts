import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import type { ChildPair, PresentState } from '../../../domain/target-state.ts';
import { LEVEL } from '../mapping/category.ts';
import type { BrandRow, CategoryRow } from '../wire/category.ts';
import { pair } from './children.ts';
import { agreesFields, type FieldTable, projectFields } from './fields.ts';

const CATEGORY_FIELDS: FieldTable = {
  parent_id: 'number',
  name: 'text',
  description: 'html',
  sort_order: 'number',
  is_visible: 'flag',
  page_title: 'text',
  meta_description: 'text',
  url: 'url',
};

const BRAND_FIELDS: FieldTable = {
  name: 'text',
  page_title: 'text',
  meta_description: 'text',
  custom_url: 'url',
};

export function presentCategory(row: CategoryRow, children: readonly ChildPair[] = []): PresentState {
  const parts = { core: projectFields(CATEGORY_FIELDS, row), image: presentImage(row.image_url) };
  return { targetId: String(row.category_id), modifiedAt: null, createdAt: null, parts, children };
}

export function presentBrand(row: BrandRow): PresentState {
  const parts = { core: projectFields(BRAND_FIELDS, row), image: presentImage(row.image_url) };
  return { targetId: String(row.id), modifiedAt: null, createdAt: null, parts, children: [] };
}

/** The target serves the picture from an address of its own: only whether there is one can be seen. */
function presentImage(url: string | null | undefined): JsonObject {
  return { present: (url ?? '') !== '' };
}

/**
 * Another picture looks like the same one: a change of picture whose reply was lost, and that never happened, passes for done.
 * A create and a removal are told for certain.
 */
function agreesImage(desired: Json, present: Json): boolean {
  if (!isObject(desired) || !isObject(present)) return false;
  return (desired['image_url'] !== '') === (present['present'] === true);
}

export function agreesCategoryPart(part: string, desired: Json, present: Json): boolean {
  if (part === 'image') return agreesImage(desired, present);
  if (part !== 'core' || !isObject(desired)) return false;
  return agreesFields(CATEGORY_FIELDS, { ...desired, parent_id: parentId(desired) }, present);
}

export function agreesBrandPart(part: string, desired: Json, present: Json): boolean {
  if (part === 'image') return agreesImage(desired, present);
  return part === 'core' && agreesFields(BRAND_FIELDS, desired, present);
}

/** 0 = the top of the tree. */
export function parentId(desired: JsonObject): number {
  return Number((desired['ancestors'] as readonly Json[] | undefined)?.at(-1) ?? 0);
}

/** Where the category stands: its ancestors by level, and itself. */
export function levelPairs(desired: JsonObject, id: number): ChildPair[] {
  const ancestors = (desired['ancestors'] ?? []) as readonly number[];
  return [...ancestors, id].map((targetId, index) => pair(LEVEL, String(index + 1), targetId));
}
