import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { followsSource } from '../../domain/phases.ts';
import { ENTITIES } from '../../domain/entity.ts';
import { accountOf } from '../../ledger/records/run-account.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import { problems, runParams } from '../schemas.ts';
import { projectOf, runOf } from './project-scope.ts';

const account = z.object({
  run: z.string(),
  seen: z.number(),
  closed: z.boolean(),
  lines: z.array(
    z.object({ entity: z.enum(ENTITIES), word: z.string(), reason: z.string().nullable(), count: z.number() }),
  ),
});

/** What became of each distinct record that a recent run saw (design §5). */
export const accountRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  app.get(
    '/projects/:project/runs/:run/account',
    { schema: { tags: ['runs'], params: runParams, response: { 200: account, ...problems } } },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const run = await runOf(db, project, request.params.run);
      if (!followsSource(run.kind))
        throw new Problem(409, 'no-account', `${run.name} is no recent run: its passes and its status say what it did`);
      const { lines, ...sums } = await accountOf(db, project.id, run.id);
      return { run: run.name, ...sums, lines: [...lines] };
    },
  );
};
