import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors.ts';
import type { RouteContext } from '../routes/context.ts';
import { bodyList, empty, numbers, page, queryOf } from '../routes/lists.ts';
import { type Fields, textOf } from '../store/rows.ts';
import type { AddressRow } from './rows.ts';

const PATH = '/v3/customers/addresses';
const TEXTS = [
  'first_name',
  'last_name',
  'company',
  'address1',
  'address2',
  'city',
  'state_or_province',
  'postal_code',
  'country_code',
  'phone',
] as const;
const REQUIRED = ['first_name', 'last_name', 'address1', 'city', 'country_code'] as const;
/** Countries that this store wants a postal code for, as an example (§4.2). */
const WITH_CODES = new Set(['US', 'CA', 'DE', 'GB', 'FR']);

/** Addresses of customers: one that is there already is silently left out of the reply (bigcommerce-api §2, §4.2). */
export function addAddresses(app: FastifyInstance, context: RouteContext): void {
  const { catalog, changed, options } = context;
  const all = () => [...catalog.customers.values()].flatMap((customer) => customer.addresses);
  app.get(PATH, (request) => {
    const query = queryOf(request);
    const owners = numbers(query['customer_id:in']);
    const ids = numbers(query['id:in']);
    const rows = all().filter(
      (row) =>
        (query['customer_id:in'] === undefined || owners.includes(row.customer_id)) &&
        (query['id:in'] === undefined || ids.includes(row.id)),
    );
    return page(rows, query, options.switches.overLimitStatus);
  });
  app.post(PATH, (request) => {
    const rows = bodyList(request, 10).flatMap((body) => {
      const customer = catalog.customers.get(Number(body['customer_id']));
      if (customer === undefined) throw new ApiError(422, 'The customer does not exist.');
      const row = checked(body, catalog.nextId(), customer.id);
      if (customer.addresses.some((one) => sameAddress(one, row))) return [];
      customer.addresses.push(row);
      catalog.touch(customer);
      return [row];
    });
    changed();
    return { data: rows, meta: {} };
  });
  app.put(PATH, (request) => {
    const rows = bodyList(request, 10).map((body) => {
      const row = all().find(({ id }) => id === Number(body['id']));
      if (row === undefined) throw new ApiError(422, 'The address does not exist.');
      Object.assign(row, checked({ ...row, ...body }, row.id, row.customer_id));
      const customer = catalog.customers.get(row.customer_id);
      if (customer !== undefined) catalog.touch(customer);
      return row;
    });
    changed();
    return { data: rows, meta: {} };
  });
  app.delete(PATH, (request, reply) => {
    const ids = new Set(numbers(queryOf(request)['id:in']));
    for (const customer of catalog.customers.values()) {
      const left = customer.addresses.filter((row) => !ids.has(row.id));
      if (left.length !== customer.addresses.length) catalog.touch(customer);
      customer.addresses = left;
    }
    changed();
    return empty(reply);
  });
}

/** The row, or what is wrong with it. */
export function addressOf(body: Fields, id: number, customerId: number): AddressRow | string {
  for (const field of REQUIRED)
    if (typeof body[field] !== 'string' || body[field] === '') return `${field} is required`;
  if (!/^[A-Z]{2}$/.test(textOf(body['country_code']))) return 'country_code is invalid';
  if (WITH_CODES.has(textOf(body['country_code'])) && textOf(body['postal_code']) === '')
    return 'postal_code is required';
  // Codes of states are not accepted (§4.2).
  if (/^(US|CA)$/.test(textOf(body['country_code'])) && /^[A-Z]{2}$/.test(textOf(body['state_or_province'])))
    return 'state_or_province is invalid';
  if (textOf(body['phone']).length > 50) return 'phone has at most 50 characters';
  const texts = Object.fromEntries(TEXTS.map((field) => [field, textOf(body[field])])) as Omit<
    AddressRow,
    'id' | 'customer_id' | 'address_type'
  >;
  return { ...texts, id, customer_id: customerId, address_type: 'residential' };
}

function checked(body: Fields, id: number, customerId: number): AddressRow {
  const row = addressOf(body, id, customerId);
  if (typeof row === 'string') throw new ApiError(422, 'The address is invalid.', { address: row });
  return row;
}

function sameAddress(a: AddressRow, b: AddressRow): boolean {
  return TEXTS.every((field) => a[field] === b[field]);
}
