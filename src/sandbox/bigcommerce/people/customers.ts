import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors.ts';
import type { RouteContext } from '../routes/context.ts';
import { bodyList, cursorPage, empty, numbers, type Query, queryOf, since, words } from '../routes/lists.ts';
import { key } from '../store/catalog.ts';
import { type Fields, textOf } from '../store/rows.ts';
import { addressOf } from './addresses.ts';
import type { CustomerRow } from './rows.ts';

const PATH = '/v3/customers';
/** Fields of a customer that a PUT may change; addresses are a resource of their own (bigcommerce-api §4.1). */
const OWN = [
  'email',
  'first_name',
  'last_name',
  'company',
  'phone',
  'notes',
  'customer_group_id',
  'tax_exempt_category',
];

/** Customers of V3: no read by id, batches of ten, one bad item refuses the whole batch (bigcommerce-api §4.1). */
export function addCustomers(app: FastifyInstance, context: RouteContext): void {
  const { catalog, changed, options, controls } = context;
  app.get(PATH, (request) => {
    const query = queryOf(request);
    const rows = [...catalog.customers.values()].filter((row) => controls.shows(row) && matches(context, row, query));
    const page = cursorPage(rows, query, options.switches.overLimitStatus);
    const includes = words(query['include']);
    return { ...page, data: page.data.map((row) => wire(row, includes)) };
  });
  app.post(PATH, (request) => {
    const bodies = bodyList(request, 10);
    const problem = problemOf(context, bodies, null);
    if (problem !== null) {
      // Whether siblings of a refused one can have been saved is not known (§4.1).
      if (options.switches.customerBatchPartly)
        for (const body of bodies.slice(0, problem.at)) createCustomer(context, body);
      changed();
      throw new ApiError(422, 'Create customers failed.', { '.customer_create': problem.message });
    }
    const rows = bodies.map((body) => createCustomer(context, body));
    changed();
    return { data: rows.map((row) => wire(row, ['addresses'])), meta: {} };
  });
  app.put(PATH, (request) => {
    const bodies = bodyList(request, 10);
    for (const body of bodies) {
      if (!catalog.customers.has(Number(body['id'])))
        throw new ApiError(422, 'Update customers failed.', { '.customer_update': 'customer does not exist' });
    }
    const rows = bodies.map((body) => catalog.customers.get(Number(body['id'])) as CustomerRow);
    for (const [at, body] of bodies.entries()) {
      const problem = problemOf(context, [{ ...rows[at], ...body }], rows[at] ?? null);
      if (problem !== null)
        throw new ApiError(422, 'Update customers failed.', { '.customer_update': problem.message });
    }
    for (const [at, body] of bodies.entries()) updateCustomer(context, rows[at] as CustomerRow, body);
    changed();
    return { data: rows.map((row) => wire(row, [])), meta: {} };
  });
  app.delete(PATH, (request, reply) => {
    // Without the filter it answers 204 and does nothing (§4.1).
    for (const id of numbers(queryOf(request)['id:in'])) {
      const row = catalog.customers.get(id);
      if (row !== undefined) removeCustomer(context, row);
    }
    changed();
    return empty(reply);
  });
}

function matches({ catalog }: RouteContext, row: CustomerRow, query: Query): boolean {
  const ids = numbers(query['id:in']);
  const emails = words(query['email:in']).map(key);
  const min = query['date_modified:min'];
  return (
    (query['id:in'] === undefined || ids.includes(row.id)) &&
    (query['email:in'] === undefined || emails.includes(key(row.email))) &&
    (min === undefined || row.date_modified >= since(min, catalog.clock.now()))
  );
}

function problemOf(context: RouteContext, bodies: readonly Fields[], self: CustomerRow | null) {
  const seen = new Set<string>();
  for (const [at, body] of bodies.entries()) {
    const message = problemOfOne(context, body, self, seen);
    if (message !== null) return { at, message };
    seen.add(key(textOf(body['email'])));
  }
  return null;
}

function problemOfOne(
  { catalog }: RouteContext,
  body: Fields,
  self: CustomerRow | null,
  seen: ReadonlySet<string>,
): string | null {
  const email = body['email'];
  if (typeof email !== 'string' || email.length < 3 || email.length > 250 || !/^[^\s@]+@[^\s@]+$/.test(email))
    return `Error creating customers: email ${textOf(email)} is invalid`;
  for (const name of ['first_name', 'last_name'] as const) {
    const value = body[name];
    if (typeof value !== 'string' || value.trim() === '' || value.length > 100)
      return `${name} has 1 to 100 characters`;
  }
  if (textOf(body['phone']).length > 50) return 'phone has at most 50 characters';
  if (textOf(body['company']).length > 255) return 'company has at most 255 characters';
  const group = Number(body['customer_group_id'] ?? 0);
  if (group !== 0 && !catalog.customerGroups.has(group)) return `customer_group_id ${group} does not exist`;
  const holder = catalog.emails.get(key(email));
  if (seen.has(key(email)) || (holder !== undefined && holder !== self?.id))
    return `Error creating customers: email ${email} already in use`;
  const addresses = self === null ? ((body['addresses'] ?? []) as Fields[]) : [];
  if (addresses.length > 10) return 'at most 10 addresses';
  return addresses.map((address) => addressOf(address, 0, 0)).find((one) => typeof one === 'string') ?? null;
}

export function createCustomer({ catalog }: RouteContext, body: Fields): CustomerRow {
  const id = catalog.nextId();
  const addresses = ((body['addresses'] ?? []) as Fields[]).flatMap((address) => {
    const row = addressOf(address, catalog.nextId(), id);
    return typeof row === 'string' ? [] : [row];
  });
  const authentication = (body['authentication'] ?? {}) as Fields;
  const row: CustomerRow = {
    company: '',
    phone: '',
    notes: '',
    customer_group_id: 0,
    tax_exempt_category: '',
    accepts_product_review_abandoned_cart_emails: body['accepts_product_review_abandoned_cart_emails'] === true,
    ...(Object.fromEntries(OWN.flatMap((name) => (name in body ? [[name, body[name]]] : []))) as unknown as Pick<
      CustomerRow,
      'email' | 'first_name' | 'last_name'
    >),
    ...catalog.stamps(),
    id,
    authentication: { force_password_reset: authentication['force_password_reset'] === true },
    addresses,
  };
  catalog.customers.set(id, row);
  catalog.emails.set(key(row.email), id);
  // The welcome mail goes out when it is asked for (§4.1).
  if (body['trigger_account_created_notification'] === true) {
    catalog.outbox.push({ kind: 'account created', to: row.email });
  }
  return row;
}

export function updateCustomer({ catalog }: RouteContext, row: CustomerRow, body: Fields): void {
  catalog.emails.delete(key(row.email));
  Object.assign(row, Object.fromEntries(OWN.flatMap((name) => (name in body ? [[name, body[name]]] : []))));
  catalog.emails.set(key(row.email), row.id);
  catalog.touch(row);
}

export function removeCustomer({ catalog }: RouteContext, row: CustomerRow): void {
  catalog.customers.delete(row.id);
  catalog.emails.delete(key(row.email));
}

function wire({ visibleSinceMs: _visible, addresses, ...row }: CustomerRow, includes: readonly string[]) {
  return { ...row, ...(includes.includes('addresses') ? { addresses } : {}) };
}
