import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notOwnable, OWNABLE, OWNABLE_ENTITIES, type OwnableEntity } from '../../domain/ownership.ts';
import { announce, type Announcement, listAnnouncements, withdraw } from '../../ledger/announcements.ts';
import type { ApiDeps } from '../deps.ts';
import { afterNumber, keyText, nextOf, pageSize } from '../paging.ts';
import { byOf } from '../plugins/authentication.ts';
import { Problem } from '../problems.ts';
import { problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const tags = ['conflicts'];
const entity = z.enum(OWNABLE_ENTITIES);
const sourceId = keyText.min(1).max(200);
const MOST_IDS = 1_000;
const given = z.strictObject({
  entity,
  sourceIds: z.union([z.array(sourceId).min(1).max(MOST_IDS), z.literal('all')]),
  fields: z.array(keyText.max(100)).max(50).default([]),
  by: keyText.trim().min(1).max(100).optional(),
  why: keyText.trim().min(1).max(500),
});
const announcement = z.object({
  id: z.number(),
  entity,
  sourceIds: z.union([z.array(z.string()), z.literal('all')]),
  fields: z.array(z.string()),
  by: z.string(),
  why: z.string(),
  notedBy: z.string(),
  at: z.string(),
});
const listed = z.object({ announcements: z.array(announcement), next: z.number().nullable() });
const announcementParams = projectParams.extend({
  id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});

/** Manual changes that somebody tells of: their fields belong to the target from then on (P8). */
export const announcementRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  app.post(
    '/projects/:project/announcements',
    { schema: { tags, params: projectParams, body: given, response: { 201: announcement, ...problems } } },
    async (request, reply) => {
      const project = await projectOf(db, request.params.project);
      const { sourceIds, fields, by = byOf(request), ...rest } = request.body;
      refuseFields(rest.entity, fields);
      const made = await announce(db, project.id, {
        ...rest,
        by,
        fields: [...new Set(fields)],
        sourceIds: sourceIds === 'all' ? null : [...new Set(sourceIds)],
        notedBy: byOf(request),
      });
      return reply.code(201).send(show(made));
    },
  );
  app.get(
    '/projects/:project/announcements',
    {
      schema: {
        tags,
        params: projectParams,
        querystring: z.object({ after: afterNumber, limit: pageSize() }),
        response: { 200: listed, ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const rows = await listAnnouncements(db, project.id, request.query);
      return { announcements: rows.map(show), next: nextOf(rows, request.query.limit, ({ id }) => id) };
    },
  );
  app.delete(
    '/projects/:project/announcements/:id',
    { schema: { tags, params: announcementParams, response: { 204: z.null(), ...problems } } },
    async (request, reply) => {
      const project = await projectOf(db, request.params.project);
      const { id } = request.params;
      if (!(await withdraw(db, project.id, id, byOf(request)))) {
        const said = `no announcement ${id} is in force: GET …/announcements lists those that are`;
        throw new Problem(404, 'unknown-announcement', said);
      }
      return reply.code(204).send(null);
    },
  );
};

/** @throws Problem 400 with what is allowed */
function refuseFields(of: OwnableEntity, fields: readonly string[]): void {
  const allowed = `of ${of} these can belong to the target: ${OWNABLE[of].join(', ')}`;
  if (fields.length === 0) {
    const said = 'say in `fields` which fields are changed by hand: only those are kept from being overwritten';
    throw new Problem(400, 'fields-not-named', `${said}; ${allowed}`);
  }
  const unknown = notOwnable(of, fields);
  if (unknown.length > 0) throw new Problem(400, 'field-not-ownable', `not ${unknown.join(', ')}: ${allowed}`);
}

function show({ sourceIds, fields, ...rest }: Announcement) {
  return { ...rest, fields: [...fields], sourceIds: sourceIds === null ? ('all' as const) : [...sourceIds] };
}
