import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { RUN_KINDS } from '../../domain/phases.ts';
import { listGates } from '../../ledger/gates.ts';
import { activeRun, getRun, listRuns } from '../../ledger/runs.ts';
import { CommandUnanswered } from '../../temporal/migrations.ts';
import type { KnownProject } from '../../temporal/known-state.ts';
import type { Command, CommandInputs } from '../../workflows/contract.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import { accepted, problems, projectParams, run } from '../schemas.ts';
import { projectOf, showRun } from './project-scope.ts';

const tags = ['runs'];
// A request without a body arrives as null.
const reason = z.strictObject({ reason: z.string().max(500).optional() }).nullish();

const approval = z.strictObject({ gate: z.string().min(1).max(100), reason: z.string().max(500).optional() });
const gateShape = z.object({
  gate: z.string(),
  state: z.enum(['open', 'passed', 'refused', 'expired']),
  evidence: z.unknown(),
  passedBy: z.string().nullable(),
  madeAt: z.string(),
});

/** Starts, steers and stops: each is a command to the project's workflow, which alone accepts or refuses it (design §4). */
export const commandRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, deps) => {
  const { db } = deps;
  app.post(
    '/projects/:project/runs',
    {
      schema: {
        tags,
        params: projectParams,
        body: z.strictObject({ kind: z.enum(RUN_KINDS) }),
        response: { 202: accepted.extend({ run: z.string() }), ...problems },
      },
    },
    async (request, reply) => {
      if (request.body.kind !== 'full') {
        throw new Problem(422, 'run-kind-not-built', `${request.body.kind} runs are not built yet: start a full run`);
      }
      const answer = await give(deps, request.params.project, 'startRun', {
        kind: request.body.kind,
        by: byOf(request.apiKey),
      });
      return reply.code(202).send({ ...answer, run: answer.run ?? '' });
    },
  );
  app.get(
    '/projects/:project/runs',
    { schema: { tags, params: projectParams, response: { 200: z.object({ runs: z.array(run) }), ...problems } } },
    async (request) => ({
      runs: (await listRuns(db, (await projectOf(db, request.params.project)).id, 100)).map(showRun),
    }),
  );
  app.get(
    '/projects/:project/runs/:run',
    {
      schema: { tags, params: projectParams.extend({ run: z.string().max(60) }), response: { 200: run, ...problems } },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const found = await getRun(db, project.id, request.params.run);
      if (found === null)
        throw new Problem(404, 'unknown-run', `project ${project.slug} has no run ${request.params.run}`);
      return showRun(found);
    },
  );
  for (const command of ['pause', 'resume', 'cancel'] as const) {
    app.post(
      `/projects/:project/${command}`,
      { schema: { tags, params: projectParams, body: reason, response: { 202: accepted, ...problems } } },
      async (request, reply) => {
        const why = request.body?.reason;
        const given = { by: byOf(request.apiKey), ...(why === undefined ? {} : { reason: why }) };
        return reply.code(202).send(await give(deps, request.params.project, command, given));
      },
    );
  }
  app.post(
    '/projects/:project/approve',
    {
      config: { role: 'approver' },
      schema: { tags, params: projectParams, body: approval, response: { 202: accepted, ...problems } },
    },
    async (request, reply) => {
      const { gate, reason: why } = request.body;
      const given = { by: byOf(request.apiKey), gate, ...(why === undefined ? {} : { reason: why }) };
      return reply.code(202).send(await give(deps, request.params.project, 'approve', given));
    },
  );
  app.get(
    '/projects/:project/gates',
    {
      schema: { tags, params: projectParams, response: { 200: z.object({ gates: z.array(gateShape) }), ...problems } },
    },
    async (request) => ({ gates: [...(await listGates(db, (await projectOf(db, request.params.project)).id))] }),
  );
};

function byOf(key: { readonly name: string } | null): string {
  return key?.name ?? 'api';
}

async function give<C extends Command>(deps: ApiDeps, slug: string, command: C, given: CommandInputs[C]) {
  const known = await knownProject(deps, slug);
  try {
    const answer = await deps.migrations.command(known, command, given);
    if (answer.accepted) return answer;
    const { code, message, phase, allowed } = answer.refusal;
    throw new Problem(409, code, message, { phase, allowed });
  } catch (error) {
    if (error instanceof CommandUnanswered) throw new Problem(503, 'unanswered', error.message);
    throw error;
  }
}

async function knownProject({ db }: ApiDeps, slug: string): Promise<KnownProject> {
  const project = await projectOf(db, slug);
  const active = await activeRun(db, project.id);
  const runs = await listRuns(db, project.id, 100);
  return {
    slug: project.slug,
    phase: project.phase,
    paused: project.pausedAt !== null,
    attention: project.attention,
    activeRun: active === null ? null : { name: active.name, kind: active.kind },
    hasBaseline: runs.some((one) => one.kind === 'full' && one.state === 'completed'),
  };
}
