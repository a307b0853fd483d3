import type { FastifyInstance } from 'fastify';
import { ApiError, invalid, notFound } from '../errors.ts';
import type { RouteContext } from '../routes/context.ts';
import { empty, idParam, numbers, page, queryOf, words } from '../routes/lists.ts';
import { key, pathKey } from '../store/catalog.ts';
import { type Fields, textOf, type Timed } from '../store/rows.ts';

const PATH = '/v3/content/pages';
const TYPES = ['page', 'raw', 'contact_form', 'link'];
const PARAMETERS = ['channel_id', 'id:in', 'name', 'name:like', 'limit', 'page', 'include'];

export interface PageRow extends Timed {
  id: number;
  channel_id: number;
  name: string;
  type: string;
  body: string;
  url: string;
  parent_id: number;
  sort_order: number;
  is_visible: boolean;
  is_homepage: boolean;
  is_customers_only: boolean;
  meta_title: string;
  meta_keywords: string;
  meta_description: string;
  search_keywords: string;
}

/** Pages of the storefront: valid ones of a refused batch are there all the same, the body comes when asked for (§6). */
export function addPages(app: FastifyInstance, context: RouteContext): void {
  const { catalog, changed, options } = context;
  const found = (id: number): PageRow => {
    const row = catalog.pages.get(id);
    if (row === undefined) throw notFound('page');
    return row;
  };
  app.get(PATH, (request) => {
    const query = queryOf(request);
    const unknown = Object.keys(query).filter((name) => !PARAMETERS.includes(name));
    if (unknown.length > 0) throw new ApiError(400, `The parameter ${unknown.join(', ')} is not supported.`);
    const ids = numbers(query['id:in']);
    const rows = [...catalog.pages.values()]
      .filter((row) => query['id:in'] === undefined || ids.includes(row.id))
      .filter((row) => query['name'] === undefined || key(row.name) === key(query['name']))
      .filter((row) => query['name:like'] === undefined || key(row.name).includes(key(query['name:like'])))
      .sort((a, b) => a.id - b.id);
    const result = page(rows, query, options.switches.overLimitStatus);
    return { ...result, data: result.data.map((row) => wire(row, words(query['include']))) };
  });
  app.get(`${PATH}/:id`, (request) => ({
    data: wire(found(idParam(request)), words(queryOf(request)['include'])),
    meta: {},
  }));
  app.post(PATH, (request, reply) => {
    const bodies = (Array.isArray(request.body) ? request.body : [request.body]) as Fields[];
    const errors: Record<string, string> = {};
    const rows: PageRow[] = [];
    let isWhole = true;
    for (const [at, body] of bodies.entries()) {
      const problem = problemOf(context, body, null);
      if (problem !== null) errors[`${at}`] = problem;
      else {
        const [row, isFree] = create(context, body);
        rows.push(row);
        isWhole &&= isFree;
      }
    }
    changed();
    // The trap: those that were valid have been made (§6).
    if (Object.keys(errors).length > 0) throw invalid(errors);
    const shown = rows.map((row) => wire(row, []));
    return reply.code(isWhole ? 201 : 207).send({ data: Array.isArray(request.body) ? shown : shown[0], meta: {} });
  });
  app.put(PATH, (request, reply) => {
    const bodies = (Array.isArray(request.body) ? request.body : [request.body]) as Fields[];
    const results = bodies.map((body) => update(context, found(Number(body['id'])), body));
    changed();
    const isWhole = results.every(([, isFree]) => isFree);
    return reply.code(isWhole ? 200 : 207).send({ data: results.map(([row]) => wire(row, [])), meta: {} });
  });
  app.put(`${PATH}/:id`, (request, reply) => {
    const [row, isFree] = update(context, found(idParam(request)), request.body as Fields);
    changed();
    return reply.code(isFree ? 200 : 207).send({ data: wire(row, []), meta: {} });
  });
  app.delete(`${PATH}/:id`, (request, reply) => {
    remove(context, found(idParam(request)));
    changed();
    return empty(reply);
  });
  app.delete(PATH, (request, reply) => {
    const ids = numbers(queryOf(request)['id:in']);
    const rows = ids.flatMap((id) => catalog.pages.get(id) ?? []);
    for (const row of rows) remove(context, row);
    changed();
    if (ids.length === 0 || rows.length < ids.length) throw notFound('page');
    return empty(reply);
  });
}

function problemOf({ catalog }: RouteContext, body: Fields, self: PageRow | null): string | null {
  const name = textOf(body['name']);
  if (name === '' || name.length > 100) return 'name has 1 to 100 characters';
  if (!TYPES.includes(textOf(body['type']))) return 'unknown type';
  const holder = [...catalog.pages.values()].find((row) => key(row.name) === key(name));
  if (holder !== undefined && holder !== self) return `the name ${name} is taken`;
  const parent = Number(body['parent_id'] ?? 0);
  if (parent !== 0 && (!catalog.pages.has(parent) || parent === self?.id)) return `parent ${parent} does not exist`;
  if (textOf(body['url']).length > 255) return 'url has at most 255 characters';
  return null;
}

function create(context: RouteContext, body: Fields): [PageRow, boolean] {
  const { catalog } = context;
  const id = catalog.nextId();
  const [url, isFree] = urlOf(context, body, id, null);
  const row: PageRow = { ...rowOf(body), ...catalog.stamps(), id, url };
  catalog.pages.set(id, row);
  catalog.paths.set(pathKey(url), `page ${id}`);
  return [row, isFree];
}

function update(context: RouteContext, row: PageRow, body: Fields): [PageRow, boolean] {
  const { catalog } = context;
  const problem = problemOf(context, { ...row, ...body }, row);
  if (problem !== null) throw invalid({ [String(row.id)]: problem });
  const [url, isFree] = urlOf(context, body, row.id, row);
  catalog.paths.delete(pathKey(row.url));
  Object.assign(row, rowOf({ ...row, ...body }), { url });
  catalog.paths.set(pathKey(url), `page ${row.id}`);
  catalog.touch(row);
  return [row, isFree];
}

function remove({ catalog }: RouteContext, row: PageRow): void {
  catalog.pages.delete(row.id);
  catalog.paths.delete(pathKey(row.url));
}

/** An address that is taken does not stop the page: 207, and it gets one of its own (§6). */
function urlOf({ catalog }: RouteContext, body: Fields, id: number, self: PageRow | null): [string, boolean] {
  const wanted = textOf(body['url']) || (self?.url ?? `/page-${id}/`);
  const holder = catalog.paths.get(pathKey(wanted));
  const isFree = holder === undefined || holder === `page ${id}`;
  return [isFree ? wanted : `/page-${id}/`, isFree];
}

function rowOf(body: Fields): Omit<PageRow, 'id' | 'url' | keyof Timed> {
  return {
    channel_id: 1,
    name: textOf(body['name']),
    type: textOf(body['type']),
    body: textOf(body['body']),
    parent_id: Number(body['parent_id'] ?? 0),
    sort_order: Number(body['sort_order'] ?? 0),
    is_visible: body['is_visible'] === true,
    is_homepage: body['is_homepage'] === true,
    is_customers_only: body['is_customers_only'] === true,
    meta_title: textOf(body['meta_title']),
    meta_keywords: textOf(body['meta_keywords']),
    meta_description: textOf(body['meta_description']),
    search_keywords: textOf(body['search_keywords']),
  };
}

function wire(
  { visibleSinceMs: _v, date_created: _c, date_modified: _m, body, ...row }: PageRow,
  includes: readonly string[],
) {
  return { ...row, ...(includes.includes('body') ? { body } : {}) };
}
