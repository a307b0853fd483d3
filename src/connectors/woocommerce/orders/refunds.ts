import { chunks } from '../../../domain/chunks.ts';
import { tidyText } from '../../../canonical/plain-text.ts';
import type { Json } from '../../../domain/json.ts';
import type { CanonicalRefund } from '../../../domain/order.ts';
import type { WooApi } from '../woo-api.ts';
import { orderLine, feeLine, shippingLine, taxLine } from './order-lines.ts';
import { refundSchema, type WireOrder, type WireRefund } from './order-schema.ts';

const MOST = 100;

/**
 * The refunds that a page of orders names, a hundred a request, wherever they belong (source-apis §1.4): an order names its own, so
 * nobody has to ask each order for its list.
 */
export async function loadRefunds(
  api: WooApi,
  orders: readonly WireOrder[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, WireRefund>> {
  const ids = orders.flatMap(({ refunds }) => refunds.map(({ id }) => id)).filter((id) => id !== '');
  const found = new Map<string, WireRefund>();
  for (const include of chunks(ids, MOST)) {
    const query = { include, per_page: MOST, dp: 6 };
    const { rows } = await api.list({ path: '/refunds', route: 'refunds', query, signal });
    for (const row of rows) {
      const parsed = refundSchema.safeParse(row);
      if (parsed.success) found.set(parsed.data.id, parsed.data);
    }
  }
  return found;
}

/** By id; one whose details cannot be read keeps what its order says of it. */
export function orderRefunds(order: WireOrder, details: ReadonlyMap<string, WireRefund>): readonly CanonicalRefund[] {
  return order.refunds
    .map((listed): CanonicalRefund => {
      const row = details.get(listed.id);
      return {
        sourceId: listed.id,
        createdAt: row?.date_created_gmt ?? null,
        amount: (row?.amount ?? listed.total ?? '0').replace(/^-/, ''),
        reason: tidyText(row?.reason ?? listed.reason),
        lines: row === undefined ? [] : refundLines(row),
      };
    })
    .toSorted((a, b) => Number(a.sourceId) - Number(b.sourceId));
}

/** Only the lists that hold something. */
function refundLines(row: WireRefund): Json {
  const lists = {
    lines: row.line_items.map(orderLine),
    shipping: row.shipping_lines.map(shippingLine),
    fees: row.fee_lines.map(feeLine),
    taxes: row.tax_lines.map(taxLine),
  };
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) as unknown as Json;
}
