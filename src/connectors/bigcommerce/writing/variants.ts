import { chunks } from '../../../domain/chunks.ts';
import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import type { CallOptions, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import { VARIANT } from '../mapping/stock.ts';
import { childIds } from '../projection/children.ts';
import { changedFields, sameJson } from '../projection/field-changes.ts';
import { textField } from '../projection/fields.ts';
import { presentVariants } from '../projection/product.ts';
import { z } from 'zod';
import { variantSchema, type VariantWireRow } from '../wire/product.ts';
import { outcomesOfBatchFailure, outcomeOfFailure } from './outcomes.ts';
import { requiredTargetId, writtenPart } from './per-item.ts';
import { rowsOf, withoutKey } from './product-create.ts';
import { rebuildVariants } from './variant-rebuild.ts';

/** Most rows of one request, "subject to change" (bigcommerce-api §3.4). */
export const VARIANTS_AT_ONCE = 50;

const variantRows = z.object({ data: z.array(variantSchema).nullish() });

interface Update {
  readonly item: WriteItem;
  readonly body: JsonObject;
}

/**
 * Variants of several products. Where only fields differ they share requests; where variants come, go or change their options,
 * the product is held against what is there and brought in line by itself.
 */
export async function writeVariants(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  const simple: { item: WriteItem; updates: readonly Update[] }[] = [];
  for (const item of items) {
    const updates = fieldUpdates(item);
    if (updates !== null) simple.push({ item, updates });
    else outcomes.push(await rebuild(api, item, call));
  }
  return [...outcomes, ...(await putAll(api, simple, call))];
}

async function rebuild(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  const targetId = requiredTargetId(item);
  try {
    return writtenPart(item, targetId, 'variants', await rebuildVariants(api, item, targetId, call));
  } catch (error) {
    return outcomeOfFailure(item, error, null);
  }
}

/** null when more than fields differs, or when it is not certain what is there. */
function fieldUpdates(item: WriteItem): readonly Update[] | null {
  const last = item.lastDesired;
  if (!isObject(last) || item.base === null) return null;
  const before = new Map(rowsOf(last).map((row) => [textField(row, 'key'), row]));
  const wishes = rowsOf(item.desired);
  const ids = childIds(item.children, VARIANT);
  const sameShape =
    wishes.length === before.size &&
    (item.desired as JsonObject)['base'] === last['base'] &&
    wishes.every((wish) => {
      const key = textField(wish, 'key');
      return ids.has(key) && sameJson(before.get(key)?.['option_values'], wish['option_values']);
    });
  if (!sameShape) return null;
  return wishes.flatMap((wish): Update[] => {
    const key = textField(wish, 'key');
    const fields = withoutKey(changedFields(wish, before.get(key) ?? null));
    return Object.keys(fields).length === 0 ? [] : [{ item, body: { id: Number(ids.get(key)), ...fields } }];
  });
}

async function putAll(
  api: BigCommerceApi,
  simple: readonly { item: WriteItem; updates: readonly Update[] }[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const failed = new Map<string, WriteOutcome>();
  const changed = new Map<string, VariantWireRow[]>();
  for (const chunk of chunks(
    simple.flatMap(({ updates }) => updates),
    VARIANTS_AT_ONCE,
  )) {
    const items = [...new Set(chunk.map((update) => update.item))];
    try {
      const rows = await putVariants(
        api,
        chunk.map((update) => update.body),
        call,
      );
      const owner = new Map(chunk.map((update) => [update.body['id'], update.item.id]));
      for (const row of rows) {
        const id = owner.get(row.id);
        if (id !== undefined) changed.set(id, [...(changed.get(id) ?? []), row]);
      }
    } catch (error) {
      for (const outcome of outcomesOfBatchFailure(items, error, null, new Map())) failed.set(outcome.id, outcome);
    }
  }
  return simple.map(
    ({ item }) =>
      failed.get(item.id) ??
      writtenPart(item, requiredTargetId(item), 'variants', {
        base: withChanges(item.base, changed.get(item.id) ?? []),
        children: [],
      }),
  );
}

export async function putVariants(
  api: BigCommerceApi,
  body: readonly JsonObject[],
  call: CallOptions,
): Promise<readonly VariantWireRow[]> {
  const { data } = await api.write({
    method: 'PUT',
    path: '/v3/catalog/variants',
    route: 'catalog/variants',
    body,
    schema: variantRows,
    call,
  });
  return data.data ?? [];
}

/** What is there now: the rows as they came back, the others as they were. */
function withChanges(base: Json, rows: readonly VariantWireRow[]): Json {
  const fresh = new Map((presentVariants(rows) as readonly JsonObject[]).map((row) => [row['id'], row]));
  return ((base ?? []) as readonly JsonObject[]).map((row) => {
    const now = fresh.get(row['id'] ?? null);
    // Some replies leave out the option values, which cannot have changed.
    return now === undefined ? row : { ...row, ...now, options: row['options'] ?? {} };
  });
}
