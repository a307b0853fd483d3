import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '../routes/context.ts';
import { empty, idParam, queryOf } from '../routes/lists.ts';
import { V2Error } from '../errors.ts';
import type { Fields } from '../store/rows.ts';
import type { GroupRow } from './rows.ts';

const PATH = '/v2/customer_groups';

/** Customer groups of V2: bare rows, 204 for an empty list (bigcommerce-api §4.2, §1.1). */
export function addCustomerGroups(app: FastifyInstance, context: RouteContext): void {
  const { catalog, changed, options } = context;
  const found = (id: number): GroupRow => {
    const row = catalog.customerGroups.get(id);
    if (row === undefined) throw new V2Error(404, 'The requested resource was not found.');
    return row;
  };
  app.get(PATH, (request, reply) => {
    const query = queryOf(request);
    const rows = [...catalog.customerGroups.values()].filter(
      (row) => query['name'] === undefined || row.name === query['name'],
    );
    const limit = Math.min(Number(query['limit'] ?? 50), 250);
    const page = rows.slice((Number(query['page'] ?? 1) - 1) * limit).slice(0, limit);
    if (page.length === 0 && options.switches.emptyListStatus === 204) return empty(reply);
    return page.map(wire);
  });
  app.get(`${PATH}/count`, () => ({ count: catalog.customerGroups.size }));
  app.get(`${PATH}/:id`, (request) => wire(found(idParam(request))));
  app.post(PATH, (request) => {
    const body = request.body as Fields;
    const name = body['name'];
    if (typeof name !== 'string' || name === '') throw new V2Error(400, "The field 'name' is required.");
    const row: GroupRow = {
      id: catalog.nextId(),
      name,
      is_default: false,
      is_group_for_guests: false,
      category_access: { type: 'all' },
      discount_rules: [],
      ...catalog.stamps(),
    };
    catalog.customerGroups.set(row.id, row);
    changed();
    return wire(row);
  });
  app.put(`${PATH}/:id`, (request) => {
    const row = found(idParam(request));
    const { name } = request.body as Fields;
    if (typeof name === 'string' && name !== '') row.name = name;
    catalog.touch(row);
    changed();
    return wire(row);
  });
  app.delete(`${PATH}/:id`, (request, reply) => {
    const row = found(idParam(request));
    catalog.customerGroups.delete(row.id);
    for (const customer of catalog.customers.values()) {
      if (customer.customer_group_id === row.id) customer.customer_group_id = 0;
    }
    changed();
    return empty(reply);
  });
}

function wire({ visibleSinceMs: _visible, ...row }: GroupRow) {
  return row;
}
