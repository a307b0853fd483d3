import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

/** An expected refusal, answered as `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly extra: Readonly<Record<string, unknown>>;

  /** @param code kebab-case, stable; @param detail what was expected, what came, what to do */
  constructor(status: number, code: string, detail: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

export function unknownProject(slug: string): Problem {
  return new Problem(404, 'unknown-project', `there is no project ${slug}; GET /v1/projects lists them`);
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed with this key',
  404: 'Not found',
  409: 'Not possible now',
  413: 'Too large',
  415: 'Not JSON',
  422: 'Refused',
  429: 'Too many requests',
  503: 'Not available now',
};

/** One place from errors to answers: below 500 the reason goes out, at 500 it is logged in full and answered flat. */
export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | Problem, request, reply) => answer(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    send(
      reply,
      request,
      404,
      'unknown-route',
      `${request.method} ${request.url.split('?')[0]} is no route; GET /docs shows them all`,
      {},
    ),
  );
}

function answer(error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Problem) return send(reply, request, error.status, error.code, error.message, error.extra);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validationContext ?? 'body';
    const complaints = error.validation.map(
      (issue) => `${where}${issue.instancePath.replaceAll('/', '.')}: ${issue.message ?? 'not allowed'}`,
    );
    return send(reply, request, 400, 'invalid-input', complaints.join('; '), {});
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return send(reply, request, status, codeOf(error), error.message, {});
  request.log.error({ err: error }, 'a request failed');
  return send(
    reply,
    request,
    500,
    'internal-error',
    'something went wrong here; the log has it under this request id',
    {},
  );
}

function codeOf(error: FastifyError): string {
  const known: Readonly<Record<string, string>> = {
    FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-json',
    FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
    FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
    FST_ERR_CTP_INVALID_MEDIA_TYPE: 'not-json',
  };
  return known[error.code] ?? 'bad-request';
}

function send(
  reply: FastifyReply,
  request: FastifyRequest,
  status: number,
  code: string,
  detail: string,
  extra: Readonly<Record<string, unknown>>,
): FastifyReply {
  const body = {
    type: `/docs#${code}`,
    title: TITLES[status] ?? 'Error',
    status,
    code,
    detail,
    instance: request.id,
    ...extra,
  };
  // Serialised here: a problem has a shape of its own, whatever the route's schema says of its good answers.
  return reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(body);
}
