import { z } from 'zod';
import { ENTITIES } from '../domain/entity.ts';
import { OWNABLE, OWNABLE_ENTITIES, type OwnableEntity } from '../domain/ownership.ts';
import { PHASES, RUN_KINDS } from '../domain/phases.ts';
import type { ApiDeps } from './deps.ts';

const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,47}$/, 'small letters, digits and dashes, 1 to 48, beginning with a letter or digit');
const entity = z.enum(ENTITIES);
const stamp = z.string();

/** A moment that both JavaScript and PostgreSQL can say: years 1 to 9999, offsets up to 15:59. */
export const instant = z.iso
  .datetime({ offset: true, error: 'an ISO 8601 time with its offset, such as 2026-11-20T08:00:00Z' })
  .max(40)
  .refine(isInstant, 'a time in the years 0001 to 9999');
function isInstant(text: string): boolean {
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9_999;
}

const words = (of: OwnableEntity) => z.array(z.enum(OWNABLE[of])).min(1).optional();
/** What is not among the fields that may belong to the target is refused with those that are. */
const targetOwns = z.strictObject(
  {
    category: words('category'),
    brand: words('brand'),
    product: words('product'),
    customer: words('customer'),
    order: words('order'),
    review: words('review'),
    blog_post: words('blog_post'),
    page: words('page'),
    stock: words('stock'),
  },
  { error: ({ code }) => (code === 'unrecognized_keys' ? NOT_OWNABLE : undefined) },
);
const NOT_OWNABLE = `fields can belong to the target of ${OWNABLE_ENTITIES.join(', ')} only`;

const choices = <T extends readonly [string, ...string[]]>(values: T) => z.partialRecord(entity, z.enum(values));
const recordFilter = z.strictObject({
  since: instant.optional(),
  statuses: z.array(z.string().min(1)).min(1).optional(),
  except: z.array(z.string().min(1)).min(1).max(10_000).optional(),
});
/** Any subset of the choices; the rest are the rulebook's defaults. */
export const mappingChoices = z.strictObject({
  entities: z.partialRecord(entity, z.boolean()).optional(),
  filters: z
    .strictObject({
      product: recordFilter.optional(),
      customer: recordFilter.omit({ statuses: true }).optional(),
      order: recordFilter.optional(),
      coupon: recordFilter.omit({ since: true, statuses: true }).optional(),
      review: recordFilter.optional(),
      blog_post: recordFilter.optional(),
      page: recordFilter.omit({ since: true }).optional(),
    })
    .optional(),
  copyOrder: z
    .array(entity.exclude(['stock']))
    .refine((order) => new Set(order).size === order.length, 'each entity once')
    .meta({ uniqueItems: true })
    .optional(),
  deletes: choices(['delete', 'archive', 'ignore']).optional(),
  conflicts: choices(['source_wins', 'target_wins', 'latest_wins', 'review']).optional(),
  collisions: choices(['adopt', 'adjust', 'review']).optional(),
  targetOwns: targetOwns.optional(),
  taxClasses: z.record(z.string(), z.string()).optional(),
  categoryRoot: z.string().nullable().optional(),
  urls: z.enum(['keep', 'native']).optional(),
  shortDescription: z.enum(['prepend', 'append', 'metafield', 'drop']).optional(),
  backorders: z.enum(['drop', 'untracked', 'preorder']).optional(),
  untrackedPlaceholder: z.number().int().min(0).max(2_147_483_647).optional(),
  orderStatuses: z.record(z.string(), z.string().regex(/^\d{1,2}$/)).optional(),
  productTypes: z.record(z.string(), z.literal('hidden')).optional(),
  customerGroups: z.record(z.string(), z.string().regex(/^\d*$/)).optional(),
  guests: z.enum(['keep', 'attach']).optional(),
});

