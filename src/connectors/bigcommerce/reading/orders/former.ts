import type { ChildPair } from '../../../../domain/target-state.ts';
import { StoreFailure } from '../../../http/failures.ts';
import type { CallOptions } from '../../../target.ts';
import type { BigCommerceApi } from '../../bigcommerce-api.ts';
import { pair } from '../../projection/children.ts';
import { markerOf } from '../../projection/orders/order.ts';
import { metafieldSchema } from '../../wire/metafield.ts';
import { type OrderRow, orderSchema } from '../../wire/orders/order.ts';
import { METAFIELD } from '../../writing/metafields.ts';

/** One order by its id, archived or not; null: there is none. */
export async function orderById(api: BigCommerceApi, id: string, call: CallOptions): Promise<OrderRow | null> {
  try {
    return await api.get({ path: `/v2/orders/${id}`, route: 'orders/:id', schema: orderSchema, call });
  } catch (error) {
    if (error instanceof StoreFailure && error.kind === 'missing') return null;
    throw error;
  }
}

/**
 * An order that was ours once, by its id, archived or not: lists may hide archived ones (bigcommerce-api §5.1). null: it is gone,
 * is somebody else's by its external id, or the store does not say whether it is archived.
 */
export async function formerOrder(
  api: BigCommerceApi,
  id: string,
  marker: string,
  call: CallOptions,
): Promise<OrderRow | null> {
  const row = await orderById(api, id, call);
  return row !== null && markerOf(row) === marker && typeof row.is_deleted === 'boolean' ? row : null;
}

/** What an order holds of us already: app-only metafields are nobody else's (bigcommerce-api §3.5). */
export async function metafieldsOf(api: BigCommerceApi, id: string, call: CallOptions): Promise<readonly ChildPair[]> {
  const ask = { path: `/v3/orders/${id}/metafields`, route: 'catalog/orders/:id/metafields' };
  const rows = await api.list({ ...ask, schema: metafieldSchema, call });
  return rows
    .filter((row) => row.permission_set === 'app_only')
    .map((row) => pair(METAFIELD, `${row.namespace}/${row.key}`, row.id));
}
