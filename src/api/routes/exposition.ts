import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { projectFigures } from '../../ledger/project-figures.ts';
import type { ApiDeps } from '../deps.ts';
import { CONTENT_TYPE, exposition } from '../exposition.ts';
import { problems } from '../schemas.ts';

const text = { description: "Prometheus' text format", content: { 'text/plain': { schema: z.string() } } };

/** `GET /metrics`, at the place where Prometheus looks when nobody tells it of another. */
export const expositionRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db, openMetrics = false }) => {
  const { 401: unknown, 403: forbidden, 429: busy, 500: broken, 503: silent } = problems;
  app.get(
    '/metrics',
    {
      config: { role: openMetrics ? 'open' : 'viewer' },
      schema: {
        tags: ['metrics'],
        response: { 200: text, 401: unknown, 403: forbidden, 429: busy, 500: broken, 503: silent },
      },
    },
    async (_request, reply) => {
      const written = await exposition(await projectFigures(db));
      return reply.type(CONTENT_TYPE).send(written);
    },
  );
};
