import { RestError } from '../../rest/errors.ts';
import type { Params } from '../../rest/params.ts';
import { textOf } from '../../rest/params.ts';
import { emptyAddress, emptyBilling, writeAddress } from '../../store/address.ts';
import { writtenMeta } from '../../store/meta.ts';
import type { CustomerRow } from '../../store/people-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { nextId, nowSeconds } from '../../store/shop.ts';
import { cleanText, slugOf, uniqueSlug } from '../../store/text.ts';

const emailForm = /^[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+$/;

/** `strict` is how REST writes; seeds may make what an import left behind: no e-mail, or another user's. */
export function createCustomer(shop: Shop, body: Params, options: { strict: boolean }): CustomerRow {
  const email = textOf(body['email']).trim();
  if (options.strict) refuseEmail(shop, email, 0);
  const now = nowSeconds(shop);
  const row: CustomerRow = {
    id: 0,
    createdGmt: now,
    modifiedGmt: now,
    visibleSinceMs: shop.clock.now(),
    email,
    username: username(shop, textOf(body['username']), email, options.strict),
    firstName: '',
    lastName: '',
    role: 'customer',
    billing: emptyBilling(),
    shipping: emptyAddress(),
    isPaying: false,
    meta: [],
  };
  writeDetails(shop, row, body);
  row.id = nextId(shop, 'user');
  shop.customers.set(row.id, row);
  shop.revision += 1;
  return row;
}

/** Any save moves the stamp (source-apis §1.4). The user name cannot be changed. */
export function updateCustomer(shop: Shop, row: CustomerRow, body: Params): void {
  if (typeof body['email'] === 'string') {
    refuseEmail(shop, body['email'], row.id);
    row.email = body['email'];
  }
  if (typeof body['username'] === 'string' && body['username'] !== row.username) {
    throw new RestError('woocommerce_rest_customer_invalid_argument', 'Username is not editable.', 400);
  }
  writeDetails(shop, row, body);
  row.modifiedGmt = nowSeconds(shop);
  shop.revision += 1;
}

function writeDetails(shop: Shop, row: CustomerRow, body: Params): void {
  if (typeof body['first_name'] === 'string') row.firstName = cleanText(body['first_name']);
  if (typeof body['last_name'] === 'string') row.lastName = cleanText(body['last_name']);
  writeAddress(row.billing, body['billing']);
  writeAddress(row.shipping, body['shipping']);
  if (body['meta_data'] !== undefined) row.meta = writtenMeta(shop, row.meta, body['meta_data'], 'userMeta');
}

/** Orders quietly become guest orders; none of them is bumped. */
export function removeCustomer(shop: Shop, row: CustomerRow): void {
  shop.customers.delete(row.id);
  for (const order of shop.orders.values()) if (order.customerId === row.id) order.customerId = 0;
  shop.revision += 1;
}

/** Recording "customer email exists", source-apis §1.7. */
function refuseEmail(shop: Shop, email: string, ownId: number): void {
  if (!emailForm.test(email)) throw new RestError('customer_invalid_email', 'Invalid email address', 400);
  const wanted = email.toLowerCase();
  for (const row of shop.customers.values()) {
    if (row.id === ownId || row.email.toLowerCase() !== wanted) continue;
    const message = `An account is already registered with ${email}. Please log in or use a different email address.`;
    throw new RestError('registration-error-email-exists', message, 400);
  }
}

function username(shop: Shop, given: string, email: string, strict: boolean): string {
  const taken = (name: string): boolean => {
    for (const row of shop.customers.values()) if (row.username.toLowerCase() === name.toLowerCase()) return true;
    return false;
  };
  if (given === '') return uniqueSlug(slugOf(email.split('@', 1)[0] ?? '') || 'user', taken);
  if (strict && taken(given)) {
    const message = 'An account is already registered with that username. Please choose another.';
    throw new RestError('registration-error-username-exists', message, 400);
  }
  return given;
}
