import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import type { CallOptions, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import { withoutBlanks } from '../projection/field-changes.ts';
import { childrenOfProduct } from '../projection/product-children.ts';
import { presentProduct } from '../projection/product.ts';
import { refusalText } from '../refusals.ts';
import { readProduct } from '../reading/products.ts';
import { type ProductRow, productSchema } from '../wire/product.ts';
import { z } from 'zod';
import { outcomeOfFailure } from './outcomes.ts';
import { isRefusal } from './per-item.ts';
import { variantBody } from './variant-body.ts';

const replySchema = z.object({ data: productSchema, errors: z.unknown().optional(), title: z.string().optional() });

/** One product in one request, with its variants, images, custom fields and related products (bigcommerce-api §3.3). */
export async function createProduct(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  try {
    return await post(api, item, call, true);
  } catch (error) {
    return outcomeOfFailure(item, error, 'product-name');
  }
}

/**
 * A 400 for a picture that cannot be fetched made nothing, certainly (bigcommerce-api §3.5): the product is made without
 * pictures, and each follows in a request of its own.
 */
async function post(
  api: BigCommerceApi,
  item: WriteItem,
  call: CallOptions,
  withPictures: boolean,
): Promise<WriteOutcome> {
  const variants = rowsOf(item.bundle['variants']);
  const images = listOf(item.bundle['images']);
  const hasPictures = images.length > 0 || variants.some((row) => row['image_url'] !== '');
  const body: JsonObject = {
    ...withoutBlanks(item.desired as JsonObject),
    ...filled(
      'variants',
      variants.map((row) => variantBody(row, withPictures)),
    ),
    ...filled('images', withPictures ? images.map(withoutKey) : []),
    ...filled('custom_fields', listOf(item.bundle['custom_fields'])),
    ...filled('related_products', item.bundle['related']),
  };
  try {
    const reply = await api.write({
      method: 'POST',
      path: '/v3/catalog/products',
      route: 'catalog/products',
      body,
      schema: replySchema,
      call,
    });
    const row = await complete(api, reply.data.data, item, call);
    return created(
      item,
      row,
      reply.status === 207 ? refusalText(reply.data) || 'saved in part' : null,
      withPictures || !hasPictures,
    );
  } catch (error) {
    if (!withPictures || !hasPictures || !isRefusal(error) || error.status !== 400) throw error;
    return post(api, item, call, false);
  }
}

/** The ids of what was bundled are needed; a reply that leaves them out is filled up by a read. */
async function complete(api: BigCommerceApi, row: ProductRow, item: WriteItem, call: CallOptions): Promise<ProductRow> {
  const lacks =
    (row.variants == null && rowsOf(item.bundle['variants']).length > 0) ||
    (row.images == null && listOf(item.bundle['images']).length > 0) ||
    (row.custom_fields == null && listOf(item.bundle['custom_fields']).length > 0);
  if (!lacks)
    return { ...row, variants: row.variants ?? [], images: row.images ?? [], custom_fields: row.custom_fields ?? [] };
  return (await readProduct(api, String(row.id), call)) ?? row;
}

function created(item: WriteItem, row: ProductRow, partly: string | null, withPictures: boolean): WriteOutcome {
  const state = presentProduct(row);
  const bundled = Object.keys(item.bundle);
  const pictured = rowsOf(item.bundle['variants']).some((variant) => variant['image_url'] !== '');
  const left = withPictures ? [] : ['images', ...(pictured ? ['variants'] : [])];
  const bases: Record<string, Json> = { core: state.parts['core'] ?? null };
  for (const part of bundled) if (!left.includes(part)) bases[part] = state.parts[part] ?? null;
  return {
    id: item.id,
    outcome: 'written',
    targetId: state.targetId,
    modifiedAt: state.modifiedAt,
    bases,
    children: childrenOfProduct(row, item.bundle),
    unsettled: partly === null ? [] : [{ part: 'core', reason: partly }],
  };
}

export function rowsOf(variants: Json | undefined): readonly JsonObject[] {
  return isObject(variants) ? ((variants['rows'] ?? []) as readonly JsonObject[]) : [];
}

function listOf(rows: Json | undefined): readonly JsonObject[] {
  return Array.isArray(rows) ? (rows as readonly JsonObject[]) : [];
}

export function withoutKey({ key: _key, ...row }: JsonObject): JsonObject {
  return row;
}

function filled(name: string, list: Json | undefined): JsonObject {
  return Array.isArray(list) && list.length > 0 ? { [name]: list as Json } : {};
}
