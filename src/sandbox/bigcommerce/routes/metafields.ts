import type { FastifyInstance } from 'fastify';
import { metafieldKey, productOfVariant } from '../store/catalog.ts';
import type { Fields, MetafieldRow } from '../store/rows.ts';
import type { RouteContext } from './context.ts';
import { bodyList, cursorPage, empty, idParam, type Query, queryOf, since, words } from './lists.ts';

const RESOURCES = ['products', 'categories', 'brands', 'variants', 'customers', 'orders'] as const;
type Resource = (typeof RESOURCES)[number];

/** Metafields one record's and in batches, unique by owner, namespace and key (bigcommerce-api §3.5). */
export function addMetafields(app: FastifyInstance, context: RouteContext): void {
  for (const resource of RESOURCES) addResource(app, context, resource);
  app.get('/v3/catalog/products/:product/variants/:id/metafields', (request) =>
    listOne(context, 'variants', idParam(request), queryOf(request)),
  );
}

function addResource(app: FastifyInstance, context: RouteContext, resource: Resource): void {
  const { catalog, changed, options } = context;
  const base = `/v3${resource === 'customers' || resource === 'orders' ? '' : '/catalog'}/${resource}`;
  const path = `${base}/metafields`;
  app.get(path, (request) => {
    const query = queryOf(request);
    const rows = [...catalog.metafields.values()].filter(
      (row) => row.resource === resource && matches(row, query, catalog.clock.now()),
    );
    return cursorPage(rows.map(wire), query, options.switches.overLimitStatus);
  });
  if (resource !== 'variants') {
    app.get(`${base}/:id/metafields`, (request) => listOne(context, resource, idParam(request), queryOf(request)));
  }
  app.post(path, (request, reply) => {
    const bodies = bodyList(request, 50);
    const made: MetafieldRow[] = [];
    const errors: object[] = [];
    for (const [at, body] of bodies.entries()) {
      const problem = problemOf(context, resource, body);
      if (problem === null) made.push(create(context, resource, body));
      else errors.push({ status: 422, title: problem, type: '/api-docs', errors: { [`${at}`]: problem } });
    }
    changed();
    const meta = { total: bodies.length, success: made.length, failed: errors.length };
    return reply.code(errors.length > 0 ? 422 : 200).send({ data: made.map(wire), errors, meta });
  });
  app.put(path, (request, reply) => {
    const bodies = bodyList(request, 50);
    const unknown = bodies.filter((body) => !catalog.metafields.has(Number(body['id'])));
    const rows = bodies.flatMap((body) => catalog.metafields.get(Number(body['id'])) ?? []);
    const { date_modified } = catalog.stamps();
    for (const body of bodies)
      Object.assign(catalog.metafields.get(Number(body['id'])) ?? {}, { value: body['value'], date_modified });
    changed();
    const meta = { total: bodies.length, success: rows.length, failed: unknown.length };
    return reply
      .code(unknown.length > 0 ? 422 : 200)
      .send({ data: rows.map(wire), errors: unknown.map(() => ({ status: 404, title: 'unknown metafield' })), meta });
  });
  app.delete(path, (request, reply) => {
    const body = request.body as (number | { id: number })[];
    for (const item of body) {
      const row = catalog.metafields.get(typeof item === 'number' ? item : item.id);
      if (row === undefined) continue;
      catalog.metafields.delete(row.id);
      catalog.metafieldKeys.delete(metafieldKey(row));
    }
    changed();
    return empty(reply);
  });
}

function listOne({ catalog, options }: RouteContext, resource: Resource, id: number, query: Query) {
  const rows = catalog.metafields
    .of({ resource, resource_id: id })
    .filter((row) => matches(row, query, catalog.clock.now()));
  return cursorPage(rows.map(wire), query, options.switches.overLimitStatus);
}

function matches(row: MetafieldRow, query: Query, now: number): boolean {
  const min = query['date_modified:min'];
  if (min !== undefined && row.date_modified < since(min, now)) return false;
  const keys = [...words(query['key:in']), ...(query['key'] === undefined ? [] : [query['key']])];
  const spaces = [...words(query['namespace:in']), ...(query['namespace'] === undefined ? [] : [query['namespace']])];
  return (keys.length === 0 || keys.includes(row.key)) && (spaces.length === 0 || spaces.includes(row.namespace));
}

function problemOf({ catalog }: RouteContext, resource: Resource, body: Fields): string | null {
  const owner = Number(body['resource_id']);
  if (!ownerExists(catalog, resource, owner)) return `resource_id ${owner} does not exist`;
  for (const field of ['permission_set', 'namespace', 'key', 'value']) {
    if (typeof body[field] !== 'string' || body[field] === '') return `${field} is required`;
  }
  if (String(body['key']).length > 64 || String(body['namespace']).length > 64)
    return 'key and namespace have at most 64 characters';
  if (String(body['value']).length > 65_535) return 'the value has at most 65535 characters';
  const key = metafieldKey({
    resource,
    resource_id: owner,
    namespace: String(body['namespace']),
    key: String(body['key']),
  });
  return catalog.metafieldKeys.has(key) ? 'The metafield exists already (namespace and key).' : null;
}

function ownerExists(catalog: RouteContext['catalog'], resource: Resource, id: number): boolean {
  return resource === 'variants' ? productOfVariant(catalog, id) !== undefined : catalog[resource].has(id);
}

function create({ catalog }: RouteContext, resource: Resource, body: Fields): MetafieldRow {
  const { date_created, date_modified } = catalog.stamps();
  const row: MetafieldRow = {
    description: '',
    ...body,
    date_created,
    date_modified,
    id: catalog.nextId(),
    resource,
    resource_id: Number(body['resource_id']),
    namespace: String(body['namespace']),
    key: String(body['key']),
    value: String(body['value']),
  };
  catalog.metafields.set(row.id, row);
  catalog.metafieldKeys.set(metafieldKey(row), row.id);
  return row;
}

function wire({ resource, ...row }: MetafieldRow) {
  return { ...row, resource_type: resource === 'categories' ? 'category' : resource.slice(0, -1) };
}
