import type { RouteContext } from '../routes/context.ts';
import { type Fields, textOf } from '../store/rows.ts';
import { moveStock } from './order-stock.ts';
import {
  ORDER_AMOUNTS,
  ORDER_TEXTS,
  type OrderAddress,
  type OrderAmount,
  type OrderFeeRow,
  type OrderLineRow,
  type OrderRow,
  type OrderText,
} from './rows.ts';

/** An order that passed the rules; what it names no total for is added up from its lines (bigcommerce-api §5.1). */
export function createOrder(context: RouteContext, body: Fields): OrderRow {
  const { catalog, options } = context;
  const id = catalog.nextId();
  const products = ((body['products'] ?? []) as Fields[]).map((line) => lineRow(context, id, line));
  const stamps = catalog.stamps();
  const created = body['date_created'] === undefined ? stamps.date_created : iso(textOf(body['date_created']));
  const texts = Object.fromEntries(ORDER_TEXTS.map((name) => [name, textOf(body[name])])) as Record<OrderText, string>;
  const row: OrderRow = {
    ...stamps,
    date_created: created,
    id,
    status_id: Number(body['status_id'] ?? 1),
    customer_id: Number(body['customer_id'] ?? 0),
    channel_id: 1,
    is_deleted: false,
    order_is_digital: body['order_is_digital'] === true,
    ...texts,
    default_currency_code: texts.default_currency_code || options.currency,
    ...amountsOf(body, products),
    billing_address: addressOf(body['billing_address'] as Fields),
    shipping_addresses: ((body['shipping_addresses'] ?? []) as Fields[]).map((address) => ({
      id: catalog.nextId(),
      order_id: id,
      ...addressOf(address),
      shipping_method: textOf(address['shipping_method']),
    })),
    products,
    fees: feesOf(context, body),
  };
  catalog.orders.set(id, row);
  if (options.switches.ordersMoveStock) moveStock(catalog, row);
  return row;
}

/** Only what is named changes; `date_created` is set once and for all (§5.1). */
export function updateOrder(context: RouteContext, row: OrderRow, body: Fields): void {
  const { catalog, options } = context;
  for (const name of ORDER_TEXTS) if (name in body) row[name] = textOf(body[name]);
  for (const name of ORDER_AMOUNTS) if (name in body) row[name] = money(body[name]);
  if ('customer_id' in body) row.customer_id = Number(body['customer_id']);
  if ('fees' in body) row.fees = feesOf(context, body);
  if (body['is_deleted'] === true) row.is_deleted = true;
  // Not confirmed of the real one (§5.1).
  if (body['is_deleted'] === false && options.switches.archivedOrderRestore === 'done') row.is_deleted = false;
  if ('status_id' in body && Number(body['status_id']) !== row.status_id) {
    row.status_id = Number(body['status_id']);
    // Shoppers hear of it unless the merchant has switched that off (§8).
    if (catalog.settings.emails['combined_order_status_email'] === true) {
      catalog.outbox.push({ kind: 'order status', to: row.billing_address.email, order_id: row.id });
    }
  }
  for (const line of (body['products'] ?? []) as Fields[]) changeLine(context, row, line);
  catalog.touch(row);
}

/** With an id it changes, with a quantity of 0 it goes, without an id it is added (§5.1). */
function changeLine(context: RouteContext, row: OrderRow, line: Fields): void {
  const at = row.products.findIndex(({ id }) => id === Number(line['id']));
  if (at < 0) row.products.push(lineRow(context, row.id, line));
  else if (line['quantity'] === 0) row.products.splice(at, 1);
  else row.products[at] = { ...lineRow(context, row.id, { ...row.products[at], ...line }), id: Number(line['id']) };
}

function lineRow({ catalog }: RouteContext, orderId: number, line: Fields): OrderLineRow {
  const product = catalog.products.get(Number(line['product_id'] ?? 0));
  const variant = product?.variants.find(({ id }) => id === Number(line['variant_id'] ?? product.base_variant_id ?? 0));
  const listed = textOf(variant?.['price'] ?? product?.['price'], '0');
  return {
    id: catalog.nextId(),
    order_id: orderId,
    product_id: product?.id ?? 0,
    variant_id: variant?.id ?? 0,
    name: textOf(line['name']) || (product?.name ?? ''),
    sku: product === undefined ? textOf(line['sku']) : (variant?.sku ?? product.sku),
    upc: product === undefined ? textOf(line['upc']) : '',
    quantity: Number(line['quantity']),
    price_ex_tax: money(line['price_ex_tax'] ?? listed),
    price_inc_tax: money(line['price_inc_tax'] ?? listed),
  };
}

function amountsOf(body: Fields, lines: readonly OrderLineRow[]): Record<OrderAmount, string> {
  const sum = (field: 'price_ex_tax' | 'price_inc_tax') =>
    lines.reduce((total, line) => total + Number(line[field]) * line.quantity, 0);
  const own = Object.fromEntries(ORDER_AMOUNTS.map((name) => [name, money(body[name])])) as Record<OrderAmount, string>;
  const subtotals =
    body['subtotal_ex_tax'] === undefined
      ? { subtotal_ex_tax: money(sum('price_ex_tax')), subtotal_inc_tax: money(sum('price_inc_tax')) }
      : {};
  const given = { ...own, ...subtotals };
  if (body['total_ex_tax'] !== undefined) return given;
  const total = (basis: 'ex' | 'inc') =>
    money(
      Number(given[`subtotal_${basis}_tax`]) +
        Number(given[`shipping_cost_${basis}_tax`]) -
        Number(given.discount_amount),
    );
  return { ...given, total_ex_tax: total('ex'), total_inc_tax: total('inc') };
}

function feesOf({ catalog }: RouteContext, body: Fields): OrderFeeRow[] {
  return ((body['fees'] ?? []) as Fields[]).map((fee) => ({
    id: catalog.nextId(),
    type: textOf(fee['type']),
    display_name_customer: textOf(fee['display_name_customer']),
    cost_ex_tax: money(fee['cost_ex_tax']),
    cost_inc_tax: money(fee['cost_inc_tax']),
  }));
}

function addressOf(address: Fields): OrderAddress {
  const text = (name: string) => textOf(address[name]);
  return {
    first_name: text('first_name'),
    last_name: text('last_name'),
    company: text('company'),
    street_1: text('street_1'),
    street_2: text('street_2'),
    city: text('city'),
    state: text('state'),
    zip: text('zip'),
    country: text('country'),
    country_iso2: text('country_iso2'),
    phone: text('phone'),
    email: text('email'),
  };
}

const iso = (date: string): string => `${new Date(date).toISOString().slice(0, 19)}Z`;

/** Text stays exact; only what is added up here is a number. */
function money(value: unknown): string {
  if (typeof value === 'string' && /^\d+(\.\d{0,4})?$/.test(value)) {
    const [whole = '0', part = ''] = value.split('.');
    return `${whole}.${part.padEnd(4, '0')}`;
  }
  return Number(value ?? 0).toFixed(4);
}
