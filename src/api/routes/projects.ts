import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { putConnection, rejectedSides, type Side } from '../../ledger/connections.ts';
import { appendDecision } from '../../ledger/decisions.ts';
import { unexportedSince } from '../../ledger/id-map.ts';
import { createProject, deleteProject, listProjects } from '../../ledger/projects.ts';
import { activeRun } from '../../ledger/runs.ts';
import { listSchedules } from '../../ledger/schedules.ts';
import type { ApiDeps, Probe, StoreInput } from '../deps.ts';
import { afterNumber, nextOf, pageSize } from '../paging.ts';
import { byOf } from '../plugins/authentication.ts';
import { Problem, unknownProject } from '../problems.ts';
import { newProject, problems, project, projectParams } from '../schemas.ts';
import { give } from './give-command.ts';
import { withDefaults } from './mapping.ts';
import { projectOf, showProject } from './project-scope.ts';

const tags = ['projects'];
const DEFAULT_TARGET_URL = 'https://api.bigcommerce.com';

const ALL = { after: '', limit: 1_000 };

const page = z.object({ after: afterNumber, limit: pageSize() });

export const projectRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, deps) => {
  const { db, storeSchemas } = deps;
  app.post(
    '/projects',
    { schema: { tags, body: newProject(storeSchemas), response: { 201: project, ...problems } } },
    async (request, reply) => {
      const { project: slug, source, target, mapping = {} } = request.body;
      // Both stores are looked at before anything is stored: wrong credentials are known now, not in the middle of a run.
      const [from, to] = await Promise.all([deps.probeSource(source), deps.probeTarget(target)]);
      const found = { source: usable('source', from), target: usable('target', to) };
      const given = {
        slug,
        mapping: withDefaults(mapping),
        options: {},
        sourceKey: found.source.storeRef,
        targetStore: found.target.storeRef,
      };
      const creation = await createProject(db, given, async (transaction, { id }) => {
        await store(transaction, deps, { id, slug }, 'source', source);
        await store(transaction, deps, { id, slug }, 'target', target);
        await appendDecision(transaction, id, byOf(request), 'project created', { mapping });
      });
      if (!creation.created) throw new Problem(409, creation.reason, creation.message);
      return reply.code(201).send(showProject(creation.project));
    },
  );

  app.get(
    '/projects',
    {
      schema: {
        tags,
        querystring: page,
        response: { 200: z.object({ projects: z.array(project), next: z.number().nullable() }), ...problems },
      },
    },
    async (request) => {
      const rows = await listProjects(db, request.query);
      return { projects: rows.map(showProject), next: nextOf(rows, request.query.limit, ({ id }) => id) };
    },
  );

  app.get(
    '/projects/:project',
    { schema: { tags, params: projectParams, response: { 200: project, ...problems } } },
    async (request) => showProject(await projectOf(db, request.params.project)),
  );

  app.delete(
    '/projects/:project',
    {
      config: { role: 'approver' },
      schema: {
        tags,
        params: projectParams,
        querystring: z.object({ withoutIdMap: z.enum(['true', 'false']).default('false') }),
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const slug = request.params.project;
      const { id } = await projectOf(db, slug);
      // First: what a run that goes on makes is in no export.
      if ((await activeRun(db, id)) !== null) throw runActive();
      if (request.query.withoutIdMap === 'false') await mapExported(db, slug, id);
      // While the credentials are there. A source that cannot be reached keeps its hooks and is answered that there is no project.
      const removed = await deps.hooks.remove(slug);
      if (!removed.ok && removed.code !== 'hooks-not-offered')
        request.log.warn({ code: removed.code }, 'its webhooks stay at the source');
      const schedules = await listSchedules(db, id, ALL);
      const outcome = await deleteProject(db, slug);
      if (outcome === 'unknown') throw unknownProject(slug);
      if (outcome === 'run-open') throw runActive();
      // Only now: a project that could not be deleted goes on. What cannot be told is seen in Temporal, and harms nobody.
      await deps.migrations
        .end(slug)
        .catch((error: unknown) => request.log.warn({ err: error }, 'its workflow goes on'));
      // One that stays takes itself away when it fires.
      for (const { name } of schedules) {
        await deps.schedules
          .remove(slug, name)
          .catch((error: unknown) => request.log.warn({ err: error, schedule: name }, 'its schedule stays for now'));
      }
      return reply.code(204).send(null);
    },
  );

  app.put(
    '/projects/:project/connections/source',
    { schema: { tags, params: projectParams, body: storeSchemas.source, response: { 200: project, ...problems } } },
    async (request) => {
      const found = await projectOf(db, request.params.project);
      const probe = usable('source', await deps.probeSource(request.body));
      sameStore('source', found.sourceKey, probe.storeRef);
      const rejected = (await rejectedSides(db, found.id)).length > 0;
      await store(db, deps, found, 'source', request.body);
      await goOn(deps, found, rejected, byOf(request));
      return showProject(await projectOf(db, found.slug));
    },
  );
  app.put(
    '/projects/:project/connections/target',
    { schema: { tags, params: projectParams, body: storeSchemas.target, response: { 200: project, ...problems } } },
    async (request) => {
      const found = await projectOf(db, request.params.project);
      const probe = usable('target', await deps.probeTarget(request.body));
      sameStore('target', found.targetStore, probe.storeRef);
      const rejected = (await rejectedSides(db, found.id)).length > 0;
      await store(db, deps, found, 'target', request.body);
      await goOn(deps, found, rejected, byOf(request));
      return showProject(await projectOf(db, found.slug));
    },
  );
};

function runActive(): Problem {
  return new Problem(409, 'run-active', 'a run is active: wait for its end, or cancel it, then delete the project');
}

/** The pairs of ids are forgotten with the project: somebody must have read them to the end since the last one was made. */
async function mapExported(db: ApiDeps['db'], slug: string, id: number): Promise<void> {
  const since = await unexportedSince(db, id);
  if (since === null) return;
  throw new Problem(
    409,
    'id-map-not-exported',
    `pairs of ids were made at ${since} that nobody has exported: read GET /v1/projects/${slug}/id-map to its end first, or delete with ?withoutIdMap=true`,
  );
}

/** New credentials let a project go on that was paused for want of them, once no side is without. */
async function goOn(
  deps: ApiDeps,
  { id, slug }: { readonly id: number; readonly slug: string },
  wasRejected: boolean,
  by: string,
): Promise<void> {
  const now = await projectOf(deps.db, slug);
  if (!wasRejected || now.pausedAt === null || (await rejectedSides(deps.db, id)).length > 0) return;
  await give(deps, slug, 'resume', { by });
}

function usable(side: Side, probe: Probe): Extract<Probe, { ok: true }> {
  if (probe.ok) return probe;
  throw new Problem(422, probe.code, `the ${side} cannot be used: ${probe.message}`, { side });
}

function sameStore(side: Side, known: string, given: string): void {
  if (known === given) return;
  throw new Problem(
    409,
    'another-store',
    `these credentials are of another store (${given}); this project's ${side} is ${known}: make a new project for it`,
  );
}

async function store(
  db: ApiDeps['db'],
  { sealingKey }: Pick<ApiDeps, 'sealingKey'>,
  { id, slug }: { readonly id: number; readonly slug: string },
  side: Side,
  input: StoreInput,
): Promise<void> {
  const { storeHash, ...secrets } = filledIn(input.credentials);
  await putConnection(db, sealingKey, {
    projectId: id,
    slug,
    side,
    platform: input.platform,
    baseUrl: input.url ?? DEFAULT_TARGET_URL,
    shown: { ...filledIn(input.options), ...(storeHash === undefined ? {} : { storeHash }) },
    secrets,
  });
}

function filledIn(values: StoreInput['credentials'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
