import type { Json, JsonObject } from '../../../../domain/json.ts';
import { StoreFailure } from '../../../http/failures.ts';
import type { CallOptions, WriteItem, WriteOutcome } from '../../../target.ts';
import type { BigCommerceApi } from '../../bigcommerce-api.ts';
import { changedFields, withoutBlanks } from '../../projection/field-changes.ts';
import { presentOrder, updatableFields } from '../../projection/orders/order.ts';
import { refusalText } from '../../refusals.ts';
import { orderSchema, type OrderRow } from '../../wire/orders/order.ts';
import { deleted } from '../deletes.ts';
import { outcomeOfFailure } from '../outcomes.ts';
import { requiredTargetId } from '../per-item.ts';
import { degraded } from './degraded.ts';

const AT = { path: '/v2/orders', route: 'orders' };

/** One order in one request, with its lines (bigcommerce-api §5.1). No mail is sent for it. */
export async function createOrder(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  const lines = (item.bundle['lines'] ?? {}) as JsonObject;
  let body: JsonObject = { ...withoutBlanks(item.desired as JsonObject), ...linesBody(lines) };
  const lost: string[] = [];
  for (;;) {
    try {
      const { data } = await api.write({ ...AT, method: 'POST', body, schema: orderSchema, call });
      return written(item, data, lost);
    } catch (error) {
      const refused = error instanceof StoreFailure && error.kind === 'rejected';
      // No order is held back by a product that went a moment ago (P9).
      const less = refused ? degraded(body, refusalText(error.body)) : null;
      if (less === null) return outcomeOfFailure(item, error, null);
      body = less.body;
      lost.push(less.reason);
    }
  }
}

/** Amounts of lines are JSON numbers, exact at four decimals; those of the order are text. */
function linesBody(lines: JsonObject): JsonObject {
  const products = (lines['products'] ?? []) as readonly JsonObject[];
  const fees = (lines['fees'] ?? []) as readonly Json[];
  return {
    products: products.map((line) => ({
      ...withoutBlanks(line),
      price_ex_tax: Number(line['price_ex_tax']),
      price_inc_tax: Number(line['price_inc_tax']),
    })),
    ...(fees.length > 0 ? { fees } : {}),
  };
}

/** Status, notes and totals; what else changed stays as it was placed (fidelity §7). */
export async function updateOrder(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  const desired = item.desired as JsonObject;
  const body = updatableFields(changedFields(desired, item.lastDesired), desired);
  if (Object.keys(body).length === 0) return unchanged(item);
  const one = { path: `${AT.path}/${requiredTargetId(item)}`, route: 'orders/:id' };
  try {
    const { data } = await api.write({ ...one, method: 'PUT', body, schema: orderSchema, call });
    return { ...written(item, data, []), bases: { core: presentOrder(data).parts['core'] ?? null } };
  } catch (error) {
    return outcomeOfFailure(item, error, null);
  }
}

/** A delete archives: nothing is ever erased (bigcommerce-api §5.1). */
export async function archiveOrder(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  const id = requiredTargetId(item);
  // Without an id it would archive every order there is.
  if (!/^\d+$/.test(id)) throw new Error(`"${id}" is no id of an order`);
  try {
    await api.write({ path: `${AT.path}/${id}`, route: 'orders/:id', method: 'DELETE', call });
    return deleted(item);
  } catch (error) {
    return outcomeOfFailure(item, error, null);
  }
}

function written(item: WriteItem, row: OrderRow, lost: readonly string[]) {
  const state = presentOrder(row);
  return {
    id: item.id,
    outcome: 'written' as const,
    targetId: state.targetId,
    modifiedAt: state.modifiedAt,
    // Lines are no base of anything: nothing of them is written again.
    bases: { ...state.parts, lines: null },
    children: [],
    unsettled: lost.map((reason) => ({ part: 'lines', reason })),
  };
}

function unchanged(item: WriteItem): WriteOutcome {
  const bases = { core: item.base };
  const targetId = requiredTargetId(item);
  return { id: item.id, outcome: 'written', targetId, modifiedAt: null, bases, children: [], unsettled: [] };
}
