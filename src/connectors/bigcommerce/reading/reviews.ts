import { chunks } from '../../../domain/chunks.ts';
import { z } from 'zod';
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { PresentState } from '../../../domain/target-state.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { CallOptions, ExistingRecord, LookUpHit, WriteItem } from '../../target.ts';
import { type BigCommerceApi, PAGE_SIZE } from '../bigcommerce-api.ts';
import { REVIEW, reviewKey } from '../mapping/review.ts';
import { textField } from '../projection/fields.ts';
import { agreesReviewPart, presentReview, reviewPlace } from '../projection/review.ts';
import { reviewSchema } from '../wire/review.ts';

/** A product's reviews; none when the product is gone. There is no list of the store (bigcommerce-api §3.5). */
async function listReviews(api: BigCommerceApi, product: string, call: CallOptions): Promise<readonly PresentState[]> {
  const path = `/v3/catalog/products/${product}/reviews`;
  try {
    const rows = await api.list({ path, route: 'catalog/products/:id/reviews', schema: reviewSchema, call });
    return rows.map((row) => presentReview(product, row));
  } catch (error) {
    if (error instanceof StoreFailure && error.kind === 'missing') return [];
    throw error;
  }
}

/** Reviews of one product, or of many with their products in pages (bigcommerce-api §3.3). */
export async function readReviews(
  api: BigCommerceApi,
  targetIds: readonly string[],
  call: CallOptions,
): Promise<readonly PresentState[]> {
  const wanted = new Set(targetIds);
  const products = [...new Set(targetIds.map((id) => reviewPlace(id).product))];
  const [only] = products;
  const found =
    products.length === 1 && only !== undefined
      ? await listReviews(api, only, call)
      : await withProducts(api, products, call);
  return found.filter(({ targetId }) => wanted.has(targetId));
}

async function withProducts(
  api: BigCommerceApi,
  products: readonly string[],
  call: CallOptions,
): Promise<readonly PresentState[]> {
  const states: PresentState[] = [];
  for (const ids of chunks(products, PAGE_SIZE)) {
    const query = { 'id:in': ids, include: 'reviews', include_fields: 'id' };
    const asked = { path: '/v3/catalog/products', route: 'catalog/products', query, schema: reviewedSchema, call };
    for (const { id, reviews } of await api.list(asked))
      states.push(...(reviews ?? []).map((row) => presentReview(id, row)));
  }
  return states;
}

/** Nothing of a review is unique: all of it has to agree, and one that was found is found once (bigcommerce-api §2). */
export async function lookUpReviews(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly LookUpHit[]> {
  const lists = new Map<string, PresentState[]>();
  const hits: LookUpHit[] = [];
  for (const item of items) {
    const product = String(Number((item.desired as JsonObject)['product_id']));
    const free = lists.get(product) ?? [...(await listReviews(api, product, call))];
    lists.set(product, free);
    const at = free.findIndex(({ parts }) => agreesReviewPart('core', item.desired, parts['core'] ?? null));
    const [state] = at < 0 ? [] : free.splice(at, 1);
    if (state !== undefined) hits.push({ id: item.id, state, marker: null, agrees: true });
  }
  return hits;
}

/** Every review of the product that is this one to the last field. */
export async function copiesOfReview(
  api: BigCommerceApi,
  desired: Json,
  call: CallOptions,
): Promise<readonly string[]> {
  const product = String(Number((desired as JsonObject)['product_id']));
  const states = await listReviews(api, product, call);
  return states
    .filter(({ parts }) => agreesReviewPart('core', desired, parts['core'] ?? null))
    .map(({ targetId }) => targetId);
}

const reviewedSchema = z.looseObject({ id: z.number(), reviews: z.array(reviewSchema).nullish() });

/** All reviews there are, with their products, 250 of those a request (bigcommerce-api §3.3). */
export async function existingReviews(
  api: BigCommerceApi,
  cursor: string | null,
  call: CallOptions,
): Promise<{ records: readonly ExistingRecord[]; next: string | null }> {
  const query = { include: 'reviews', include_fields: 'id' };
  const ask = { path: '/v3/catalog/products', route: 'catalog/products', query, schema: reviewedSchema, call };
  const { rows, next } = await api.page(ask, Number(cursor ?? 1));
  const records = rows.flatMap(({ id, reviews }) =>
    (reviews ?? []).map((row): ExistingRecord => {
      const { targetId, parts } = presentReview(id, row);
      const core = parts['core'];
      const value = reviewKey({
        day: textField(core, 'date_reviewed'),
        email: textField(core, 'email'),
        title: textField(core, 'title'),
      });
      const keys = [{ kind: REVIEW, scope: String(id), value }];
      return { entity: 'review', targetId, marker: null, keys, children: [] };
    }),
  );
  return { records, next: next === null ? null : String(next) };
}
