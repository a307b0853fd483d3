import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Assessment } from '../../domain/assessment.ts';
import { adviceFor } from '../../domain/reported-keys.ts';
import { latestAssessment } from '../../ledger/assessments.ts';
import { countByKey, type KeyCount, listByKey } from '../../ledger/findings.ts';
import type { ApiDeps } from '../deps.ts';
import { afterKey, keyCursor, keyText, nextOf, pageSize } from '../paging.ts';
import { problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

const tags = ['findings'];
const query = z.object({
  key: z.string().optional(),
  after: afterKey(z.tuple([keyText, keyText, keyText])),
  limit: pageSize(),
});
const count = z.object({ key: z.string(), entity: z.string(), records: z.number(), samples: z.array(z.string()) });
const row = z.object({ entity: z.string(), sourceId: z.string(), field: z.string(), detail: z.unknown() });
const answer = z.object({
  keys: z.array(count.extend({ advice: z.string().optional() })),
  items: z.array(row),
  next: z.string().nullable(),
});

/** What the source has as a whole, as the latest assessment counted it. */
async function storeReports(db: ApiDeps['db'], projectId: number): Promise<readonly KeyCount[]> {
  const assessment = await latestAssessment(db, projectId);
  // Assessments of before there were reports have none.
  const reports: Assessment['reports'] | undefined = assessment?.reports;
  return (reports ?? []).map(({ key, count: records, samples }) => ({ key, entity: 'store', records, samples }));
}

/** What was changed on purpose, and what could not be carried: counts by key, and with `?key=` the records (rulebook §15). */
export const findingRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db }) => {
  for (const [name, kind] of [
    ['adjustments', 'adjustments'],
    ['reports', 'report_items'],
  ] as const) {
    app.get(
      `/projects/:project/${name}`,
      { schema: { tags, params: projectParams, querystring: query, response: { 200: answer, ...problems } } },
      async (request) => {
        const project = await projectOf(db, request.params.project);
        const { key, after, limit } = request.query;
        const ofStore = kind === 'report_items' ? await storeReports(db, project.id) : [];
        const counted = [...ofStore, ...(await countByKey(db, project.id, kind))];
        const items = key === undefined ? [] : await listByKey(db, project.id, kind, { key, after, limit });
        return {
          keys: counted
            .filter((one) => key === undefined || one.key === key)
            .map((one) => ({
              ...one,
              samples: [...one.samples],
              ...(kind === 'report_items' ? { advice: adviceFor(one.key) } : {}),
            })),
          items: [...items],
          next: nextOf(items, limit, ({ entity, sourceId, field }) => keyCursor([entity, sourceId, field])),
        };
      },
    );
  }
};
