import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ENTITIES } from '../../domain/entity.ts';
import type { LicenseWindow, ProjectOptions } from '../../domain/project-options.ts';
import type { AlertLimits } from '../../domain/alerts.ts';
import type { StopLimits } from '../../domain/stop-rules.ts';
import { appendDecision } from '../../ledger/decisions.ts';
import { changeOptions, projectOptions } from '../../ledger/project-options.ts';
import type { ApiDeps } from '../deps.ts';
import { byOf } from '../plugins/authentication.ts';
import { Problem } from '../problems.ts';
import { instant, problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const tags = ['projects'];
const share = z.number().min(0).max(1);
const ms = z.number().int().min(1_000).max(86_400_000);
const weights = z.partialRecord(z.enum(ENTITIES), z.number().min(0).max(1_000_000));
const stopRules = z.strictObject({
  errorRate: share,
  retryRate: share,
  mismatchRate: share,
  noProgressMs: ms,
  queueGrowingMs: ms,
  lagClimbingMs: ms,
  sourceSlowdown: z.number().min(1.1).max(1_000),
});
const conflicts = z.strictObject({
  deadlineHours: z.number().min(1).max(8_760),
  default: z.enum(['source', 'target', 'none']),
});
const license = z
  .strictObject({ from: instant.nullable().default(null), until: instant })
  .refine(({ from, until }) => from === null || Date.parse(from) < Date.parse(until), {
    path: ['until'],
    error: 'later than `from`: a license that is over before it begins covers nothing',
  });
const alerts = z.strictObject({
  lagSeconds: z.number().int().min(1).max(2_592_000),
  noProgressMinutes: z.number().min(1).max(1_440),
  queueGrowingMinutes: z.number().min(1).max(1_440),
  retryRate: share,
  sourceSlowdown: z.number().min(1.1).max(1_000),
  pointsShare: share,
});
const changed = z.strictObject({
  pointsLimit: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).nullable().optional(),
  weights: weights.optional(),
  stopRules: stopRules.partial().optional(),
  alerts: alerts.partial().optional(),
  backupMaxAgeHours: z.number().int().min(1).max(8_760).optional(),
  sweepHours: z.number().min(0).max(8_760).optional(),
  pollSeconds: z.number().min(0.2).max(3_600).optional(),
  conflicts: conflicts.partial().optional(),
  license: license.nullable().optional(),
});
const backup = z.object({ by: z.string(), at: z.string() });
const confirmation = z.strictObject({
  by: z.string().trim().min(1).max(100),
  at: instant,
});
const shown = z.object({
  pointsLimit: z.number().nullable(),
  weights: z.record(z.string(), z.number()),
  rates: z.object({
    concurrency: z.number().optional(),
    batchSize: z.number().optional(),
    reservePercent: z.number().optional(),
  }),
  stopRules: z.object(stopRules.shape),
  alerts: z.object(alerts.shape),
  backup: backup.nullable(),
  backupMaxAgeHours: z.number(),
  sweepHours: z.number(),
  pollSeconds: z.number(),
  conflicts: z.object(conflicts.shape),
  license: z.object({ from: z.string().nullable(), until: z.string() }).nullable(),
});

/** A clock may be a little ahead of ours. */
const SKEW_MS = 60_000;

/** What a project may take and when it stops; beside the mapping, which says what becomes of records. */
export const optionRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  app.get(
    '/projects/:project/options',
    { schema: { tags, params: projectParams, response: { 200: shown, ...problems } } },
    async (request) => show(await projectOptions(db, (await projectOf(db, request.params.project)).id)),
  );
  app.patch(
    '/projects/:project/options',
    { schema: { tags, params: projectParams, body: changed, response: { 200: shown, ...problems } } },
    async (request) => {
      const { id } = await projectOf(db, request.params.project);
      const {
        stopRules: rules,
        alerts: limits,
        weights: points,
        conflicts: defaults,
        license: window,
        ...rest
      } = request.body;
      const now = await projectOptions(db, id);
      const named = {
        ...rest,
        ...(window === undefined ? {} : { license: window === null ? null : inUtc(window) }),
        ...(points === undefined ? {} : { weights: points }),
        ...(defaults === undefined ? {} : { conflicts: { ...now.conflicts, ...defaults } }),
        ...(rules === undefined ? {} : { stopRules: { ...now.stopRules, ...rules } as StopLimits }),
        ...(limits === undefined ? {} : { alerts: { ...now.alerts, ...limits } as AlertLimits }),
      } as Partial<ProjectOptions>;
      await appendDecision(db, id, byOf(request), 'options changed', request.body);
      return show(await changeOptions(db, id, named));
    },
  );
  app.put(
    '/projects/:project/backup',
    { schema: { tags, params: projectParams, body: confirmation, response: { 200: shown, ...problems } } },
    async (request) => {
      const { id } = await projectOf(db, request.params.project);
      const { by, at } = request.body;
      if (Date.parse(at) > Date.now() + SKEW_MS) {
        throw new Problem(
          422,
          'backup-in-the-future',
          `the backup is said to be of ${at}, which is still to come: give the time when it was made`,
        );
      }
      const made = new Date(at).toISOString();
      await appendDecision(db, id, byOf(request), 'backup confirmed', { at: made });
      return show(await changeOptions(db, id, { backup: { by, at: made } }));
    },
  );
};

function inUtc({ from, until }: LicenseWindow): LicenseWindow {
  return { from: from === null ? null : new Date(from).toISOString(), until: new Date(until).toISOString() };
}

function show(options: ProjectOptions) {
  return { ...options, weights: options.weights as Record<string, number> };
}
