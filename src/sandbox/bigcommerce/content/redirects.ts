import type { FastifyInstance } from 'fastify';
import { ApiError, invalid } from '../errors.ts';
import type { RouteContext } from '../routes/context.ts';
import { bodyList, empty, numbers, page, type Query, queryOf, words } from '../routes/lists.ts';
import { pathKey } from '../store/catalog.ts';
import { type Fields, textOf } from '../store/rows.ts';

const PATH = '/v3/storefront/redirects';
/** No maximum is published; more than this has not been tried by anybody (bigcommerce-api §6). */
const MOST = 50;
const ENTITIES = ['product', 'brand', 'category', 'page', 'post'] as const;

export interface RedirectRow {
  id: number;
  site_id: number;
  from_path: string;
  to: { type: string; entity_id?: number; url?: string };
}

/** Redirects of the storefront: a PUT writes by path, over whatever led away from it before (bigcommerce-api §6, §11.7). */
export function addRedirects(app: FastifyInstance, context: RouteContext): void {
  const { catalog, changed, options } = context;
  app.get(PATH, (request) => {
    const query = queryOf(request);
    const rows = [...catalog.redirects.values()].filter((row) => matches(row, query));
    const result = page(sorted(rows, query), query, options.switches.overLimitStatus);
    const withUrl = words(query['include']).includes('to_url');
    return {
      ...result,
      data: result.data.map((row) => ({ ...row, ...(withUrl ? { to_url: row.to.url ?? '' } : {}) })),
    };
  });
  app.put(PATH, (request, reply) => {
    const bodies = bodyList(request, MOST);
    for (const [at, body] of bodies.entries()) check(context, body, at);
    const rows = bodies.map((body) => upsert(context, body));
    changed();
    return reply.code(201).send({ data: rows, meta: {} });
  });
  app.delete(PATH, (request, reply) => {
    const query = queryOf(request);
    const ids = numbers(query['id:in']);
    if (ids.length === 0 && query['site_id'] === undefined) throw new ApiError(422, 'A filter is required.');
    for (const row of catalog.redirects.values()) if (matches(row, query)) catalog.redirects.delete(row.id);
    changed();
    return empty(reply);
  });
}

function matches(row: RedirectRow, query: Query): boolean {
  const ids = numbers(query['id:in']);
  return (
    (ids.length === 0 || ids.includes(row.id)) &&
    (query['site_id'] === undefined || row.site_id === Number(query['site_id'])) &&
    (query['keyword'] === undefined || row.from_path.toLowerCase().startsWith(query['keyword'].toLowerCase())) &&
    row.id >= Number(query['id:min'] ?? 0) &&
    row.id <= Number(query['id:max'] ?? Infinity)
  );
}

function sorted(rows: RedirectRow[], query: Query): RedirectRow[] {
  const sign = query['direction'] === 'desc' ? -1 : 1;
  if (query['sort'] !== 'from_path') return rows.sort((a, b) => sign * (a.id - b.id));
  return rows.sort((a, b) => sign * a.from_path.localeCompare(b.from_path));
}

function check({ catalog }: RouteContext, body: Fields, at: number): void {
  const refuse = (why: string) => invalid({ [`${at}`]: why });
  const from = textOf(body['from_path']);
  if (!from.startsWith('/') || from.length > 1_024) throw refuse('from_path is a path of at most 1024 characters');
  if (Number(body['site_id']) !== 1000) throw refuse('unknown site_id');
  const { type, entity_id: id, url } = (body['to'] ?? {}) as Fields;
  if (type === 'url') {
    if (textOf(url) === '' || textOf(url).length > 2_048) throw refuse('url has 1 to 2048 characters');
    if (pathKey(textOf(url)) === pathKey(from)) throw refuse('a redirect must not lead to itself');
    return;
  }
  if (!ENTITIES.includes(type as 'product')) throw refuse('unknown type');
  const holders: Record<(typeof ENTITIES)[number], ReadonlyMap<number, unknown>> = {
    product: catalog.products,
    brand: catalog.brands,
    category: catalog.categories,
    page: catalog.pages,
    post: catalog.blogPosts,
  };
  if (!holders[type as 'product'].has(Number(id))) throw refuse(`${textOf(type)} ${String(Number(id))} does not exist`);
  // A path that something live has never leads anywhere else (§6).
  if (catalog.paths.has(pathKey(from))) throw refuse('the path is in use');
}

function upsert({ catalog }: RouteContext, body: Fields): RedirectRow {
  const from = textOf(body['from_path']);
  const held = [...catalog.redirects.values()].find((row) => pathKey(row.from_path) === pathKey(from));
  const { type, entity_id: id, url } = body['to'] as Fields;
  const row: RedirectRow = {
    id: held?.id ?? catalog.nextId(),
    site_id: Number(body['site_id']),
    from_path: from,
    to: type === 'url' ? { type, url: textOf(url) } : { type: textOf(type), entity_id: Number(id) },
  };
  catalog.redirects.set(row.id, row);
  return row;
}
