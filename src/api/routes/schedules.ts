import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { clockNotices, nextFirings } from '../../domain/firings.ts';
import { isBad, parseSchedule, type GivenSchedule, type ScheduleForm, WEEKDAYS } from '../../domain/schedule.ts';
import { appendDecision } from '../../ledger/decisions.ts';
import type { Project } from '../../ledger/projects.ts';
import {
  changingSchedules,
  getSchedule,
  listSchedules,
  putSchedule,
  removeSchedule,
  type Schedule,
} from '../../ledger/schedules.ts';
import { scheduleFault } from '../../temporal/schedules.ts';
import type { ApiDeps } from '../deps.ts';
import { nextOf, pageSize } from '../paging.ts';
import { byOf } from '../plugins/authentication.ts';
import { Problem } from '../problems.ts';
import { instant, problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const tags = ['runs'];
const NEXT_SHOWN = 5;

const scheduleName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,47}$/, 'a name of up to 48 of a-z, 0-9 and -, such as nightly');
const params = projectParams.extend({ schedule: scheduleName });
const text = z.string().max(60);
/** Shapes only: what is wrong with the rest is said with an example by the rules themselves. */
const given = z.strictObject({
  every: text.optional(),
  calendar: z
    .strictObject({ days: z.array(text).max(7).optional(), at: z.array(text).max(200), zone: text })
    .optional(),
  ladder: z
    .strictObject({
      goLiveAt: instant,
      hoursBefore: z.number().optional(),
      finalSweepDays: z.number().optional(),
      reason: z.string().max(500).optional(),
    })
    .optional(),
  sweep: z.boolean().optional(),
  until: instant.optional(),
});
const reason = z.strictObject({ reason: z.string().max(500).optional() }).nullish();
const shown = z.object({
  name: z.string(),
  every: z.string().optional(),
  calendar: z.object({ days: z.array(z.enum(WEEKDAYS)), at: z.array(z.string()), zone: z.string() }).optional(),
  ladder: z
    .object({
      goLiveAt: z.string(),
      hoursBefore: z.number(),
      finalSweepDays: z.number(),
      reason: z.string().optional(),
    })
    .optional(),
  sweep: z.boolean().optional(),
  until: z.string().nullable().optional(),
  setBy: z.string(),
  setAt: z.string(),
  /** False: Temporal does not know it; set it again. */
  inForce: z.boolean(),
  paused: z.boolean(),
  note: z.string().nullable(),
  nextFirings: z.array(z.string()),
  fired: z.number(),
  /** Firings left out because the one before was not over. */
  overlapped: z.number(),
  /** Firings that nothing was there for, and that came too late to be made up for. */
  missed: z.number(),
  notices: z.array(z.string()),
});

