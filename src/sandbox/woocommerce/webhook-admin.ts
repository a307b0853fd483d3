import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SandboxControls } from '../shared/controls.ts';
import { parsed } from '../shared/controls.ts';
import { adminPrefix } from '../shared/faults.ts';
import { createRandom } from '../shared/random.ts';
import { createCron } from './resources/webhooks/cron.ts';
import { payloads } from './resources/webhooks/delivery.ts';
import { hookSubjects } from './routes.ts';
import type { Shop } from './store/shop.ts';

const rate = z.number().min(0).max(1).optional();
const ms = z.number().int().nonnegative();

const change = z.strictObject({
  /** Draws the chances anew from here. */
  seed: z.number().int().optional(),
  lateMs: z
    .strictObject({ from: ms, to: ms })
    .refine(({ from, to }) => from <= to, 'from is at most to')
    .optional(),
  lostRate: rate,
  updatedTooRate: rate,
  wrongTopicRate: rate,
  doubledRate: rate,
  shuffled: z.boolean().optional(),
  cronEveryMs: ms.optional(),
});

/**
 * `POST /__admin/cron` sends what is due and answers when all of it was answered. `POST /__admin/webhooks` sets the odds
 * (store/webhook-rows.ts), `GET` shows them with what waits and what became of the rest, `GET /__admin/webhooks/sent` what was sent.
 */
export function addWebhookRoutes(
  app: FastifyInstance,
  shop: Shop,
  controls: SandboxControls,
  options: { changed: () => void; cronEveryMs: number },
): void {
  const call = { shop, controls, params: {}, ids: {}, names: {}, context: 'view' as const, anonymous: false };
  const cron = createCron(shop, payloads(call, hookSubjects), options.changed);
  const path = `${adminPrefix}/webhooks`;
  const describe = (): object => ({ odds: shop.hooks.odds, counts: shop.hooks.counts, waiting: shop.hookQueue });
  app.addHook('onListen', async () => {
    shop.hooks.odds.cronEveryMs = options.cronEveryMs;
    cron.every(options.cronEveryMs);
  });
  app.addHook('preClose', async () => cron.close());
  app.post(`${adminPrefix}/cron`, async () => ({ delivered: await cron.run() }));
  app.get(path, async () => describe());
  app.get(`${path}/sent`, async () => ({ sent: shop.hooks.sent }));
  app.post(path, async (request, reply) => {
    const asked = parsed(change, request.body, reply);
    if (!asked) return reply;
    const { seed, ...odds } = asked;
    if (seed !== undefined) shop.hooks.chance = createRandom(seed);
    Object.assign(shop.hooks.odds, odds);
    cron.every(shop.hooks.odds.cronEveryMs);
    return describe();
  });
}
