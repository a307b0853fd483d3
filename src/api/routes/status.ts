import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { followsSource } from '../../domain/phases.ts';
import { throttleCause } from '../../domain/throttle.ts';
import { listDecisions } from '../../ledger/decisions.ts';
import { entityLags, longestAgo } from '../../ledger/lags.ts';
import { openGates } from '../../ledger/gates.ts';
import { latestPass } from '../../ledger/passes.ts';
import type { Project } from '../../ledger/projects.ts';
import { netPerMinute, quotaUse, recordsPerMinute, storeWaits } from '../../ledger/run-progress.ts';
import { queueGroups } from '../../ledger/queue/queue-groups.ts';
import { latestRun, type Run } from '../../ledger/runs.ts';
import { type EntityStatus, runStatus } from '../../ledger/status.ts';
import type { ApiDeps } from '../deps.ts';
import { beforeNumber, nextOf, pageSize } from '../paging.ts';
import { problems, projectParams, status } from '../schemas.ts';
import { projectOf, showRun } from './project-scope.ts';

const tags = ['status'];
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
      const latest = await latestRun(db, project.id);
      return {
        project: project.slug,
        phase: project.phase,
        paused: project.pausedAt !== null,
        pauseReason: project.pauseReason,
        attention: project.attention,
        run: latest === null ? null : { ...showRun(latest, project), ...(await progressOf(db, project, latest)) },
      };
    },
  );
  app.get(
    '/projects/:project/decisions',
    {
      schema: {
        tags,
        params: projectParams,
        querystring: z.object({ before: beforeNumber, limit: pageSize() }),
        response: { 200: z.object({ decisions: z.array(decision), next: z.number().nullable() }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const { before = null, limit } = request.query;
      const decisions = await listDecisions(db, project.id, { before, limit });
      return { decisions: [...decisions], next: nextOf(decisions, limit, ({ id }) => id) };
    },
  );
};

/** How far the run is, how fast, and what holds it up. */
async function progressOf(db: ApiDeps['db'], project: Project, run: Run) {
  const queue = await queueGroups(db, project.id);
  const [found, quota, waits, gates, pass, lags] = await Promise.all([
    runStatus(db, project.id, run.id, queue),
    quotaUse(db, project.id),
    storeWaits(db, project.id),
    openGates(db, project.id),
    latestPass(db, run.id),
    entityLags(db, project.id, queue),
  ]);
  const sum = (count: (entity: EntityStatus) => number) => found.entities.reduce((total, row) => total + count(row), 0);
  const settled = sum(settledOf);
  const rate = await recordsPerMinute(db, project.id, run, settled);
  // Only where all that is left lies in the queue does its shrinking say what is left; a copy fills it by itself.
  const net = followsSource(run.kind) && run.state === 'running' ? await netPerMinute(db, project.id, run) : null;
  const inQueue = sum(({ ready, waiting }) => ready + waiting);
  const left = sum((row) => Math.max(0, row.planned - settledOf(row)));
  return {
    ...found,
    entities: [...found.entities],
    waits: [...found.waits],
    recordsPerMinute: rate,
    netPerMinute: net,
    etaSeconds: run.state === 'running' ? secondsFor(net === null ? left : inQueue, net ?? rate) : null,
    lag: {
      oldestChangeSeconds: found.oldestSeconds,
      captureSeconds: longestAgo(lags, 'captureSeconds'),
      sweepSeconds: longestAgo(lags, 'sweepSeconds'),
      changes: found.queueDepth,
      entities: [...lags],
    },
    pass: pass === null ? null : { number: pass.number, name: pass.name, state: pass.state },
    quota: [...quota],
    throttle: throttleCause({
      running: run.state === 'running',
      paused: project.pausedAt !== null,
      pauseReason: project.pauseReason,
      openGate: gates.find(({ holdsRun }) => holdsRun)?.gate ?? null,
      storeWaits: waits,
      ready: sum((row) => row.ready),
      waiting: sum((row) => row.waiting),
    }),
  };
}

/** Null: there is no end to be seen at this rate. */
function secondsFor(left: number, perMinute: number): number | null {
  return perMinute <= 0 ? null : Math.round((left / perMinute) * 60);
}

function settledOf({ created, updated, unchanged, ignored, deleted, failed }: EntityStatus): number {
  return created + updated + unchanged + ignored + deleted + failed;
}