export function newProject({ source, target }: ApiDeps['storeSchemas']) {
  return z.strictObject({ project: slug, source, target, mapping: mappingChoices.optional() });
}
export const project = z.object({
  project: z.string(),
  phase: z.enum(PHASES),
  paused: z.boolean(),
  pauseReason: z.string().nullable(),
  attention: z.string().nullable(),
  mappingVersion: z.number(),
  sourceKey: z.string(),
  targetStore: z.string(),
  createdAt: stamp,
});
export const run = z.object({
  run: z.string(),
  kind: z.enum(RUN_KINDS),
  state: z.enum(['running', 'completed', 'failed', 'cancelled']),
  step: z.string(),
  mappingFingerprint: z.string(),
  /** Another mapping is in force by now: it applies to the next run. */
  mappingChanged: z.boolean(),
  options: z.object({
    autoApprove: z.boolean(),
    perEntity: z.number(),
    sweep: z.boolean(),
    passes: z.array(z.number()),
    slice: z.number().nullable(),
  }),
  startedAt: stamp,
  endedAt: stamp.nullable(),
  endedReason: z.string().nullable(),
  /** Why it reads everything though nobody asked for that; null: it does not, or somebody did. */
  sweepReason: z.string().nullable(),
});
const count = z.number();
export const status = z.object({
  project: z.string(),
  phase: z.enum(PHASES),
  paused: z.boolean(),
  pauseReason: z.string().nullable(),
  attention: z.string().nullable(),
  run: run
    .extend({
      entities: z.array(
        z.object({
          entity,
          planned: count,
          read: count,
          created: count,
          updated: count,
          unchanged: count,
          adjusted: count,
          ignored: count,
          deleted: count,
          failed: count,
          ready: count,
          waiting: count,
          held: count,
        }),
      ),
      queueDepth: count,
      oldestSeconds: count.nullable(),
      waits: z.array(z.object({ reason: z.string(), count })),
      recordsPerMinute: count,
      /** Settled less what came in, of a recent run under way; null: not known. */
      netPerMinute: count.nullable(),
      /** Until what is planned is done at that rate, seconds. */
      etaSeconds: count.nullable(),
      lag: z.object({
        oldestChangeSeconds: count.nullable(),
        captureSeconds: count.nullable(),
        sweepSeconds: count.nullable(),
        changes: count,
        entities: z.array(
          z.object({
            entity,
            changes: count,
            oldestChangeSeconds: count.nullable(),
            captureSeconds: count.nullable(),
            sweepSeconds: count.nullable(),
          }),
        ),
      }),
      pass: z
        .object({ number: count, name: z.string(), state: z.enum(['copying', 'waiting', 'stopped', 'passed']) })
        .nullable(),
      quota: z.array(
        z.object({
          side: z.enum(['source', 'target']),
          limit: count.nullable(),
          used: count,
          resetsAt: stamp.nullable(),
          concurrency: count.nullable(),
          reservePercent: count.nullable(),
          inFlight: count,
        }),
      ),
      /** Why the run is not faster; null: nothing holds it up. */
      throttle: z.string().nullable(),
    })
    .nullable(),
});
export const accepted = z.object({ accepted: z.literal(true), phase: z.enum(PHASES), run: z.string().nullable() });
/** RFC 9457; some codes say more, such as the phase and what it allows. */
const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    instance: z.string(),
    phase: z.string().optional(),
    allowed: z.array(z.string()).optional(),
  })
  .meta({ id: 'Problem' });
export const recordView = z.object({
  entity,
  sourceId: z.string(),
  record: z.unknown(),
  change: z.unknown(),
  deadLetter: z.unknown(),
  parts: z.array(z.unknown()),
  children: z.array(z.unknown()),
  adjustments: z.array(z.unknown()),
  references: z.array(z.unknown()),
  urls: z.array(z.unknown()),
  intents: z.array(z.unknown()),
  history: z.array(z.unknown()),
});
export const projectParams = z.object({ project: slug });
export const runParams = projectParams.extend({ run: z.string().min(1).max(60) });
export const recordParams = z.object({ project: slug, entity, sourceId: z.string().min(1).max(200) });

const said = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problem } },
});

/** Every answer that any route may give beside its good one. */
export const problems = {
  400: said('What came is not what was expected'),
  401: said('No key, or one that nobody knows'),
  403: said('This key may not do this'),
  404: said('There is no such thing'),
  409: said('Not possible now'),
  413: said('The body is too large'),
  415: said('The body is not JSON'),
  422: said('Understood and refused'),
  429: said('Too many requests'),
  431: said('The headers are too large: the address, or a cursor in it'),
  500: said('Something broke here; the log has it under `instance`'),
  503: said('A part that is needed gives no answer'),
};
