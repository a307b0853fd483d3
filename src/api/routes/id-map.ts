import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { idMap, noteExport } from '../../ledger/id-map.ts';
import type { ApiDeps } from '../deps.ts';
import { afterKey, keyCursor, nextOf, pageSize, recordKey } from '../paging.ts';
import { problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const page = z.object({ after: afterKey(recordKey), limit: pageSize({ most: 1_000, usual: 1_000 }) });
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
      const next = nextOf(pairs, request.query.limit, ({ entity, sourceId }) => keyCursor([entity, sourceId]));
      if (next === null) await noteExport(db, project.id);
      return { pairs: [...pairs], next };
    },
  );
};
