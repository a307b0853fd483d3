import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SandboxControls } from '../../shared/controls.ts';
import type { Caller } from '../auth/authentication.ts';
import type { Shop } from '../store/shop.ts';
import type { Action } from './access.ts';
import { requireCaller } from './access.ts';
import { runBatch } from './batch.ts';
import { RestError } from './errors.ts';
import { fieldList, inOwnOrder, trimFields } from './fields.ts';
import { pageOf, pagingHeaders } from './paging.ts';
import type { Params, ParamSpecs } from './params.ts';
import { checkParams, flag, parseQuery } from './params.ts';
import type { Call, Resource, SingleRoute, View } from './resource.ts';

export interface RouterContext {
  shop: Shop;
  controls: SandboxControls;
  callerOf: (request: FastifyRequest) => Caller;
  /** Told after every write, so that the state is kept. */
  changed: () => void;
}

function requireRights(context: RouterContext, request: FastifyRequest, path: string, action: Action): void {
  requireCaller(context.callerOf(request), path, action);
}

function callOf(context: RouterContext, request: FastifyRequest, specs: ParamSpecs, withDefaults: boolean): Call {
  const query = parseQuery(request.url.split('?', 2)[1] ?? '');
  const body = bodyOf(request);
  const params = checkParams({ ...query, ...body }, specs, withDefaults);
  const ids: Record<string, number> = {};
  const names: Record<string, string> = {};
  for (const [name, value] of Object.entries((request.params ?? {}) as Record<string, string>)) {
    names[name] = value;
    if (/^\d+$/.test(value)) ids[name] = Number(value);
  }
  const view: View = params['context'] === 'edit' ? 'edit' : 'view';
  const anonymous = context.callerOf(request).kind === 'anonymous';
  return { shop: context.shop, controls: context.controls, params, ids, names, context: view, anonymous };
}

function bodyOf(request: FastifyRequest): Params {
  const { body } = request;
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Params) : {};
}

function answer(request: FastifyRequest, item: unknown, keepLinks: boolean, ownOrder = false): unknown {
  const fields = fieldList(parseQuery(request.url.split('?', 2)[1] ?? '')['_fields']);
  const kept = fields && ownOrder ? inOwnOrder(item, fields) : fields;
  return trimFields(item, kept, keepLinks);
}

export function addResource(app: FastifyInstance, context: RouterContext, resource: Resource): void {
  const base = `/wp-json${resource.path}`;
  const one = `${base}/:id(^\\d+$)`;
  addList(app, context, resource, base);
  if (resource.read) addRead(app, context, resource, one);
  if (resource.create) addCreate(app, context, resource, base);
  if (resource.update) addUpdate(app, context, resource, one);
  if (resource.remove) addRemove(app, context, resource, one);
  if (resource.batch) addBatch(app, context, resource, `${base}/batch`);
}

function addList(app: FastifyInstance, context: RouterContext, resource: Resource, url: string): void {
  app.get(url, async (request, reply) => {
    const anonymous = context.callerOf(request).kind === 'anonymous';
    void reply.header('allow', resource.create && !anonymous ? 'GET, POST' : 'GET');
    if (!resource.open) requireRights(context, request, resource.path, 'list');
    const call = callOf(context, request, resource.listParams, true);
    const rows = context.shop.scared ? [] : resource.list(call);
    if (resource.paged === false) {
      return rows.map((row) => answer(request, resource.render(call, row as never), false, resource.ownFieldOrder));
    }
    const page = pageOf(rows, call.params);
    if (resource.strictPages && page.page > 1 && page.page > page.totalPages) throw pageBeyondEnd();
    const path = request.url.split('?', 1)[0] ?? '';
    const query = listsAsChecked(parseQuery(request.url.split('?', 2)[1] ?? ''), call.params);
    void reply.headers(pagingHeaders(page, `${context.shop.baseUrl}${path}`, query));
    return page.rows.map((row) => answer(request, resource.render(call, row as never), false, resource.ownFieldOrder));
  });
}

/** Links name lists by index, as they are after the check: `status%5B0%5D=any` (recording "list posts"). */
function listsAsChecked(query: Params, checked: Params): Params {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, Array.isArray(checked[name]) ? checked[name] : value]),
  );
}

function pageBeyondEnd(): RestError {
  const message = 'The page number requested is larger than the number of pages available.';
  return new RestError('rest_post_invalid_page_number', message, 400);
}

