import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { inChunks, stateLines } from '../shared/state-lines.ts';
import type { RouteContext } from './routes/context.ts';
import { storeInfo } from './routes/store-info.ts';
import { createProduct, deleteProduct, updateProduct } from './store/products.ts';
import type { Fields } from './store/rows.ts';
import { clearCatalog, rawState, restoreCatalog } from './store/snapshot.ts';

/** What tests and the checker use; no part of the imitated API. */
export function addAdmin(app: FastifyInstance, context: RouteContext): void {
  const { catalog, changed } = context;
  app.get('/__admin/state', () => rawState(catalog, storeInfo(context)));
  app.get('/__admin/state-lines', (_request, reply) => {
    const lines = stateLines(Object.entries(rawState(catalog, storeInfo(context))));
    return reply.type('application/x-ndjson').send(Readable.from(inChunks(lines)));
  });
  app.post('/__admin/state', (request) => {
    restoreCatalog(catalog, request.body);
    changed();
    return { ok: true };
  });
  app.post('/__admin/reset', () => {
    clearCatalog(catalog);
    changed();
    return { ok: true };
  });
  /** The merchant works by hand, as in the control panel: { product: fields } | { id, product: fields } | { delete: id }. */
  app.post('/__admin/merchant', (request) => {
    const body = request.body as { id?: number; product?: Fields; delete?: number };
    if (body.delete !== undefined) {
      const gone = catalog.products.get(body.delete);
      if (gone !== undefined) deleteProduct(catalog, gone);
    } else if (body.id === undefined) {
      const made = createProduct(catalog, { type: 'physical', weight: 0, price: 0, ...body.product });
      changed();
      return { id: made.id };
    } else {
      const row = catalog.products.get(body.id);
      if (row !== undefined) updateProduct(catalog, row, body.product ?? {});
    }
    changed();
    return { ok: true };
  });
}
