import type { z } from 'zod';
import type { ChildPair } from '../../../domain/target-state.ts';
import type { CallOptions, ExistingRecord } from '../../target.ts';
import { type BigCommerceApi, PAGE_SIZE } from '../bigcommerce-api.ts';
import { SOURCE_ID } from '../mapping/metafields.ts';
import { TRACKING, VARIANT } from '../mapping/stock.ts';
import { pair } from '../projection/children.ts';
import { realVariants } from '../projection/product.ts';
import { type BrandRow, brandSchema, type CategoryRow, categorySchema } from '../wire/category.ts';
import { metafieldSchema } from '../wire/metafield.ts';
import { paginated } from '../wire/envelope.ts';
import { type ProductRow, productSchema } from '../wire/product.ts';
import type { Query } from '../../http/request-form.ts';
import type { ZodType } from 'zod';

/** Target id of a record → our marker in it. */
export type Markers = ReadonlyMap<number, string>;

/** The markers of one kind of record, 250 a request by cursor, which stays stable under inserts (bigcommerce-api §1.1). */
async function readMarkers(api: BigCommerceApi, resource: string, call: CallOptions): Promise<Markers> {
  const markers = new Map<number, string>();
  for (let after: string | null = null, more = true; more;) {
    const query: Query = {
      namespace: 'storeferry',
      key: SOURCE_ID,
      limit: PAGE_SIZE,
      ...(after === null ? {} : { after }),
    };
    const path = resource === 'customers' ? '/v3/customers/metafields' : `/v3/catalog/${resource}/metafields`;
    const route = `catalog/${resource}/metafields`;
    const reply: z.infer<typeof markersPage> = await api.get({ path, route, query, schema: markersPage, call });
    const rows = reply?.data ?? [];
    for (const row of rows) if (row.resource_id !== undefined) markers.set(row.resource_id, row.value ?? '');
    const end: string | null = reply?.meta?.cursor_pagination?.end_cursor ?? null;
    more = rows.length >= PAGE_SIZE && end !== null && end !== after;
    after = end;
  }
  return markers;
}

const markersPage = paginated(metafieldSchema).nullable();

/** How one kind of record is listed and what of it must not be taken twice. */
export interface ExistingList<R> {
  readonly path: string;
  readonly query: Query;
  readonly schema: ZodType<R>;
  /** Resources whose metafields hold markers: the record's, then its children's. */
  readonly resources: readonly string[];
  toRecord(row: R, markers: readonly Markers[]): ExistingRecord;
}

/**
 * Walks what is there page by page. The markers are read once, at the first page that holds a record, and kept until the last:
 * a store that is empty costs one request.
 */
export function existingScanner<R>(api: BigCommerceApi, list: ExistingList<R>) {
  let markers: readonly Markers[] | null = null;
  return async (cursor: string | null, call: CallOptions) => {
    if (cursor === null) markers = null;
    const ask = {
      path: list.path,
      route: list.path.slice('/v3/'.length),
      query: list.query,
      schema: list.schema,
      call,
    };
    const { rows, next } = await api.page(ask, Number(cursor ?? 1));
    if (rows.length > 0 && markers === null) markers = await allMarkers(api, list.resources, call);
    const records = rows.map((row) => list.toRecord(row, markers ?? []));
    if (next === null) markers = null;
    return { records, next: next === null ? null : String(next) };
  };
}

/** Children carry markers only where their record does. */
async function allMarkers(api: BigCommerceApi, resources: readonly string[], call: CallOptions): Promise<Markers[]> {
  const all: Markers[] = [];
  for (const resource of resources) {
    const needless = all.length > 0 && all[0]?.size === 0;
    all.push(needless ? new Map() : await readMarkers(api, resource, call));
  }
  return all;
}

const key = (kind: string, value: string | null | undefined, scope = '') =>
  (value ?? '') === '' ? [] : [{ kind, scope, value: value ?? '' }];

export const existingCategories: ExistingList<CategoryRow> = {
  path: '/v3/catalog/trees/categories',
  query: {},
  schema: categorySchema,
  resources: ['categories'],
  toRecord: (row, [markers]) => ({
    entity: 'category',
    targetId: String(row.category_id),
    marker: markers?.get(row.category_id) ?? null,
    keys: [...key('category-name', row.name, String(row.parent_id ?? 0)), ...key('path', row.url?.path)],
    children: [],
  }),
};

export const existingBrands: ExistingList<BrandRow> = {
  path: '/v3/catalog/brands',
  query: {},
  schema: brandSchema,
  resources: ['brands'],
  toRecord: (row, [markers]) => ({
    entity: 'brand',
    targetId: String(row.id),
    marker: markers?.get(row.id) ?? null,
    keys: [...key('brand-name', row.name), ...key('path', row.custom_url?.url)],
    children: [],
  }),
};

export const existingProducts: ExistingList<ProductRow> = {
  path: '/v3/catalog/products',
  query: { include: 'variants', sort: 'id', direction: 'asc' },
  schema: productSchema,
  resources: ['products', 'variants'],
  toRecord: (row, [markers, variantMarkers]) => ({
    entity: 'product',
    targetId: String(row.id),
    marker: markers?.get(row.id) ?? null,
    keys: [
      ...key('product-name', row.name),
      ...key('sku', row.sku),
      ...realVariants(row.variants ?? []).flatMap((variant) => key('sku', variant.sku)),
      ...key('path', row.custom_url?.url),
    ],
    children: [
      pair(TRACKING, 'stock', row.inventory_tracking ?? 'none'),
      ...variantPairs(row, variantMarkers ?? new Map()),
    ],
  }),
};

/** A marker is `<source key>:<variant>`; the key is the record's own business. */
function variantPairs(row: ProductRow, markers: Markers): ChildPair[] {
  return realVariants(row.variants ?? []).flatMap((variant) => {
    const marker = markers.get(variant.id);
    return marker === undefined ? [] : [pair(VARIANT, marker.slice(marker.indexOf(':') + 1), variant.id)];
  });
}
