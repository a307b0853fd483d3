import type { FastifyInstance } from 'fastify';
import { key, pathKey } from '../store/catalog.ts';
import type { CategoryRow, Fields } from '../store/rows.ts';
import type { RouteContext } from './context.ts';
import { bodyList, empty, numbers, page, queryOf } from './lists.ts';

const PATH = '/v3/catalog/trees/categories';

/** Category batches: what is right is saved, what is not is told (bigcommerce-api §3.1). */
export function addCategories(app: FastifyInstance, context: RouteContext): void {
  const { catalog, options, controls, changed } = context;
  app.get(PATH, (request) => {
    const query = queryOf(request);
    const ids = numbers(query['category_id:in']);
    const parents = query['parent_id:in'] === undefined ? null : numbers(query['parent_id:in']);
    const rows = [...catalog.categories.values()]
      .filter((row) => controls.shows(row))
      .filter((row) => ids.length === 0 || ids.includes(row.category_id))
      .filter((row) => parents === null || parents.includes(row.parent_id))
      .filter((row) => query['name'] === undefined || key(row.name) === key(query['name']))
      .sort((a, b) => a.category_id - b.category_id);
    return page(rows.map(wire), query, options.switches.overLimitStatus);
  });

  app.post(PATH, (request, reply) => {
    const bodies = bodyList(request, 1_000);
    // A known bug of the real store: a batch of more than ten gets false complaints ([O], §3.1).
    if (bodies.length > 10)
      return reply.code(422).send(
        refusal(
          bodies.map((_, at) => [`${at}.url`, 'Url is required']),
          bodies.length,
          0,
        ),
      );
    const saved: CategoryRow[] = [];
    const errors: [string, string][] = [];
    for (const [at, body] of bodies.entries()) {
      const problem = problemOf(context, body, null);
      if (problem === null) saved.push(create(context, body));
      else errors.push([`${at}.${problem[0]}`, problem[1]]);
    }
    if (saved.length > 0) changed();
    const meta = { total: bodies.length, success: saved.length, failed: errors.length };
    if (errors.length === 0) return reply.code(201).send({ data: saved.map(wire), meta });
    const status = saved.length > 0 ? 207 : options.switches.categoryDuplicateStatus;
    return reply
      .code(status)
      .send({ ...refusal(errors, bodies.length, saved.length, status), data: saved.map(wire), meta });
  });

  app.put(PATH, (request, reply) => {
    const bodies = bodyList(request, 50);
    const errors: [string, string][] = [];
    for (const [at, body] of bodies.entries()) {
      const row = catalog.categories.get(Number(body['category_id']));
      const problem =
        row === undefined ? (['category_id', 'not found'] as const) : problemOf(context, { ...row, ...body }, row);
      if (problem !== null) errors.push([`${at}.${problem[0]}`, problem[1]]);
      else if (row !== undefined) change(context, row, body);
    }
    changed();
    const done = bodies.length - errors.length;
    if (errors.length === 0)
      return {
        data: bodies.map((body) => wire(catalog.categories.get(Number(body['category_id'])))),
        meta: { total: done, success: done, failed: 0 },
      };
    return reply.code(done > 0 ? 207 : 422).send(refusal(errors, bodies.length, done));
  });

  app.delete(PATH, (request, reply) => {
    const query = queryOf(request);
    const ids = numbers(query['category_id:in']);
    if (ids.length === 0) return reply.code(422).send(refusal([['filter', 'A filter is required']], 0, 0));
    for (const id of ids) {
      const row = catalog.categories.get(id);
      if (row !== undefined) catalog.paths.delete(pathKey(row.url.path));
      catalog.categories.delete(id);
    }
    changed();
    return empty(reply);
  });
}

function refusal(errors: readonly (readonly [string, string])[], total: number, success: number, status = 422) {
  return {
    errors: {
      status,
      title: 'Some categories could not be saved.',
      type: '/api-docs',
      errors: Object.fromEntries(errors),
    },
    meta: { total, success, failed: total - success },
  };
}

function problemOf(
  { catalog }: RouteContext,
  body: Fields,
  self: CategoryRow | null,
): readonly [string, string] | null {
  const name = body['name'];
  if (typeof name !== 'string' || name.trim() === '') return ['name', 'Please provide a name.'];
  if (name.length > 50) return ['name', 'The name must be at most 50 characters.'];
  const parent = Number(body['parent_id'] ?? 0);
  if (parent !== 0 && !catalog.categories.has(parent)) return ['parent_id', 'The parent category does not exist.'];
  for (const row of catalog.categories.values()) {
    if (row !== self && row.parent_id === parent && key(row.name) === key(name))
      return ['name', `The category name ${name} is a duplicate.`];
  }
  const path = (body['url'] as { path?: string } | undefined)?.path;
  const holder = path === undefined ? undefined : catalog.paths.get(pathKey(path));
  if (holder !== undefined && holder !== `category ${self?.category_id}`) return ['url', 'The url is taken.'];
  return null;
}

function create({ catalog }: RouteContext, body: Fields): CategoryRow {
  const id = catalog.nextId();
  const path =
    (body['url'] as { path?: string } | undefined)?.path ??
    `/${String(body['name'])
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')}-${id}/`;
  const row: CategoryRow = {
    description: '',
    views: 0,
    sort_order: 0,
    page_title: '',
    meta_keywords: [],
    meta_description: '',
    search_keywords: '',
    layout_file: 'category.html',
    image_url: '',
    is_visible: true,
    default_product_sort: 'use_store_settings',
    ...body,
    ...catalog.stamps(),
    category_id: id,
    category_uuid: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    parent_id: Number(body['parent_id'] ?? 0),
    tree_id: 1,
    name: String(body['name']).trim(),
    url: { path, is_customized: body['url'] !== undefined },
  };
  catalog.categories.set(id, row);
  catalog.paths.set(pathKey(path), `category ${id}`);
  return row;
}

function change({ catalog }: RouteContext, row: CategoryRow, body: Fields): void {
  const before = row.url.path;
  Object.assign(row, body);
  if (row.url.path !== before) {
    catalog.paths.delete(pathKey(before));
    catalog.paths.set(pathKey(row.url.path), `category ${row.category_id}`);
  }
  catalog.touch(row);
}

/** Category replies carry no dates (§3.1: no date filter). */
function wire(row: CategoryRow | undefined) {
  if (row === undefined) return null;
  const { date_created: _created, date_modified: _modified, visibleSinceMs: _visible, ...fields } = row;
  return fields;
}
