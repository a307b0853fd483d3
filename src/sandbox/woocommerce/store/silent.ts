import type { PostRow } from './rows.ts';
import type { Shop } from './shop.ts';
import { bump, nowSeconds } from './shop.ts';

const tables = {
  ...({ product: 'products', variation: 'variations', term: 'terms', attribute: 'attributes' } as const),
  ...({ image: 'attachments', customer: 'customers', order: 'orders', refund: 'refunds', note: 'notes' } as const),
  ...({ coupon: 'coupons', review: 'reviews', post: 'posts', page: 'pages' } as const),
};

export type SilentKind = keyof typeof tables;
export const silentKinds = Object.keys(tables) as [SilentKind, ...SilentKind[]];

/**
 * What a plugin does that writes SQL: columns of the row change by their own names, no stamp moves (source-apis §1.4),
 * unless `bumped`. Returns what is wrong with the request; undefined when it was done.
 */
export function writeSilently(
  shop: Shop,
  kind: SilentKind,
  id: number,
  fields: Record<string, unknown>,
  bumped = false,
): string | undefined {
  const row: object | undefined = shop[tables[kind]].get(id);
  if (!row) return `there is no ${kind} ${id}`;
  const unknown = Object.keys(fields).find((name) => !(name in row));
  if (unknown !== undefined) return `${kind} has no column ${unknown}`;
  Object.assign(row, fields);
  shop.revision += 1;
  if (bumped && 'modifiedLocal' in row) bump(shop, row as PostRow);
  else if (bumped && 'modifiedGmt' in row) row.modifiedGmt = nowSeconds(shop);
  return undefined;
}
