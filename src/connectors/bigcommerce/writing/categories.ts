import type { JsonObject } from '../../../domain/json.ts';
import { normaliseKey } from '../../../domain/unique-key.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { CallOptions, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import { childIds, unpair } from '../projection/children.ts';
import { changedFields, withoutBlanks } from '../projection/field-changes.ts';
import { textField } from '../projection/fields.ts';
import { levelPairs, parentId, presentCategory } from '../projection/category.ts';
import { LEVEL } from '../mapping/category.ts';
import { duplicateKind, namedIndexes, refusalText } from '../refusals.ts';
import { batch } from '../wire/envelope.ts';
import { type CategoryRow, categorySchema } from '../wire/category.ts';
import { outcomesOfBatchFailure, rejected } from './outcomes.ts';
import { isRefusal, requiredTargetId } from './per-item.ts';
import { listCategories } from '../reading/categories.ts';

const PATH = '/v3/catalog/trees/categories';
const ROUTE = 'catalog/trees/categories';
const NAME = 'category-name';

/** Siblings share a request, at most ten: larger ones fail for no reason of theirs (bigcommerce-api §3.1). */
export async function createCategories(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const siblings = new Map<number, WriteItem[]>();
  for (const item of items) {
    const parent = parentId(item.desired as JsonObject);
    siblings.set(parent, [...(siblings.get(parent) ?? []), item]);
  }
  const outcomes: WriteOutcome[] = [];
  for (const group of siblings.values()) outcomes.push(...(await createSiblings(api, group, call, true)));
  return outcomes;
}

async function createSiblings(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
  withPictures: boolean,
): Promise<readonly WriteOutcome[]> {
  try {
    const body = items.map((item) => bodyOf(item, withPictures));
    const { data } = await api.write({
      method: 'POST',
      path: PATH,
      route: ROUTE,
      body,
      schema: batch(categorySchema),
      call,
    });
    return taken(items, data.data ?? [], data, withPictures);
  } catch (error) {
    if (isRefusal(error) && withPictures && /image|picture/i.test(refusalText(error.body)) && items.some(hasPicture)) {
      return createSiblings(api, items, call, false);
    }
    const named = error instanceof StoreFailure ? namedIndexes(error.body) : new Map<number, string>();
    return outcomesOfBatchFailure(items, error, NAME, named);
  }
}

function bodyOf(item: WriteItem, withPictures: boolean): JsonObject {
  const { ancestors: _ancestors, tree_id: tree, ...fields } = item.desired as JsonObject;
  const parent = parentId(item.desired as JsonObject);
  const place: JsonObject = parent === 0 ? { tree_id: tree ?? 1 } : { parent_id: parent };
  return {
    ...place,
    ...withoutBlanks(fields),
    ...(withPictures && hasPicture(item) ? { image_url: imageOf(item) } : {}),
  };
}

const imageOf = (item: WriteItem): string => textField(item.bundle['image'], 'image_url');
const hasPicture = (item: WriteItem): boolean => imageOf(item) !== '';

/** Siblings have different names, so a row of the reply is told by its name; what has no row was refused. */
function taken(
  items: readonly WriteItem[],
  rows: readonly CategoryRow[],
  reply: unknown,
  withPictures: boolean,
): readonly WriteOutcome[] {
  const byName = new Map(rows.map((row) => [normaliseKey(row.name ?? ''), row]));
  const named = namedIndexes(reply);
  return items.map((item, index): WriteOutcome => {
    const desired = item.desired as JsonObject;
    const row = byName.get(normaliseKey(textField(desired, 'name')));
    const said = named.get(index);
    if (row === undefined) return refusedOf(item, said ?? null, items.length);
    const { targetId, parts } = presentCategory(row);
    const pictured = withPictures || !hasPicture(item);
    return {
      id: item.id,
      outcome: 'written',
      targetId,
      modifiedAt: null,
      bases: { core: parts['core'] ?? null, ...(pictured ? { image: parts['image'] ?? null } : {}) },
      children: levelPairs(desired, row.category_id),
      unsettled: said === undefined ? [] : [{ part: 'core', reason: said }],
    };
  });
}

