import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { latestSamples, METRICS } from '../../ledger/metrics.ts';
import type { ApiDeps } from '../deps.ts';
import { beforeNumber, nextOf, pageSize } from '../paging.ts';
import { instant, problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const query = z.object({
  name: z.enum(METRICS).optional(),
  since: instant.optional(),
  before: beforeNumber,
  limit: pageSize({ most: 5_000, usual: 500 }),
});
const answer = z.object({
  samples: z.array(z.object({ at: z.string(), name: z.enum(METRICS), value: z.number() })),
  next: z.number().nullable(),
});

/** How a project went over time: what was read and settled in each time box, and what was left, newest first. */
export const metricRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  app.get(
    '/projects/:project/metrics',
    { schema: { tags: ['runs'], params: projectParams, querystring: query, response: { 200: answer, ...problems } } },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const { name = null, since: from, before = null, limit } = request.query;
      // PostgreSQL knows fewer offsets than ISO 8601 has.
      const since = from === undefined ? null : new Date(from).toISOString();
      const samples = await latestSamples(db, project.id, { name, since, before, limit });
      return { samples: samples.map(({ id: _id, ...sample }) => sample), next: nextOf(samples, limit, ({ id }) => id) };
    },
  );
};
