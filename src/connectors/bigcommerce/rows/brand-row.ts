import type { TargetEntity, WriteOutcome } from '../../target.ts';
import type { RowDeps } from '../entity-table.ts';
import { brandKeys, mapBrand, scannedBrandKeys } from '../mapping/brand.ts';
import { OWNABLE_PLACES } from '../ownable.ts';
import { agreesBrandPart, presentBrand } from '../projection/category.ts';
import { listBrands, lookUpBrands } from '../reading/categories.ts';
import { existingBrands, existingScanner } from '../reading/existing.ts';
import { createBrand, deleteBrand, updateBrand } from '../writing/brands.ts';
import { metafieldReader } from '../reading/metafields.ts';
import { ownEntries, writeMetafields } from '../writing/metafields.ts';
import { FILLING, laterPart, unknownPart } from './part-spec.ts';

export function brandRow({ api, rules }: RowDeps): TargetEntity<'brand'> {
  const place = {
    resource: 'brands',
    listPath: ({ resourceId }: { resourceId: number }) => `/v3/catalog/brands/${resourceId}/metafields`,
  };
  return {
    entity: 'brand',
    parts: [
      { part: 'core', createBatch: 1, updateBatch: 1, deleteBatch: 1, bundles: ['image'] },
      laterPart('image', 1),
      laterPart('metafields', FILLING),
    ],
    foreignEdits: 'full-list',
    derivedFrom: null,
    ownable: OWNABLE_PLACES.brand,
    wantedKeys: brandKeys,
    scannedKeys: scannedBrandKeys,
    map: (sourceId, canonical, context) => mapBrand(sourceId, canonical, context, rules),
    agrees: agreesBrandPart,
    write: async (part, items, call) => {
      if (part === 'metafields') return writeMetafields(api, part, place, ownEntries, items, call);
      if (part !== 'core' && part !== 'image') throw unknownPart('brand', part);
      const outcomes: WriteOutcome[] = [];
      for (const item of items) {
        if (item.action === 'create') outcomes.push(await createBrand(api, item, call));
        else if (item.action === 'delete') outcomes.push(await deleteBrand(api, item, call));
        else outcomes.push(await updateBrand(api, part, item, call));
      }
      return outcomes;
    },
    lookUp: (items, call) => lookUpBrands(api, items, call),
    read: async (targetIds, call) =>
      (await listBrands(api, { 'id:in': targetIds }, call)).map((row) => presentBrand(row)),
    readApart: metafieldReader(api, 'brand', [{ part: 'metafields', place, entriesOf: ownEntries }]),
    changedSince: async (_since, call) => (await listBrands(api, {}, call)).map((row) => presentBrand(row)),
    scanExisting: existingScanner(api, existingBrands),
  };
}
