import type { TargetEntity } from '../../target.ts';
import type { RowDeps } from '../entity-table.ts';
import { type DesiredStock, mapStock, stockTargetId } from '../mapping/stock.ts';
import { OWNABLE_PLACES } from '../ownable.ts';
import { agreesStock, readStock } from '../reading/stock.ts';
import { writeStock } from '../writing/stock.ts';
import { unknownPart } from './part-spec.ts';

export function stockRow({ api }: RowDeps): TargetEntity<'stock'> {
  return {
    entity: 'stock',
    // The store takes 2,000 levels at once; fewer keep a refused batch small. One request after another (bigcommerce-api §7).
    parts: [{ part: 'core', createBatch: 250, updateBatch: 250, deleteBatch: 250, bundles: [], concurrency: 1 }],
    // Orders move it all the time: the source's word is set, and nobody's edit is looked for.
    foreignEdits: 'none',
    derivedFrom: 'product',
    ownable: OWNABLE_PLACES.stock,
    wantedKeys: () => [],
    map: (_sourceId, canonical, context) => mapStock(canonical, context),
    agrees: (_part, desired, present) => agreesStock(desired, present),
    derivedId: (desired) => stockTargetId(desired as unknown as DesiredStock),
    write: (part, items, call) => {
      if (part !== 'core') throw unknownPart('stock', part);
      return writeStock(api, items, call);
    },
    lookUp: () => Promise.resolve([]),
    read: (targetIds, call) => readStock(api, targetIds, call),
    changedSince: () => Promise.resolve([]),
    scanExisting: () => Promise.resolve({ records: [], next: null }),
  };
}
