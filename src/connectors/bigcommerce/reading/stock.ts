import { chunks } from '../../../domain/chunks.ts';
import type { PresentState } from '../../../domain/target-state.ts';
import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import type { CallOptions } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import type { DesiredStock } from '../mapping/stock.ts';
import { inventoryItemSchema } from '../wire/store.ts';

interface Place {
  readonly kind: 'variant' | 'product';
  readonly ids: readonly number[];
}

/** `variant:12,13` or `product:4`: what a stock's target id says. */
function placeOf(targetId: string): Place {
  const [kind = '', ids = ''] = targetId.split(':');
  return { kind: kind === 'variant' ? 'variant' : 'product', ids: ids.split(',').map(Number) };
}

const IDS_AT_ONCE = 100;

/** Levels as the store has them now; a write that was accepted may not show yet (bigcommerce-api §7). */
export async function readStock(
  api: BigCommerceApi,
  targetIds: readonly string[],
  call: CallOptions,
): Promise<readonly PresentState[]> {
  const places = new Map(targetIds.map((targetId) => [targetId, placeOf(targetId)]));
  const levels = new Map<string, number>();
  for (const kind of ['variant', 'product'] as const) {
    const ids = [...places.values()].filter((place) => place.kind === kind).flatMap((place) => place.ids);
    for (const some of chunks(ids, IDS_AT_ONCE)) {
      const rows = await api.list({
        path: '/v3/inventory/items',
        route: 'inventory/items',
        query: { [`${kind}_id:in`]: some },
        schema: inventoryItemSchema,
        resource: 'inventory',
        call,
      });
      for (const row of rows) {
        const id = kind === 'variant' ? row.identity.variant_id : row.identity.product_id;
        const level = row.total_inventory_onhand ?? row.available_to_sell ?? null;
        if (id != null && level !== null) levels.set(`${kind}:${id}`, level);
      }
    }
  }
  return [...places].flatMap(([targetId, { kind, ids }]) => {
    const present = ids.map((id) => levels.get(`${kind}:${id}`) ?? null);
    if (present.every((level) => level === null)) return [];
    const parts = { core: { levels: ids.map((id, index) => ({ id, quantity: present[index] ?? null })) } };
    return [{ targetId, modifiedAt: null, createdAt: null, parts, children: [] }];
  });
}

export function agreesStock(desired: Json, present: Json): boolean {
  if (!isObject(present)) return false;
  const rows = (present['levels'] ?? []) as readonly JsonObject[];
  const found = new Map(rows.map((row) => [row['id'], row['quantity']]));
  const { levels } = desired as unknown as DesiredStock;
  return levels.every((level) => found.get(level.variant_id ?? level.product_id) === level.quantity);
}
