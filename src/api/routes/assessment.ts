import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Assessment } from '../../domain/assessment.ts';
import { latestAssessment, saveAssessment } from '../../ledger/assessments.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import { problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const tags = ['assessment'];
const answer = z.object({
  at: z.string(),
  mappingVersion: z.number(),
  counts: z.record(z.string(), z.number()),
  checks: z.array(
    z.object({
      key: z.string(),
      severity: z.enum(['stop', 'warning', 'note']),
      count: z.number(),
      samples: z.array(z.string()),
      message: z.string(),
      remedy: z.string(),
    }),
  ),
  reports: z.array(z.object({ key: z.string(), count: z.number(), samples: z.array(z.string()) })),
});

/** What a look at both stores found: at the start of every run, and whenever somebody asks for a new one. */
export const assessmentRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db, looks }) => {
  app.get(
    '/projects/:project/assessment',
    { schema: { tags, params: projectParams, response: { 200: answer, ...problems } } },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const found = await latestAssessment(db, project.id);
      if (found !== null) return shown(found);
      throw new Problem(404, 'not-assessed', 'nobody has looked at the stores yet: POST to this address does');
    },
  );
  app.post(
    '/projects/:project/assessment',
    { config: { role: 'operator' }, schema: { tags, params: projectParams, response: { 200: answer, ...problems } } },
    async (request) => {
      const project = await projectOf(db, request.params.project);
      const looked = await looks.assess(project.slug);
      if (!looked.ok) throw new Problem(422, looked.code, `the stores could not be looked at: ${looked.message}`);
      await saveAssessment(db, project.id, looked.assessment);
      return shown(looked.assessment);
    },
  );
};

const copied = <T extends { readonly samples: readonly string[] }>(one: T) => ({ ...one, samples: [...one.samples] });

function shown({ counts, checks, reports, ...rest }: Assessment) {
  return { ...rest, counts: { ...counts }, checks: checks.map(copied), reports: reports.map(copied) };
}