/** When recent runs start by themselves: kept in the ledger, carried out by Temporal's Schedules (design §4). */
export const scheduleRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, deps) => {
  const { db, schedules } = deps;

  app.get(
    '/projects/:project/schedules',
    {
      schema: {
        tags,
        params: projectParams,
        querystring: z.object({ after: scheduleName.or(z.literal('')).default(''), limit: pageSize({ most: 50 }) }),
        response: { 200: z.object({ schedules: z.array(shown), next: z.string().nullable() }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const rows = await listSchedules(db, project.id, request.query);
      const views = await Promise.all(rows.map((row) => show(deps, project, row)));
      return { schedules: views, next: nextOf(rows, request.query.limit, ({ name }) => name) };
    },
  );

  app.get(
    '/projects/:project/schedules/:schedule',
    { schema: { tags, params, response: { 200: shown, ...problems } } },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      return show(deps, project, await scheduleOf(db, project, request.params.schedule));
    },
  );

  app.put(
    '/projects/:project/schedules/:schedule',
    { schema: { tags, params, body: given, response: { 200: shown, ...problems } } },
    async (request) => {
      const { project: slug, schedule: name } = request.params;
      const project = await projectOf(db, slug);
      const form = formOf(request.body);
      const setBy = byOf(request);
      await changingSchedules(db, project.id, async (transaction) => {
        await putSchedule(transaction, project.id, { name, form, setBy });
        await asked(() => schedules.set(slug, name, form));
      });
      return show(deps, project, await scheduleOf(db, project, name));
    },
  );

  app.delete(
    '/projects/:project/schedules/:schedule',
    { schema: { tags, params, response: { 204: z.null(), ...problems } } },
    async (request, reply) => {
      const { project: slug, schedule: name } = request.params;
      const project = await projectOf(db, slug);
      await changingSchedules(db, project.id, async (transaction) => {
        const was = await removeSchedule(transaction, project.id, name, byOf(request));
        if (!was) throw unknownSchedule(project, name);
        await asked(() => schedules.remove(slug, name));
      });
      return reply.code(204).send(null);
    },
  );

  for (const act of ['trigger', 'pause', 'resume'] as const) {
    app.post(
      `/projects/:project/schedules/:schedule/${act}`,
      { schema: { tags, params, body: reason, response: { 202: shown, ...problems } } },
      async (request, reply) => {
        const { project: slug, schedule: name } = request.params;
        const project = await projectOf(db, slug);
        const by = byOf(request);
        const why = request.body?.reason;
        await changingSchedules(db, project.id, async (transaction) => {
          const { form } = await scheduleOf(transaction, project, name);
          const detail = why === undefined ? {} : { reason: why };
          await appendDecision(transaction, project.id, by, `schedule ${name} ${PAST[act]}`, detail);
          const note = `${PAST[act]} by ${by}${why === undefined ? '' : `: ${why}`}`;
          await asked(async () => {
            // What Temporal has lost is made again by what asks for it.
            if ((await schedules.look(slug, name)) === null) await schedules.set(slug, name, form);
            await schedules[act](slug, name, note);
          });
        });
        return reply.code(202).send(await show(deps, project, await scheduleOf(db, project, name)));
      },
    );
  }
};

const PAST = { trigger: 'triggered', pause: 'paused', resume: 'resumed' } as const;

/** @throws Problem 400 with an example */
function formOf(body: GivenSchedule): ScheduleForm {
  const form = parseSchedule(body);
  if (isBad(form)) throw new Problem(400, 'invalid-schedule', form.problem);
  if (nextFirings(form, Date.now(), 1).length > 0) return form;
  const example = '{"every":"15m"}, or a goLiveAt that is still to come';
  const why =
    'ladder' in form ? 'all times of the ladder are over' : `it is over at ${form.until} before it fires once`;
  throw new Problem(400, 'schedule-never-fires', `${why}; for example ${example}`);
}

/** @throws Problem 404 */
async function scheduleOf(db: Parameters<typeof getSchedule>[0], project: Project, name: string): Promise<Schedule> {
  const found = await getSchedule(db, project.id, name);
  if (found === null) throw unknownSchedule(project, name);
  return found;
}

function unknownSchedule({ slug }: Project, name: string): Problem {
  const where = `GET /v1/projects/${slug}/schedules lists them`;
  return new Problem(404, 'unknown-schedule', `project ${slug} has no schedule ${name}; ${where}`);
}

/** @throws Problem 503 when Temporal gives no answer, 400 when it refuses what it was asked for */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const fault = scheduleFault(error);
    if (fault === null) throw error;
    if (fault.refused) throw new Problem(400, 'invalid-schedule', `Temporal refuses this schedule: ${fault.message}`);
    throw new Problem(503, 'unanswered', 'Temporal gave no answer in time: look at the schedule, then ask again');
  }
}

async function show({ schedules }: Pick<ApiDeps, 'schedules'>, { slug }: Project, row: Schedule) {
  const { name, form, setBy, setAt } = row;
  const standing = await asked(() => schedules.look(slug, name));
  return {
    name,
    ...(form as object),
    setBy,
    setAt,
    inForce: standing !== null,
    paused: standing?.paused ?? false,
    note: standing?.note ?? null,
    nextFirings: (standing?.next ?? []).slice(0, NEXT_SHOWN).map((at) => at.toISOString()),
    fired: standing?.fired ?? 0,
    overlapped: standing?.overlapped ?? 0,
    missed: standing?.missed ?? 0,
    notices: [...clockNotices(form, Date.now())],
  };
}
