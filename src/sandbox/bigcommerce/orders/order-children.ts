import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { V2Error } from '../errors.ts';
import type { RouteContext } from '../routes/context.ts';
import { empty, idParam, queryOf } from '../routes/lists.ts';
import { type Fields, textOf } from '../store/rows.ts';
import type { OrderRow } from './rows.ts';

const PATH = '/v2/orders/:id';
const MOST = 250;

/** What belongs to one order, in pages of fifty (bigcommerce-api §5.2). */
export function addOrderChildren(app: FastifyInstance, context: RouteContext): void {
  const { catalog, changed, options } = context;
  const found = (request: FastifyRequest): OrderRow => {
    const row = catalog.orders.get(idParam(request));
    if (row === undefined) throw new V2Error(404, 'The requested resource was not found.');
    return row;
  };
  const list = (name: string, rowsOf: (row: OrderRow) => readonly object[]) => {
    app.get(`${PATH}/${name}`, (request, reply) => pageOf(rowsOf(found(request)), request, reply));
  };
  const pageOf = (rows: readonly object[], request: FastifyRequest, reply: FastifyReply) => {
    const query = queryOf(request);
    const limit = Math.min(Number(query['limit'] ?? 50), MOST);
    const start = (Number(query['page'] ?? 1) - 1) * limit;
    const page = rows.slice(start, start + limit);
    return page.length === 0 && options.switches.emptyListStatus === 204 ? empty(reply) : page;
  };
  list('products', (row) => row.products);
  list('shipping_addresses', (row) => row.shipping_addresses);
  list('fees', (row) => row.fees);
  list('shipments', () => []);
  // Read-only, and empty for orders that came by the API (§5.2).
  for (const name of ['coupons', 'taxes', 'messages']) list(name, () => []);
  app.put(`${PATH}/shipping_addresses/:address`, (request) => {
    const row = found(request);
    const address = row.shipping_addresses.find(({ id }) => id === idParam(request, 'address'));
    if (address === undefined) throw new V2Error(404, 'The requested resource was not found.');
    const body = request.body as Fields;
    for (const name of Object.keys(address) as (keyof typeof address)[]) {
      if (name !== 'id' && name !== 'order_id' && name in body) address[name] = textOf(body[name]);
    }
    catalog.touch(row);
    changed();
    return address;
  });
  // Payments of the past cannot be written; there are none (§5.2).
  app.get('/v3/orders/:id/transactions', (request, reply) => {
    found(request);
    return empty(reply);
  });
}
