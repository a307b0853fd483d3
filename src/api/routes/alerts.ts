import { randomBytes } from 'node:crypto';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ALERT_KINDS } from '../../domain/alerts.ts';
import { listAlerts } from '../../ledger/alerts/alert-rows.ts';
import { alertTarget, putAlertTarget, removeAlertTarget } from '../../ledger/alerts/alert-target.ts';
import { undelivered } from '../../ledger/alerts/outbox.ts';
import { appendDecision } from '../../ledger/decisions.ts';
import type { ApiDeps } from '../deps.ts';
import { byOf } from '../plugins/authentication.ts';
import { beforeNumber, nextOf, pageSize } from '../paging.ts';
import { Problem } from '../problems.ts';
import { problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const tags = ['status'];
const SECRET_BYTES = 32;
const alert = z.object({
  id: z.number(),
  kind: z.enum(ALERT_KINDS),
  subject: z.string(),
  message: z.string(),
  evidence: z.record(z.string(), z.number()),
  seen: z.number(),
  openedAt: z.string(),
  seenAt: z.string(),
  clearedAt: z.string().nullable(),
});
const query = z.object({
  state: z.enum(['open', 'all']).default('open'),
  before: beforeNumber,
  limit: pageSize(),
});
const receiver = z.strictObject({
  url: z.string().min(1).max(2_000),
  /** Made up when none is given. */
  secret: z
    .string()
    .regex(/^[!-~]{16,200}$/, '16 to 200 visible ASCII characters')
    .optional(),
});
const shownTarget = z.object({
  /** Scheme and host: the rest of an address may be a secret. */
  origin: z.string().nullable(),
  updatedAt: z.string().nullable(),
  /** Of what was to be sent there. */
  waiting: z.number(),
  givenUp: z.number(),
  lastError: z.string().nullable(),
});

/** What a project tells a person of by itself, and where it is sent. */
export const alertRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db, sealingKey, addressProblem }) => {
  app.get(
    '/projects/:project/alerts',
    {
      schema: {
        tags,
        params: projectParams,
        querystring: query,
        response: { 200: z.object({ alerts: z.array(alert), next: z.number().nullable() }), ...problems },
      },
    },
    async (request) => {
      const { id } = await projectOf(db, request.params.project);
      const { state, before = null, limit } = request.query;
      const alerts = await listAlerts(db, id, { all: state === 'all', before, limit });
      return {
        alerts: alerts.map((one) => ({ ...one, evidence: { ...one.evidence } })),
        next: nextOf(alerts, limit, (one) => one.id),
      };
    },
  );
  app.get(
    '/projects/:project/alerts/target',
    { schema: { tags, params: projectParams, response: { 200: shownTarget, ...problems } } },
    async (request) => {
      const { id } = await projectOf(db, request.params.project);
      const target = await alertTarget(db, id);
      return { origin: target?.origin ?? null, updatedAt: target?.updatedAt ?? null, ...(await undelivered(db, id)) };
    },
  );
  app.put(
    '/projects/:project/alerts/target',
    {
      schema: {
        tags,
        params: projectParams,
        body: receiver,
        response: { 200: z.object({ url: z.string(), secret: z.string().nullable() }), ...problems },
      },
    },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const { url, secret } = request.body;
      const problem = await addressProblem(url);
      if (problem !== undefined) {
        throw new Problem(422, 'receiver-refused', `alerts cannot be sent there: ${problem}`);
      }
      const made = secret === undefined ? randomBytes(SECRET_BYTES).toString('base64url') : null;
      await putAlertTarget(db, sealingKey, project, { url, secret: secret ?? made ?? '' });
      await appendDecision(db, project.id, byOf(request), 'alerts sent elsewhere', { host: new URL(url).host });
      return { url, secret: made };
    },
  );
  app.delete(
    '/projects/:project/alerts/target',
    { schema: { tags, params: projectParams, response: { 200: z.object({ removed: z.boolean() }), ...problems } } },
    async (request) => {
      const { id } = await projectOf(db, request.params.project);
      const removed = await removeAlertTarget(db, id);
      if (removed) await appendDecision(db, id, byOf(request), 'alerts sent nowhere');
      return { removed };
    },
  );
};