function refusedOf(item: WriteItem, said: string | null, size: number): WriteOutcome {
  if (said === null) {
    const message = 'the reply names neither a category nor what was wrong';
    return size === 1 ? rejected(item.id, message) : { id: item.id, outcome: 'batch-failed', message };
  }
  const kind = duplicateKind(said, NAME);
  return kind === 'other' ? rejected(item.id, said) : { id: item.id, outcome: 'duplicate', kind, message: said };
}

/** Fields of several categories in one request; `image` is a field of its own part. */
export async function updateCategories(
  api: BigCommerceApi,
  part: 'core' | 'image',
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const changes = items.map((item) => ({ item, fields: changesOf(item) }));
  const sent = changes.filter(({ fields }) => Object.keys(fields).length > 0);
  const refused = new Map<string, WriteOutcome>();
  try {
    if (sent.length > 0) {
      const body = sent.map(({ item, fields }) => ({ category_id: Number(requiredTargetId(item)), ...fields }));
      const schema = batch(categorySchema).nullable();
      const { data } = await api.write({ method: 'PUT', path: PATH, route: ROUTE, body, schema, call });
      const named = namedIndexes(data);
      sent.forEach(({ item }, index) => {
        const said = named.get(index);
        if (said !== undefined) refused.set(item.id, refusedOf(item, said, sent.length));
      });
    }
  } catch (error) {
    if (part === 'image' && items.length === 1 && isRefusal(error))
      return items.map((item) => pictureOpen(item, error));
    const named = error instanceof StoreFailure ? namedIndexes(error.body) : new Map<number, string>();
    const outcomes = outcomesOfBatchFailure(items, error, NAME, sent.length === items.length ? named : new Map());
    if (!outcomes.some(({ outcome }) => outcome === 'rejected')) return outcomes;
    for (const outcome of outcomes) refused.set(outcome.id, outcome);
  }
  // Some stores answer without the rows, or with part of them (207): what is there now is read. Nothing there: missing.
  const now = await asTheyAre(api, part, items, call);
  return now.map((outcome) => (outcome.outcome === 'missing' ? outcome : (refused.get(outcome.id) ?? outcome)));
}

function changesOf(item: WriteItem): JsonObject {
  const { ancestors, tree_id: _tree, url, ...fields } = changedFields(item.desired as JsonObject, item.lastDesired);
  return {
    ...fields,
    ...(ancestors === undefined ? {} : { parent_id: parentId(item.desired as JsonObject) }),
    ...(url === undefined || url === null ? {} : { url }),
  };
}

async function asTheyAre(
  api: BigCommerceApi,
  part: 'core' | 'image',
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const rows = await listCategories(api, { 'category_id:in': items.map(requiredTargetId) }, call);
  const byId = new Map(rows.map((row) => [String(row.category_id), row]));
  return items.map((item): WriteOutcome => {
    const row = byId.get(requiredTargetId(item));
    if (row === undefined) return { id: item.id, outcome: 'missing' };
    const levels = part === 'core' ? levelPairs(item.desired as JsonObject, row.category_id) : [];
    const gone = [...childIds(item.children, LEVEL).keys()].filter((level) => Number(level) > levels.length);
    return {
      id: item.id,
      outcome: 'written',
      targetId: String(row.category_id),
      modifiedAt: null,
      bases: { [part]: presentCategory(row).parts[part] ?? null },
      children: part === 'core' ? [...levels, ...gone.map((level) => unpair(LEVEL, level))] : [],
      unsettled: [],
    };
  });
}

export function pictureOpen(item: WriteItem, error: StoreFailure): WriteOutcome {
  const reason = `image-unreachable: ${refusalText(error.body) || error.message}`.slice(0, 500);
  return {
    id: item.id,
    outcome: 'written',
    targetId: requiredTargetId(item),
    modifiedAt: null,
    bases: { image: item.base },
    children: [],
    unsettled: [{ part: 'image', reason }],
  };
}
