import type { JsonObject } from '../../../../domain/json.ts';
import { StoreFailure } from '../../../http/failures.ts';
import type { CallOptions, WriteItem, WriteOutcome } from '../../../target.ts';
import type { BigCommerceApi } from '../../bigcommerce-api.ts';
import { textField } from '../../projection/fields.ts';
import { outdatedFields, presentOrder } from '../../projection/orders/order.ts';
import { formerOrder, metafieldsOf } from '../../reading/orders/former.ts';
import { type OrderRow, orderSchema } from '../../wire/orders/order.ts';
import { outcomeOfFailure } from '../outcomes.ts';

/**
 * Brings an archived order back instead of making it a second time with the same external id: one PUT of `is_deleted: false` and of
 * those fields of an update that differ from what it holds; a status that is right already is not sent, so that no mail comes of it.
 * That such a PUT restores is not confirmed (bigcommerce-api §5.1 [U]): only an order that is shown as there again counts. Its lines
 * stay as they were placed. Run twice, it finds the order there and sends what still differs.
 *
 * @returns null: it is to be made anew; the former one is gone, is not ours, or the store leaves it archived
 */
export async function restoreOrder(
  api: BigCommerceApi,
  item: WriteItem,
  formerId: string,
  call: CallOptions,
): Promise<WriteOutcome | null> {
  const marker = textField(item.desired, 'external_order_id');
  const look = () => formerOrder(api, formerId, marker, call);
  try {
    const former = await look();
    if (former === null) return null;
    // Read before the order is written: nothing may fail between what was done and the word of it.
    const children = await metafieldsOf(api, formerId, call);
    const row = await putBack(api, former, item.desired as JsonObject, look, call);
    if (row === null) return null;
    const { targetId, modifiedAt, parts } = presentOrder(row);
    return { id: item.id, outcome: 'written', targetId, modifiedAt, bases: parts, children, unsettled: [] };
  } catch (error) {
    return isKind(error, 'missing') ? null : outcomeOfFailure(item, error, null);
  }
}

/** null: the store refuses it, or shows the order as archived still. One that is there again is only brought up to date. */
async function putBack(
  api: BigCommerceApi,
  former: OrderRow,
  desired: JsonObject,
  look: () => Promise<OrderRow | null>,
  call: CallOptions,
): Promise<OrderRow | null> {
  const isArchived = former.is_deleted === true;
  const body = { ...(isArchived ? { is_deleted: false } : {}), ...outdatedFields(desired, former) };
  if (Object.keys(body).length === 0) return former;
  const one = { path: `/v2/orders/${former.id}`, route: 'orders/:id' };
  try {
    const { data } = await api.write({ ...one, method: 'PUT', body, schema: orderSchema, call });
    if (!isArchived || data.is_deleted === false) return data;
  } catch (error) {
    if (isArchived && isKind(error, 'rejected')) return null;
    throw error;
  }
  return shownBack(look);
}

/** A reply may show what was there before: a second one is made only after another look. */
async function shownBack(look: () => Promise<OrderRow | null>): Promise<OrderRow | null> {
  try {
    const row = await look();
    return row?.is_deleted === false ? row : null;
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    throw new StoreFailure('uncertain', `whether the order is there again is not known: ${error.message}`);
  }
}

function isKind(error: unknown, kind: StoreFailure['kind']): boolean {
  return error instanceof StoreFailure && error.kind === kind;
}
