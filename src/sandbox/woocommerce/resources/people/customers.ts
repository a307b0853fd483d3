import { RestError } from '../../rest/errors.ts';
import { pagingParams } from '../../rest/paging.ts';
import type { ParamSpecs } from '../../rest/params.ts';
import { ids, text } from '../../rest/params.ts';
import type { Call, Resource } from '../../rest/resource.ts';
import { addressWire } from '../../store/address.ts';
import type { CustomerRow } from '../../store/people-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { naive } from '../../store/zone.ts';
import { links } from '../links.ts';
import { idFilter } from '../post-query.ts';
import { compareText } from '../product-wire.ts';
import { avatarUrl } from './avatars.ts';
import { createCustomer, removeCustomer, updateCustomer } from './customer-write.ts';

const path = '/wc/v3/customers';
const roles = 'all,administrator,editor,author,contributor,subscriber,customer,shop_manager'.split(',');

const listParams: ParamSpecs = {
  ...pagingParams,
  order: { type: 'string', default: 'asc', enum: ['asc', 'desc'] },
  orderby: { type: 'string', default: 'name', enum: ['id', 'include', 'name', 'registered_date'] },
  email: { type: 'string' },
  role: { type: 'string', default: 'customer', enum: roles },
};

export function customerWire(shop: Shop, row: CustomerRow): Record<string, unknown> {
  const { modifiedGmt: modified } = row;
  return {
    id: row.id,
    date_created: shop.zone.local(row.createdGmt),
    date_created_gmt: naive(row.createdGmt),
    date_modified: modified === null ? null : shop.zone.local(modified),
    date_modified_gmt: modified === null ? null : naive(modified),
    email: row.email,
    first_name: row.firstName,
    last_name: row.lastName,
    role: row.role,
    username: row.username,
    billing: addressWire(row.billing, 'customer'),
    shipping: addressWire(row.shipping, 'customer'),
    is_paying_customer: row.isPaying,
    avatar_url: avatarUrl(row.email, 96),
    meta_data: [...row.meta],
    _links: links(shop, path, row.id),
  };
}

/** No filter by change exists (source-apis §1.2); only role `customer` is listed unless asked (§1.6). */
function listCustomers(call: Call): CustomerRow[] {
  const { shop, params, controls } = call;
  const byId = idFilter(params);
  const role = text(params, 'role') ?? 'customer';
  const email = text(params, 'email')?.toLowerCase();
  const search = text(params, 'search')?.toLowerCase();
  const rows = [...shop.customers.values()].filter(
    (row) =>
      (role === 'all' || row.role === role) &&
      controls.shows(row) &&
      byId(row) &&
      (!email || row.email.toLowerCase() === email) &&
      (!search || `${row.email} ${row.username} ${displayName(row)}`.toLowerCase().includes(search)),
  );
  const direction = text(params, 'order') === 'desc' ? -1 : 1;
  const include = ids(params, 'include');
  const orders: Record<string, (a: CustomerRow, b: CustomerRow) => number> = {
    id: (a, b) => a.id - b.id,
    include: (a, b) => include.indexOf(a.id) - include.indexOf(b.id),
    registered_date: (a, b) => a.createdGmt - b.createdGmt,
    name: (a, b) => compareText(displayName(a), displayName(b)),
  };
  const compare = orders[text(params, 'orderby') ?? 'name'] ?? orders['name']!;
  return rows.sort((a, b) => direction * compare(a, b) || a.id - b.id);
}

export function displayName(row: CustomerRow): string {
  return `${row.firstName} ${row.lastName}`.trim() || row.username;
}

export const customers: Resource = {
  path,
  ownFieldOrder: true,
  listParams,
  writeParams: {
    email: { type: 'string', required: true },
    first_name: { type: 'string' },
    last_name: { type: 'string' },
    username: { type: 'string' },
    password: { type: 'string' },
    billing: { type: 'object' },
    shipping: { type: 'object' },
    meta_data: { type: 'array' },
  },
  batch: true,
  list: listCustomers,
  render: (call, row: CustomerRow) => customerWire(call.shop, row),
  read: (call, id) => customerWire(call.shop, customerOr404(call.shop, id, 404)),
  create: (call, body) => customerWire(call.shop, createCustomer(call.shop, body, { strict: true })),
  update: (call, id, body) => {
    const row = customerOr404(call.shop, id, 400);
    updateCustomer(call.shop, row, body);
    return customerWire(call.shop, row);
  },
  remove: (call, id, force) => {
    if (!force) {
      // Recording "customer delete without force": users have no trash.
      throw new RestError('woocommerce_rest_trash_not_supported', 'Customers do not support trashing.', 501);
    }
    const row = customerOr404(call.shop, id, 404);
    const before = customerWire(call.shop, row);
    removeCustomer(call.shop, row);
    return before;
  },
};

function customerOr404(shop: Shop, id: number, status: 400 | 404): CustomerRow {
  const row = shop.customers.get(id);
  if (row) return row;
  // source-apis §1.5 names the code of a read; the one of a write follows the other resources.
  const code = status === 404 ? 'wc_user_invalid_id' : 'woocommerce_rest_invalid_id';
  throw new RestError(code, 'Invalid resource ID.', status);
}
