import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parsed } from '../shared/controls.ts';
import { adminPrefix } from '../shared/faults.ts';
import { explicitRecords, seedRecords } from './explicit-seed.ts';
import { rawState } from './raw-state.ts';
import { seedCatalogue } from './seed/catalogue.ts';
import { bump } from './store/shop.ts';
import type { Shop } from './store/shop.ts';
import { clearShop } from './store/snapshot.ts';
import { createZone } from './store/zone.ts';

const size = z.strictObject({
  products: z.number().int().nonnegative(),
  categories: z.number().int().nonnegative().optional(),
  brands: z.number().int().nonnegative().optional(),
});

const seedBody = z.union([
  z.strictObject({ seed: z.number().int().optional(), size }),
  z.strictObject({ records: explicitRecords }),
]);

/** Routes that no real shop has: they seed, show, and quietly break the store. */
export function addAdmin(app: FastifyInstance, shop: Shop, changed: () => void): void {
  app.get(`${adminPrefix}/state`, async () => rawState(shop));
  app.post(`${adminPrefix}/reset`, async () => {
    clearShop(shop);
    changed();
    return { ok: true };
  });
  app.post(`${adminPrefix}/seed`, async (request, reply) => {
    const body = parsed(seedBody, request.body, reply);
    if (!body) return reply;
    const made = 'records' in body ? seedRecords(shop, body.records) : seedCatalogue(shop, body.seed ?? 1, body.size);
    changed();
    return { ok: true, made };
  });
  addSilent(app, shop, changed);
  addScare(app, shop);
  addShopSettings(app, shop, changed);
}

const silentBody = z.strictObject({
  kind: z.enum(['product', 'variation', 'term', 'attribute', 'image']),
  id: z.number().int().positive(),
  /** Columns of the row by their own names, for example `{ regularPrice: '77' }`. */
  fields: z.record(z.string(), z.unknown()),
  /** Moves the stamp too, as an edit would. Default false. */
  bump: z.boolean().optional(),
});

/** What a plugin does that writes SQL: fields change, no stamp moves (source-apis §1.4). */
function addSilent(app: FastifyInstance, shop: Shop, changed: () => void): void {
  app.post(`${adminPrefix}/silent`, async (request, reply) => {
    const body = parsed(silentBody, request.body, reply);
    if (!body) return reply;
    const posts = body.kind === 'product' ? shop.products : shop.variations;
    const others = { term: shop.terms, attribute: shop.attributes, image: shop.attachments };
    const isPost = body.kind === 'product' || body.kind === 'variation';
    const row: object | undefined = isPost ? posts.get(body.id) : others[body.kind as 'term'].get(body.id);
    const unknown = Object.keys(body.fields).find((name) => row && !(name in row));
    if (!row || unknown) {
      const error = row ? `${body.kind} has no column ${unknown}` : `there is no ${body.kind} ${body.id}`;
      return reply.code(400).send({ error });
    }
    Object.assign(row, body.fields);
    shop.revision += 1;
    const post = isPost ? posts.get(body.id) : undefined;
    if (body.bump && post) bump(shop, post);
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
    changed();
    return { timeZone: shop.zone.name, settings: shop.settings };
  });
}
