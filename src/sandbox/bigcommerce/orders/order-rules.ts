import { isIPv4, isIPv6 } from 'node:net';
import { V2Error } from '../errors.ts';
import type { RouteContext } from '../routes/context.ts';
import { type Fields, textOf } from '../store/rows.ts';
import { ORDER_AMOUNTS, ORDER_TEXTS, STATUSES } from './rows.ts';

/** Costs that come together or not at all (bigcommerce-api §5.1). */
const PAIRED = ['subtotal', 'shipping_cost', 'handling_cost', 'wrapping_cost', 'total'];
const WRITABLE = new Set<string>([
  ...ORDER_AMOUNTS,
  ...ORDER_TEXTS,
  'status_id',
  'customer_id',
  'channel_id',
  'date_created',
  'order_is_digital',
  'items_total',
  'items_shipped',
  'refunded_amount',
  'billing_address',
  'shipping_addresses',
  'products',
  'fees',
  'is_deleted',
]);
const LONGEST: Readonly<Record<string, number>> = {
  staff_notes: 65_535,
  customer_message: 65_535,
  payment_method: 255,
  payment_provider_id: 255,
  external_order_id: 255,
};

const refused = (field: string, why = `The field '${field}' is invalid.`): V2Error =>
  new V2Error(400, why, { invalid_reason: why, field });

/** What a POST and a PUT have in common (§5.1). @throws V2Error 400 */
export function checkFields(context: RouteContext, body: Fields): void {
  for (const name of Object.keys(body)) {
    if (!WRITABLE.has(name)) throw refused(name, `The field '${name}' cannot be written to. Please remove it.`);
  }
  for (const [name, most] of Object.entries(LONGEST)) {
    if (textOf(body[name]).length > most) throw refused(name, `The field '${name}' has at most ${most} characters.`);
  }
  checkAmounts(body);
  const status = body['status_id'];
  if (status !== undefined && STATUSES[Number(status)] === undefined) throw refused('status_id');
  const customer = Number(body['customer_id'] ?? 0);
  if (customer !== 0 && !context.catalog.customers.has(customer)) {
    throw refused('customer_id', `The customer with the id ${customer} does not exist.`);
  }
  if (Number(body['channel_id'] ?? 1) !== 1) throw refused('channel_id', 'The channel is not enabled.');
  const currency = textOf(body['default_currency_code']);
  if (currency !== '' && !context.options.currencies.includes(currency)) throw refused('default_currency_code');
  checkIp(body);
  for (const fee of (body['fees'] ?? []) as Fields[]) {
    if (fee['type'] !== 'custom_fee' || textOf(fee['display_name_customer']) === '') throw refused('fees');
    if (isNegative(fee['cost_ex_tax']) || isNegative(fee['cost_inc_tax'])) throw refused('fees');
  }
}

/** What only an order in the making needs (§5.1). @throws V2Error 400 */
export function checkNew(context: RouteContext, body: Fields): void {
  const billing = body['billing_address'] as Fields | undefined;
  if (billing === undefined) throw refused('billing_address', "The field 'billing_address' is required.");
  if (textOf(billing['zip']).trim().length < 2) throw refused('billing_address.zip');
  checkCountry(billing, 'billing_address');
  for (const address of (body['shipping_addresses'] ?? []) as Fields[]) checkCountry(address, 'shipping_addresses');
  const lines = (body['products'] ?? []) as Fields[];
  if (lines.length === 0) throw refused('products', "The field 'products' is required.");
  for (const line of lines) checkLine(context, line);
  const created = body['date_created'];
  if (created !== undefined && Number.isNaN(Date.parse(textOf(created)))) throw refused('date_created');
}

/** A country that the store does not know by name or by code. */
function checkCountry(address: Fields, field: string): void {
  const code = textOf(address['country_iso2']);
  if (code !== '' && !/^[A-Z]{2}$/.test(code)) throw refused(`${field}.country_iso2`);
}

function checkAmounts(body: Fields): void {
  for (const name of ORDER_AMOUNTS) {
    const value = body[name];
    if (value === undefined) continue;
    if (!/^\d+(\.\d+)?$/.test(typeof value === 'number' ? String(value) : textOf(value, '-'))) throw refused(name);
  }
  for (const name of PAIRED) {
    if ((body[`${name}_ex_tax`] === undefined) !== (body[`${name}_inc_tax`] === undefined)) {
      throw refused(name, `The fields '${name}_ex_tax' and '${name}_inc_tax' are given together.`);
    }
  }
}

function checkIp(body: Fields): void {
  const v4 = textOf(body['ip_address']);
  const v6 = textOf(body['ip_address_v6']);
  if (v4 !== '' && v6 !== '') throw refused('ip_address', 'Either an IPv4 or an IPv6 address.');
  if (v4 !== '' && !isIPv4(v4)) throw refused('ip_address');
  if (v6 !== '' && !isIPv6(v6)) throw refused('ip_address_v6');
}

/** A catalog line names what exists; a custom one has a name. Both prices or none (§5.1, §11.8). */
function checkLine({ catalog }: RouteContext, line: Fields): void {
  const quantity = line['quantity'];
  if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1) throw refused('products.quantity');
  const prices = [line['price_ex_tax'], line['price_inc_tax']];
  if ((prices[0] === undefined) !== (prices[1] === undefined)) throw refused('products.price_ex_tax');
  if (prices.some(isNegative)) throw refused('products.price_ex_tax');
  const id = Number(line['product_id'] ?? 0);
  if (id === 0) {
    const name = textOf(line['name']);
    if (name === '' || name.length > 250) throw refused('products.name');
    if (prices[0] === undefined) throw refused('products.price_ex_tax');
    return;
  }
  const product = catalog.products.get(id);
  if (product === undefined) throw refused('products', `The product with the id ${id} does not exist.`);
  const variant = Number(line['variant_id'] ?? 0);
  if (variant !== 0 && !product.variants.some((row) => row.id === variant)) {
    throw refused('products', `The variant with the id ${variant} does not exist on the product ${id}.`);
  }
  const chosen = variant !== 0 || Array.isArray(line['product_options']);
  if (product.options.length > 0 && !chosen) throw refused('products', 'The product needs its options.');
  if (product.modifiers.some((modifier) => modifier['required'] === true) && !Array.isArray(line['product_options'])) {
    throw refused('products', 'The product needs an answer to its modifiers.');
  }
}

const isNegative = (value: unknown): boolean => value !== undefined && !(Number(value) >= 0);
