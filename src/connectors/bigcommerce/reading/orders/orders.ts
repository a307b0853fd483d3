import { z } from 'zod';
import type { Query } from '../../../http/request-form.ts';
import type { Json } from '../../../../domain/json.ts';
import type { Instant } from '../../../../domain/record.ts';
import type { PresentState } from '../../../../domain/target-state.ts';
import type { CallOptions, ExistingRecord, LookUpHit, WriteItem } from '../../../target.ts';
import { type BigCommerceApi, PAGE_SIZE } from '../../bigcommerce-api.ts';
import { textField } from '../../projection/fields.ts';
import { agreesOrderPart, markerOf, presentOrder } from '../../projection/orders/order.ts';
import { type OrderRow, orderSchema } from '../../wire/orders/order.ts';
import { formerOrder, metafieldsOf, orderById } from './former.ts';

const AT = { path: '/v2/orders', route: 'orders' };
const DAY_MS = 86_400_000;

/** One page of V2; archived orders are gone to us, whether lists show them or not (bigcommerce-api §5.1). */
async function page(api: BigCommerceApi, query: Query, call: CallOptions) {
  const asked = { ...query, limit: PAGE_SIZE };
  const rows = (await api.get({ ...AT, query: asked, schema: z.array(orderSchema).nullable(), call })) ?? [];
  return { rows: rows.filter(isThere), all: rows, more: rows.length >= PAGE_SIZE };
}

const isThere = (row: OrderRow): boolean => row.is_deleted !== true;

/** By id, so that orders that come meanwhile shift nothing. */
async function walk(api: BigCommerceApi, query: Query, call: CallOptions): Promise<readonly OrderRow[]> {
  const rows: OrderRow[] = [];
  for (let minId = 1; ;) {
    const found = await page(api, { ...query, min_id: minId, sort: 'id:asc' }, call);
    rows.push(...found.rows);
    if (!found.more) return rows;
    minId = Math.max(...found.all.map(({ id }) => id)) + 1;
  }
}

/** One request for ids that lie close together, as those of one run do. */
export async function readOrders(
  api: BigCommerceApi,
  targetIds: readonly string[],
  call: CallOptions,
): Promise<readonly PresentState[]> {
  const ids = [...new Set(targetIds.map(Number))].toSorted((a, b) => a - b);
  const groups: number[][] = [];
  for (const id of ids) {
    const group = groups.at(-1) ?? [];
    const [first = -Infinity] = group;
    if (id < first + PAGE_SIZE) group.push(id);
    else groups.push([id]);
  }
  const found = await Promise.all(groups.map((group) => readGroup(api, group, call)));
  return found.flat().map(presentOrder);
}

async function readGroup(api: BigCommerceApi, ids: readonly number[], call: CallOptions): Promise<readonly OrderRow[]> {
  const [first = 0] = ids;
  if (ids.length === 1) return readOne(api, first, call);
  const { rows } = await page(api, { min_id: first, max_id: ids.at(-1) ?? first, sort: 'id:asc' }, call);
  return rows.filter(({ id }) => ids.includes(id));
}

async function readOne(api: BigCommerceApi, id: number, call: CallOptions): Promise<readonly OrderRow[]> {
  const row = await orderById(api, String(id), call);
  return row === null ? [] : [row].filter(isThere);
}

/** Nothing of an order is unique: our id in it is what it is known by (bigcommerce-api §2). */
export async function lookUpOrders(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly LookUpHit[]> {
  const hits: LookUpHit[] = [];
  for (const item of items) {
    const marker = textField(item.desired, 'external_order_id');
    const former = await backAgain(api, item, marker, call);
    const row = former?.row ?? (await findByMarker(api, item, marker, call));
    if (row === undefined) continue;
    const state = { ...presentOrder(row), children: former?.children ?? [] };
    const agrees = agreesOrderPart('core', item.desired, state.parts['core'] ?? null);
    hits.push({ id: item.id, state, marker: markerOf(row), agrees });
  }
  return hits;
}

/** Every order with our id in it that is not archived; a store whose filter is ignored shows none (bigcommerce-api §5.1). */
export async function copiesOfOrder(api: BigCommerceApi, desired: Json, call: CallOptions): Promise<readonly string[]> {
  const marker = textField(desired, 'external_order_id');
  if (marker === '') return [];
  const { rows } = await page(api, { external_order_id: marker }, call);
  return rows.filter((row) => row.external_order_id === marker).map(({ id }) => String(id));
}

/** A former order that is not archived any more, by its id: a list may be late and show it as it was before it was archived. */
async function backAgain(api: BigCommerceApi, { formerTargetId }: WriteItem, marker: string, call: CallOptions) {
  if (formerTargetId == null) return null;
  const row = await formerOrder(api, formerTargetId, marker, call);
  return row?.is_deleted === false ? { row, children: await metafieldsOf(api, formerTargetId, call) } : null;
}

async function findByMarker(
  api: BigCommerceApi,
  { desired, formerTargetId }: WriteItem,
  marker: string,
  call: CallOptions,
): Promise<OrderRow | undefined> {
  const isOf = (row: OrderRow) => row.external_order_id === marker;
  const isIt = (row: OrderRow) => isOf(row) && String(row.id) !== formerTargetId;
  const { rows, all } = await page(api, { external_order_id: marker }, call);
  // A filter that a store does not know is ignored: then the day that we gave the order narrows the list.
  if (all.every(isOf)) return rows.find(isIt);
  const at = Date.parse(textField(desired, 'date_created'));
  const day = (shift: number) => new Date(at + shift).toISOString();
  const window = Number.isNaN(at) ? {} : { min_date_created: day(-DAY_MS), max_date_created: day(DAY_MS) };
  return (await walk(api, window, call)).find(isIt);
}

export async function ordersChangedSince(
  api: BigCommerceApi,
  since: Instant,
  call: CallOptions,
): Promise<readonly PresentState[]> {
  return (await walk(api, { min_date_modified: since }, call)).map(presentOrder);
}

/** Every order, 250 a request; those without a marker are the merchant's own and in nobody's way. */
export async function existingOrders(
  api: BigCommerceApi,
  cursor: string | null,
  call: CallOptions,
): Promise<{ records: readonly ExistingRecord[]; next: string | null }> {
  const { rows, all, more } = await page(api, { min_id: Number(cursor ?? 1), sort: 'id:asc' }, call);
  const records = rows.map((row): ExistingRecord => ({
    entity: 'order',
    targetId: String(row.id),
    marker: markerOf(row),
    keys: [],
    children: [],
  }));
  return { records, next: more ? String(Math.max(...all.map(({ id }) => id)) + 1) : null };
}
