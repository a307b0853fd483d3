import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { HookDelivery, HookFormat } from '../../connectors/hooks.ts';
import { takesPart } from '../../domain/mapping.ts';
import { sourcePlatform } from '../../ledger/connections.ts';
import { countDelivery, receiveDelivery } from '../../ledger/hook-deliveries.ts';
import { readKeys } from '../../ledger/hooks.ts';
import type { Project } from '../../ledger/projects.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problems.ts';
import { problems, projectParams } from '../schemas.ts';
import { projectOf } from './project-scope.ts';

/** A large product with its metadata is a tenth of this. */
const BODY_LIMIT_BYTES = 5 * 1_048_576;
/** A minute, of one project. What is turned away is told by the next poll: a hint only makes it quicker (P1). */
const DELIVERIES_A_MINUTE = 6_000;
/** Those that nobody signed have a limit of their own: whoever floods us with them shuts out no shop. */
const REJECTED_A_MINUTE = 300;

const platform = z.string().regex(/^[a-z0-9-]{1,40}$/, 'the name of a platform');
const params = projectParams.extend({ platform });
const answer = z.object({ outcome: z.enum(['received', 'repeated', 'ignored', 'ping']) });

/** `POST /v1/hooks/<project>/<platform>`: a signed delivery becomes a hint and is answered; the record itself is read later. */
export const hookDeliveryRoutes: FastifyPluginAsyncZod<ApiDeps> = async (app, { db, sealingKey, hooks, ...deps }) => {
  // The signature is over the bytes as they came, whatever they are said to be.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const keyGenerator = (request: FastifyRequest) => (request.params as z.output<typeof params>).project;
  const perMinute = (max: number) => app.createRateLimit({ max, timeWindow: '1 minute', keyGenerator });
  const deliveries = perMinute(deps.deliveriesPerMinute ?? DELIVERIES_A_MINUTE);
  const rejections = perMinute(deps.rejectedPerMinute ?? REJECTED_A_MINUTE);
  const within = async (limit: typeof deliveries, request: FastifyRequest): Promise<void> => {
    const { isAllowed, ...rest } = await limit(request);
    if (isAllowed || !('isExceeded' in rest) || !rest.isExceeded) return;
    const said = `too many deliveries; try again in ${rest.ttlInSeconds} seconds, or leave it to the next poll`;
    throw new Problem(429, 'too-many-requests', said);
  };

  app.post(
    '/hooks/:project/:platform',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      // Its own limits, by project: all deliveries of a shop come from one address.
      config: { role: 'signed', rateLimit: false },
      schema: { tags: ['hooks'], params, response: { 200: answer, ...problems } },
    },
    async (request): Promise<z.output<typeof answer>> => {
      const project = await knownProject(request, () => within(rejections, request));
      const format = hooks.formats[request.params.platform];
      if (format === undefined || (await sourcePlatform(db, project.id)) !== request.params.platform) {
        await within(rejections, request);
        const said = `project ${project.slug} takes no webhooks of ${request.params.platform}`;
        throw new Problem(404, 'unknown-platform', said);
      }
      const delivery = deliveryOf(request);
      if (format.isPing(delivery)) return { outcome: 'ping' };
      const topic = format.topicOf(delivery) ?? '';
      const known = format.topics.some((one) => one.topic === topic) ? topic : '';
      const keys = await readKeys(db, sealingKey, project);
      if (keys === null || !format.isSigned(delivery, keys.secret)) {
        await within(rejections, request);
        await countDelivery(db, project.id, known, 'rejected');
        throw new Problem(401, 'signature-wrong', "the delivery is not signed with this project's secret");
      }
      await within(deliveries, request);
      return { outcome: await take(project, format, known, delivery.body) };
    },
  );

  async function knownProject(request: FastifyRequest, limit: () => Promise<void>): Promise<Project> {
    try {
      return await projectOf(db, (request.params as z.output<typeof params>).project);
    } catch (error) {
      await limit();
      throw error;
    }
  }

  async function take(project: Project, format: HookFormat, topic: string, body: Buffer) {
    const ref = format.refOf(topic, body);
    if (ref === null || !takesPart(project.mapping, ref.entity)) {
      await countDelivery(db, project.id, topic, 'ignored');
      return 'ignored';
    }
    const bodyHash = createHash('sha256').update(body).digest('hex');
    return receiveDelivery(db, project.id, { topic, ref, bodyHash });
  }
};

/** Without a body nothing was parsed. */
function deliveryOf({ headers, body }: FastifyRequest): HookDelivery {
  return { headers, body: Buffer.isBuffer(body) ? body : Buffer.alloc(0) };
}
