import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
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

const PROBLEM_TYPE = 'application/problem+json';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed with this key',
  404: 'Not found',
  409: 'Not possible now',
  405: 'Not allowed here',
  413: 'Too large',
  415: 'Not JSON',
  422: 'Refused',
  429: 'Too many requests',
  431: 'Headers too large',
  503: 'Not available now',
};

/** One place from errors to answers: below 500 the reason goes out, at 500 it is logged in full and answered flat. */
export function installProblems(app: FastifyInstance): void {
  const methodsAt = knownMethods(app);
  const notFound = (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?')[0] ?? '';
    const allowed = methodsAt(path);
    if (allowed.length === 0) {
      const said = `${request.method} ${path} is no route; GET /docs shows them all`;
      return send(reply, request, 404, 'unknown-route', said, {});
    }
    const said = `${request.method} is not allowed at ${path}; allowed: ${allowed.join(', ')}`;
    return send(reply.header('allow', allowed.join(', ')), request, 405, 'method-not-allowed', said, {});
  };
  // Where there is no route nothing is to be said of a body either.
  app.setErrorHandler((error: FastifyError | Problem, request, reply) =>
    request.is404 && !(error instanceof Problem) ? notFound(request, reply) : answer(error, request, reply),
  );
  app.setNotFoundHandler(notFound);
}

/** Methods of the routes that a path belongs to; to be asked for before the routes are added. */
function knownMethods(app: FastifyInstance): (path: string) => string[] {
  const routes: { readonly methods: string[]; readonly path: RegExp }[] = [];
  app.addHook('onRoute', ({ method, path }) => {
    // Parameters hold no slash, and only the pages of the docs have wildcards.
    const pattern = path.replaceAll(/:\w+/g, '[^/]+').replaceAll('*', '.*');
    routes.push({ methods: [method].flat(), path: new RegExp(`^${pattern}$`) });
  });
  return (path) => [...new Set(routes.filter((one) => one.path.test(path)).flatMap(({ methods }) => methods))].sort();
}

/** What is wrong before a route is found, or before a request can be read at all, is answered as a problem too. */
export const problemsBeforeRouting = {
  frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const detail = `the path cannot be read: ${error.code === 'FST_ERR_BAD_URL' ? 'it is not percent-encoded UTF-8' : error.message}`;
    void send(reply, request, 400, 'invalid-input', detail, {});
  },
  clientErrorHandler: (error: Error & { readonly code?: string }, socket: Socket) => {
    // The other side is gone, or an answer is on its way already: nothing more can be said.
    if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) return void socket.destroy();
    const [status, reason] =
      error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'its headers are too large'] : [400, 'it is not HTTP'];
    const body = problemBody(status, 'malformed-request', `the request cannot be read: ${reason}`, crypto.randomUUID());
    const text = JSON.stringify(body);
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  },
};

function answer(error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Problem) return send(reply, request, error.status, error.code, error.message, error.extra);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validationContext ?? 'body';
    const complaints = error.validation.map(
      (issue) =>
        `${where}${issue.instancePath.replaceAll('/', '.').replace(/\.$/, '')}: ${issue.message ?? 'not allowed'}`,
    );
    return send(reply, request, 400, 'invalid-input', complaints.join('; '), {});
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return send(reply, request, status, codeOf(error), error.message, {});
  if (status === 503) return send(reply, request, 503, 'busy', 'too much at once; try again in a moment', {});
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
  const body = { ...problemBody(status, code, detail, request.id), ...extra };
  // Serialised here: a problem has a shape of its own, whatever the route's schema says of its good answers.
  return reply.code(status).type(PROBLEM_TYPE).serializer(JSON.stringify).send(body);
}

function problemBody(status: number, code: string, detail: string, instance: string) {
  return { type: `/docs#${code}`, title: TITLES[status] ?? 'Error', status, code, detail, instance };
}
