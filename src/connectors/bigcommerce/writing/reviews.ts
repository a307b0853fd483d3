import type { JsonObject } from '../../../domain/json.ts';
import type { CallOptions, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import { changedFields } from '../projection/field-changes.ts';
import { presentReview, reviewPlace } from '../projection/review.ts';
import { single } from '../wire/envelope.ts';
import { reviewSchema } from '../wire/review.ts';
import { deleted } from './deletes.ts';
import { outcomeOfFailure } from './outcomes.ts';
import { requiredTargetId } from './per-item.ts';

const ROUTE = 'catalog/products/:id/reviews';

/** One review in one request: there is no batch (bigcommerce-api §3.5). */
export async function writeReview(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  try {
    return await send(api, item, call);
  } catch (error) {
    return outcomeOfFailure(item, error, null);
  }
}

async function send(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  if (item.action === 'delete') {
    await api.write({ ...placeOf(item), method: 'DELETE', call });
    return deleted(item);
  }
  const schema = single(reviewSchema);
  const { product_id: productId, ...fields } = item.desired as JsonObject;
  const product = Number(productId);
  if (item.action === 'create') {
    const path = `/v3/catalog/products/${product}/reviews`;
    const { data } = await api.write({ path, route: ROUTE, method: 'POST', body: fields, schema, call });
    return written(item, presentReview(product, data.data));
  }
  const { title, date_reviewed: day } = fields;
  const { product_id: _elsewhere, ...changed } = changedFields(item.desired as JsonObject, item.lastDesired);
  // Both are asked for whenever a review is written.
  const body = { ...changed, title: title ?? '', date_reviewed: day ?? '' };
  const { data } = await api.write({ ...placeOf(item), method: 'PUT', body, schema, call });
  return written(item, presentReview(reviewPlace(requiredTargetId(item)).product, data.data));
}

function placeOf(item: WriteItem) {
  const { product, review } = reviewPlace(requiredTargetId(item));
  return { path: `/v3/catalog/products/${product}/reviews/${review}`, route: `${ROUTE}/:id` };
}

function written(item: WriteItem, state: ReturnType<typeof presentReview>): WriteOutcome {
  const { targetId, modifiedAt, parts } = state;
  return { id: item.id, outcome: 'written', targetId, modifiedAt, bases: parts, children: [], unsettled: [] };
}
