import type { FastifyInstance } from 'fastify';
import { ApiError } from '../errors.ts';
import type { RouteContext } from './context.ts';
import { bodyList, empty, numbers, page, type Query, queryOf } from './lists.ts';

const PATH = '/v3/catalog/products/category-assignments';
/** No maximum is published (bigcommerce-api §3.3). */
const MOST = 250;

/** Which products lie in which categories, pair by pair: repeating one does no harm (bigcommerce-api §3.3). */
export function addAssignments(app: FastifyInstance, context: RouteContext): void {
  const { catalog, changed, options } = context;
  app.get(PATH, (request) =>
    page(pairs(context, queryOf(request)), queryOf(request), options.switches.overLimitStatus),
  );
  app.put(PATH, (request, reply) => {
    const bodies = bodyList(request, MOST);
    const errors: Record<string, string> = {};
    for (const [at, body] of bodies.entries()) {
      if (!catalog.products.has(Number(body['product_id']))) errors[`${at}.product_id`] = 'The product does not exist.';
      if (!catalog.categories.has(Number(body['category_id'])))
        errors[`${at}.category_id`] = 'The category does not exist.';
    }
    if (Object.keys(errors).length > 0) throw new ApiError(422, 'Some assignments are invalid.', errors);
    for (const body of bodies) {
      const product = catalog.products.get(Number(body['product_id']));
      const category = Number(body['category_id']);
      if (product === undefined || product.categories.includes(category)) continue;
      product.categories = [...product.categories, category].toSorted((a, b) => a - b);
      catalog.touch(product);
    }
    changed();
    return empty(reply);
  });
  app.delete(PATH, (request, reply) => {
    const query = queryOf(request);
    if (query['product_id:in'] === undefined && query['category_id:in'] === undefined)
      throw new ApiError(422, 'A filter is required.');
    for (const { product_id: id, category_id: category } of pairs(context, query)) {
      const product = catalog.products.get(id);
      if (product === undefined) continue;
      product.categories = product.categories.filter((one) => one !== category);
      catalog.touch(product);
    }
    changed();
    return empty(reply);
  });
}

function pairs({ catalog }: RouteContext, query: Query): { product_id: number; category_id: number }[] {
  const among = (name: string, id: number) => query[name] === undefined || numbers(query[name]).includes(id);
  return [...catalog.products.values()]
    .filter(({ id }) => among('product_id:in', id))
    .flatMap(({ id, categories }) => categories.map((category) => ({ product_id: id, category_id: category })))
    .filter(({ category_id: id }) => among('category_id:in', id));
}
