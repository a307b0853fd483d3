import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { CONFLICT_KINDS, SIDES } from '../../domain/conflict.ts';
import { ENTITIES } from '../../domain/entity.ts';
import {
  type Conflict,
  countConflicts,
  getConflict,
  listConflicts,
  resolveConflict,
  resolveConflicts,
  type Standing,
} from '../../ledger/conflicts.ts';
import { activeRun } from '../../ledger/runs.ts';
import type { ApiDeps } from '../deps.ts';
import { afterNumber, nextOf, pageSize } from '../paging.ts';
import { byOf } from '../plugins/authentication.ts';
import { Problem } from '../problems.ts';
import { problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const tags = ['conflicts'];
const kind = z.enum(CONFLICT_KINDS);
const entity = z.enum(ENTITIES);
const decision = z.enum(SIDES);
const field = z.object({ field: z.string(), base: z.unknown(), source: z.unknown(), target: z.unknown() });
const conflict = z.object({
  id: z.number(),
  kind,
  entity,
  sourceId: z.string(),
  targetId: z.string().nullable(),
  since: z.string(),
  deadline: z.string().nullable(),
  default: z.enum([...SIDES, 'none']),
  version: z.string(),
  sourceChanged: z.boolean(),
  change: z.enum(['upsert', 'delete', 'fetch']),
  fields: z.array(field),
  collision: z.unknown(),
});
const counts = z.array(z.object({ kind, entity, count: z.number() }));
const listed = z.object({ conflicts: z.array(conflict), counts, next: z.number().nullable() });
const query = z.object({ entity: entity.optional(), kind: kind.optional(), after: afterNumber, limit: pageSize() });
const conflictParams = projectParams.extend({
  id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});
const one = z.strictObject({ decision, version: z.string().min(1).max(100) });
const all = z.strictObject({ kind, entity: entity.optional(), decision });
const resolved = z.object({
  resolved: z.number(),
  /** The run that carries it out; null: the next one, there is none now. */
  run: z.string().nullable(),
});

/** The conflict desk (P8): what is held because the target is not as we left it, and who decides. */
export const conflictRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  app.get(
    '/projects/:project/conflicts',
    { schema: { tags, params: projectParams, querystring: query, response: { 200: listed, ...problems } } },
    async (request) => {
      const { id } = await projectOf(db, request.params.project);
      const { after, limit, ...wanted } = request.query;
      const conflicts = await listConflicts(db, id, {
        entity: wanted.entity ?? null,
        kind: wanted.kind ?? null,
        after,
        limit,
      });
      return {
        conflicts: conflicts.map(show),
        counts: [...(await countConflicts(db, id))],
        next: nextOf(conflicts, limit, (last) => last.id),
      };
    },
  );
  app.get(
    '/projects/:project/conflicts/:id',
    {
      schema: {
        tags,
        params: conflictParams,
        response: { 200: conflict.extend({ sameKind: z.number() }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const found = await getConflict(db, project.id, request.params.id);
      if (found === null) throw unknown(request.params.id);
      if (found.conflict === null) throw movedOn(found);
      const alike = (await countConflicts(db, project.id)).filter((line) => line.kind === found.conflict?.kind);
      return { ...show(found.conflict), sameKind: alike.reduce((sum, { count }) => sum + count, 0) };
    },
  );
  app.post(
    '/projects/:project/conflicts/:id/resolve',
    { schema: { tags, params: conflictParams, body: one, response: { 202: resolved, ...problems } } },
    async (request, reply) => {
      const project = await projectOf(db, request.params.project);
      const { id } = request.params;
      const outcome = await resolveConflict(db, project.id, id, { ...request.body, by: byOf(request) });
      if (outcome === 'unknown') throw unknown(id);
      if (outcome === 'nothing-to-adopt') {
        const said =
          'nobody was found to hold that key, so there is no record to adopt: decide "source" to try it again';
        throw new Problem(409, 'nothing-to-adopt', said);
      }
      if (outcome !== 'resolved') throw movedOn(outcome.movedOn);
      const run = await activeRun(db, project.id);
      return reply.code(202).send({ resolved: 1, run: run?.name ?? null });
    },
  );
  app.post(
    '/projects/:project/resolve',
    { schema: { tags, params: projectParams, body: all, response: { 202: resolved, ...problems } } },
    async (request, reply) => {
      const project = await projectOf(db, request.params.project);
      const { entity: only, ...given } = request.body;
      const by = byOf(request);
      const count = await resolveConflicts(db, project.id, { ...given, entity: only ?? null, by });
      const run = await activeRun(db, project.id);
      return reply.code(202).send({ resolved: count, run: run?.name ?? null });
    },
  );
};

function show(found: Conflict) {
  return { ...found, fields: [...found.fields] };
}

function unknown(id: number): Problem {
  const said = `there is no conflict ${id}: it has been settled, or never was; GET …/conflicts lists those that wait`;
  return new Problem(404, 'unknown-conflict', said);
}

/** With the conflict as it is now, or how it was decided. */
function movedOn({ conflict: now, state, decided }: Standing): Problem {
  const said =
    now !== null
      ? `it is not what was shown any more; look at it again: its version is ${now.version} now`
      : decided === null
        ? `it waits for no decision any more: its change is ${state}`
        : `${decided.by} has decided for the ${decided.decision}: its change is ${state}`;
  return new Problem(409, 'conflict-moved-on', said, { conflict: now, state, decided });
}
