import type { FastifyInstance } from 'fastify';
import { V2Error } from '../errors.ts';
import type { RouteContext } from '../routes/context.ts';
import { empty, idParam, type Query, queryOf } from '../routes/lists.ts';
import type { Fields } from '../store/rows.ts';
import { checkFields, checkNew } from './order-rules.ts';
import { createOrder, updateOrder } from './order-write.ts';
import { type OrderRow, STATUSES } from './rows.ts';

const PATH = '/v2/orders';

/** Orders of V2: nothing is unique, nothing is ever erased, no mail for a new one (bigcommerce-api §5.1). */
export function addOrders(app: FastifyInstance, context: RouteContext): void {
  const { catalog, changed, options } = context;
  const found = (id: number): OrderRow => {
    const row = catalog.orders.get(id);
    if (row === undefined) throw new V2Error(404, 'The requested resource was not found.');
    return row;
  };
  app.get(PATH, (request, reply) => {
    const query = queryOf(request);
    const limit = Math.min(Number(query['limit'] ?? 50), 250);
    const rows = sorted(listed(context, query), query)
      .slice((Number(query['page'] ?? 1) - 1) * limit)
      .slice(0, limit);
    return rows.length === 0 && options.switches.emptyListStatus === 204 ? empty(reply) : rows.map(orderWire);
  });
  app.get(`${PATH}/count`, (request) => {
    const rows = listed(context, queryOf(request));
    const statuses = STATUSES.map((name, id) => ({
      id,
      name,
      system_label: name,
      custom_label: name,
      system_description: '',
      count: rows.filter((row) => row.status_id === id).length,
      sort_order: id,
    }));
    return { statuses, count: rows.length };
  });
  app.get('/v2/order_statuses', () => STATUSES.map((name, id) => ({ id, name, system_label: name, order: id })));
  app.get(`${PATH}/:id`, (request) => orderWire(found(idParam(request))));
  app.post(PATH, (request, reply) => {
    const body = request.body as Fields;
    checkFields(context, body);
    checkNew(context, body);
    const row = createOrder(context, body);
    changed();
    return reply.code(options.switches.orderCreateStatus).send(orderWire(row));
  });
  app.put(`${PATH}/:id`, (request) => {
    const row = found(idParam(request));
    const body = request.body as Fields;
    checkFields(context, body);
    if ('external_merchant_id' in body && row.external_merchant_id !== '') {
      throw new V2Error(400, "The field 'external_merchant_id' can be written once.");
    }
    if (body['is_deleted'] === false && options.switches.archivedOrderRestore === 'refused') {
      throw new V2Error(400, "The field 'is_deleted' cannot be written to. Please remove it.");
    }
    updateOrder(context, row, body);
    changed();
    return orderWire(row);
  });
  app.delete(`${PATH}/:id`, (request, reply) => {
    archiveOrder(context, found(idParam(request)));
    changed();
    return empty(reply);
  });
  /** The trap: without an id it archives every order there is (§5.1). */
  app.delete(PATH, (_request, reply) => {
    for (const row of catalog.orders.values()) archiveOrder(context, row);
    changed();
    return empty(reply);
  });
}

export function archiveOrder({ catalog }: RouteContext, row: OrderRow): void {
  row.is_deleted = true;
  catalog.touch(row);
}

/** Whether lists show archived orders unasked is not known (§5.1). */
function listed({ catalog, controls, options }: RouteContext, query: Query): OrderRow[] {
  const archived = query['is_deleted'] === 'true';
  const both = options.switches.archivedOrdersListed && query['is_deleted'] === undefined;
  return [...catalog.orders.values()].filter(
    (row) => controls.shows(row) && (both || row.is_deleted === archived) && matches(row, query),
  );
}

function matches(row: OrderRow, query: Query): boolean {
  const from = (name: string, value: number, read: (text: string) => number) =>
    query[name] === undefined || value >= read(query[name]);
  const upTo = (name: string, value: number, read: (text: string) => number) =>
    query[name] === undefined || value <= read(query[name]);
  const equal = (name: string, value: string | number) => query[name] === undefined || query[name] === String(value);
  return (
    from('min_id', row.id, Number) &&
    upTo('max_id', row.id, Number) &&
    from('min_total', Number(row.total_inc_tax), Number) &&
    upTo('max_total', Number(row.total_inc_tax), Number) &&
    from('min_date_created', Date.parse(row.date_created), Date.parse) &&
    upTo('max_date_created', Date.parse(row.date_created), Date.parse) &&
    from('min_date_modified', Date.parse(row.date_modified), wholeSeconds) &&
    upTo('max_date_modified', Date.parse(row.date_modified), Date.parse) &&
    equal('status_id', row.status_id) &&
    equal('customer_id', row.customer_id) &&
    equal('email', row.billing_address.email) &&
    equal('payment_method', row.payment_method) &&
    equal('channel_id', row.channel_id) &&
    equal('external_order_id', row.external_order_id)
  );
}

/** Delta filters are precise to the second, and inclusive (§11.5). */
const wholeSeconds = (text: string): number => Math.floor(Date.parse(text) / 1000) * 1000;

function sorted(rows: OrderRow[], query: Query): OrderRow[] {
  const [field = 'id', direction = 'asc'] = (query['sort'] ?? 'id:asc').split(':');
  const sign = direction === 'desc' ? -1 : 1;
  const value = (row: OrderRow) => {
    const held = (row as unknown as Fields)[field];
    return typeof held === 'number' ? held : Date.parse(String(held));
  };
  return rows.toSorted((a, b) => sign * (value(a) - value(b)) || a.id - b.id);
}

const rfc2822 = (instant: string): string => new Date(instant).toUTCString().replace(/GMT$/, '+0000');

/** Lists of an order are links to resources of their own (§5.1). */
function orderWire(row: OrderRow) {
  const { visibleSinceMs: _visible, products: _products, shipping_addresses: _addresses, fees: _fees, ...rest } = row;
  const link = (name: string) => ({ url: `${PATH}/${row.id}/${name}`, resource: `/orders/${row.id}/${name}` });
  return {
    ...rest,
    date_created: rfc2822(row.date_created),
    date_modified: rfc2822(row.date_modified),
    date_shipped: '',
    status: STATUSES[row.status_id],
    currency_code: row.default_currency_code,
    items_total: row.products.reduce((sum, line) => sum + line.quantity, 0),
    refunded_amount: '0.0000',
    total_tax: (Number(row.total_inc_tax) - Number(row.total_ex_tax)).toFixed(4),
    payment_status: '',
    products: link('products'),
    shipping_addresses: link('shipping_addresses'),
    coupons: link('coupons'),
  };
}
