import { invalidParams } from '../../rest/errors.ts';
import { pagingParams } from '../../rest/paging.ts';
import type { Params, ParamSpecs } from '../../rest/params.ts';
import { flag, ids, text, texts, whole } from '../../rest/params.ts';
import type { Call } from '../../rest/resource.ts';
import type { OrderRow, SaleRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import type { ShopZone } from '../../store/zone.ts';
import { filterStamp } from '../../store/zone.ts';
import { idFilter } from '../post-query.ts';
import { orderStatuses } from './order-statuses.ts';

/** Filters that orders and refunds share (route index). */
export const saleListParams: ParamSpecs = {
  ...pagingParams,
  after: { type: 'date' },
  before: { type: 'date' },
  modified_after: { type: 'date' },
  modified_before: { type: 'date' },
  dates_are_gmt: { type: 'boolean', default: false },
  order: { type: 'string', default: 'desc', enum: ['asc', 'desc'] },
  orderby: { type: 'string', default: 'date', enum: ['date', 'id', 'include', 'title', 'slug', 'modified'] },
  parent: { type: 'idList', default: [] },
  parent_exclude: { type: 'idList', default: [] },
  dp: { type: 'integer' },
  include_meta: { type: 'textList', default: [] },
  exclude_meta: { type: 'textList', default: [] },
};

export const orderListParams: ParamSpecs = {
  ...saleListParams,
  status: { type: 'textList', default: ['any'] },
  customer: { type: 'integer' },
  product: { type: 'integer' },
  created_via: { type: 'textList' },
};

/**
 * Orders are compared in UTC: a naive stamp is read as shop time unless `dates_are_gmt` says otherwise, and one with a
 * zone goes wrong with `dates_are_gmt` exactly as it does for products (source-apis §1.3). Comparisons are strict.
 */
export function instantFilter(params: Params, zone: ShopZone): (row: SaleRow) => boolean {
  const bound = (name: string, none: number): number => {
    const value = text(params, name);
    if (value === undefined) return none;
    const stamp = filterStamp(value, zone);
    return flag(params, 'dates_are_gmt') ? Date.parse(`${stamp}Z`) : zone.instant(stamp);
  };
  const [after, before] = [bound('after', -Infinity), bound('before', Infinity)];
  const [modifiedAfter, modifiedBefore] = [bound('modified_after', -Infinity), bound('modified_before', Infinity)];
  return (row) =>
    row.createdGmt > after &&
    row.createdGmt < before &&
    row.modifiedGmt > modifiedAfter &&
    row.modifiedGmt < modifiedBefore;
}

/** `any` leaves out trash and auto-drafts (source-apis §1.5). */
function statusesWanted(shop: Shop, params: Params): Set<string> {
  const known = Object.keys(orderStatuses(shop));
  const wanted = new Set<string>();
  texts(params, 'status').forEach((status, at) => {
    if (status === 'any') known.forEach((one) => wanted.add(one));
    else if ([...known, 'trash', 'auto-draft'].includes(status)) wanted.add(status);
    else {
      const message = `status[${at}] is not one of any, trash, auto-draft, ${known.join(', ')}.`;
      throw invalidParams({ status: { code: 'rest_not_in_enum', message, data: null } });
    }
  });
  return wanted;
}

export function listOrders(call: Call): OrderRow[] {
  const { shop, params, controls } = call;
  const statuses = statusesWanted(shop, params);
  const filters: ((row: OrderRow) => boolean)[] = [
    (row) => statuses.has(row.status),
    controls.shows,
    idFilter(params),
    instantFilter(params, shop.zone),
    ...saleFilters(params),
  ];
  const customer = whole(params, 'customer');
  if (customer !== undefined) filters.push((row) => row.customerId === customer);
  const product = whole(params, 'product');
  if (product !== undefined) filters.push((row) => row.lines.some((line) => line.productId === product));
  const via = texts(params, 'created_via');
  if (via.length > 0) filters.push((row) => via.includes(row.createdVia));
  const search = text(params, 'search')?.toLowerCase();
  if (search) filters.push((row) => searchText(row).includes(search));
  return sortSales(
    [...shop.orders.values()].filter((row) => filters.every((filter) => filter(row))),
    params,
  );
}

function searchText(row: OrderRow): string {
  const { billing, shipping } = row;
  return [
    row.id,
    row.number,
    ...Object.values(billing),
    ...Object.values(shipping),
    ...row.lines.map((one) => one.name),
  ]
    .join(' ')
    .toLowerCase();
}

export function saleFilters(params: Params): ((row: SaleRow) => boolean)[] {
  const [parents, without] = [ids(params, 'parent'), ids(params, 'parent_exclude')];
  return [
    (row) => parents.length === 0 || parents.includes(row.parentId),
    (row) => without.length === 0 || !without.includes(row.parentId),
  ];
}

/** Sorted by the UTC columns, unlike products (source-apis §1.3). */
export function sortSales<T extends SaleRow>(rows: T[], params: Params): T[] {
  const direction = text(params, 'order') === 'asc' ? 1 : -1;
  const include = ids(params, 'include');
  switch (text(params, 'orderby')) {
    case 'include':
      return rows.sort((a, b) => include.indexOf(a.id) - include.indexOf(b.id));
    case 'modified':
      return rows.sort((a, b) => direction * (a.modifiedGmt - b.modifiedGmt) || a.id - b.id);
    case 'id':
    case 'title':
    case 'slug':
      return rows.sort((a, b) => direction * (a.id - b.id));
    default:
      return rows.sort((a, b) => direction * (a.createdGmt - b.createdGmt || a.id - b.id));
  }
}
