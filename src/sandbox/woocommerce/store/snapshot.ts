import { emptyAddress, emptyBilling } from './address.ts';
import type { Shop, ShopTables } from './shop.ts';
import { createZone } from './zone.ts';

const tables = [
  ...(['products', 'variations', 'attachments', 'terms', 'attributes', 'customers', 'orders', 'refunds'] as const),
  ...(['notes', 'coupons', 'reviews', 'posts', 'pages', 'taxRates', 'webhooks'] as const),
];

/** The shop as plain JSON, for the state file. */
export function snapshotOf(shop: Shop): Record<string, unknown> {
  const rows = Object.fromEntries(tables.map((table) => [table, [...shop[table].values()]]));
  const { settings, taxClasses, sequences, defaultCategoryId, customStatuses, stockMoves, unconfirmed, hookQueue } =
    shop;
  const rest = {
    settings,
    taxClasses,
    sequences,
    defaultCategoryId,
    customStatuses,
    stockMoves,
    unconfirmed,
    hookQueue,
  };
  return { version: 1, timeZone: shop.zone.name, ...rest, ...rows };
}

/**
 * Puts a snapshot in place of what the shop holds. What an older snapshot does not name stays as in a fresh shop.
 * Throws when it is of another version.
 */
export function restore(shop: Shop, snapshot: unknown): void {
  const given = snapshot as Record<string, unknown>;
  if (given['version'] !== 1) throw new Error(`The shop's saved state has version ${String(given['version'])}, not 1`);
  for (const table of tables) {
    const target: Map<number, unknown> = shop[table as keyof ShopTables];
    if (given[table] === undefined) continue;
    target.clear();
    for (const row of given[table] as { id: number }[]) target.set(row.id, row);
  }
  shop.zone = createZone(given['timeZone'] as string);
  shop.settings = given['settings'] as Shop['settings'];
  shop.taxClasses = given['taxClasses'] as Shop['taxClasses'];
  shop.sequences = { ...shop.sequences, ...(given['sequences'] as Shop['sequences']) };
  shop.defaultCategoryId = given['defaultCategoryId'] as number;
  shop.customStatuses = (given['customStatuses'] ?? {}) as Shop['customStatuses'];
  shop.stockMoves = (given['stockMoves'] ?? []) as Shop['stockMoves'];
  // Snapshots of former versions do not say since when a delivery waits, nor when it is due.
  const waiting = (given['hookQueue'] ?? []) as Shop['hookQueue'];
  const now = shop.clock.now();
  shop.hookQueue = waiting.map((one) => ({ ...one, sinceMs: one.sinceMs ?? now, dueMs: one.dueMs ?? now }));
  Object.assign(shop.unconfirmed, given['unconfirmed']);
  shop.revision += 1;
}

/** An empty shop with its default category; sequences go on, so that ids of a former life do not come back. */
export function clearShop(shop: Shop): void {
  for (const table of tables) shop[table].clear();
  shop.scared = false;
  shop.customStatuses = {};
  shop.stockMoves = [];
  shop.hookQueue = [];
  shop.sequences.term += 1;
  shop.defaultCategoryId = shop.sequences.term;
  putUncategorized(shop, shop.defaultCategoryId, 'product_cat');
  // The blog's own default category has id 1 in every WordPress (recording "create blog post").
  putUncategorized(shop, 1, 'category');
  putAdministrator(shop);
  shop.revision += 1;
}

function putUncategorized(shop: Shop, id: number, taxonomy: string): void {
  shop.terms.set(id, {
    id,
    taxonomy,
    name: 'Uncategorized',
    slug: 'uncategorized',
    parent: 0,
    description: '',
    display: 'default',
    imageId: 0,
    menuOrder: 0,
    visibleSinceMs: 0,
  });
}

/** User 1 made the shop: only `role=all` lists it, and WooCommerce never saved it (source-apis §1.4, §1.6). */
function putAdministrator(shop: Shop): void {
  shop.customers.set(1, {
    id: 1,
    createdGmt: Date.UTC(2024, 0, 2, 9),
    modifiedGmt: null,
    visibleSinceMs: 0,
    role: 'administrator',
    email: 'admin@example.test',
    username: 'sandbox-admin',
    firstName: '',
    lastName: '',
    isPaying: false,
    billing: emptyBilling(),
    shipping: emptyAddress(),
    meta: [],
  });
}
