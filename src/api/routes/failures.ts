import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ENTITIES } from '../../domain/entity.ts';
import { listDeadLetters } from '../../ledger/dead-letters.ts';
import { appendDecision } from '../../ledger/decisions.ts';
import { retryDeadLetters } from '../../ledger/retries.ts';
import { activeRun } from '../../ledger/runs.ts';
import type { ApiDeps } from '../deps.ts';
import { afterKey, keyCursor, nextOf, pageSize, recordKey } from '../paging.ts';
import { byOf } from '../plugins/authentication.ts';
import { Problem } from '../problems.ts';
import { problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const tags = ['status'];
const failure = z.object({
  entity: z.string(),
  sourceId: z.string(),
  reason: z.string(),
  remedy: z.string(),
  since: z.string(),
});
const page = z.object({ after: afterKey(recordKey), limit: pageSize() });
const wanted = z.union(
  [
    z.strictObject({ all: z.literal(true) }),
    z.strictObject({ entity: z.enum(ENTITIES), sourceId: z.string().min(1).max(200) }),
  ],
  { error: `{"all": true}, or one failure as {"entity", "sourceId"}; entities: ${ENTITIES.join(', ')}` },
);
const retried = z.object({
  /** Failures that are tried again. */
  retried: z.number(),
  /** The run that does it; null: the next one, there is none now. */
  run: z.string().nullable(),
});

/** Dead letters: what retrying by itself will not cure, with reason and remedy; tried again when somebody says so. */
export const failureRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  app.get(
    '/projects/:project/failures',
    {
      schema: {
        tags,
        params: projectParams,
        querystring: page,
        response: { 200: z.object({ failures: z.array(failure), next: z.string().nullable() }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const failures = await listDeadLetters(db, project.id, request.query);
      const next = nextOf(failures, request.query.limit, ({ entity, sourceId }) => keyCursor([entity, sourceId]));
      return { failures: [...failures], next };
    },
  );
  app.post(
    '/projects/:project/failures/retry',
    { schema: { tags, params: projectParams, body: wanted, response: { 202: retried, ...problems } } },
    async (request, reply) => {
      const project = await projectOf(db, request.params.project);
      const one = 'all' in request.body ? null : request.body;
      const count = await retryDeadLetters(db, project.id, one);
      if (count === 0 && one !== null)
        throw new Problem(
          404,
          'unknown-failure',
          `${one.entity} ${one.sourceId} is no failure of this project: GET …/failures lists them`,
        );
      await appendDecision(db, project.id, byOf(request), 'failures retried', one ?? { all: true, count });
      const run = await activeRun(db, project.id);
      return reply.code(202).send({ retried: count, run: run?.name ?? null });
    },
  );
};
