import { sql } from 'kysely';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';

const part = z.object({ ok: z.boolean(), problem: z.string().nullable() });
const readiness = z.object({ ready: z.boolean(), postgres: part, temporal: part });

/** Liveness needs nothing; readiness reports the parts apart. */
export const healthRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db, temporalProblem }) => {
  app.get(
    '/health',
    {
      config: { role: 'open' },
      schema: { tags: ['health'], response: { 200: z.object({ status: z.literal('ok') }) } },
    },
    () => ({
      status: 'ok' as const,
    }),
  );
  app.get(
    '/ready',
    { config: { role: 'open' }, schema: { tags: ['health'], response: { 200: readiness, 503: readiness } } },
    async (_request, reply) => {
      const [postgres, temporal] = await Promise.all([
        sql`SELECT 1`.execute(db).then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.message : 'no answer'),
        ),
        temporalProblem().then((problem) => problem ?? null),
      ]);
      const ready = postgres === null && temporal === null;
      return reply.code(ready ? 200 : 503).send({ ready, postgres: said(postgres), temporal: said(temporal) });
    },
  );
};

function said(problem: string | null) {
  return { ok: problem === null, problem };
}
