import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { DEFAULT_MAPPING, type Mapping } from '../../domain/mapping.ts';
import { mappingDiff } from '../../domain/mapping-diff.ts';
import { appendDecision } from '../../ledger/decisions.ts';
import { mappingAt, mappingFingerprint, mappingVersions, updateMapping } from '../../ledger/mappings.ts';
import type { ApiDeps } from '../deps.ts';
import { beforeNumber, nextOf, pageSize } from '../paging.ts';
import { byOf } from '../plugins/authentication.ts';
import { Problem, unknownProject } from '../problems.ts';
import { mappingChoices, problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const tags = ['mapping'];
const mappingAnswer = z.object({ version: z.number(), fingerprint: z.string(), mapping: z.unknown() });
const versionAnswer = z.object({
  version: z.number(),
  fingerprint: z.string(),
  madeBy: z.string(),
  madeAt: z.string(),
});
const change = z.object({ path: z.string(), before: z.unknown(), after: z.unknown() });
const between = z.object({ from: z.coerce.number().int().min(1), to: z.coerce.number().int().min(1).optional() });

/** A project's choices: what is in force, what was, and what changed between two of them. */
export const mappingRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  app.get(
    '/projects/:project/mapping',
    { schema: { tags, params: projectParams, response: { 200: mappingAnswer, ...problems } } },
    async (request) => {
      const found = await projectOf(db, request.params.project);
      return { version: found.mappingVersion, fingerprint: mappingFingerprint(found.mapping), mapping: found.mapping };
    },
  );
  app.put(
    '/projects/:project/mapping',
    { schema: { tags, params: projectParams, body: mappingChoices, response: { 200: mappingAnswer, ...problems } } },
    async (request) => {
      const found = await projectOf(db, request.params.project);
      const mapping = withDefaults(request.body);
      const by = byOf(request);
      const version = await updateMapping(db, found.slug, mapping, by);
      if (version === null) throw unknownProject(found.slug);
      const changed = mappingDiff(found.mapping, mapping).map(({ path }) => path);
      await appendDecision(db, found.id, by, 'mapping changed', { version, changed });
      return { version, fingerprint: mappingFingerprint(mapping), mapping };
    },
  );
  app.get(
    '/projects/:project/mapping/versions',
    {
      schema: {
        tags,
        params: projectParams,
        querystring: z.object({ before: beforeNumber, limit: pageSize() }),
        response: { 200: z.object({ versions: z.array(versionAnswer), next: z.number().nullable() }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const { before = null, limit } = request.query;
      const versions = await mappingVersions(db, project.id, { before, limit });
      return {
        versions: versions.map(({ mapping: _mapping, ...rest }) => rest),
        next: nextOf(versions, limit, ({ version }) => version),
      };
    },
  );
  app.get(
    '/projects/:project/mapping/diff',
    {
      schema: {
        tags,
        params: projectParams,
        querystring: between,
        response: { 200: z.object({ from: z.number(), to: z.number(), changes: z.array(change) }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const { from, to = project.mappingVersion } = request.query;
      const [before, after] = await Promise.all([from, to].map((version) => mappingAt(db, project.id, version)));
      if (!before || !after) {
        const known = `the newest is ${project.mappingVersion}, GET …/mapping/versions lists them`;
        throw new Problem(404, 'unknown-version', `the mapping has no version ${before ? to : from}: ${known}`);
      }
      const changes = mappingDiff(before, after);
      return { from, to, changes: changes.map((one) => ({ ...one })) };
    },
  );
};

/** zod leaves absent choices undefined; the rulebook's defaults fill them. */
export function withDefaults(choices: z.output<typeof mappingChoices>): Mapping {
  const given = Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined));
  return { ...DEFAULT_MAPPING, ...given };
}
