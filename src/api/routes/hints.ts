import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ENTITIES } from '../../domain/entity.ts';
import { takesPart } from '../../domain/mapping.ts';
import { receiveHints } from '../../ledger/hints.ts';
import type { ApiDeps } from '../deps.ts';
import { byOf } from '../plugins/authentication.ts';
import { Problem } from '../problems.ts';
import { problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

/** Stock lies with its product, a redirect with whoever was seen there: a look at those brings them along. */
const entity = z.enum(ENTITIES).exclude(['stock', 'redirect']);
const record = z
  .strictObject({ entity, sourceId: z.string().min(1).max(100) })
  .refine((one) => one.entity === 'customer_group' || /^[1-9]\d*$/.test(one.sourceId), {
    path: ['sourceId'],
    message: 'an id as the source has it: digits',
  });
const body = z.strictObject({ records: z.array(record).min(1).max(1_000) });

/** "These may have changed": each record is read again by the run that is under way, or by the next one (design P4). */
export const hintRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  app.post(
    '/projects/:project/hints',
    {
      schema: {
        tags: ['records'],
        params: projectParams,
        body,
        response: { 202: z.object({ received: z.number() }), ...problems },
      },
    },
    async (request, reply) => {
      const project = await projectOf(db, request.params.project);
      const { records } = request.body;
      const left = [...new Set(records.map((one) => one.entity))].filter((one) => !takesPart(project.mapping, one));
      if (left.length > 0) {
        const said = `the mapping of ${project.slug} leaves these out: ${left.join(', ')}`;
        throw new Problem(409, 'entity-left-out', said);
      }
      await receiveHints(db, project.id, byOf(request), records);
      reply.code(202);
      return { received: records.length };
    },
  );
};
