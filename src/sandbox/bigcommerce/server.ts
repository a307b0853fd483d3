import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { createClock } from '../shared/clock.ts';
import { installControls, type SandboxControls } from '../shared/controls.ts';
import { addLifeRoutes } from '../shared/life/life-routes.ts';
import { openStateFile, type StateFile } from '../shared/state-file.ts';
import { addAdmin } from './admin.ts';
import { addBlogPosts } from './content/blog-posts.ts';
import { addCoupons } from './content/coupons.ts';
import { addPages } from './content/pages.ts';
import { addRedirects } from './content/redirects.ts';
import { addReviews } from './content/reviews.ts';
import { ApiError } from './errors.ts';
import { addGate } from './gate/gate.ts';
import { merchantLife } from './merchant/merchant-life.ts';
import { bigCommerceOptions, type BigCommerceSandboxOptions } from './options.ts';
import { addOrderChildren } from './orders/order-children.ts';
import { addOrders } from './orders/orders.ts';
import { addAddresses } from './people/addresses.ts';
import { addCustomers } from './people/customers.ts';
import { addCustomerGroups } from './people/groups.ts';
import { addAssignments } from './routes/assignments.ts';
import { addBrands } from './routes/brands.ts';
import { addCategories } from './routes/categories.ts';
import type { RouteContext } from './routes/context.ts';
import { addInventory } from './routes/inventory.ts';
import { addMetafields } from './routes/metafields.ts';
import { addProductChildren } from './routes/product-children.ts';
import { addProducts } from './routes/products.ts';
import { addSettings } from './routes/settings.ts';
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
  const life = merchantLife(context, options.seed ?? 1);
  addLifeRoutes(app, { path: '/__admin/merchant/edits', life, changed: context.changed, perSecond: options.merchant });
  for (const add of [
    addStoreInfo,
    addCategories,
    addBrands,
    addMetafields,
    addAssignments,
    addProducts,
    addProductChildren,
    addVariants,
    addInventory,
    addCustomerGroups,
    addCustomers,
    addAddresses,
    addCoupons,
    addOrders,
    addOrderChildren,
    addSettings,
    addReviews,
    addRedirects,
    addBlogPosts,
    addPages,
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
