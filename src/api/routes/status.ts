import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { listDeadLetters } from '../../ledger/dead-letters.ts';
import { listDecisions } from '../../ledger/decisions.ts';
import { listRuns } from '../../ledger/runs.ts';
import { runStatus } from '../../ledger/status.ts';
import type { ApiDeps } from '../deps.ts';
import { problems, projectParams, status } from '../schemas.ts';
import { projectOf, showRun } from './project-scope.ts';

const tags = ['status'];
const limit = z.coerce.number().int().min(1).max(200).default(50);
const failure = z.object({
  entity: z.string(),
  sourceId: z.string(),
  reason: z.string(),
  remedy: z.string(),
  since: z.string(),
});
const decision = z.object({
  id: z.number(),
  at: z.string(),
  decidedBy: z.string(),
  what: z.string(),
  detail: z.unknown(),
});

/** Status is read from the ledger, never by asking a workflow (design §4). */
export const statusRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  app.get(
    '/projects/:project/status',
    { schema: { tags, params: projectParams, response: { 200: status, ...problems } } },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const [latest] = await listRuns(db, project.id, 1);
      return {
        project: project.slug,
        phase: project.phase,
        paused: project.pausedAt !== null,
        pauseReason: project.pauseReason,
        attention: project.attention,
        run:
          latest === undefined ? null : { ...showRun(latest), ...mutable(await runStatus(db, project.id, latest.id)) },
      };
    },
  );
  app.get(
    '/projects/:project/failures',
    {
      schema: {
        tags,
        params: projectParams,
        querystring: z.object({ after: z.string().default(''), limit }),
        response: { 200: z.object({ failures: z.array(failure), next: z.string().nullable() }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const failures = await listDeadLetters(db, project.id, request.query);
      const last = failures.at(-1);
      return {
        failures: [...failures],
        next: failures.length === request.query.limit && last !== undefined ? `${last.entity}:${last.sourceId}` : null,
      };
    },
  );
  app.get(
    '/projects/:project/decisions',
    {
      schema: {
        tags,
        params: projectParams,
        querystring: z.object({ before: z.coerce.number().int().min(1).optional(), limit }),
        response: { 200: z.object({ decisions: z.array(decision), next: z.number().nullable() }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const decisions = await listDecisions(db, project.id, {
        before: request.query.before ?? null,
        limit: request.query.limit,
      });
      const last = decisions.at(-1);
      return {
        decisions: [...decisions],
        next: decisions.length === request.query.limit && last !== undefined ? last.id : null,
      };
    },
  );
};

function mutable(found: Awaited<ReturnType<typeof runStatus>>) {
  return { ...found, entities: [...found.entities], waits: [...found.waits] };
}
