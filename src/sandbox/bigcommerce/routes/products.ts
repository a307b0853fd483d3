import type { FastifyInstance } from 'fastify';
import { reviewsOf, reviewWire } from '../content/reviews.ts';
import { ApiError, invalid, notFound } from '../errors.ts';
import { key } from '../store/catalog.ts';
import { createProduct, deleteProduct, updateProduct } from '../store/products.ts';
import type { Fields, ProductRow } from '../store/rows.ts';
import type { RouteContext } from './context.ts';
import { fetchImages } from './images.ts';
import { bodyList, empty, idParam, numbers, page, type Query, queryOf, since, words } from './lists.ts';

const PATH = '/v3/catalog/products';

export function addProducts(app: FastifyInstance, context: RouteContext): void {
  const { catalog, options, changed } = context;
  app.get(PATH, (request) => {
    const query = queryOf(request);
    const includes = words(query['include']);
    const cap = includes.includes('options') || includes.includes('modifiers') ? 10 : undefined;
    const result = page(select(context, query), query, options.switches.overLimitStatus, cap);
    const reviewed = includes.includes('reviews');
    return {
      ...result,
      data: result.data.map((row) => ({
        ...wire(row, includes),
        ...(reviewed ? { reviews: reviewsOf(context, row.id).map(reviewWire) } : {}),
      })),
    };
  });
  app.get(`${PATH}/:id`, (request) => ({
    data: wire(findProduct(context, idParam(request)), words(queryOf(request)['include'])),
    meta: {},
  }));
  app.post(PATH, async (request) => {
    const body = request.body as Fields;
    const variants = (body['variants'] ?? []) as Fields[];
    await fetchImages([...((body['images'] ?? []) as Fields[]), ...variants], options.fetchImages);
    const row = createProduct(catalog, body);
    changed();
    return { data: wire(row, ['variants', 'images', 'custom_fields', 'options']), meta: {} };
  });
  app.put(`${PATH}/:id`, (request) => {
    const row = findProduct(context, idParam(request));
    updateProduct(catalog, row, request.body as Fields);
    changed();
    return { data: wire(row, []), meta: {} };
  });
  app.put(PATH, (request) => {
    const bodies = bodyList(request, 10);
    for (const body of bodies)
      if (!catalog.products.has(Number(body['id'])))
        throw invalid({ id: `product ${String(body['id'])} does not exist` });
    const rows = bodies.map((body) => {
      const row = findProduct(context, Number(body['id']));
      updateProduct(catalog, row, body);
      return row;
    });
    changed();
    return { data: rows.map((row) => wire(row, [])), meta: {} };
  });
  app.delete(`${PATH}/:id`, (request, reply) => {
    deleteProduct(catalog, findProduct(context, idParam(request)));
    changed();
    return empty(reply);
  });
  app.delete(PATH, (request, reply) => {
    const ids = numbers(queryOf(request)['id:in']);
    if (ids.length === 0) throw new ApiError(422, 'A filter is required.');
    for (const id of ids) {
      const row = catalog.products.get(id);
      if (row !== undefined) deleteProduct(catalog, row);
    }
    changed();
    return empty(reply);
  });
}

export function findProduct({ catalog }: RouteContext, id: number): ProductRow {
  const row = catalog.products.get(id);
  if (row === undefined) throw notFound('product');
  return row;
}

/** Filters and order of the product list (bigcommerce-api §3.3). */
function select({ catalog, controls }: RouteContext, query: Query): ProductRow[] {
  const ids = [...numbers(query['id:in']), ...numbers(query['id'])];
  const skus = words(query['sku:in']).map(key);
  const direct = ids.length > 0 ? ids.flatMap((id) => catalog.products.get(id) ?? []) : [...catalog.products.values()];
  const min = query['date_modified:min'] === undefined ? null : since(query['date_modified:min'], catalog.clock.now());
  const rows = direct
    .filter((row) => controls.shows(row))
    .filter((row) => skus.length === 0 || skus.includes(key(row.sku)))
    .filter((row) => query['sku'] === undefined || key(row.sku) === key(query['sku']))
    .filter((row) => query['name'] === undefined || key(row.name) === key(query['name']))
    .filter((row) => min === null || row.date_modified >= min);
  const by = query['sort'] === 'date_modified' ? (row: ProductRow) => row.date_modified : (row: ProductRow) => row.id;
  const sign = query['direction'] === 'desc' ? -1 : 1;
  return rows.sort((a, b) => (by(a) < by(b) ? -sign : by(a) > by(b) ? sign : a.id - b.id));
}

const SUB_RESOURCES = ['variants', 'images', 'custom_fields', 'options', 'modifiers'] as const;

/** Sub-resources come only when asked for. */
function wire(row: ProductRow, includes: readonly string[]): Fields {
  const { visibleSinceMs: _visible, ...shown } = row;
  const fields: Fields = {
    ...shown,
    calculated_price: Number(row['sale_price']) > 0 ? row['sale_price'] : row['price'],
  };
  for (const name of SUB_RESOURCES) if (!includes.includes(name)) delete fields[name];
  return fields;
}
