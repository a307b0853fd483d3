import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parsed } from '../controls.ts';
import type { Life, LifeEvent } from './life.ts';
import { createPace } from './pace.ts';

const MOST = 100_000;
const perSecond = z.number().positive().max(1_000);
const seed = z.number().int();
const kinds = z.array(z.string()).min(1);

/** What `POST` takes: one of three ways to drive a life. */
const body = z.union([
  /** So many events, at once or at a rate; of some kinds or of all; `seed` starts the row anew. */
  z.strictObject({
    events: z.number().int().positive().max(MOST),
    perSecond: perSecond.optional(),
    seed: seed.optional(),
    kinds: kinds.optional(),
  }),
  /** Life goes on at this rate until it is set again; 0 is a standstill. */
  z.strictObject({ perSecond: z.union([perSecond, z.literal(0)]), seed: seed.optional() }),
  /** Events of a log, again and in this order. */
  z.strictObject({ replay: z.array(z.object({ kind: z.string(), seed })).max(MOST) }),
]);

export interface LifeRoutesOptions {
  path: string;
  life: Life;
  /** Told after events, so that the state is kept. */
  changed: () => void;
  /** Events per second as soon as the store listens; 0 is a standstill. */
  perSecond: number;
}

/**
 * `POST` drives a store's life and answers with what happened, when it has; `GET ?after=<number>` shows the log.
 * The life ends with the app.
 */
export function addLifeRoutes(app: FastifyInstance, options: LifeRoutesOptions): void {
  const { path, life } = options;
  const pace = createPace();
  const step = (count: number, among?: readonly string[]): LifeEvent[] => {
    const made = life.step(count, among);
    options.changed();
    return made;
  };
  const describe = (): object => ({ ...life.describe(), perSecond: pace.rate() });
  const keep = (rate: number): void => pace.keep(rate, (count) => step(count).length);
  app.addHook('onListen', async () => keep(options.perSecond));
  app.addHook('preClose', async () => pace.close());
  app.get<{ Querystring: { after?: string } }>(path, async (request) => ({
    ...describe(),
    kinds: life.kinds,
    log: life.log(Number(request.query.after ?? 0)),
  }));
  app.post(path, async (request, reply) => {
    const asked = parsed(body, request.body, reply);
    if (!asked) return reply;
    const named = 'replay' in asked ? asked.replay.map(({ kind }) => kind) : 'events' in asked ? asked.kinds : [];
    const unknown = named?.find((kind) => !life.kinds.includes(kind));
    if (unknown !== undefined) return reply.code(400).send({ error: `there is no kind ${unknown}`, kinds: life.kinds });
    if ('seed' in asked && asked.seed !== undefined) life.reseed(asked.seed);
    if ('replay' in asked) {
      const happened = life.replay(asked.replay);
      options.changed();
      return { ...describe(), happened };
    }
    if (!('events' in asked)) {
      keep(asked.perSecond);
      return describe();
    }
    if (asked.perSecond === undefined) {
      const happened = step(asked.events, asked.kinds);
      return { ...describe(), happened };
    }
    const { events: before } = life.describe();
    await pace.walk(asked.perSecond, asked.events, (count) => step(count, asked.kinds).length);
    return { ...describe(), happened: life.log(before) };
  });
}
