import type { JsonObject } from '../../../domain/json.ts';
import type { TargetEntity } from '../../target.ts';
import type { RowDeps } from '../entity-table.ts';
import { categoryKeys, LEVEL, mapCategory, scannedCategoryKeys } from '../mapping/category.ts';
import { OWNABLE_PLACES } from '../ownable.ts';
import { agreesCategoryPart, parentId, presentCategory } from '../projection/category.ts';
import { listCategories, lookUpCategories } from '../reading/categories.ts';
import { existingCategories, existingScanner } from '../reading/existing.ts';
import { createCategories, updateCategories } from '../writing/categories.ts';
import { deleteByIds } from '../writing/deletes.ts';
import { metafieldReader } from '../reading/metafields.ts';
import { ownEntries, writeMetafields } from '../writing/metafields.ts';
import { FILLING, laterPart, unknownPart } from './part-spec.ts';

const PATH = '/v3/catalog/trees/categories';

export function categoryRow({ api, rules }: RowDeps): TargetEntity<'category'> {
  const place = {
    resource: 'categories',
    listPath: ({ resourceId }: { resourceId: number }) => `/v3/catalog/categories/${resourceId}/metafields`,
  };
  return {
    entity: 'category',
    parts: [
      { part: 'core', createBatch: 10, updateBatch: 10, deleteBatch: 50, bundles: ['image'] },
      laterPart('image', 1),
      laterPart('metafields', FILLING),
    ],
    foreignEdits: 'full-list',
    derivedFrom: null,
    ownable: OWNABLE_PLACES.category,
    referredChildren: { [LEVEL]: ['category'] },
    wantedKeys: categoryKeys,
    scannedKeys: scannedCategoryKeys,
    map: (sourceId, canonical, context) => mapCategory(sourceId, canonical, context, rules),
    agrees: agreesCategoryPart,
    // Siblings share a request (bigcommerce-api §3.1).
    together: (desired) => String(parentId(desired as JsonObject)),
    write: async (part, items, call) => {
      if (part === 'metafields') return writeMetafields(api, part, place, ownEntries, items, call);
      if (part === 'image') return updateCategories(api, part, items, call);
      if (part !== 'core') throw unknownPart('category', part);
      switch (items[0]?.action) {
        case 'create':
          return createCategories(api, items, call);
        case 'delete':
          return deleteByIds(api, { path: PATH, filter: 'category_id:in' }, items, call);
        default:
          return updateCategories(api, part, items, call);
      }
    },
    lookUp: (items, call) => lookUpCategories(api, items, call),
    read: async (targetIds, call) => {
      const rows = await listCategories(api, { 'category_id:in': targetIds }, call);
      return rows.map((row) => presentCategory(row));
    },
    readApart: metafieldReader(api, 'category', [{ part: 'metafields', place, entriesOf: ownEntries }]),
    changedSince: async (_since, call) => (await listCategories(api, {}, call)).map((row) => presentCategory(row)),
    scanExisting: existingScanner(api, existingCategories),
  };
}
