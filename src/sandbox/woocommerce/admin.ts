import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parsed } from '../shared/controls.ts';
import { adminPrefix } from '../shared/faults.ts';
import { storeRecords } from './explicit-seed.ts';
import { seedStoreRecords } from './explicit-store-seed.ts';
import { inChunks, stateLines } from '../shared/state-lines.ts';
import { rawParts, rawState } from './raw-state.ts';
import type { ShopSeed } from './seed/shop.ts';
import { seedShop } from './seed/shop.ts';
import { presets } from './seed/sizes.ts';
import type { Shop } from './store/shop.ts';
import { silentKinds, writeSilently } from './store/silent.ts';
import { clearShop } from './store/snapshot.ts';
import { createZone } from './store/zone.ts';

const count = z.number().int().nonnegative().optional();
const size = z.strictObject({
  products: z.number().int().nonnegative(),
  categories: count,
  brands: count,
  customers: count,
  orders: count,
  coupons: count,
  reviews: count,
  posts: count,
  pages: count,
  currency: z.enum(['USD', 'EUR', 'JPY', 'KWD']).optional(),
  redirectLoop: z.boolean().optional(),
});

const seedBody = z.union([
  z.strictObject({ seed: z.number().int().optional(), size: z.union([z.enum(['S', 'M', 'L']), size]) }),
  z.strictObject({ records: storeRecords }),
]);

function sized(given: 'S' | 'M' | 'L' | ShopSeed): ShopSeed {
  return typeof given === 'string' ? { ...presets[given], redirectLoop: true } : given;
}

/** Routes that no real shop has: they seed, show, and quietly break the store. */
export function addAdmin(app: FastifyInstance, shop: Shop, changed: () => void): void {
  app.get<{ Querystring: { only?: string } }>(`${adminPrefix}/state`, async (request) =>
    rawState(shop, request.query.only?.split(',')),
  );
  app.get(`${adminPrefix}/state-lines`, async (_request, reply) =>
    reply.type('application/x-ndjson').send(Readable.from(inChunks(stateLines(rawParts(shop))))),
  );
  app.post(`${adminPrefix}/reset`, async () => {
    clearShop(shop);
    changed();
    return { ok: true };
  });
  app.post(`${adminPrefix}/seed`, async (request, reply) => {
    const body = parsed(seedBody, request.body, reply);
    if (!body) return reply;
    const made =
      'records' in body ? seedStoreRecords(shop, body.records) : seedShop(shop, body.seed ?? 1, sized(body.size));
    changed();
    return { ok: true, made };
  });
  addSilent(app, shop, changed);
  addScare(app, shop);
  addShopSettings(app, shop, changed);
}

const silentBody = z.strictObject({
  kind: z.enum(silentKinds),
  id: z.number().int().positive(),
  /** Columns of the row by their own names, for example `{ regularPrice: '77' }`. */
  fields: z.record(z.string(), z.unknown()),
  /** Moves the stamp too, as an edit would. Default false. */
  bump: z.boolean().optional(),
});

function addSilent(app: FastifyInstance, shop: Shop, changed: () => void): void {
  app.post(`${adminPrefix}/silent`, async (request, reply) => {
    const body = parsed(silentBody, request.body, reply);
    if (!body) return reply;
    const error = writeSilently(shop, body.kind, body.id, body.fields, body.bump);
    if (error !== undefined) return reply.code(400).send({ error });
    changed();
    return { ok: true };
  });
}

/** Lists suddenly answer empty: an outage that must not be taken for deletes (design P7). */
function addScare(app: FastifyInstance, shop: Shop): void {
  app.post(`${adminPrefix}/scare`, async (request, reply) => {
    const body = parsed(z.strictObject({ on: z.boolean().default(true) }), request.body, reply);
    if (!body) return reply;
    shop.scared = body.on;
    return { scared: shop.scared };
  });
}

const shopSettings = z.strictObject({
  timeZone: z.string().refine(isZone, 'not an IANA time zone').optional(),
  settings: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  /** Statuses of orders as a plugin adds them: slug without `wc-`, and name. */
  orderStatuses: z.record(z.string(), z.string()).optional(),
  /** Facts that the sheet leaves open (source-apis, marked U or not said). */
  unconfirmed: z
    .strictObject({
      deletedProductIdsStay: z.boolean().optional(),
      refundsNameTheirOrder: z.boolean().optional(),
    })
    .optional(),
});

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Changing the zone leaves the local columns of old rows as they were written (source-apis §1.3). */
function addShopSettings(app: FastifyInstance, shop: Shop, changed: () => void): void {
  app.post(`${adminPrefix}/settings`, async (request, reply) => {
    const body = parsed(shopSettings, request.body, reply);
    if (!body) return reply;
    if (body.timeZone) shop.zone = createZone(body.timeZone);
    for (const [group, values] of Object.entries(body.settings ?? {})) {
      shop.settings[group] = { ...shop.settings[group], ...values };
    }
    Object.assign(shop.customStatuses, body.orderStatuses);
    Object.assign(shop.unconfirmed, body.unconfirmed);
    changed();
    const { settings, customStatuses: orderStatuses, unconfirmed } = shop;
    return { timeZone: shop.zone.name, settings, orderStatuses, unconfirmed };
  });
}
