import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sourcePlatform } from '../../ledger/connections.ts';
import { appendDecision } from '../../ledger/decisions.ts';
import { hooksView } from '../../ledger/hooks.ts';
import type { Project } from '../../ledger/projects.ts';
import type { ApiDeps } from '../deps.ts';
import { byOf } from '../plugins/authentication.ts';
import { Problem } from '../problems.ts';
import { problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const moment = z.string().nullable();
const view = z.object({
  platform: z.string(),
  /** Where the source delivers to; null: none are registered. */
  url: z.string().nullable(),
  checkedAt: moment,
  trouble: z.string().nullable(),
  hooks: z.array(
    z.object({
      topic: z.string(),
      hookId: z.string(),
      state: z.enum(['active', 'disabled', 'paused', 'gone']),
      enabledAgainAt: moment,
      lastDeliveryAt: moment,
      lastVerifiedAt: moment,
      verified: z.number(),
      rejected: z.number(),
    }),
  ),
});
const body = z.strictObject({
  /** How the source reaches this service; default: `api.publicUrl` of the settings. */
  url: z
    .url({ protocol: /^https?$/, error: 'an address such as https://ferry.example.test' })
    .max(1_000)
    .optional(),
});
const tags = ['hooks'];

/** Webhooks of the source: registered by us, looked after by each recent run, removed by us. */
export const hookRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, deps) => {
  const { db, hooks } = deps;
  const show = async ({ id }: Project) => {
    const kept = await hooksView(db, id);
    return { platform: (await sourcePlatform(db, id)) ?? '', ...kept, hooks: [...kept.hooks] };
  };
  app.get(
    '/projects/:project/hooks',
    { schema: { tags, params: projectParams, response: { 200: view, ...problems } } },
    async (request) => show(await projectOf(db, request.params.project)),
  );
  app.post(
    '/projects/:project/hooks',
    { schema: { tags, params: projectParams, body, response: { 200: view, ...problems } } },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const base = request.body.url ?? deps.publicUrl;
      if (base === null) {
        const said = 'how does the source reach this service? Send "url", or set api.publicUrl in the settings';
        throw new Problem(400, 'hook-url-needed', said);
      }
      const url = `${base.replace(/\/+$/, '')}/v1/hooks/${project.slug}/${await sourcePlatform(db, project.id)}`;
      const registered = await hooks.register(project.slug, url);
      if (!registered.ok) throw refused(registered);
      const shown = await show(project);
      await appendDecision(db, project.id, byOf(request), 'webhooks registered', { url, topics: shown.hooks.length });
      return shown;
    },
  );
  app.delete(
    '/projects/:project/hooks',
    { schema: { tags, params: projectParams, response: { 204: z.null(), ...problems } } },
    async (request, reply) => {
      const project = await projectOf(db, request.params.project);
      const removed = await hooks.remove(project.slug);
      if (!removed.ok) throw refused(removed);
      await appendDecision(db, project.id, byOf(request), 'webhooks removed');
      return reply.code(204).send(null);
    },
  );
};

function refused({ code, message }: { readonly code: string; readonly message: string }): Problem {
  const said = `the webhooks at the source stay as they are: ${message}`;
  if (code === 'hooks-held' || code === 'hooks-not-offered') return new Problem(409, code, said);
  return new Problem(422, code, said);
}
