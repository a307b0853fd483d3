import type { Big } from 'big.js';
import { RestError } from '../../rest/errors.ts';
import type { Params } from '../../rest/params.ts';
import { textOf } from '../../rest/params.ts';
import { writtenMeta } from '../../store/meta.ts';
import { decimal, places, rounded, total } from '../../store/money.ts';
import type { OrderLineRow, OrderRow, RefundRow, TaxShare } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { newMeta, nextId, nowSeconds } from '../../store/shop.ts';
import { writtenInstant } from '../../store/zone.ts';
import { changeStatus } from './order-status.ts';
import { restockRefunded } from './order-stock.ts';
import { touchOrder } from './order-write.ts';
import { refundsOf } from './refund-wire.ts';

/** Ways of paying that cannot send money back by themselves. */
const manualMethods = ['', 'bacs', 'cheque', 'cod'];

/**
 * Gives money back: of single lines, of an amount alone, or of everything that is left. A full refund turns the order's
 * status, a partial one leaves status and total as they are; either way the order is bumped (source-apis §1.4, §1.6).
 */
export function createRefund(shop: Shop, order: OrderRow, body: Params, how: { strict: boolean }): RefundRow {
  const left = decimal(order.total).minus(total(refundsOf(shop, order.id).map((row) => row.amount)));
  const wanted = lineRefunds(order, body);
  const sum = total(wanted.flatMap(({ amount, taxes }) => [amount, ...taxes.map((share) => share.total)]));
  const amount = body['amount'] === undefined ? sum : decimal(textOf(body['amount']));
  if (how.strict) refuse(shop, order, body, amount, left);
  const now = nowSeconds(shop);
  const created = writtenInstant(textOf(body['date_created_gmt']), shop.zone, true);
  const row: RefundRow = {
    id: 0,
    parentId: order.id,
    createdGmt: created ?? now,
    modifiedGmt: created ?? now,
    visibleSinceMs: shop.clock.now(),
    amount: amount.toFixed(),
    reason: textOf(body['reason']),
    refundedBy: Number(body['refunded_by'] ?? 1),
    refundedPayment: body['api_refund'] !== false && !manualMethods.includes(order.paymentMethod),
    lines: [],
    shippingLines: [],
    feeLines: [],
    taxLines: [],
    meta: [],
  };
  addRefundedLines(shop, order, row, wanted);
  row.id = nextId(shop, 'post');
  const full = amount.gte(left) && left.gt(0);
  row.meta = writtenMeta(shop, row.meta, body['meta_data'], 'orderMeta');
  row.meta.push(newMeta(shop, '_refund_type', full ? 'full' : 'partial', 'orderMeta'));
  shop.refunds.set(row.id, row);
  if (body['api_restock'] !== false) {
    for (const { line, quantity } of wanted) if (line) restockRefunded(shop, order, line, quantity);
  }
  if (full) changeStatus(shop, order, 'refunded');
  if (how.strict) touchOrder(shop, order);
  shop.revision += 1;
  return row;
}

function refuse(shop: Shop, order: OrderRow, body: Params, amount: Big, left: Big): void {
  if (amount.lt(0)) {
    const message = 'Refund amount must be greater than zero.';
    throw new RestError('woocommerce_rest_invalid_order_refund_amount', message, 400);
  }
  const code = 'woocommerce_rest_cannot_create_order_refund';
  if (amount.gt(rounded(left, places(shop)))) throw new RestError(code, 'Invalid refund amount.', 500);
  if (body['api_refund'] !== false && manualMethods.includes(order.paymentMethod)) {
    const message = 'The payment gateway for this order does not support automatic refunds.';
    throw new RestError(code, message, 500);
  }
}

interface LineRefund {
  line: OrderLineRow | undefined;
  id: number;
  quantity: number;
  amount: string;
  taxes: TaxShare[];
}

/** `line_items` may name shipping and fee lines too; the quantity may be 0 where only money goes back. */
function lineRefunds(order: OrderRow, body: Params): LineRefund[] {
  const given = ['line_items', 'shipping_lines', 'fee_lines'].flatMap((name) =>
    Array.isArray(body[name]) ? (body[name] as Params[]) : [],
  );
  return given.map((one) => ({
    line: order.lines.find((line) => line.id === Number(one['id'])),
    id: Number(one['id']),
    quantity: Number(one['quantity'] ?? 0),
    amount: decimal(one['refund_total']).toFixed(),
    taxes: (Array.isArray(one['refund_tax']) ? (one['refund_tax'] as Params[]) : []).map((tax) => ({
      id: Number(tax['id']),
      total: decimal(tax['refund_total']).toFixed(),
      subtotal: '',
    })),
  }));
}

function negative(value: string): string {
  return decimal(value).times(-1).toFixed();
}

function addRefundedLines(shop: Shop, order: OrderRow, row: RefundRow, wanted: readonly LineRefund[]): void {
  for (const { line, id, quantity, amount, taxes } of wanted) {
    const minus = taxes.map((share) => ({ ...share, total: negative(share.total), subtotal: negative(share.total) }));
    const sums = {
      total: negative(amount),
      totalTax: total(minus.map((share) => share.total)).toFixed(),
      taxes: minus,
    };
    const own = (): { id: number; meta: RefundRow['meta'] } => ({
      id: nextId(shop, 'orderItem'),
      meta: [newMeta(shop, '_refunded_item_id', String(id), 'orderItemMeta')],
    });
    const shipping = order.shippingLines.find((one) => one.id === id);
    const fee = order.feeLines.find((one) => one.id === id);
    if (line) {
      const subtotals = { subtotal: sums.total, subtotalTax: sums.totalTax };
      row.lines.push({ ...line, ...own(), ...sums, ...subtotals, quantity: -quantity });
    } else if (shipping) row.shippingLines.push({ ...shipping, ...own(), ...sums });
    else if (fee) row.feeLines.push({ ...fee, ...own(), ...sums });
  }
  row.taxLines = refundedTaxes(shop, order, row);
}

function taxOf(lines: readonly { taxes: TaxShare[] }[], rateId: number): Big {
  return total(lines.flatMap((line) => line.taxes.filter((share) => share.id === rateId).map((share) => share.total)));
}

/** One negative tax line for each rate that money was given back for. */
function refundedTaxes(shop: Shop, order: OrderRow, row: RefundRow): RefundRow['taxLines'] {
  return order.taxLines.flatMap((line) => {
    const cart = taxOf([...row.lines, ...row.feeLines], line.rateId);
    const shipping = taxOf(row.shippingLines, line.rateId);
    if (cart.eq(0) && shipping.eq(0)) return [];
    const sums = { taxTotal: cart.toFixed(), shippingTaxTotal: shipping.toFixed() };
    return [{ ...line, ...sums, id: nextId(shop, 'orderItem'), meta: [] }];
  });
}

/** `order.refunds[]` shrinks without a word. */
export function removeRefund(shop: Shop, row: RefundRow): void {
  shop.refunds.delete(row.id);
  shop.revision += 1;
}
