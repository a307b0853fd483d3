import type { JsonObject } from '../../../domain/json.ts';
import type { PresentState } from '../../../domain/target-state.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { CallOptions, LookUpHit, WriteItem } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
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

/** One request for each product. */
export async function readReviews(
  api: BigCommerceApi,
  targetIds: readonly string[],
  call: CallOptions,
): Promise<readonly PresentState[]> {
  const wanted = new Set(targetIds);
  const states: PresentState[] = [];
  for (const product of new Set(targetIds.map((id) => reviewPlace(id).product))) {
    states.push(...(await listReviews(api, product, call)).filter(({ targetId }) => wanted.has(targetId)));
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
