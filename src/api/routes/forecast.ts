import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ENTITIES } from '../../domain/entity.ts';
import { forecastOf } from '../../domain/forecast.ts';
import { changeHistory } from '../../ledger/past-runs.ts';
import { projectOptions } from '../../ledger/project-options.ts';
import type { ApiDeps } from '../deps.ts';
import { instant, problems, projectParams } from '../schemas.ts';
import { plannedAnswer, plannedOf } from './planned-runs.ts';
import { projectOf } from './project-scope.ts';

const entity = z.enum(ENTITIES);
const MOST_RUNS = 100;
const LONGEST_GAP_HOURS = 8_760;
const gapList = z
  .string()
  .max(1_000)
  .optional()
  .transform((text, context) => {
    if (text === undefined) return null;
    const gaps = text.split(',').map((gap) => (gap.trim() === '' ? Number.NaN : Number(gap)));
    if (gaps.length <= MOST_RUNS && gaps.every((gap) => gap >= 0 && gap <= LONGEST_GAP_HOURS)) return gaps;
    context.addIssue(
      `hours from now to the next run, from that to the one after it ..., such as 24,24,168: at most ${MOST_RUNS}, each 0 to ${LONGEST_GAP_HOURS}`,
    );
    return z.NEVER;
  });
const HOUR_MS = 3_600_000;
const times = z
  .string()
  .max(5_000)
  .optional()
  .transform((text, context) => {
    if (text === undefined) return null;
    const named = text.split(',').map((time) => instant.safeParse(time.trim()));
    const now = Date.now();
    const stamps = [now, ...named.map(({ data }) => (data === undefined ? Number.NaN : Date.parse(data)))];
    const gaps = stamps.slice(1).map((stamp, place) => (stamp - (stamps[place] ?? now)) / HOUR_MS);
    if (gaps.length <= MOST_RUNS && gaps.every((gap) => gap >= 0 && gap <= LONGEST_GAP_HOURS)) return gaps;
    context.addIssue(
      `times to come with their offsets, the next first, such as 2026-11-20T08:00:00Z,2026-11-21T08:00:00Z: at most ${MOST_RUNS}`,
    );
    return z.NEVER;
  });
const asked = z
  .object({ gaps: gapList, at: times })
  .refine(({ gaps, at }) => gaps === null || at === null, 'give gaps or at, not both');
const answer = z.object({
  basis: z.object({
    runs: z.number(),
    hours: z.number(),
    records: z.number(),
    confidence: z.enum(['none', 'thin', 'fair']),
    says: z.string(),
  }),
  perHour: z.array(z.object({ entity, records: z.number() })),
  runs: z.array(
    z.object({
      inHours: z.number(),
      coversHours: z.number(),
      records: z.number(),
      entities: z.array(z.object({ entity, records: z.number(), weight: z.number(), points: z.number() })),
      points: z.number(),
      limit: z.number().nullable(),
      withinLimit: z.boolean(),
      seconds: z.number(),
      requests: z.number().nullable(),
    }),
  ),
  /** What the project's schedules will fire; null: it has none. */
  planned: plannedAnswer.nullable(),
});

/** What the next recent runs will take, by the changes of the runs so far; no store is asked. */
export const forecastRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db, schedules }) => {
  app.get(
    '/projects/:project/forecast',
    {
      schema: {
        tags: ['assessment'],
        params: projectParams,
        querystring: asked,
        response: { 200: answer, ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const history = await changeHistory(db, project.id);
      const options = await projectOptions(db, project.id);
      const gapsHours = request.query.gaps ?? request.query.at;
      const found = forecastOf({ ...history, gapsHours }, options);
      const planned = await plannedOf({ db, schedules }, project, history, options);
      // Who names no times means those that are planned.
      const next = gapsHours === null ? (planned?.plan.next ?? []) : [];
      const runs = next.length === 0 ? found.runs : next;
      return {
        basis: { ...found.basis },
        perHour: found.perHour.map((row) => ({ ...row })),
        runs: runs.map((run) => ({ ...run, entities: run.entities.map((row) => ({ ...row })) })),
        planned: planned === null ? null : viewOf(planned),
      };
    },
  );
};

function viewOf({ plan, words }: NonNullable<Awaited<ReturnType<typeof plannedOf>>>) {
  const { next: _, ...rest } = plan;
  return { ...rest, ...words, says: [...words.says], steps: plan.steps.map((step) => ({ ...step })) };
}
