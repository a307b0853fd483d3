import { chunks } from '../../../domain/chunks.ts';
import type { ChildPair } from '../../../domain/target-state.ts';
import { normaliseKey } from '../../../domain/unique-key.ts';
import { z } from 'zod';
import type { CallOptions, WriteItem, WriteOutcome } from '../../target.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import type { DesiredOptions, WireOption } from '../mapping/variants/option-rows.ts';
import { childIds, pair, unpair } from '../projection/children.ts';
import { sameJson } from '../projection/field-changes.ts';
import { presentOptions } from '../projection/product.ts';
import { MODIFIER, OPTION } from '../projection/product-children.ts';
import { type OptionRow, optionSchema } from '../wire/product.ts';
import { single } from '../wire/envelope.ts';
import { type PartWritten, perItem, requiredTargetId } from './per-item.ts';

const optionReply = single(optionSchema);
const productOptionsSchema = z.looseObject({ id: z.number(), options: z.array(optionSchema).nullish() });
/** With their options a page holds ten products whatever is asked for (bigcommerce-api §1.2). */
const WITH_OPTIONS = 10;

type Values = readonly {
  readonly id?: number;
  readonly label: string;
  readonly sort_order: number;
  readonly is_default: boolean;
}[];

/**
 * Order and default of option values: one look for ten products, and a request for each option where they differ
 * (fidelity §4.2).
 */
export async function writeOptions(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const looked = items.filter((item) => !isAsCreated(item));
  const present = await optionsOfProducts(api, looked.map(requiredTargetId), call);
  return perItem('options', items, null, async (item, productId) => {
    const rows = present.get(productId);
    return rows === undefined ? { base: null, children: [] } : orderOptions(api, item, productId, rows, call);
  });
}

/** As the create of the product made them, or none at all: nothing to look at. */
function isAsCreated(item: WriteItem): boolean {
  const desired = item.desired as unknown as DesiredOptions | null;
  const wishes = desired?.rows ?? [];
  const known = childIds(item.children, OPTION);
  const never = item.lastDesired === null && item.base === null;
  if (wishes.length === 0 && known.size === 0) return true;
  return never && desired?.as_created === true && wishes.every((wish) => known.has(wish.display_name));
}

/** Options of some products in one request, by product id; one that is gone has none. */
async function optionsOfProducts(
  api: BigCommerceApi,
  productIds: readonly string[],
  call: CallOptions,
): Promise<ReadonlyMap<string, readonly OptionRow[]>> {
  const found = new Map(productIds.map((id): [string, readonly OptionRow[]] => [id, []]));
  for (const ids of chunks(productIds, WITH_OPTIONS)) {
    const rows = await api.list({
      path: '/v3/catalog/products',
      route: 'catalog/products',
      query: { 'id:in': ids, include: 'options', include_fields: 'id' },
      schema: productOptionsSchema,
      call,
    });
    for (const { id, options } of rows) found.set(String(id), options ?? []);
  }
  return found;
}

async function orderOptions(
  api: BigCommerceApi,
  item: WriteItem,
  productId: string,
  present: readonly OptionRow[],
  call: CallOptions,
): Promise<PartWritten> {
  const wishes = (item.desired as unknown as DesiredOptions | null)?.rows ?? [];
  const { change } = optionsOf(api, productId, 'options', call);
  const rows = [...present];
  for (const wish of wishes) {
    const row = byName(rows, wish);
    if (row === undefined) continue;
    const values = mergedValues(wish, row);
    const sameName = row.display_name === wish.display_name;
    if (sameName && row.sort_order === wish.sort_order && sameValues(values, row)) continue;
    const wanted = { display_name: wish.display_name, sort_order: wish.sort_order, option_values: values };
    rows.splice(rows.indexOf(row), 1, await change(row.id, wanted));
  }
  return { base: presentOptions(rows), children: [] };
}

