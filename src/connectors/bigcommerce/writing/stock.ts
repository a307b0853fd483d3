import type { CallOptions, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import { type DesiredStock, stockTargetId } from '../mapping/stock.ts';
import { namedIndexes } from '../refusals.ts';
import { StoreFailure } from '../../http/failures.ts';
import { outcomesOfBatchFailure } from './outcomes.ts';

/** Absolute levels in bulk (P10). Setting a level is idempotent; levels take effect a little after the reply. */
export async function writeStock(
  api: BigCommerceApi,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const levels = items.flatMap((item) => {
    const { location_id, levels: own } = item.desired as unknown as DesiredStock;
    return own.map(({ variant_id: variant, product_id: product, quantity }) => ({
      location_id,
      ...(variant === null ? { product_id: product } : { variant_id: variant }),
      quantity,
    }));
  });
  try {
    await api.write({
      method: 'PUT',
      path: '/v3/inventory/adjustments/absolute',
      route: 'inventory/adjustments/absolute',
      body: { reason: 'storeferry', items: levels },
      resource: 'inventory',
      call,
    });
    return items.map((item) => ({
      id: item.id,
      outcome: 'written',
      targetId: stockTargetId(item.desired as unknown as DesiredStock),
      modifiedAt: null,
      bases: { core: null },
      children: [],
      unsettled: [],
    }));
  } catch (error) {
    const named = error instanceof StoreFailure ? namedIndexes(error.body) : new Map<number, string>();
    // A place in the list of levels is a place in the list of items only when each has one level.
    return outcomesOfBatchFailure(items, error, null, levels.length === items.length ? named : new Map());
  }
}
