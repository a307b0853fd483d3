import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ENTITIES } from '../../domain/entity.ts';
import { priceInWords, priceOf } from '../../domain/points.ts';
import { licenseProblem } from '../../domain/project-options.ts';
import { DEFAULT_RUN_OPTIONS, RUN_LIMITS } from '../../domain/run-options.ts';
import { ledgerClock } from '../../ledger/project-ledger.ts';
import { projectOptions } from '../../ledger/project-options.ts';
import type { ApiDeps, StoreCheck } from '../deps.ts';
import { Problem } from '../problems.ts';
import { problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const tags = ['assessment'];
const asked = z
  .strictObject({
    kind: z.enum(['full', 'demo', 'resync']).default('full'),
    perEntity: z.number().int().min(1).max(RUN_LIMITS.perEntity).default(DEFAULT_RUN_OPTIONS.perEntity),
  })
  .prefault({})
  .nullable();
const estimate = z.object({
  kind: z.enum(['full', 'demo', 'resync']),
  entities: z.array(
    z.object({ entity: z.enum(ENTITIES), records: z.number(), weight: z.number(), points: z.number() }),
  ),
  points: z.number(),
  /** null: no limit. */
  limit: z.number().nullable(),
  withinLimit: z.boolean(),
  /** When runs may start; null: at any time. */
  license: z.object({ from: z.string().nullable(), until: z.string() }).nullable(),
  /** Why a run would be refused by its price or by the license; null: it would not. */
  refusal: z.string().nullable(),
});
const storeCheck = z.object({
  ok: z.boolean(),
  name: z.string().nullable(),
  /** The store's clock less ours, milliseconds. */
  clockSkewMs: z.number().nullable(),
  code: z.string().nullable(),
  message: z.string().nullable(),
});

/** What a run would take, and whether both stores can be reached: before anything is started. */
export const estimateRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db, looks }) => {
  app.post(
    '/projects/:project/estimate',
    {
      config: { role: 'viewer' },
      schema: { tags, params: projectParams, body: asked, response: { 200: estimate, ...problems } },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const { kind, perEntity } = request.body ?? { kind: 'full' as const, perEntity: DEFAULT_RUN_OPTIONS.perEntity };
      const counted = await looks.count(project.slug);
      if (!counted.ok) throw new Problem(422, counted.code, `the source could not be counted: ${counted.message}`);
      const options = await projectOptions(db, project.id);
      const price = priceOf(counted.counts, options, kind === 'demo' ? perEntity : Infinity);
      const unlicensed = licenseProblem(options, await ledgerClock(db));
      const refusals = [...(price.withinLimit ? [] : [priceInWords(price)]), ...(unlicensed ? [unlicensed] : [])];
      return {
        kind,
        ...price,
        entities: price.entities.map((row) => ({ ...row })),
        license: options.license,
        refusal: refusals.length === 0 ? null : refusals.join('; '),
      };
    },
  );
  app.post(
    '/projects/:project/check',
    {
      config: { role: 'viewer' },
      schema: {
        tags,
        params: projectParams,
        response: { 200: z.object({ ok: z.boolean(), source: storeCheck, target: storeCheck }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const looked = await looks.check(project.slug);
      if (!looked.ok) throw new Problem(422, looked.code, `the stores could not be opened: ${looked.message}`);
      const { source, target } = looked;
      return { ok: source.ok && target.ok, source: shown(source), target: shown(target) };
    },
  );
};

function shown(check: StoreCheck) {
  return check.ok
    ? { ...check, code: null, message: null }
    : { ok: false, name: null, clockSkewMs: null, code: check.code, message: check.message };
}