/** Free choices: required drop-downs (fidelity §4.2). Told by name, which is unique on a product. */
export async function writeModifiers(
  api: BigCommerceApi,
  item: WriteItem,
  productId: string,
  call: CallOptions,
): Promise<PartWritten> {
  const wishes = (item.desired ?? []) as unknown as readonly WireOption[];
  const known = childIds(item.children, MODIFIER);
  if (wishes.length === 0 && known.size === 0) return { base: [], children: [] };
  const { list, add, change, remove } = optionsOf(api, productId, 'modifiers', call);
  const rows = await list();
  const children: ChildPair[] = [];
  for (const wish of wishes) {
    const row = rows.find(({ id }) => String(id) === known.get(wish.key)) ?? byName(rows, wish);
    const { key: _key, ...fields } = wish;
    const body = { ...fields, type: 'dropdown', required: true };
    if (row === undefined) children.push(pair(MODIFIER, wish.key, await add(body)));
    else {
      const values = mergedValues(wish, row);
      if (row.display_name !== wish.display_name || !sameValues(values, row)) {
        await change(row.id, { ...body, option_values: values });
      }
      children.push(pair(MODIFIER, wish.key, row.id));
    }
  }
  const wished = new Set(wishes.map((wish) => wish.key));
  for (const [key, id] of known) {
    if (wished.has(key)) continue;
    await remove(id);
    children.push(unpair(MODIFIER, key));
  }
  return { base: presentOptions(await list()), children };
}

function byName(rows: readonly OptionRow[], wish: WireOption): OptionRow | undefined {
  return rows.find((row) => normaliseKey(row.display_name ?? '') === normaliseKey(wish.display_name));
}

/** Ours in our order, with the ids that they have; values that someone added stay, after ours. */
function mergedValues(wish: WireOption, row: OptionRow): Values {
  const present = row.option_values ?? [];
  const idOf = (label: string) => present.find((value) => normaliseKey(value.label ?? '') === normaliseKey(label))?.id;
  const labels = new Set(wish.option_values.map((value) => normaliseKey(value.label)));
  const ours = wish.option_values.map((value) => {
    const id = idOf(value.label);
    return id === undefined ? value : { id, ...value };
  });
  const theirs = present
    .filter((value) => !labels.has(normaliseKey(value.label ?? '')))
    .map((value, index) => ({
      id: value.id,
      label: value.label ?? '',
      sort_order: ours.length + index,
      is_default: false,
    }));
  return [...ours, ...theirs];
}

/** Places matter only relative to each other. */
function sameValues(values: Values, row: OptionRow): boolean {
  const present = (row.option_values ?? []).toSorted(
    (a, b) => (a.sort_order ?? 0) - (b.sort_order ?? 0) || a.id - b.id,
  );
  return sameJson(
    values.map((value) => [value.label, value.is_default]),
    present.map((value) => [value.label ?? '', value.is_default === true]),
  );
}

/** Requests on the options (or modifiers) of one product. */
interface OptionRequests {
  readonly list: () => Promise<readonly OptionRow[]>;
  readonly add: (body: object) => Promise<number>;
  /** Returns it as it is from then on. */
  readonly change: (id: number, body: object) => Promise<OptionRow>;
  readonly addValue: (id: number, value: object) => Promise<void>;
  readonly remove: (id: string | number) => Promise<void>;
}

export function optionsOf(
  api: BigCommerceApi,
  productId: string,
  kind: 'options' | 'modifiers',
  call: CallOptions,
): OptionRequests {
  const path = `/v3/catalog/products/${productId}/${kind}`;
  const route = `catalog/products/:id/${kind}`;
  const one = `${route}/:option`;
  return {
    list: () => api.list({ path, route, schema: optionSchema, call }),
    add: async (body) => {
      const { data } = await api.write({ method: 'POST', path, route, body, schema: optionReply, call });
      return data.data.id;
    },
    change: async (id, body) => {
      const asked = { method: 'PUT', path: `${path}/${id}`, route: one, body, schema: optionReply, call } as const;
      return (await api.write(asked)).data.data;
    },
    addValue: async (id, value) => {
      await api.write({ method: 'POST', path: `${path}/${id}/values`, route: `${one}/values`, body: value, call });
    },
    remove: async (id) => {
      try {
        await api.write({ method: 'DELETE', path: `${path}/${id}`, route: one, call });
      } catch (error) {
        if (!(error instanceof StoreFailure && error.kind === 'missing')) throw error;
      }
    },
  };
}
