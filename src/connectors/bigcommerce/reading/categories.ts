import type { JsonObject } from '../../../domain/json.ts';
import { normaliseKey } from '../../../domain/unique-key.ts';
import type { Query } from '../../http/request-form.ts';
import type { CallOptions, LookUpHit, WriteItem } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import { agreesFields, textField } from '../projection/fields.ts';
import { levelPairs, parentId, presentBrand, presentCategory } from '../projection/category.ts';
import { type BrandRow, brandSchema, type CategoryRow, categorySchema } from '../wire/category.ts';

export function listCategories(api: BigCommerceApi, query: Query, call: CallOptions): Promise<readonly CategoryRow[]> {
  const path = '/v3/catalog/trees/categories';
  return api.list({ path, route: 'catalog/trees/categories', query, schema: categorySchema, call });
}

export function listBrands(api: BigCommerceApi, query: Query, call: CallOptions): Promise<readonly BrandRow[]> {
  return api.list({ path: '/v3/catalog/brands', route: 'catalog/brands', query, schema: brandSchema, call });
}

/** Names are unique among siblings: one request for the siblings of all items, by name when there is only one item. */
export async function lookUpCategories(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly LookUpHit[]> {
  const parents = [...new Set(items.map((item) => parentId(item.desired as JsonObject)))];
  const [only] = items;
  const name = items.length === 1 && only !== undefined ? { name: nameOf(only) } : {};
  const rows = await listCategories(api, { 'parent_id:in': parents, ...name }, call);
  return items.flatMap((item): LookUpHit[] => {
    const desired = item.desired as JsonObject;
    const row = rows.find(
      (one) =>
        (one.parent_id ?? 0) === parentId(desired) && normaliseKey(one.name ?? '') === normaliseKey(nameOf(item)),
    );
    if (row === undefined) return [];
    const state = presentCategory(row, levelPairs(desired, row.category_id));
    return [{ id: item.id, state, marker: null, agrees: agreesName(item, state.parts['core'] as JsonObject) }];
  });
}

export async function lookUpBrands(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly LookUpHit[]> {
  const hits: LookUpHit[] = [];
  for (const item of items) {
    const rows = await listBrands(api, { name: nameOf(item) }, call);
    const row = rows.find((one) => normaliseKey(one.name ?? '') === normaliseKey(nameOf(item)));
    if (row === undefined) continue;
    const state = presentBrand(row);
    hits.push({ id: item.id, state, marker: null, agrees: agreesName(item, state.parts['core'] as JsonObject) });
  }
  return hits;
}

function agreesName(item: WriteItem, core: JsonObject): boolean {
  return agreesFields({ name: 'text' }, item.desired, core);
}

function nameOf(item: WriteItem): string {
  return textField(item.desired, 'name');
}
