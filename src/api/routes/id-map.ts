import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { idMap, noteExport } from '../../ledger/id-map.ts';
import type { ApiDeps } from '../deps.ts';
import { problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const page = z.object({
  after: z.string().max(300).default(''),
  limit: z.coerce.number().int().min(1).max(1_000).default(1_000),
});
const pair = z.object({ entity: z.string(), sourceId: z.string(), targetId: z.string(), adopted: z.boolean() });

/** Which record of the source is which of the target; to be kept before a project is deleted. */
export const idMapRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  app.get(
    '/projects/:project/id-map',
    {
      schema: {
        tags: ['projects'],
        params: projectParams,
        querystring: page,
        response: { 200: z.object({ pairs: z.array(pair), next: z.string().nullable() }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const pairs = await idMap(db, project.id, request.query);
      const last = pairs.at(-1);
      const isEnd = last === undefined || pairs.length < request.query.limit;
      if (isEnd) await noteExport(db, project.id);
      return { pairs: [...pairs], next: isEnd ? null : `${last.entity}:${last.sourceId}` };
    },
  );
};
