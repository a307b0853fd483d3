import { RestError } from './errors.ts';
import type { Params } from './params.ts';
import type { Call, Resource } from './resource.ts';

const batchLimit = 100;

/**
 * `POST …/batch`: 200 even when items fail; a failed item is `{id, error}` in its place; deletes are forced; not
 * atomic (source-apis §1.7). Items are not checked against the schema, so types are not refused here.
 */
export function runBatch(resource: Resource, call: Call, body: Params): Record<string, unknown[]> {
  const create = list(body['create']);
  const update = list(body['update']);
  const remove = list(body['delete']);
  if (create.length + update.length + remove.length > batchLimit) {
    const message = `Unable to accept more than ${batchLimit} items for this request.`;
    throw new RestError('woocommerce_rest_request_entity_too_large', message, 413);
  }
  const out: Record<string, unknown[]> = {};
  if (create.length > 0) out['create'] = create.map((item) => settle(0, () => resource.create!(call, asParams(item))));
  if (update.length > 0) {
    out['update'] = update.map((item) => {
      const id = Number(asParams(item)['id'] ?? 0);
      return settle(id, () => resource.update!(call, id, asParams(item)));
    });
  }
  if (remove.length > 0) {
    out['delete'] = remove.map((item) => settle(Number(item), () => resource.remove!(call, Number(item), true)));
  }
  return out;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function asParams(value: unknown): Params {
  return typeof value === 'object' && value !== null ? (value as Params) : {};
}

function settle(id: number, work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    return { id, error: error.body() };
  }
}