/** Refunds and notes cannot be changed: their items allow less (recording "order note"). */
function allowsOne(resource: Resource): string {
  return resource.update ? 'GET, POST, PUT, PATCH, DELETE' : resource.remove ? 'GET, DELETE' : 'GET';
}

function addRead(app: FastifyInstance, context: RouterContext, resource: Resource, url: string): void {
  app.get(url, async (request, reply) => {
    void reply.header('allow', allowsOne(resource));
    if (!resource.open) requireRights(context, request, resource.path, 'view');
    const call = callOf(context, request, {}, false);
    return answer(request, resource.read!(call, call.ids['id']!), true, resource.ownFieldOrder);
  });
}

function addCreate(app: FastifyInstance, context: RouterContext, resource: Resource, url: string): void {
  app.post(url, async (request, reply) => {
    void reply.header('allow', 'GET, POST');
    requireRights(context, request, resource.path, 'create');
    const call = { ...callOf(context, request, resource.writeParams, false), context: 'edit' as const };
    const item = resource.create!(call, call.params);
    context.changed();
    const id = (item as { id?: number }).id;
    void reply.code(201).header('location', `${context.shop.baseUrl}${request.url.split('?', 1)[0]}/${id}`);
    return answer(request, item, true, resource.ownFieldOrder);
  });
}

function addUpdate(app: FastifyInstance, context: RouterContext, resource: Resource, url: string): void {
  const optional = Object.fromEntries(
    Object.entries(resource.writeParams).map(([name, spec]) => [name, { ...spec, required: false }]),
  );
  app.route({
    method: ['PUT', 'PATCH', 'POST'],
    url,
    handler: async (request, reply) => {
      void reply.header('allow', allowsOne(resource));
      requireRights(context, request, resource.path, 'edit');
      const call = { ...callOf(context, request, optional, false), context: 'edit' as const };
      const item = resource.update!(call, call.ids['id']!, call.params);
      context.changed();
      return answer(request, item, true, resource.ownFieldOrder);
    },
  });
}

function addRemove(app: FastifyInstance, context: RouterContext, resource: Resource, url: string): void {
  app.delete(url, async (request, reply) => {
    void reply.header('allow', allowsOne(resource));
    requireRights(context, request, resource.path, 'delete');
    const read = callOf(context, request, { force: { type: 'boolean' } }, false);
    const call = { ...read, context: 'edit' as const };
    const item = resource.remove!(call, call.ids['id']!, flag(call.params, 'force'));
    context.changed();
    return answer(request, item, true, resource.ownFieldOrder);
  });
}

function addBatch(app: FastifyInstance, context: RouterContext, resource: Resource, url: string): void {
  app.route({
    method: ['POST', 'PUT', 'PATCH'],
    url,
    handler: async (request, reply) => {
      void reply.header('allow', 'POST, PUT, PATCH');
      requireRights(context, request, resource.path, 'batch');
      const call = { ...callOf(context, request, {}, false), context: 'edit' as const };
      const result = runBatch(resource, call, bodyOf(request));
      context.changed();
      return result;
    },
  });
}

export function addRoute(app: FastifyInstance, context: RouterContext, route: SingleRoute): void {
  app.route({
    method: route.method,
    url: `/wp-json${route.path}`,
    handler: async (request, reply) => {
      void reply.header('allow', route.allow);
      if (!route.open) requireRights(context, request, route.path, route.method === 'GET' ? 'view' : 'edit');
      const result = route.handle(callOf(context, request, route.params ?? {}, true));
      if (route.method !== 'GET') context.changed();
      if (route.method === 'POST') void reply.code(201);
      if (Array.isArray(result)) return result.map((item) => answer(request, item, false));
      return answer(request, result, true);
    },
  });
}

/** Errors in WordPress's shape; anything unforeseen is its own 500. */
export function sendError(error: unknown, reply: FastifyReply): FastifyReply {
  void reply.type('application/json; charset=UTF-8');
  // Callers who may do nothing here are not told what could be done (recording "unknown key").
  if (error instanceof RestError && error.status === 401) void reply.removeHeader('allow');
  if (error instanceof RestError) return reply.code(error.status).send(error.body());
  const message = '<p>There has been a critical error on this website.</p>';
  return reply.code(500).send({ code: 'internal_server_error', message, data: { status: 500 } });
}
