import { invalidParams, RestError } from '../../rest/errors.ts';
import type { Params, ParamSpecs } from '../../rest/params.ts';
import { textOf } from '../../rest/params.ts';
import { writeAddress } from '../../store/address.ts';
import { writtenMeta } from '../../store/meta.ts';
import type { OrderRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { newMeta, nextId, nowSeconds } from '../../store/shop.ts';
import { writtenInstant } from '../../store/zone.ts';
import { emptyOrder, orderKey } from './empty-order.ts';
import { applyCoupon } from './order-coupons.ts';
import {
  changeFeeLine,
  changeLine,
  changeShippingLine,
  makeFeeLine,
  makeLine,
  makeShippingLine,
  writtenLines,
} from './order-lines.ts';
import { changeStatus, countCoupons } from './order-status.ts';
import { orderStatuses } from './order-statuses.ts';
import { recalculate } from './order-totals.ts';
import { needsProcessing } from './order-wire.ts';

export const orderWriteParams: ParamSpecs = {
  parent_id: { type: 'integer' },
  created_via: { type: 'string' },
  status: { type: 'string' },
  currency: { type: 'string' },
  customer_id: { type: 'integer' },
  customer_note: { type: 'string' },
  billing: { type: 'object' },
  shipping: { type: 'object' },
  payment_method: { type: 'string' },
  payment_method_title: { type: 'string' },
  transaction_id: { type: 'string' },
  meta_data: { type: 'array' },
  line_items: { type: 'array' },
  shipping_lines: { type: 'array' },
  fee_lines: { type: 'array' },
  coupon_lines: { type: 'array' },
  set_paid: { type: 'boolean' },
};

/** `strict` is how REST writes; seeds may date orders back and sell what is gone. */
export function createOrder(shop: Shop, body: Params, options: { strict: boolean }): OrderRow {
  const row = emptyOrder(shop);
  writeOrder(shop, row, body, options.strict);
  row.id = nextId(shop, 'post');
  row.orderKey = orderKey(row.id);
  if (!options.strict) writeDates(shop, row, body);
  shop.orders.set(row.id, row);
  shop.revision += 1;
  const status = wantedStatus(shop, row, body);
  if (status === undefined) countCoupons(shop, row);
  else changeStatus(shop, row, status);
  return row;
}

/** Any save moves the stamp, even one that changes nothing (source-apis §1.4). */
export function updateOrder(shop: Shop, row: OrderRow, body: Params): void {
  const draft = structuredClone(row);
  writeOrder(shop, draft, body, true);
  const status = wantedStatus(shop, draft, body);
  Object.assign(row, draft);
  if (row.status === 'trash' && status !== undefined && status !== 'trash') {
    row.status = heldStatus(row);
    row.meta = row.meta.filter((meta) => !meta.key.startsWith('_wp_trash_'));
  }
  if (status !== undefined) changeStatus(shop, row, status);
  touchOrder(shop, row);
}

export function touchOrder(shop: Shop, row: OrderRow): void {
  row.modifiedGmt = nowSeconds(shop);
  shop.revision += 1;
}

/** To the trash: bumped, and the status before is remembered (source-apis §1.4). */
export function trashOrder(shop: Shop, row: OrderRow): void {
  row.meta.push(newMeta(shop, '_wp_trash_meta_status', `wc-${row.status}`, 'orderMeta'));
  row.status = 'trash';
  touchOrder(shop, row);
}

function heldStatus(row: OrderRow): string {
  const held = row.meta.find((meta) => meta.key === '_wp_trash_meta_status')?.value;
  return typeof held === 'string' ? held.replace(/^wc-/, '') : 'pending';
}

function wantedStatus(shop: Shop, row: OrderRow, body: Params): string | undefined {
  const given = typeof body['status'] === 'string' ? body['status'].replace(/^wc-/, '') : undefined;
  if (given !== undefined && !['auto-draft', 'trash', ...Object.keys(orderStatuses(shop))].includes(given)) {
    const message = `status is not one of ${Object.keys(orderStatuses(shop)).join(', ')}.`;
    throw invalidParams({ status: { code: 'rest_not_in_enum', message, data: null } });
  }
  const paid = body['set_paid'] === true && ['pending', 'failed', 'on-hold'].includes(given ?? row.status);
  return paid ? (needsProcessing(shop, row) ? 'processing' : 'completed') : given;
}

function writeOrder(shop: Shop, row: OrderRow, body: Params, strict: boolean): void {
  writeTexts(row, body);
  if (typeof body['customer_id'] === 'number') {
    if (strict && body['customer_id'] !== 0 && !shop.customers.has(body['customer_id'])) {
      throw new RestError('woocommerce_rest_invalid_customer_id', 'Customer ID is invalid.', 400);
    }
    row.customerId = body['customer_id'];
  }
  writeAddress(row.billing, body['billing']);
  writeAddress(row.shipping, body['shipping']);
  if (body['meta_data'] !== undefined) row.meta = writtenMeta(shop, row.meta, body['meta_data'], 'orderMeta');
  writeLines(shop, row, body, strict);
}

const textFields = {
  currency: 'currency',
  created_via: 'createdVia',
  customer_note: 'customerNote',
  payment_method: 'paymentMethod',
  payment_method_title: 'paymentMethodTitle',
  transaction_id: 'transactionId',
} as const;

function writeTexts(row: OrderRow, body: Params): void {
  for (const [name, field] of Object.entries(textFields)) {
    if (typeof body[name] === 'string') row[field as 'currency'] = body[name];
  }
  if (typeof body['parent_id'] === 'number') row.parentId = body['parent_id'];
}

/** Totals are computed anew when any line changed, else they stay as they are. */
function writeLines(shop: Shop, row: OrderRow, body: Params, strict: boolean): void {
  if (!['line_items', 'shipping_lines', 'fee_lines', 'coupon_lines'].some((name) => Array.isArray(body[name]))) return;
  row.lines = writtenLines(row.lines, body['line_items'], {
    removes: 'product_id',
    make: (one) => makeLine(shop, row, one, strict),
    change: (line, one) => changeLine(shop, line, one),
  });
  row.shippingLines = writtenLines(row.shippingLines, body['shipping_lines'], {
    removes: 'method_id',
    make: (one) => makeShippingLine(shop, one),
    change: (line, one) => changeShippingLine(shop, line, one),
  });
  row.feeLines = writtenLines(row.feeLines, body['fee_lines'], {
    removes: 'name',
    make: (one) => makeFeeLine(shop, one),
    change: (line, one) => changeFeeLine(shop, line, one),
  });
  for (const one of Array.isArray(body['coupon_lines']) ? (body['coupon_lines'] as Params[]) : []) {
    const code = textOf(one['code']);
    if (row.couponLines.every((line) => line.code !== code.toLowerCase())) {
      row.couponLines.push(applyCoupon(shop, row, code));
    }
  }
  recalculate(shop, row);
}

/** Only seeds date an order: over REST it happens now. */
function writeDates(shop: Shop, row: OrderRow, body: Params): void {
  for (const [name, field] of [
    ['date_created_gmt', 'createdGmt'],
    ['date_modified_gmt', 'modifiedGmt'],
  ] as const) {
    const at = writtenInstant(textOf(body[name]), shop.zone, true);
    if (at !== null) row[field] = at;
  }
}
