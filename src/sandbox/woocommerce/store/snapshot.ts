import type { Shop, ShopTables } from './shop.ts';
import { createZone } from './zone.ts';

const tables = ['products', 'variations', 'attachments', 'terms', 'attributes'] as const;

/** The shop as plain JSON, for the state file. */
export function snapshotOf(shop: Shop): Record<string, unknown> {
  const rows = Object.fromEntries(tables.map((table) => [table, [...shop[table].values()]]));
  const { settings, taxClasses, sequences, defaultCategoryId } = shop;
  return { version: 1, timeZone: shop.zone.name, settings, taxClasses, sequences, defaultCategoryId, ...rows };
}

/** Puts a snapshot in place of what the shop holds. Throws when it is of another version. */
export function restore(shop: Shop, snapshot: unknown): void {
  const given = snapshot as Record<string, unknown>;
  if (given['version'] !== 1) throw new Error(`The shop's saved state has version ${String(given['version'])}, not 1`);
  for (const table of tables) {
    const target: Map<number, unknown> = shop[table as keyof ShopTables];
    target.clear();
    for (const row of given[table] as { id: number }[]) target.set(row.id, row);
  }
  shop.zone = createZone(given['timeZone'] as string);
  shop.settings = given['settings'] as Shop['settings'];
  shop.taxClasses = given['taxClasses'] as Shop['taxClasses'];
  shop.sequences = given['sequences'] as Shop['sequences'];
  shop.defaultCategoryId = given['defaultCategoryId'] as number;
  shop.revision += 1;
}

/** An empty shop with its default category; sequences go on, so that ids of a former life do not come back. */
export function clearShop(shop: Shop): void {
  for (const table of tables) shop[table].clear();
  shop.scared = false;
  shop.sequences.term += 1;
  shop.defaultCategoryId = shop.sequences.term;
  shop.terms.set(shop.defaultCategoryId, {
    id: shop.defaultCategoryId,
    taxonomy: 'product_cat',
    name: 'Uncategorized',
    slug: 'uncategorized',
    parent: 0,
    description: '',
    display: 'default',
    imageId: 0,
    menuOrder: 0,
    visibleSinceMs: 0,
  });
  shop.revision += 1;
}
