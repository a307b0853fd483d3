import { chunks } from '../../../domain/chunks.ts';
import type { PresentState } from '../../../domain/target-state.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { CallOptions, LookUpHit, WriteItem } from '../../target.ts';
import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import { normaliseKey } from '../../../domain/unique-key.ts';
import { type BigCommerceApi, PAGE_SIZE } from '../bigcommerce-api.ts';
import type { Query } from '../../http/request-form.ts';
import { agreesFields, textField } from '../projection/fields.ts';
import { presentProduct } from '../projection/product.ts';
import { childrenOfProduct } from '../projection/product-children.ts';
import { paginated, single } from '../wire/envelope.ts';
import { type ProductRow, productSchema, variantSchema } from '../wire/product.ts';

/** Not `options` or `modifiers`: with them a page holds ten products whatever is asked for (bigcommerce-api §1.2). */
const INCLUDE = 'variants,images,custom_fields';
/** Keeps an address below what proxies cut off. */
const SKUS_AT_ONCE = 50;
/** Look-ups of one refused product for whoever holds its SKUs; beyond that a person is asked. */
const VARIANT_LOOK_UPS = 20;

export async function readProduct(api: BigCommerceApi, id: string, call: CallOptions): Promise<ProductRow | null> {
  try {
    const { data } = await api.get({
      path: `/v3/catalog/products/${id}`,
      route: 'catalog/products/:id',
      query: { include: INCLUDE },
      schema: single(productSchema),
      call,
    });
    return data;
  } catch (error) {
    if (error instanceof StoreFailure && error.kind === 'missing') return null;
    throw error;
  }
}

function listProducts(api: BigCommerceApi, query: Query, call: CallOptions): Promise<readonly ProductRow[]> {
  return api.list({
    path: '/v3/catalog/products',
    route: 'catalog/products',
    query: { ...query, include: INCLUDE },
    schema: productSchema,
    call,
  });
}

export async function readProducts(
  api: BigCommerceApi,
  targetIds: readonly string[],
  call: CallOptions,
): Promise<readonly PresentState[]> {
  const states: PresentState[] = [];
  for (const ids of chunks(targetIds, PAGE_SIZE)) {
    const rows = await listProducts(api, { 'id:in': ids }, call);
    states.push(...rows.map((row) => presentProduct(row)));
  }
  return states;
}

/** A full stamp: without a time the server adds its own time of day (bigcommerce-api §1.2). Whole seconds, inclusive. */
export async function productsChangedSince(
  api: BigCommerceApi,
  since: string,
  call: CallOptions,
): Promise<readonly PresentState[]> {
  const stamp = `${new Date(since).toISOString().slice(0, 19)}Z`;
  const query = { 'date_modified:min': stamp, sort: 'date_modified', direction: 'asc' };
  const rows = await listProducts(api, query, call);
  // A row that is edited while the pages are read may come twice; the later look counts.
  return [...new Map(rows.map((row) => [row.id, presentProduct(row)])).values()];
}

/**
 * By SKU in one request, since every product of ours has one; what is not found so, by name, then by the SKUs of variants:
 * that is who holds a key that was called taken.
 */
export async function lookUpProducts(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly LookUpHit[]> {
  const bySku = await bySkus(api, items, call);
  const hits: LookUpHit[] = [];
  for (const item of items) {
    const row =
      bySku.get(normaliseKey(skuOf(item))) ?? (await byName(api, item, call)) ?? (await byVariantSku(api, item, call));
    if (row !== null) hits.push(hitOf(item, row));
  }
  return hits;
}

async function bySkus(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<ReadonlyMap<string, ProductRow>> {
  const skus = [...new Set(items.map(skuOf).filter((sku) => sku !== ''))];
  // The list is split at commas; a SKU that holds one is asked for alone.
  const plain = chunks(
    skus.filter((sku) => !sku.includes(',')),
    SKUS_AT_ONCE,
  ).map((some): Query => ({ 'sku:in': some }));
  const alone = skus.filter((sku) => sku.includes(',')).map((sku): Query => ({ sku }));
  const found = new Map<string, ProductRow>();
  for (const query of [...plain, ...alone]) {
    for (const row of await listProducts(api, query, call)) found.set(normaliseKey(row.sku ?? ''), row);
  }
  return found;
}

async function byName(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<ProductRow | null> {
  const name = textField(item.desired, 'name');
  const rows = await listProducts(api, { name }, call);
  return rows.find((row) => normaliseKey(row.name ?? '') === normaliseKey(name)) ?? null;
}

async function byVariantSku(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<ProductRow | null> {
  for (const sku of [skuOf(item), ...variantSkus(item.bundle['variants'])].slice(0, VARIANT_LOOK_UPS)) {
    const { data } = await api
      .get({
        path: '/v3/catalog/variants',
        route: 'catalog/variants',
        query: { sku },
        schema: paginated(variantSchema).nullable(),
        call,
      })
      .then((reply) => reply ?? { data: [] });
    const holder = data.find((row) => normaliseKey(row.sku ?? '') === normaliseKey(sku))?.product_id;
    if (holder != null) return readProduct(api, String(holder), call);
  }
  return null;
}

function hitOf(item: WriteItem, row: ProductRow): LookUpHit {
  const state = presentProduct(row, childrenOfProduct(row, item.bundle));
  const agrees = agreesFields({ name: 'text', sku: 'text' }, item.desired, state.parts['core'] ?? null);
  return { id: item.id, state, marker: null, agrees };
}

function skuOf(item: WriteItem): string {
  return textField(item.desired, 'sku');
}

function variantSkus(variants: Json | undefined): readonly string[] {
  const rows = isObject(variants) ? ((variants['rows'] ?? []) as readonly JsonObject[]) : [];
  return rows.map((row) => textField(row, 'sku'));
}
