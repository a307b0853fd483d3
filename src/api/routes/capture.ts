import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ENTITIES, type RecordRef } from '../../domain/entity.ts';
import { takesPart } from '../../domain/mapping.ts';
import { appendDecision } from '../../ledger/decisions.ts';
import { receiveHints } from '../../ledger/hints.ts';
import { askForSweeps } from '../../ledger/records/sweeps.ts';
import type { ApiDeps } from '../deps.ts';
import { byOf } from '../plugins/authentication.ts';
import { Problem } from '../problems.ts';
import { problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

/** Stock lies with its product, a redirect with whoever was seen there: a look at those brings them along. */
const entity = z.enum(ENTITIES).exclude(['stock', 'redirect']);
const MOST = 1_000;
const sourceId = z.string().min(1).max(100);
/** Groups are known by words, all else by numbers. */
const isId = (one: RecordRef) => one.entity === 'customer_group' || /^[1-9]\d*$/.test(one.sourceId);
const ID = 'an id as the source has it: digits';
const record = z.strictObject({ entity, sourceId }).refine(isId, { path: ['sourceId'], message: ID });
/** One shape with two forms, and not a union: a refusal names the field that is wrong. */
const body = z
  .strictObject({
    records: z.array(record).min(1).max(MOST).optional(),
    /** Alone: as a whole. */
    entity: entity.optional(),
    sourceIds: z.array(sourceId).min(1).max(MOST).optional(),
  })
  .refine((given) => (given.records === undefined) !== (given.entity === undefined), {
    message: 'either "records", or "entity" with or without "sourceIds"',
  })
  .refine((given) => given.records === undefined || given.sourceIds === undefined, {
    path: ['sourceIds'],
    message: 'belongs to "entity"; "records" have their own',
  })
  .refine(
    (given) => given.sourceIds?.every((one) => isId({ entity: given.entity ?? 'product', sourceId: one })) ?? true,
    {
      path: ['sourceIds'],
      message: ID,
    },
  );

/**
 * "Look at these": each record is read again by the run that is under way, or by the next one (design P4); an entity as a whole
 * by the next recent run that plans.
 */
export const captureRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  app.post(
    '/projects/:project/capture',
    {
      schema: {
        tags: ['records'],
        params: projectParams,
        body,
        response: { 202: z.object({ received: z.number(), sweeps: z.array(entity) }), ...problems },
      },
    },
    async (request, reply) => {
      const project = await projectOf(db, request.params.project);
      const asked = request.body;
      const records = recordsOf(asked);
      const entities = asked.entity === undefined ? (records ?? []).map((one) => one.entity) : [asked.entity];
      const left = [...new Set(entities)].filter((one) => !takesPart(project.mapping, one));
      if (left.length > 0) {
        const said = `the mapping of ${project.slug} leaves these out: ${left.join(', ')}`;
        throw new Problem(409, 'entity-left-out', said);
      }
      reply.code(202);
      if (records !== null) {
        await receiveHints(db, project.id, byOf(request), records);
        return { received: records.length, sweeps: [] };
      }
      const { entity: one } = asked;
      if (one === undefined || (await askForSweeps(db, project.id, [one])).length === 0) {
        const said = `capture of ${one} was never started: a full run reads it as a whole (storeferry run full ${project.slug})`;
        throw new Problem(409, 'capture-not-started', said);
      }
      await appendDecision(db, project.id, byOf(request), 'sweep asked for', { entity: one });
      return { received: 0, sweeps: [one] };
    },
  );
};

/** Null: an entity as a whole. */
function recordsOf({ records, entity: one, sourceIds }: z.output<typeof body>): readonly RecordRef[] | null {
  if (one === undefined) return records ?? [];
  return sourceIds?.map((id) => ({ entity: one, sourceId: id })) ?? null;
}
