import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ENTITIES } from '../../domain/entity.ts';
import { listPasses } from '../../ledger/passes.ts';
import { listSlices, sliceOf } from '../../ledger/slice-views.ts';
import type { ApiDeps } from '../deps.ts';
import { afterNumber, nextOf, pageSize } from '../paging.ts';
import { byOf } from '../plugins/authentication.ts';
import { Problem } from '../problems.ts';
import { accepted, problems, runParams } from '../schemas.ts';
import { give } from './give-command.ts';
import { projectOf, runOf } from './project-scope.ts';

const tags = ['runs'];
const pass = z.object({
  number: z.number(),
  name: z.string(),
  state: z.enum(['copying', 'waiting', 'stopped', 'passed']),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  note: z.unknown(),
});
const slice = z.object({
  id: z.number(),
  entity: z.enum(ENTITIES),
  ordinal: z.number(),
  pass: z.number(),
  state: z.enum(['planned', 'reading', 'read', 'copied']),
  moneyBearing: z.boolean(),
  records: z.number(),
  read: z.number(),
  atTarget: z.number(),
  inQueue: z.number(),
  failed: z.number(),
  firstId: z.string(),
  lastId: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
const compared = z.object({
  entity: z.enum(ENTITIES),
  sourceId: z.string(),
  targetId: z.string(),
  verdict: z.enum(['same', 'different', 'edited', 'gone']),
  /** Of records that are not the same, the fields that differ. */
  fields: z.array(z.object({ field: z.string(), meant: z.unknown(), found: z.unknown() })),
});
const comparison = z.object({
  slice: z.number(),
  records: z.number(),
  /** Left out, failed or not written yet: nothing at the target to compare. */
  notAtTarget: z.number(),
  same: z.number(),
  differing: z.array(compared),
});

const sliceParams = runParams.extend({ slice: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
const page = z.object({ after: afterNumber, limit: pageSize() });

/** What a run is made of: its passes with their notes, and its slices, each compared and run again alone. */
export const passRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, deps) => {
  const { db } = deps;
  app.get(
    '/projects/:project/runs/:run/passes',
    {
      schema: {
        tags,
        params: runParams,
        querystring: page,
        response: { 200: z.object({ passes: z.array(pass), next: z.number().nullable() }), ...problems },
      },
    },
    async (request) => {
      const run = await runOf(db, await projectOf(db, request.params.project), request.params.run);
      const passes = await listPasses(db, run.id, request.query);
      return { passes: [...passes], next: nextOf(passes, request.query.limit, ({ number }) => number) };
    },
  );
  app.get(
    '/projects/:project/runs/:run/slices',
    {
      schema: {
        tags,
        params: runParams,
        querystring: page.extend({ entity: z.enum(ENTITIES).optional() }),
        response: { 200: z.object({ slices: z.array(slice), next: z.number().nullable() }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const run = await runOf(db, project, request.params.run);
      const { after, limit, entity = null } = request.query;
      const slices = await listSlices(db, { projectId: project.id, runId: run.id }, { after, limit, entity });
      return { slices: [...slices], next: nextOf(slices, limit, ({ id }) => id) };
    },
  );
  app.post(
    '/projects/:project/runs/:run/slices/:slice/compare',
    { schema: { tags, params: sliceParams, response: { 200: comparison, ...problems } } },
    async (request) => {
      const { entity, sourceIds } = await sliceIn(db, request.params);
      const look = await deps.looks.compare(request.params.project, entity, sourceIds);
      if (!look.ok) throw new Problem(422, look.code, look.message);
      const differing = look.records.filter(({ verdict }) => verdict !== 'same');
      return {
        slice: request.params.slice,
        records: sourceIds.length,
        notAtTarget: sourceIds.length - look.records.length,
        same: look.records.length - differing.length,
        differing: differing.map((record) => ({ ...record, fields: record.fields.filter(({ same }) => !same) })),
      };
    },
  );
  app.post(
    '/projects/:project/runs/:run/slices/:slice/rerun',
    {
      schema: { tags, params: sliceParams, response: { 202: accepted.extend({ run: z.string() }), ...problems } },
    },
    async (request, reply) => {
      await sliceIn(db, request.params);
      const given = { kind: 'resync', slice: request.params.slice, by: byOf(request) } as const;
      const answer = await give(deps, request.params.project, 'startRun', given);
      return reply.code(202).send({ ...answer, run: answer.run ?? '' });
    },
  );
};

/** @throws Problem 404 when the run has no such slice, with where it is listed */
async function sliceIn(
  db: ApiDeps['db'],
  params: { readonly project: string; readonly run: string; readonly slice: number },
) {
  const project = await projectOf(db, params.project);
  const run = await runOf(db, project, params.run);
  const found = await sliceOf(db, project.id, params.slice);
  if (found !== null && found.runId === run.id) return found;
  throw new Problem(
    404,
    'unknown-slice',
    `run ${params.run} has no slice ${params.slice}: GET /v1/projects/${params.project}/runs/${params.run}/slices lists its own`,
  );
}
