import type { Json, JsonObject } from '../../../domain/json.ts';
import type { CallOptions, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import { textField } from '../projection/fields.ts';
import { StoreFailure } from '../../http/failures.ts';
import { TRACKING } from '../mapping/stock.ts';
import { pair } from '../projection/children.ts';
import { changedFields } from '../projection/field-changes.ts';
import { presentProduct } from '../projection/product.ts';
import { readProduct } from '../reading/products.ts';
import { namedIndexes, refusalText } from '../refusals.ts';
import { batch } from '../wire/envelope.ts';
import { type ProductRow, productSchema } from '../wire/product.ts';
import { outcomesOfBatchFailure } from './outcomes.ts';
import { requiredTargetId } from './per-item.ts';

/** Fields of at most ten products in one request (bigcommerce-api §3.3): `core`, or `related` as one field more. */
export async function updateProducts(
  api: BigCommerceApi,
  part: 'core' | 'related',
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const changes = items.map((item) => ({ item, fields: changesOf(part, item) }));
  const sent = changes.filter(({ fields }) => Object.keys(fields).length > 0);
  const idle = changes.filter(({ fields }) => Object.keys(fields).length === 0);
  const outcomes = sent.length === 0 ? [] : await put(api, part, sent, call);
  return [...outcomes, ...idle.map(({ item }) => unchanged(part, item))];
}

interface Changes {
  readonly item: WriteItem;
  readonly fields: JsonObject;
}

function changesOf(part: 'core' | 'related', item: WriteItem): JsonObject {
  if (part === 'related') return { related_products: item.desired };
  const { custom_url: url, ...fields } = changedFields(item.desired as JsonObject, item.lastDesired);
  // An address that is no longer wished for is left as it is: the target would only make up another.
  return url === undefined || url === null ? fields : { ...fields, custom_url: url };
}

async function put(
  api: BigCommerceApi,
  part: 'core' | 'related',
  changes: readonly Changes[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const items = changes.map(({ item }) => item);
  try {
    const { data, status } = await api.write({
      method: 'PUT',
      path: '/v3/catalog/products',
      route: 'catalog/products',
      body: changes.map(({ item, fields }) => ({ id: Number(requiredTargetId(item)), ...fields })),
      schema: batch(productSchema),
      call,
    });
    const rows = new Map((data.data ?? []).map((row) => [String(row.id), row]));
    const partly = status === 207 ? refusalText(data.errors) || 'saved in part' : null;
    const named = namedIndexes(data);
    return items.map((item, index) => {
      const row = rows.get(requiredTargetId(item));
      if (row !== undefined) return written(part, item, row, named.get(index) ?? (named.size > 0 ? null : partly));
      const message = partly ?? 'the reply left the product out';
      return status === 207
        ? { id: item.id, outcome: 'batch-failed', message }
        : { id: item.id, outcome: 'uncertain', message };
    });
  } catch (error) {
    const named = error instanceof StoreFailure ? namedIndexes(error.body) : new Map<number, string>();
    const outcomes = outcomesOfBatchFailure(items, error, 'product-name', named);
    return Promise.all(outcomes.map((outcome) => rejectedOrMissing(api, items, outcome, call)));
  }
}

/** A batch says of an id that is not there what it says of any wrong field: a read tells. */
async function rejectedOrMissing(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  outcome: WriteOutcome,
  call: CallOptions,
): Promise<WriteOutcome> {
  const id = items.find((item) => item.id === outcome.id)?.targetId;
  if (outcome.outcome !== 'rejected' || id == null) return outcome;
  return (await readProduct(api, id, call)) === null ? { id: outcome.id, outcome: 'missing' } : outcome;
}

function written(part: string, item: WriteItem, row: ProductRow, partly: string | null): WriteOutcome {
  const state = presentProduct(row);
  return {
    id: item.id,
    outcome: 'written',
    targetId: state.targetId,
    modifiedAt: state.modifiedAt,
    bases: { [part]: state.parts[part] ?? null },
    children: part === 'core' ? [pair(TRACKING, 'stock', row.inventory_tracking ?? trackingOf(item.desired))] : [],
    unsettled: partly === null ? [] : [{ part, reason: partly }],
  };
}

function trackingOf(desired: Json): string {
  return textField(desired, 'inventory_tracking') || 'none';
}

function unchanged(part: string, item: WriteItem): WriteOutcome {
  return {
    id: item.id,
    outcome: 'written',
    targetId: requiredTargetId(item),
    modifiedAt: null,
    bases: { [part]: item.base },
    children: [],
    unsettled: [],
  };
}
