import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { recordView } from '../../ledger/record-view.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import { problems, recordParams, recordView as recordAnswer } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

/** One record's story: its pair of ids, versions, parts and history. */
export const recordRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  app.get(
    '/projects/:project/records/:entity/:sourceId',
    { schema: { tags: ['records'], params: recordParams, response: { 200: recordAnswer, ...problems } } },
    async (request) => {
      const { project: slug, entity, sourceId } = request.params;
      const project = await projectOf(db, slug);
      const view = await recordView(db, project.id, { entity, sourceId });
      if (view === null) {
        throw new Problem(404, 'unknown-record', `the ledger of ${slug} never saw ${entity} ${sourceId}`);
      }
      const { record, change, deadLetter, ...lists } = view;
      const copies = Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, [...list]])) as {
        [K in keyof typeof lists]: object[];
      };
      return { entity, sourceId, record, change, deadLetter, ...copies };
    },
  );
};
