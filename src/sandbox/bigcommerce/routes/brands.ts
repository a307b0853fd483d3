import type { FastifyInstance } from 'fastify';
import { ApiError, duplicate, missingFields, notFound } from '../errors.ts';
import { key, pathKey } from '../store/catalog.ts';
import type { BrandRow, Fields } from '../store/rows.ts';
import type { RouteContext } from './context.ts';
import { empty, idParam, numbers, page, queryOf } from './lists.ts';

/** Brands one by one; names unique, 409 (bigcommerce-api §3.2). */
export function addBrands(app: FastifyInstance, context: RouteContext): void {
  const { catalog, options, controls, changed } = context;
  app.get('/v3/catalog/brands', (request) => {
    const query = queryOf(request);
    const ids = numbers(query['id:in']);
    const rows = [...catalog.brands.values()]
      .filter((row) => controls.shows(row))
      .filter((row) => ids.length === 0 || ids.includes(row.id))
      .filter((row) => query['name'] === undefined || key(row.name) === key(query['name']));
    return page(rows.map(wire), query, options.switches.overLimitStatus);
  });
  app.get('/v3/catalog/brands/:id', (request) => ({ data: wire(find(context, idParam(request))), meta: {} }));
  app.post('/v3/catalog/brands', (request) => {
    const row = create(context, request.body as Fields);
    changed();
    return { data: wire(row), meta: {} };
  });
  app.put('/v3/catalog/brands/:id', (request) => {
    const row = find(context, idParam(request));
    const body = request.body as Fields;
    check(context, { ...row, ...body }, row);
    release(context, row);
    Object.assign(row, body);
    hold(context, row);
    catalog.touch(row);
    changed();
    return { data: wire(row), meta: {} };
  });
  app.delete('/v3/catalog/brands/:id', (request, reply) => {
    const row = find(context, idParam(request));
    release(context, row);
    catalog.brands.delete(row.id);
    for (const product of catalog.products.values()) if (product.brand_id === row.id) product.brand_id = 0;
    changed();
    return empty(reply);
  });
}

function find({ catalog }: RouteContext, id: number): BrandRow {
  const row = catalog.brands.get(id);
  if (row === undefined) throw notFound('brand');
  return row;
}

function check({ catalog }: RouteContext, body: Fields, self: BrandRow | null): void {
  const name = body['name'];
  if (typeof name !== 'string' || name.trim() === '') throw missingFields({ name: 'Please provide a name.' });
  if (name.length > 255) throw new ApiError(422, 'The name is too long.', { name: 'at most 255 characters' });
  const holder = catalog.brandNames.get(key(name));
  if (holder !== undefined && holder !== self?.id) throw duplicate('name', name, 'brand');
  const url = (body['custom_url'] as { url?: string } | undefined)?.url;
  const owner = url === undefined ? undefined : catalog.paths.get(pathKey(url));
  if (owner !== undefined && owner !== `brand ${self?.id}`) throw duplicate('url', url ?? '', 'brand');
}

function create(context: RouteContext, body: Fields): BrandRow {
  check(context, body, null);
  const { catalog } = context;
  const id = catalog.nextId();
  const url = (body['custom_url'] as { url?: string } | undefined)?.url ?? `/brands/${id}/`;
  const row: BrandRow = {
    page_title: '',
    meta_keywords: [],
    meta_description: '',
    search_keywords: '',
    image_url: '',
    ...body,
    ...catalog.stamps(),
    id,
    name: String(body['name']).trim(),
    custom_url: { url, is_customized: body['custom_url'] !== undefined },
  };
  catalog.brands.set(id, row);
  hold(context, row);
  return row;
}

function hold({ catalog }: RouteContext, row: BrandRow): void {
  catalog.brandNames.set(key(row.name), row.id);
  catalog.paths.set(pathKey(row.custom_url.url), `brand ${row.id}`);
}
function release({ catalog }: RouteContext, row: BrandRow): void {
  catalog.brandNames.delete(key(row.name));
  catalog.paths.delete(pathKey(row.custom_url.url));
}

function wire({ date_created: _created, date_modified: _modified, visibleSinceMs: _visible, ...fields }: BrandRow) {
  return fields;
}
