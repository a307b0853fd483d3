import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { RUN_KINDS } from '../../domain/phases.ts';
import { namedRates, RATE_LIMITS, type RateChanges, type Rates } from '../../domain/rates.ts';
import { namedOptions, RUN_LIMITS, type RunOptions } from '../../domain/run-options.ts';
import { listRuns } from '../../ledger/runs.ts';
import type { ApiDeps } from '../deps.ts';
import { beforeNumber, nextOf, pageSize } from '../paging.ts';
import { byOf } from '../plugins/authentication.ts';
import { accepted, problems, projectParams, run, runParams } from '../schemas.ts';
import { give } from './give-command.ts';
import { projectOf, runOf, showRun } from './project-scope.ts';

const tags = ['runs'];
/** Whatever is not named is as the service has it. */
const startRun = z.strictObject({
  kind: z.enum(RUN_KINDS),
  autoApprove: z.boolean().optional(),
  perEntity: z.number().int().min(1).max(RUN_LIMITS.perEntity).optional(),
  sweep: z.boolean().optional(),
  passes: z.array(z.number().int().min(1).max(RUN_LIMITS.passSize)).max(RUN_LIMITS.passes).optional(),
});
/** Null: as the service is set. */
const rate = (name: keyof Rates) =>
  z.number().int().min(RATE_LIMITS[name].least).max(RATE_LIMITS[name].most).nullable().optional();
const rates = z
  .strictObject({
    concurrency: rate('concurrency'),
    batchSize: rate('batchSize'),
    reservePercent: rate('reservePercent'),
  })
  .refine((given) => Object.keys(given).length > 0, 'name at least one of concurrency, batchSize, reservePercent');
// A request without a body arrives as null.
const reason = z.strictObject({ reason: z.string().max(500).optional() }).nullish();

/** Starts, steers and stops: each is a command to the project's workflow, which alone accepts or refuses it (design §4). */
export const commandRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, deps) => {
  const { db } = deps;
  app.post(
    '/projects/:project/runs',
    {
      schema: {
        tags,
        params: projectParams,
        body: startRun,
        response: { 202: accepted.extend({ run: z.string() }), ...problems },
      },
    },
    async (request, reply) => {
      const { kind, ...options } = request.body;
      const given = { kind, ...namedOptions(options as Partial<RunOptions>), by: byOf(request) };
      const answer = await give(deps, request.params.project, 'startRun', given);
      return reply.code(202).send({ ...answer, run: answer.run ?? '' });
    },
  );
  app.get(
    '/projects/:project/runs',
    {
      schema: {
        tags,
        params: projectParams,
        querystring: z.object({ before: beforeNumber, limit: pageSize() }),
        response: { 200: z.object({ runs: z.array(run), next: z.number().nullable() }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const { before = null, limit } = request.query;
      const runs = await listRuns(db, project.id, { before, limit });
      return { runs: runs.map((one) => showRun(one, project)), next: nextOf(runs, limit, ({ id }) => id) };
    },
  );
  app.get(
    '/projects/:project/runs/:run',
    {
      schema: { tags, params: runParams, response: { 200: run, ...problems } },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      return showRun(await runOf(db, project, request.params.run), project);
    },
  );
  for (const command of ['pause', 'resume', 'cancel', 'finish'] as const) {
    app.post(
      `/projects/:project/${command}`,
      { schema: { tags, params: projectParams, body: reason, response: { 202: accepted, ...problems } } },
      async (request, reply) => {
        const why = request.body?.reason;
        const given = { by: byOf(request), ...(why === undefined ? {} : { reason: why }) };
        return reply.code(202).send(await give(deps, request.params.project, command, given));
      },
    );
  }
  app.post(
    '/projects/:project/rate',
    { schema: { tags, params: projectParams, body: rates, response: { 202: accepted, ...problems } } },
    async (request, reply) => {
      const given = { ...namedRates(request.body as RateChanges), by: byOf(request) };
      return reply.code(202).send(await give(deps, request.params.project, 'setRate', given));
    },
  );
};
