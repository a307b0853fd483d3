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
  readonly customers: TargetRecord[];
  readonly customerGroups: Row[];
  readonly coupons: TargetRecord[];
  readonly orders: TargetRecord[];
  readonly reviews: TargetRecord[];
  readonly redirects: TargetRecord[];
  readonly blogPosts: TargetRecord[];
  readonly pages: TargetRecord[];
  readonly outbox: unknown[];
  variantsOf(product: TargetRecord): TargetRecord[];
  /** Rows of `inventory` of one variant, a row for each location. */
  inventoryOf(variantId: number): Row[];
}

export function targetStore(state: unknown): TargetStore {
  const raw = rowOf(state);
  const metafields = rowOf(raw['metafields']);
  const ofKind = (kind: string, idField = 'id') => {
    const byId = rowOf(metafields[kind]);
    return (row: Row) => targetRecord(row, idOf(row[idField]), rowsOf(byId[idOf(row[idField])]));
  };
  const variant = ofKind('variants');
  const inventory = groupBy(rowsOf(raw['inventory']), (row) => idOf(row['variant_id']));
  return {
    store: rowOf(raw['store']),
    categories: rowsOf(raw['categories']).map(ofKind('categories', 'category_id')),
    brands: rowsOf(raw['brands']).map(ofKind('brands')),
    products: rowsOf(raw['products']).map((row) => targetRecord(row, idOf(row['id']), rowsOf(row['metafields']))),
    customers: rowsOf(raw['customers']).map((row) => targetRecord(row, idOf(row['id']), rowsOf(row['metafields']))),
    customerGroups: rowsOf(raw['customerGroups']),
    coupons: rowsOf(raw['coupons']).map(plainRecord),
    orders: rowsOf(raw['orders']).map(orderRecord),
    reviews: rowsOf(raw['reviews']).map(plainRecord),
    redirects: rowsOf(raw['redirects']).map(plainRecord),
    blogPosts: rowsOf(raw['blogPosts']).map(plainRecord),
    pages: rowsOf(raw['pages']).map(plainRecord),
    outbox: Array.isArray(raw['outbox']) ? raw['outbox'] : [],
    variantsOf: (product) => rowsOf(product.row['variants']).map(variant),
    inventoryOf: (variantId) => inventory.get(variantId) ?? [],
  };
}

/** What has no metafields. */
function plainRecord(row: Row): TargetRecord {
  return targetRecord(row, idOf(row['id']), []);
}

/** Orders carry the marker in a field of their own (bigcommerce-api §5.1). */
function orderRecord(row: Row): TargetRecord {
  const record = targetRecord(row, idOf(row['id']), rowsOf(row['metafields']));
  const found = row['external_source'] === 'M-MIG' ? /:(\d+)$/.exec(textOf(row['external_order_id'])) : null;
  return { ...record, sourceId: found ? Number(found[1]) : null };
}

function targetRecord(row: Row, id: number, metafields: Row[]): TargetRecord {
  const marker = metafieldValue(metafields, 'storeferry', 'source_id');
  // Several variants of one "any" variation tell themselves apart by `#2`, `#3`, …
  const found = /:(\d+)(?:#\d+)?$/.exec(marker);
  return { id, row, metafields, sourceId: found ? Number(found[1]) : null };
}

export function metafieldValue(metafields: readonly Row[], namespace: string, key: string): string {
  return textOf(metafields.find((field) => field['namespace'] === namespace && field['key'] === key)?.['value']);
}
