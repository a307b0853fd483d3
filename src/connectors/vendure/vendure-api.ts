import { z } from 'zod';
import type { FailedReply } from '../http/failure-mapping.ts';
import { StoreFailure, type StoreFailureKind } from '../http/failures.ts';
import { createStoreClient, type StoreReply } from '../http/store-client.ts';
import type { WireRequest } from '../http/transport.ts';
import { adminApiPath, serverUrl, storeKeyOf, type VendureOptions } from './options.ts';
import { createSession } from './session.ts';

export interface Ask<T> {
  /** A query; nothing in here writes. */
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Low-cardinality name for logs. */
  readonly route: string;
  /** Of the reply's `data`. */
  readonly schema: z.ZodType<T>;
  readonly signal: AbortSignal;
}

/** The Admin GraphQL API of one channel, for queries. */
export interface VendureApi {
  readonly serverUrl: string;
  query<T>(ask: Ask<T>): Promise<StoreReply<T>>;
}

/** Errors come inside answers of 200: `errors[].extensions.code`. Without `data` and without errors it is no answer at all. */
const envelope = z.looseObject({ data: z.unknown().optional(), errors: z.array(z.unknown()).optional() });

/** Any question that everybody may ask who is logged in: tells a key that nobody knows from one that may not see something. */
const WHO_KNOWS_ME = '{ globalSettings { id } }';

export function createVendureApi(options: VendureOptions): VendureApi {
  const base = serverUrl(options);
  const client = createStoreClient({
    baseUrl: base,
    store: `vendure:${storeKeyOf(options)}`,
    governor: options.governor,
    sign: (request) => session.sign(withChannel(request, options.channel)),
    timeoutMs: options.timeoutMs,
    concurrency: options.concurrency,
    network: options.network,
    classify,
    refusedInside,
    ...(options.retry === undefined ? {} : { retry: options.retry }),
    ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
  });
  const post = (
    document: string,
    variables: Readonly<Record<string, unknown>>,
    route: string,
    signal: AbortSignal,
  ): Promise<StoreReply<z.output<typeof envelope>>> =>
    client.request({
      method: 'POST',
      path: adminApiPath(options),
      body: { query: document, variables },
      route,
      schema: envelope,
      write: false,
      signal,
    });
  const session = createSession(options, post);

  const isKnown = async (signal: AbortSignal): Promise<boolean> => {
    try {
      await post(WHO_KNOWS_ME, {}, 'globalSettings', signal);
      return true;
    } catch (error) {
      if (codeOf(error) !== FORBIDDEN) throw error;
      return false;
    }
  };
  const send = async <T>({ document, variables = {}, route, schema, signal }: Ask<T>): Promise<StoreReply<T>> => {
    const reply = await post(document, variables, route, signal);
    const parsed = schema.safeParse(reply.data.data);
    if (parsed.success) return { ...reply, data: parsed.data };
    const where = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'data'}: ${issue.code}`);
    throw new StoreFailure('unintelligible', `${route}: a reply of another shape than expected (${where.join('; ')})`);
  };

  return {
    serverUrl: base,
    async query(ask) {
      await session.open(ask.signal);
      const logins = session.logins();
      try {
        return await send(ask);
      } catch (error) {
        // The same word for a session that has ended, a key that was withdrawn, and a right that is missing.
        if (codeOf(error) !== FORBIDDEN) throw inWords(ask.route, error);
        if (await isKnown(ask.signal)) throw inWords(ask.route, error);
        await session.renew(logins, ask.signal);
      }
      try {
        return await send(ask);
      } catch (error) {
        throw inWords(ask.route, error);
      }
    },
  };
}

const FORBIDDEN = 'FORBIDDEN';

/** Those that say more than "refused"; the rest are `rejected`. */
const KINDS: Readonly<Record<string, StoreFailureKind>> = {
  [FORBIDDEN]: 'permission-missing',
  UNAUTHORIZED: 'permission-missing',
  // A token of a channel that this server does not have.
  CHANNEL_NOT_FOUND: 'credentials-rejected',
  ENTITY_NOT_FOUND: 'missing',
  // Another version of the schema than the one that the queries are written for.
  GRAPHQL_VALIDATION_FAILED: 'unintelligible',
  GRAPHQL_PARSE_FAILED: 'unintelligible',
  INTERNAL_SERVER_ERROR: 'unreachable',
};

function refusedInside({ body }: FailedReply): StoreFailureKind | null {
  const code = errorCode(body);
  if (code !== null) return KINDS[code] ?? 'rejected';
  const { data } = body as { data?: unknown };
  return data === undefined || data === null ? 'unintelligible' : null;
}

/** One address serves everything: a 404 speaks of no record, and a 400 with errors inside is one of the query. */
function classify(reply: FailedReply): StoreFailureKind | null {
  if (reply.status === 404 || reply.status === 410) return 'unintelligible';
  const code = reply.status === 400 ? errorCode(reply.body) : null;
  return code === null ? null : (KINDS[code] ?? 'rejected');
}

/** The first error's code; null when the body holds no errors. */
function errorCode(body: unknown): string | null {
  const errors = (body as { errors?: unknown } | null)?.errors;
  if (!Array.isArray(errors) || errors.length === 0) return null;
  const { code } = (errors[0] as { extensions?: { code?: unknown } } | null)?.extensions ?? {};
  return typeof code === 'string' ? code : 'UNKNOWN';
}

function codeOf(error: unknown): string | null {
  return error instanceof StoreFailure && error.kind !== 'unintelligible' ? errorCode(error.body) : null;
}

/** The platform's own word instead of "answered 200". */
function inWords(route: string, error: unknown): unknown {
  const code = error instanceof StoreFailure ? errorCode(error.body) : null;
  if (!(error instanceof StoreFailure) || code === null) return error;
  const { kind, status, retryAfterMs, body } = error;
  return new StoreFailure(kind, `${route}: the store answered ${code}`, { status, retryAfterMs, body });
}

/** How many rows the server gives at most, if the failure says so (`adminListQueryLimit`). */
export function listLimitIn(error: unknown): number | null {
  if (!(error instanceof StoreFailure) || error.kind !== 'rejected' || errorCode(error.body) === null) return null;
  const [first] = (error.body as { errors: readonly { message?: unknown }[] }).errors;
  const said = typeof first?.message === 'string' ? /\b(\d+)\b/.exec(first.message) : null;
  return said === null ? null : Number(said[1]);
}

function withChannel(request: WireRequest, channel: string | undefined): WireRequest {
  if (channel === undefined || channel === '') return request;
  return { ...request, headers: { ...request.headers, 'vendure-token': channel } };
}
