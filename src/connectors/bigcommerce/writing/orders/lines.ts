import { z } from 'zod';
import type { Json } from '../../../../domain/json.ts';
import type { CallOptions, WriteItem } from '../../../target.ts';
import { type BigCommerceApi, PAGE_SIZE } from '../../bigcommerce-api.ts';
import { sameLines } from '../../projection/orders/order.ts';
import { type OrderLineRow, orderLineSchema } from '../../wire/orders/order.ts';
import type { PartWritten } from '../per-item.ts';

/**
 * Lines are never sent again: a changed line would lose its discounts (bigcommerce-api §5.1). Whether those at the target are
 * still what is meant decides whether the difference is told, with both versions (fidelity §7).
 */
export async function checkLines(
  api: BigCommerceApi,
  item: WriteItem,
  orderId: string,
  call: CallOptions,
): Promise<PartWritten> {
  const rows = await listLines(api, orderId, call);
  if (item.desired === null || sameLines(item.desired, rows)) return { base: null, children: [] };
  const open = `order-lines-frozen: the order was changed after it was carried; it keeps the ${rows.length} lines it had`;
  return { base: { products: rows.map(frozen) }, children: [], open };
}

function frozen({ name, quantity, price_ex_tax: exTax, price_inc_tax: incTax }: OrderLineRow): Json {
  return { name: String(name), quantity: Number(quantity), price_ex_tax: String(exTax), price_inc_tax: String(incTax) };
}

async function listLines(api: BigCommerceApi, orderId: string, call: CallOptions): Promise<readonly OrderLineRow[]> {
  const rows: OrderLineRow[] = [];
  for (let page = 1; ; page += 1) {
    const ask = { path: `/v2/orders/${orderId}/products`, route: 'orders/:id/products', call };
    const query = { page, limit: PAGE_SIZE };
    const found = (await api.get({ ...ask, query, schema: z.array(orderLineSchema).nullable() })) ?? [];
    rows.push(...found);
    if (found.length < PAGE_SIZE) return rows;
  }
}
