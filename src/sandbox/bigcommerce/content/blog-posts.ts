import type { FastifyInstance } from 'fastify';
import { V2Error } from '../errors.ts';
import type { RouteContext } from '../routes/context.ts';
import { empty, idParam, queryOf } from '../routes/lists.ts';
import { pathKey } from '../store/catalog.ts';
import { type Fields, textOf, type Timed } from '../store/rows.ts';

const PATH = '/v2/blog/posts';

export interface BlogPostRow extends Timed {
  id: number;
  title: string;
  body: string;
  url: string;
  tags: string[];
  is_published: boolean;
  /** ISO, UTC. */
  published_date: string;
  meta_description: string;
  meta_keywords: string;
  author: string;
  thumbnail_path: string;
}

/** The blog of V2: a day is written as text and read as an object; what a PUT does not publish is unpublished (§6). */
export function addBlogPosts(app: FastifyInstance, context: RouteContext): void {
  const { catalog, changed, options } = context;
  const found = (id: number): BlogPostRow => {
    const row = catalog.blogPosts.get(id);
    if (row === undefined) throw new V2Error(404, 'The requested resource was not found.');
    return row;
  };
  app.get(PATH, (request, reply) => {
    const query = queryOf(request);
    const limit = Math.min(Number(query['limit'] ?? 50), 250);
    const rows = [...catalog.blogPosts.values()]
      .filter((row) => query['is_published'] === undefined || row.is_published === (query['is_published'] === 'true'))
      .filter((row) => query['url'] === undefined || pathKey(row.url) === pathKey(query['url']))
      .filter((row) => query['tag'] === undefined || row.tags.includes(query['tag']))
      .sort((a, b) => a.id - b.id)
      .slice((Number(query['page'] ?? 1) - 1) * limit)
      .slice(0, limit);
    return rows.length === 0 && options.switches.emptyListStatus === 204 ? empty(reply) : rows.map(wire);
  });
  app.get(`${PATH}/count`, () => ({ count: catalog.blogPosts.size }));
  app.get(`${PATH}/:id`, (request) => wire(found(idParam(request))));
  app.post(PATH, (request, reply) => {
    const body = request.body as Fields;
    check(body);
    const id = catalog.nextId();
    const [url, isFree] = urlOf(context, body, id, null);
    const row: BlogPostRow = { ...rowOf(body, catalog.stamps().date_created), ...catalog.stamps(), id, url };
    catalog.blogPosts.set(id, row);
    catalog.paths.set(pathKey(url), `post ${id}`);
    changed();
    return reply.code(isFree ? 200 : 207).send(wire(row));
  });
  app.put(`${PATH}/:id`, (request, reply) => {
    const row = found(idParam(request));
    // The trap: a post stays published only where that is said again (§6).
    const body = { ...row, is_published: false, ...(request.body as Fields) };
    check(body);
    const [url, isFree] = urlOf(context, request.body as Fields, row.id, row);
    catalog.paths.delete(pathKey(row.url));
    Object.assign(row, rowOf(body, row.published_date), { url });
    catalog.paths.set(pathKey(url), `post ${row.id}`);
    catalog.touch(row);
    changed();
    return reply.code(isFree ? 200 : 207).send(wire(row));
  });
  app.delete(`${PATH}/:id`, (request, reply) => {
    const row = found(idParam(request));
    catalog.blogPosts.delete(row.id);
    catalog.paths.delete(pathKey(row.url));
    changed();
    return empty(reply);
  });
}

function check(body: Fields): void {
  for (const field of ['title', 'body'] as const) {
    if (textOf(body[field]) === '') throw new V2Error(400, `The field '${field}' is required.`);
  }
  if (textOf(body['title']).length > 255) throw new V2Error(400, "The field 'title' is invalid.");
  if (textOf(body['url']).length > 255) throw new V2Error(400, "The field 'url' is invalid.");
  const day = body['published_date'];
  if (day !== undefined && Number.isNaN(Date.parse(textOf(day))))
    throw new V2Error(400, "The field 'published_date' is invalid.");
}

/** An address that is taken does not stop the post: it gets one of its own, and the reply is 207 (§6). */
function urlOf({ catalog }: RouteContext, body: Fields, id: number, self: BlogPostRow | null): [string, boolean] {
  const wanted = textOf(body['url']) || (self?.url ?? `/blog/post-${id}/`);
  const holder = catalog.paths.get(pathKey(wanted));
  const isFree = holder === undefined || holder === `post ${id}`;
  return [isFree ? wanted : `/blog/post-${id}/`, isFree];
}

function rowOf(body: Fields, day: string): Omit<BlogPostRow, 'id' | 'url' | keyof Timed> {
  const published = body['published_date'] === undefined ? day : textOf(body['published_date']);
  return {
    title: textOf(body['title']),
    body: textOf(body['body']),
    tags: ((body['tags'] ?? []) as unknown[]).map((tag) => textOf(tag)),
    is_published: body['is_published'] === true,
    published_date: `${new Date(published).toISOString().slice(0, 19)}Z`,
    meta_description: textOf(body['meta_description']),
    meta_keywords: textOf(body['meta_keywords']),
    author: textOf(body['author']),
    thumbnail_path: textOf(body['thumbnail_path']),
  };
}

function wire({ visibleSinceMs: _visible, date_created: _made, date_modified: _touched, ...row }: BlogPostRow) {
  const date = `${row.published_date.replace('T', ' ').replace('Z', '')}.000000`;
  return { ...row, published_date: { timezone_type: 1, date, timezone: '+00:00' } };
}
