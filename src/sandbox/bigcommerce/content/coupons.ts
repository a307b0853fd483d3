import type { FastifyInstance } from 'fastify';
import { V2Error } from '../errors.ts';
import type { RouteContext } from '../routes/context.ts';
import { empty, idParam, queryOf } from '../routes/lists.ts';
import { key } from '../store/catalog.ts';
import { type Fields, textOf, type Timed } from '../store/rows.ts';

const PATH = '/v2/coupons';
const TYPES = ['per_item_discount', 'percentage_discount', 'per_total_discount', 'shipping_discount', 'free_shipping'];

export interface CouponRow extends Timed {
  id: number;
  name: string;
  code: string;
  type: string;
  amount: string;
  min_purchase: string;
  expires: string;
  enabled: boolean;
  applies_to: { entity: string; ids: number[] };
  num_uses: number;
  max_uses: number;
  max_uses_per_customer: number;
}

/** Coupons of V2: bare rows, amounts as text, unique by code and by name (bigcommerce-api §6, §2). */
export function addCoupons(app: FastifyInstance, context: RouteContext): void {
  const { catalog, changed, options } = context;
  const found = (id: number): CouponRow => {
    const row = catalog.coupons.get(id);
    if (row === undefined) throw new V2Error(404, 'The requested resource was not found.');
    return row;
  };
  app.get(PATH, (request, reply) => {
    const query = queryOf(request);
    const limit = Math.min(Number(query['limit'] ?? 50), 250);
    const rows = [...catalog.coupons.values()]
      .filter((row) => query['code'] === undefined || key(row.code) === key(query['code']))
      .filter((row) => row.id >= Number(query['min_id'] ?? 0))
      .slice((Number(query['page'] ?? 1) - 1) * limit)
      .slice(0, limit);
    return rows.length === 0 && options.switches.emptyListStatus === 204 ? empty(reply) : rows.map(wire);
  });
  app.get(`${PATH}/count`, () => ({ count: catalog.coupons.size }));
  app.get(`${PATH}/:id`, (request) => wire(found(idParam(request))));
  app.post(PATH, (request, reply) => {
    const body = request.body as Fields;
    check(context, body, null);
    const row = { ...rowOf(body), id: catalog.nextId(), num_uses: 0, ...catalog.stamps() };
    catalog.coupons.set(row.id, row);
    changed();
    return reply.code(201).send(wire(row));
  });
  app.put(`${PATH}/:id`, (request) => {
    const row = found(idParam(request));
    // What is left out is cleared for `applies_to` (§6), and stays otherwise.
    const body = { ...row, applies_to: undefined, ...(request.body as Fields) };
    check(context, body, row);
    Object.assign(row, rowOf(body));
    catalog.touch(row);
    changed();
    return wire(row);
  });
  app.delete(`${PATH}/:id`, (request, reply) => {
    catalog.coupons.delete(found(idParam(request)).id);
    changed();
    return empty(reply);
  });
}

function check({ catalog }: RouteContext, body: Fields, self: CouponRow | null): void {
  const code = textOf(body['code']);
  const name = textOf(body['name']);
  if (!/^[A-Za-z0-9 _-]{1,50}$/.test(code)) throw new V2Error(400, "The field 'code' is invalid.");
  if (name === '' || name.length > 100) throw new V2Error(400, "The field 'name' is invalid.");
  if (!TYPES.includes(textOf(body['type']))) throw new V2Error(400, "The field 'type' is invalid.");
  if (!/^\d+(\.\d+)?$/.test(String(body['amount']))) throw new V2Error(400, "The field 'amount' is invalid.");
  if (body['expires'] !== undefined && body['expires'] !== '' && Number.isNaN(Date.parse(textOf(body['expires']))))
    throw new V2Error(400, "The field 'expires' is invalid.");
  for (const row of catalog.coupons.values()) {
    if (row.id === self?.id) continue;
    if (key(row.code) === key(code)) throw new V2Error(409, 'The coupon code is already in use.');
    if (key(row.name) === key(name)) throw new V2Error(409, 'The coupon name is already in use.');
  }
  const { entity, ids } = (body['applies_to'] ?? { entity: 'categories', ids: [0] }) as CouponRow['applies_to'];
  const holders: ReadonlyMap<number, unknown> = entity === 'products' ? catalog.products : catalog.categories;
  if (ids.length === 0 || ids.some((id) => id !== 0 && !holders.has(id)))
    throw new V2Error(400, "The field 'applies_to' is invalid.");
}

const amount = (value: unknown): string => Number(value ?? 0).toFixed(4);

function rowOf(body: Fields): Omit<CouponRow, 'id' | 'num_uses' | keyof Timed> {
  return {
    name: textOf(body['name']),
    code: textOf(body['code']),
    type: textOf(body['type']),
    amount: amount(body['amount']),
    min_purchase: amount(body['min_purchase']),
    expires: textOf(body['expires']),
    enabled: body['enabled'] === true,
    applies_to: (body['applies_to'] ?? { entity: 'categories', ids: [0] }) as CouponRow['applies_to'],
    max_uses: Number(body['max_uses'] ?? 0),
    max_uses_per_customer: Number(body['max_uses_per_customer'] ?? 0),
  };
}

function wire({ visibleSinceMs: _visible, date_modified: _modified, ...row }: CouponRow) {
  return { ...row, date_created: new Date(row.date_created).toUTCString().replace(/GMT$/, '+0000') };
}
