import type { Row } from './row.ts';
import { groupBy, idOf, rowOf, rowsOf, textOf } from './row.ts';

/** One record of the target with the metafields that belong to it. */
export interface TargetRecord {
  readonly id: number;
  readonly row: Row;
  readonly metafields: Row[];
  /** Id in `storeferry/source_id`, which holds `<sourceStoreKey>:<id>` (design P6); null without one. */
  readonly sourceId: number | null;
}

/** A BigCommerce raw state, indexed by what the rules ask for. */
export interface TargetStore {
  readonly store: Row;
  readonly categories: TargetRecord[];
  readonly brands: TargetRecord[];
  readonly products: TargetRecord[];
  readonly outbox: unknown[];
  variantsOf(product: TargetRecord): TargetRecord[];
  /** Rows of `inventory` of one variant, a row for each location. */
  inventoryOf(variantId: number): Row[];
}

export function targetStore(state: unknown): TargetStore {
  const raw = rowOf(state);
  const metafields = rowOf(raw['metafields']);
  const ofKind = (kind: string): Row => rowOf(metafields[kind]);
  const records = (rows: Row[], idField: string, fieldsOf: (row: Row, id: number) => unknown): TargetRecord[] =>
    rows.map((row) => targetRecord(row, idOf(row[idField]), rowsOf(fieldsOf(row, idOf(row[idField])))));
  const inventory = groupBy(rowsOf(raw['inventory']), (row) => idOf(row['variant_id']));
  return {
    store: rowOf(raw['store']),
    categories: records(rowsOf(raw['categories']), 'category_id', (_, id) => ofKind('categories')[id]),
    brands: records(rowsOf(raw['brands']), 'id', (_, id) => ofKind('brands')[id]),
    products: records(rowsOf(raw['products']), 'id', (row) => row['metafields']),
    outbox: Array.isArray(raw['outbox']) ? raw['outbox'] : [],
    variantsOf: (product) => records(rowsOf(product.row['variants']), 'id', (_, id) => ofKind('variants')[id]),
    inventoryOf: (variantId) => inventory.get(variantId) ?? [],
  };
}

function targetRecord(row: Row, id: number, metafields: Row[]): TargetRecord {
  const marker = metafieldValue(metafields, 'storeferry', 'source_id');
  const found = /:(\d+)$/.exec(marker);
  return { id, row, metafields, sourceId: found ? Number(found[1]) : null };
}

export function metafieldValue(metafields: readonly Row[], namespace: string, key: string): string {
  return textOf(metafields.find((field) => field['namespace'] === namespace && field['key'] === key)?.['value']);
}
