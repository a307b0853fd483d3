import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { throttleCause } from '../../domain/throttle.ts';
import { listDecisions } from '../../ledger/decisions.ts';
import { listGates } from '../../ledger/gates.ts';
import { listPasses } from '../../ledger/passes.ts';
import type { Project } from '../../ledger/projects.ts';
import { captureAgeSeconds, quotaUse, recordsPerMinute, storeWaits } from '../../ledger/run-progress.ts';
import { listRuns, type Run } from '../../ledger/runs.ts';
import { type EntityStatus, runStatus } from '../../ledger/status.ts';
import type { ApiDeps } from '../deps.ts';
import { problems, projectParams, status } from '../schemas.ts';
import { projectOf, showRun } from './project-scope.ts';

const tags = ['status'];
const limit = z.coerce.number().int().min(1).max(200).default(50);
const decision = z.object({
  id: z.number(),
  at: z.string(),
  decidedBy: z.string(),
  what: z.string(),
  detail: z.unknown(),
});

/** Status is read from the ledger, never by asking a workflow (design §4). */
export const statusRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  app.get(
    '/projects/:project/status',
    { schema: { tags, params: projectParams, response: { 200: status, ...problems } } },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const [latest] = await listRuns(db, project.id, 1);
      return {
        project: project.slug,
        phase: project.phase,
        paused: project.pausedAt !== null,
        pauseReason: project.pauseReason,
        attention: project.attention,
        run: latest === undefined ? null : { ...showRun(latest, project), ...(await progressOf(db, project, latest)) },
      };
    },
  );
  app.get(
    '/projects/:project/decisions',
    {
      schema: {
        tags,
        params: projectParams,
        querystring: z.object({ before: z.coerce.number().int().min(1).optional(), limit }),
        response: { 200: z.object({ decisions: z.array(decision), next: z.number().nullable() }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const decisions = await listDecisions(db, project.id, {
        before: request.query.before ?? null,
        limit: request.query.limit,
      });
      const last = decisions.at(-1);
      return {
        decisions: [...decisions],
        next: decisions.length === request.query.limit && last !== undefined ? last.id : null,
      };
    },
  );
};

/** How far the run is, how fast, and what holds it up. */
async function progressOf(db: ApiDeps['db'], project: Project, run: Run) {
  const [found, quota, waits, captureSeconds, gates, passes] = await Promise.all([
    runStatus(db, project.id, run.id),
    quotaUse(db, project.id),
    storeWaits(db, project.id),
    captureAgeSeconds(db, project.id),
    listGates(db, project.id),
    listPasses(db, run.id),
  ]);
  const sum = (count: (entity: EntityStatus) => number) => found.entities.reduce((total, row) => total + count(row), 0);
  const settled = sum(settledOf);
  const rate = await recordsPerMinute(db, project.id, run, settled);
  const left = sum((row) => Math.max(0, row.planned - settledOf(row)));
  const pass = passes.at(-1);
  return {
    ...found,
    entities: [...found.entities],
    waits: [...found.waits],
    recordsPerMinute: rate,
    etaSeconds: run.state !== 'running' || rate === 0 ? null : Math.round((left / rate) * 60),
    lag: { oldestChangeSeconds: found.oldestSeconds, captureSeconds, changes: found.queueDepth },
    pass: pass === undefined ? null : { number: pass.number, name: pass.name, state: pass.state },
    quota: [...quota],
    throttle: throttleCause({
      running: run.state === 'running',
      paused: project.pausedAt !== null,
      pauseReason: project.pauseReason,
      openGate: gates.find(({ state }) => state === 'open')?.gate ?? null,
      storeWaits: waits,
      ready: sum((row) => row.ready),
      waiting: sum((row) => row.waiting),
    }),
  };
}

function settledOf({ created, updated, unchanged, ignored, deleted, failed }: EntityStatus): number {
  return created + updated + unchanged + ignored + deleted + failed;
}
