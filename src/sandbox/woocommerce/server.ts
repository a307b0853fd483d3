import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SandboxControls } from '../shared/controls.ts';
import { installControls, isAdmin } from '../shared/controls.ts';
import { createClock } from '../shared/clock.ts';
import { adminPrefix } from '../shared/faults.ts';
import { addLifeRoutes } from '../shared/life/life-routes.ts';
import type { StateFile } from '../shared/state-file.ts';
import { openStateFile } from '../shared/state-file.ts';
import { addAdmin } from './admin.ts';
import type { Caller, Credentials } from './auth/authentication.ts';
import { authenticate } from './auth/authentication.ts';
import { createOauthChecker } from './auth/oauth.ts';
import { shopLife } from './life/shop-life.ts';
import type { WooCommerceSandboxOptions } from './options.ts';
import { wooCommerceOptions } from './options.ts';
import { RestError, noRoute } from './rest/errors.ts';
import { sendError } from './rest/router.ts';
import { addRoutes, resources } from './routes.ts';
import type { Shop } from './store/shop.ts';
import { createShop } from './store/shop.ts';
import { clearShop, restore, snapshotOf } from './store/snapshot.ts';
import { addStorefront } from './storefront.ts';
import { addUploads } from './uploads.ts';
import { addWebhookRoutes } from './webhook-admin.ts';

export interface WooCommerceSandbox {
  /** Base address, without a slash at the end. */
  url: string;
  store: Shop;
  controls: SandboxControls;
  /** To be called after `store` was changed by hand, so that the state file follows. */
  changed: () => void;
  close: () => Promise<void>;
}

/**
 * Starts an imitation WooCommerce store on loopback. On plain HTTP it takes OAuth 1.0a only; with `tls` it also takes
 * Basic and query keys. Throws ZodError for wrong options and the listener's error for a taken port.
 */
export async function createWooCommerceSandbox(given: WooCommerceSandboxOptions = {}): Promise<WooCommerceSandbox> {
  const { clock = createClock(), stateFile: statePath, ...rest } = given;
  const options = wooCommerceOptions.parse(rest);
  const shop = createShop(clock, options.timeZone, options.seed);
  clearShop(shop);
  const stateFile = statePath ? openStateFile({ path: statePath, snapshot: () => snapshotOf(shop) }) : undefined;
  const saved = stateFile?.load();
  if (saved !== undefined) restore(shop, saved);
  const app = createApp(options.tls);
  const controls = installControls(app, {
    seed: options.seed,
    clock,
    ...(options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs }),
    ...(options.listLagMs === undefined ? {} : { listLagMs: options.listLagMs }),
    ...(options.lateCommitLimitMs === undefined ? {} : { lateCommitLimitMs: options.lateCommitLimitMs }),
    errorBody: (code) => new RestError('sandbox_fault', 'Injected fault.', code).body(),
  });
  const callers = addAuthentication(app, shop, controls, options, options.tls !== undefined);
  const changed = (): void => stateFile?.touch();
  const callerOf = (request: FastifyRequest): Caller => callers.get(request) ?? { kind: 'anonymous' };
  addAdmin(app, shop, changed);
  addWebhookRoutes(app, shop, controls, { changed, cronEveryMs: options.cronEveryMs });
  const life = shopLife(shop, controls, resources, options.seed);
  addLifeRoutes(app, { path: `${adminPrefix}/life`, life, changed, perSecond: options.life });
  addUploads(app, shop);
  addStorefront(app, shop);
  addRoutes(app, { shop, controls, callerOf, changed });
  await app.listen({ port: options.port, host: options.host });
  const { port } = app.server.address() as AddressInfo;
  shop.baseUrl = `${options.tls ? 'https' : 'http'}://${options.host}:${port}`;
  return { url: shop.baseUrl, store: shop, controls, changed, close: () => closeAll(app, stateFile) };
}

async function closeAll(app: FastifyInstance, stateFile: StateFile | undefined): Promise<void> {
  await app.close();
  stateFile?.close();
}

function createApp(tls: { key: string; cert: string } | undefined): FastifyInstance {
  const app: FastifyInstance = Fastify({
    forceCloseConnections: true,
    bodyLimit: 64 * 1024 * 1024,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
    rewriteUrl: (request) => plainPermalink(request.url ?? '/'),
    serverFactory: (handler) => (tls ? createHttpsServer(tls, handler) : createHttpServer(handler)),
  });
  app.setErrorHandler((error, _request, reply) => sendError(error, reply));
  app.setNotFoundHandler((_request, reply) => sendError(noRoute(), reply));
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    const json = /json/.test(request.headers['content-type'] ?? '');
    if (!json || body === '') return done(null, json ? {} : Object.fromEntries(new URLSearchParams(String(body))));
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      const data = { json_error_code: 4, json_error_message: 'Syntax error' };
      done(new RestError('rest_invalid_json', 'Invalid JSON body passed.', 400, data));
    }
  });
  return app;
}

/** `/?rest_route=/wc/v3/…`, the form without pretty permalinks (source-apis §1.1), leads to the same routes. */
function plainPermalink(url: string): string {
  const [path = '/', query = ''] = url.split('?', 2);
  if (path !== '/' && path !== '/index.php') return url;
  const params = new URLSearchParams(query);
  const route = params.get('rest_route');
  if (route === null) return url;
  params.delete('rest_route');
  const left = params.toString();
  return `/wp-json${route}${left === '' ? '' : `?${left}`}`;
}

/** Every answer carries the store's own time and the link to its index; then the caller is found out. */
function addAuthentication(
  app: FastifyInstance,
  shop: Shop,
  controls: SandboxControls,
  keys: Credentials,
  secure: boolean,
): WeakMap<FastifyRequest, Caller> {
  const oauth = createOauthChecker(keys);
  const callers = new WeakMap<FastifyRequest, Caller>();
  app.addHook('onRequest', async (request, reply) => {
    if (isAdmin(request)) return;
    void reply.headers({
      date: new Date(shop.clock.now()).toUTCString(),
      link: `<${shop.baseUrl}/wp-json/>; rel="https://api.w.org/"`,
      'x-content-type-options': 'nosniff',
      'access-control-expose-headers': 'X-WP-Total, X-WP-TotalPages, Link',
    });
    void reply.type('application/json; charset=UTF-8');
    if (!request.url.startsWith('/wp-json')) return;
    const original = controls.originalOf(request);
    const known = original && callers.get(original);
    const input = { request, secure, baseUrl: shop.baseUrl, nowMs: shop.clock.now() };
    callers.set(request, known ?? authenticate(input, keys, oauth));
  });
  return callers;
}
