import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalid, missingFields, notFound } from '../errors.ts';
import type { RouteContext } from '../routes/context.ts';
import { empty, idParam, page, queryOf } from '../routes/lists.ts';
import { type Fields, textOf, type Timed } from '../store/rows.ts';

const PATH = '/v3/catalog/products/:id/reviews';
const STATUSES = ['approved', 'disapproved', 'pending'];

export interface ReviewRow extends Timed {
  id: number;
  product_id: number;
  title: string;
  text: string;
  status: string;
  rating: number;
  email: string;
  name: string;
  date_reviewed: string;
}

/** Reviews of one product; nothing of them is unique, there is no batch and no list of the store (bigcommerce-api §3.5). */
export function addReviews(app: FastifyInstance, context: RouteContext): void {
  const { catalog, changed, controls, options } = context;
  const productOf = (request: FastifyRequest): number => {
    const id = idParam(request);
    if (!catalog.products.has(id)) throw notFound('product');
    return id;
  };
  const found = (request: FastifyRequest): ReviewRow => {
    const row = catalog.reviews.get(idParam(request, 'review'));
    if (row?.product_id !== productOf(request)) throw notFound('review');
    return row;
  };
  app.get(PATH, (request, reply) => {
    const rows = reviewsOf(context, productOf(request)).filter((row) => controls.shows(row));
    if (rows.length === 0 && options.switches.emptyListStatus === 204) return empty(reply);
    return page(rows.map(reviewWire), queryOf(request), options.switches.overLimitStatus);
  });
  app.get(`${PATH}/:review`, (request) => ({ data: reviewWire(found(request)), meta: {} }));
  app.post(PATH, (request) => {
    const product = productOf(request);
    const body = request.body as Fields;
    check(body);
    const row = { ...rowOf(body), id: catalog.nextId(), product_id: product, ...catalog.stamps() };
    catalog.reviews.set(row.id, row);
    changed();
    return { data: reviewWire(row), meta: {} };
  });
  app.put(`${PATH}/:review`, (request) => {
    const row = found(request);
    const body = request.body as Fields;
    check(body);
    Object.assign(row, rowOf({ ...row, ...body }));
    catalog.touch(row);
    changed();
    return { data: reviewWire(row), meta: {} };
  });
  app.delete(`${PATH}/:review`, (request, reply) => {
    catalog.reviews.delete(found(request).id);
    changed();
    return empty(reply);
  });
}

/** Also for `include=reviews` of the product list. */
export function reviewsOf({ catalog }: Pick<RouteContext, 'catalog'>, productId: number): ReviewRow[] {
  return [...catalog.reviews.values()].filter((row) => row.product_id === productId);
}

/** A title and a day are asked for by every write (§3.5). */
function check(body: Fields): void {
  const missing = ['title', 'date_reviewed'].filter((name) => textOf(body[name]) === '');
  if (missing.length > 0) throw missingFields(Object.fromEntries(missing.map((name) => [name, 'is required'])));
  if (textOf(body['title']).length > 255) throw invalid({ title: 'at most 255 characters' });
  if (Number.isNaN(Date.parse(textOf(body['date_reviewed'])))) throw invalid({ date_reviewed: 'must be a date' });
  if (body['status'] !== undefined && !STATUSES.includes(textOf(body['status']))) throw invalid({ status: 'unknown' });
  const rating = Number(body['rating'] ?? 0);
  if (!Number.isInteger(rating) || rating < 0 || rating > 5) throw invalid({ rating: '0 to 5' });
  const email = textOf(body['email']);
  if (email !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw invalid({ email: 'must be valid or empty' });
  if (textOf(body['name']).length > 255) throw invalid({ name: 'at most 255 characters' });
}

function rowOf(body: Fields): Omit<ReviewRow, 'id' | 'product_id' | keyof Timed> {
  return {
    title: textOf(body['title']),
    text: textOf(body['text']),
    status: textOf(body['status'], 'pending'),
    rating: Number(body['rating'] ?? 0),
    email: textOf(body['email']),
    name: textOf(body['name']),
    date_reviewed: `${new Date(textOf(body['date_reviewed'])).toISOString().slice(0, 19)}+00:00`,
  };
}

export function reviewWire({ visibleSinceMs: _visible, ...row }: ReviewRow) {
  return row;
}
