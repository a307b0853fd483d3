import type { Params, ParamSpecs } from '../rest/params.ts';
import { flag, ids, text, texts } from '../rest/params.ts';
import type { PostRow } from '../store/rows.ts';
import type { ShopZone } from '../store/zone.ts';
import { filterStamp, naive } from '../store/zone.ts';
import { compareText } from './product-wire.ts';

const statuses = ['any', 'future', 'trash', 'draft', 'pending', 'private', 'publish', 'auto-draft'] as const;

/** Filters that all lists of posts share (route index: products, variations; later orders, coupons). */
export const postListParams: ParamSpecs = {
  after: { type: 'date' },
  before: { type: 'date' },
  modified_after: { type: 'date' },
  modified_before: { type: 'date' },
  dates_are_gmt: { type: 'boolean', default: false },
  order: { type: 'string', default: 'desc', enum: ['asc', 'desc'] },
  parent: { type: 'idList', default: [] },
  parent_exclude: { type: 'idList', default: [] },
  slug: { type: 'string' },
  status: { type: 'string', default: 'any', enum: statuses },
  include_status: { type: 'textList', enum: statuses },
  exclude_status: { type: 'textList', enum: statuses },
};

const everyday = ['publish', 'draft', 'pending', 'private', 'future'];

/** `any` leaves out trash and auto-drafts; `include_status` takes the place of `status` (source-apis §1.5). */
export function statusFilter(params: Params): (row: PostRow) => boolean {
  const given = texts(params, 'include_status');
  const asked = given.length > 0 ? given : [text(params, 'status') ?? 'any'];
  const wanted = new Set(asked.flatMap((status) => (status === 'any' ? everyday : [status])));
  for (const status of texts(params, 'exclude_status')) wanted.delete(status);
  return (row) => wanted.has(row.status);
}

interface Window {
  after: string | null;
  before: string | null;
}

function inside(column: string, limits: Window): boolean {
  return (limits.after === null || column > limits.after) && (limits.before === null || column < limits.before);
}

/** Strict comparisons of a stamp with the local or the GMT column; source-apis §1.3 lists what goes wrong. */
export function dateFilter(params: Params, zone: ShopZone): (row: PostRow) => boolean {
  const gmt = flag(params, 'dates_are_gmt');
  const bound = (name: string): string | null => {
    const value = text(params, name);
    return value === undefined ? null : filterStamp(value, zone);
  };
  const created = { after: bound('after'), before: bound('before') };
  const modified = { after: bound('modified_after'), before: bound('modified_before') };
  return (row) =>
    inside(gmt ? naive(row.createdGmt) : row.createdLocal, created) &&
    inside(gmt ? naive(row.modifiedGmt) : row.modifiedLocal, modified);
}

export function idFilter(params: Params): (row: { id: number }) => boolean {
  const include = new Set(ids(params, 'include'));
  const exclude = new Set(ids(params, 'exclude'));
  return (row) => (include.size === 0 || include.has(row.id)) && !exclude.has(row.id);
}

export interface SortKeys {
  title?: (row: never) => string;
  price?: (row: never) => number;
  sales?: (row: never) => number;
  rating?: (row: never) => number;
}

/**
 * Order of a list. `modified` sorts by the local column and breaks ties by id ascending, in both directions;
 * `date` breaks them by id in its own direction (source-apis §1.3).
 */
export function sortPosts<T extends PostRow>(rows: T[], params: Params, keys: SortKeys): T[] {
  const orderby = text(params, 'orderby') ?? 'date';
  const direction = text(params, 'order') === 'asc' ? 1 : -1;
  const include = ids(params, 'include');
  const by = (compare: (a: T, b: T) => number): T[] => rows.sort((a, b) => direction * compare(a, b) || a.id - b.id);
  const column = (value: ((row: never) => number) | undefined): T[] =>
    by((a, b) => (value ? value(a as never) - value(b as never) : 0));
  switch (orderby) {
    case 'id':
      return by((a, b) => a.id - b.id);
    case 'include':
    case 'post__in':
      return rows.sort((a, b) => include.indexOf(a.id) - include.indexOf(b.id));
    case 'modified':
      return by((a, b) => compareStamps(a.modifiedLocal, b.modifiedLocal));
    case 'slug':
      return by((a, b) => compareText(a.slug, b.slug));
    case 'title':
      return by((a, b) => (keys.title ? compareText(keys.title(a as never), keys.title(b as never)) : 0));
    case 'menu_order':
      return by((a, b) => a.menuOrder - b.menuOrder);
    case 'price':
      return column(keys.price);
    case 'popularity':
    case 'sales':
      return column(keys.sales);
    case 'rating':
      return column(keys.rating);
    case 'random':
      return rows
        .map((row) => ({ row, key: Math.random() }))
        .sort((a, b) => a.key - b.key)
        .map(({ row }) => row);
    default:
      return by((a, b) => compareStamps(a.createdLocal, b.createdLocal) || a.id - b.id);
  }
}

function compareStamps(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
