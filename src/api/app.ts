import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import underPressure from '@fastify/under-pressure';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { ApiDeps } from './deps.ts';
import { openApi } from './openapi.ts';
import { installAuthentication } from './plugins/authentication.ts';
import { installBodies } from './plugins/bodies.ts';
import { installIdempotency } from './plugins/idempotency.ts';
import { installProblems, Problem, problemsBeforeRouting } from './problems.ts';
import { alertRoutes } from './routes/alerts.ts';
import { announcementRoutes } from './routes/announcements.ts';
import { assessmentRoutes } from './routes/assessment.ts';
import { accountRoutes } from './routes/account.ts';
import { conflictRoutes } from './routes/conflicts.ts';
import { commandRoutes } from './routes/commands.ts';
import { findingRoutes } from './routes/findings.ts';
import { gateRoutes } from './routes/gates.ts';
import { estimateRoutes } from './routes/estimate.ts';
import { failureRoutes } from './routes/failures.ts';
import { idMapRoutes } from './routes/id-map.ts';
import { passRoutes } from './routes/passes.ts';
import { expositionRoutes } from './routes/exposition.ts';
import { forecastRoutes } from './routes/forecast.ts';
import { captureRoutes } from './routes/capture.ts';
import { hookDeliveryRoutes } from './routes/hook-deliveries.ts';
import { hookRoutes } from './routes/hooks.ts';
import { metricRoutes } from './routes/metrics.ts';
import { healthRoutes } from './routes/health.ts';
import { mappingRoutes } from './routes/mapping.ts';
import { optionRoutes } from './routes/options.ts';
import { projectRoutes } from './routes/projects.ts';
import { scheduleRoutes } from './routes/schedules.ts';
import { recordRoutes } from './routes/records.ts';
import { statusRoutes } from './routes/status.ts';

const BODY_LIMIT_BYTES = 1_048_576;
const REQUESTS_A_MINUTE = 1_200;
/** Ids of a source may be addresses; what is longer than a schema allows gets that schema's answer. */
const PARAMETER_CHARACTERS = 2_000;

/** The API as an app that is not listening yet: tests inject into it, the composition root listens. */
export async function createApp(deps: ApiDeps): Promise<FastifyInstance> {
  const log: FastifyBaseLogger = deps.log;
  const app = Fastify({
    loggerInstance: log,
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: () => crypto.randomUUID(),
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS },
    ...problemsBeforeRouting,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  installProblems(app);
  installBodies(app);
  await app.register(helmet, { contentSecurityPolicy: false });
  await app.register(rateLimit, {
    max: deps.requestsPerMinute ?? REQUESTS_A_MINUTE,
    timeWindow: '1 minute',
    errorResponseBuilder: (_request, { after }) =>
      new Problem(429, 'too-many-requests', `too many requests; try again in ${after}`),
  });
  await app.register(underPressure, { maxEventLoopDelay: 2_000 });
  await app.register(swagger, openApi);
  installAuthentication(app, deps.keys);
  installIdempotency(app, deps.db);
  await app.register(swaggerUi, { routePrefix: '/docs' });
  await app.register(expositionRoutes, deps);
  for (const routes of [
    healthRoutes,
    projectRoutes,
    mappingRoutes,
    optionRoutes,
    accountRoutes,
    commandRoutes,
    conflictRoutes,
    announcementRoutes,
    scheduleRoutes,
    gateRoutes,
    passRoutes,
    estimateRoutes,
    failureRoutes,
    idMapRoutes,
    findingRoutes,
    captureRoutes,
    hookRoutes,
    hookDeliveryRoutes,
    metricRoutes,
    assessmentRoutes,
    statusRoutes,
    alertRoutes,
    forecastRoutes,
    recordRoutes,
  ])
    await app.register(routes, { ...deps, prefix: '/v1' });
  return app;
}
