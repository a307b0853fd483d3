import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createClock } from '../shared/clock.ts';
import { installControls, isAdmin, type SandboxControls } from '../shared/controls.ts';
import { createRateWindow } from '../shared/rate-limit.ts';
import { openStateFile, type StateFile } from '../shared/state-file.ts';
import { addAdmin } from './admin.ts';
import { ApiError } from './errors.ts';
import { bigCommerceOptions, type BigCommerceOptions, type BigCommerceSandboxOptions } from './options.ts';
import { addBrands } from './routes/brands.ts';
import { addCategories } from './routes/categories.ts';
import type { RouteContext } from './routes/context.ts';
import { addInventory } from './routes/inventory.ts';
import { addMetafields } from './routes/metafields.ts';
import { addProductChildren } from './routes/product-children.ts';
import { addProducts } from './routes/products.ts';
import { addStoreInfo, storeInfo } from './routes/store-info.ts';
import { addVariants } from './routes/variants.ts';
import { type Catalog, createCatalog } from './store/catalog.ts';
import { rawState, restoreCatalog } from './store/snapshot.ts';

export interface BigCommerceSandbox {
  /** Base address without the store: `http://127.0.0.1:8092`; the API lies under `/stores/<hash>`. */
  url: string;
  store: Catalog;
  controls: SandboxControls;
  close: () => Promise<void>;
}

/** Starts an imitation BigCommerce store on loopback. Throws ZodError for wrong options, the listener's error for a taken port. */
export async function createBigCommerceSandbox(
  given: BigCommerceSandboxOptions & { stateFile?: string } = {},
): Promise<BigCommerceSandbox> {
  const { stateFile: path, ...rest } = given;
  const options = bigCommerceOptions.parse(rest);
  const catalog = createCatalog(createClock());
  const stateFile =
    path === undefined ? undefined : openStateFile({ path, snapshot: () => rawState(catalog, storeInfo({ options })) });
  const saved = stateFile?.load();
  if (saved !== undefined) restoreCatalog(catalog, saved);
  const prefix = `/stores/${options.storeHash}`;
  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit: 64 * 1024 * 1024,
    rewriteUrl: (request) => withoutStore(request.url ?? '/', prefix),
  });
  app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const controls = installControls(app, {
    clock: catalog.clock,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.latencyMs === undefined ? {} : { latencyMs: options.latencyMs }),
    ...(options.listLagMs === undefined ? {} : { listLagMs: options.listLagMs }),
    ...(options.lateCommitLimitMs === undefined ? {} : { lateCommitLimitMs: options.lateCommitLimitMs }),
    errorBody: (code) => new ApiError(code, 'Injected fault').body,
  });
  addGate(app, controls, options);
  const context: RouteContext = { catalog, controls, options, changed: () => stateFile?.touch() };
  addAdmin(app, context);
  for (const add of [
    addStoreInfo,
    addCategories,
    addBrands,
    addMetafields,
    addProducts,
    addProductChildren,
    addVariants,
    addInventory,
  ]) {
    add(app, context);
  }
  await app.listen({ port: options.port, host: options.host });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://${options.host}:${port}`, store: catalog, controls, close: () => closeAll(app, stateFile) };
}

async function closeAll(app: FastifyInstance, stateFile: StateFile | undefined): Promise<void> {
  await app.close();
  stateFile?.close();
}

/** Another store's hash is no store of ours: the route does not exist. */
function withoutStore(url: string, prefix: string): string {
  if (url.startsWith('/__admin/')) return url;
  return url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : `/unknown-store${url}`;
}

/** Token, rate window and error shapes (bigcommerce-api §1). */
function addGate(app: FastifyInstance, controls: SandboxControls, options: BigCommerceOptions): void {
  const window = createRateWindow({
    quota: options.quota,
    windowMs: options.windowMs,
    now: () => controls.clock.now(),
  });
  app.addHook('onRequest', async (request, reply) => {
    if (isAdmin(request) || controls.isReplay(request)) return;
    if (request.headers['x-auth-token'] !== options.accessToken) throw new ApiError(401, 'You are not authorized.');
    if (options.quota === 0) return;
    const verdict = window.take();
    reply.headers({
      'X-Rate-Limit-Requests-Quota': verdict.quota,
      'X-Rate-Limit-Requests-Left': verdict.left,
      'X-Rate-Limit-Time-Window-Ms': verdict.windowMs,
      'X-Rate-Limit-Time-Reset-Ms': Math.ceil(verdict.resetMs),
    });
    if (!verdict.allowed) throw new ApiError(429, 'Too many requests');
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request: FastifyRequest, reply: FastifyReply) => {
    if (error instanceof ApiError) return reply.code(error.status).send(error.body);
    const status = error.statusCode ?? 500;
    return reply.code(status).send(new ApiError(status, error.message).body);
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(new ApiError(404, 'The route is not found.').body));
}
