import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { makeGateToken } from '../../ledger/gate-tokens.ts';
import { listGates } from '../../ledger/gates.ts';
import type { ApiDeps } from '../deps.ts';
import { afterKey, keyCursor, keyText, nextOf, pageSize } from '../paging.ts';
import { byOf } from '../plugins/authentication.ts';
import { accepted, problems, projectParams } from '../schemas.ts';
import { give } from './give-command.ts';
import { projectOf } from './project-scope.ts';

const tags = ['runs'];
const approval = z.strictObject({ gate: z.string().min(1).max(100), reason: z.string().max(500).optional() });
const gateShape = z.object({
  gate: z.string(),
  state: z.enum(['open', 'passed', 'refused', 'expired']),
  evidence: z.unknown(),
  passedBy: z.string().nullable(),
  madeAt: z.string(),
  expiresAt: z.string().nullable(),
});
const gateKey = z.tuple([z.number().int(), keyText]);

/** What waits for a person: listed with its evidence, and let go by an approver. */
export const gateRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, deps) => {
  const { db } = deps;
  app.post(
    '/projects/:project/approve',
    {
      config: { role: 'approver' },
      schema: { tags, params: projectParams, body: approval, response: { 202: accepted, ...problems } },
    },
    async (request, reply) => {
      const { gate, reason: why } = request.body;
      const by = byOf(request);
      // The word that a Signal would bring along: the workflow asks for it whoever gives the command.
      const { id } = await projectOf(db, request.params.project);
      const { token } = await makeGateToken(db, id, gate, by);
      const given = { by, gate, token, ...(why === undefined ? {} : { reason: why }) };
      return reply.code(202).send(await give(deps, request.params.project, 'approve', given));
    },
  );
  app.post(
    '/projects/:project/gates/:gate/tokens',
    {
      config: { role: 'approver' },
      schema: {
        tags,
        params: projectParams.extend({ gate: z.string().min(1).max(100) }),
        response: { 201: z.object({ token: z.string(), expiresAt: z.string() }), ...problems },
      },
    },
    async (request, reply) => {
      const { id } = await projectOf(db, request.params.project);
      return reply.code(201).send(await makeGateToken(db, id, request.params.gate, byOf(request)));
    },
  );
  app.get(
    '/projects/:project/gates',
    {
      schema: {
        tags,
        params: projectParams,
        querystring: z.object({ after: afterKey(gateKey), limit: pageSize() }),
        response: { 200: z.object({ gates: z.array(gateShape), next: z.string().nullable() }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const { after, limit } = request.query;
      const gates = await listGates(db, project.id, {
        after: after === null ? null : { runId: after[0], gate: after[1] },
        limit,
      });
      return {
        gates: gates.map(({ runId: _runId, ...gate }) => gate),
        next: nextOf(gates, limit, ({ runId, gate }) => keyCursor([runId, gate])),
      };
    },
  );
};
