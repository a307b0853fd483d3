import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { ZodType } from 'zod';
import { failureOfReply, failureOfTransport } from './failure-mapping.ts';
import type { Attempt, Classify } from './failure-mapping.ts';
import { StoreFailure } from './failures.ts';
import type { StoreFailureKind } from './failures.ts';
import type { Network } from './network-guard.ts';
import type { QuotaGovernor, QuotaObservation, QuotaRequest } from './quota.ts';
import { encodeBody, requestUrl } from './request-form.ts';
import type { Query, RequestBody } from './request-form.ts';
import { readBody } from './reply-body.ts';
import { backoffMs, advisedWaitMs, DEFAULT_RETRY } from './retry-advice.ts';
import type { ReplyHeaders, RetryOptions } from './retry-advice.ts';
import { sendFollowing } from './redirects.ts';
import { createTransport } from './transport.ts';
import type { Method, WireReply, WireRequest } from './transport.ts';

/** One attempt, for logs and metrics. No path, no query: `route` is all there is of the address. */
export interface RequestFact {
  readonly method: Method;
  readonly route: string;
  readonly status: number | null;
  readonly ms: number;
  readonly attempt: number;
  /** Why the request was made, as the caller named it. */
  readonly cause: string | null;
  readonly failure: StoreFailureKind | null;
}

export interface StoreClientOptions {
  /** Paths of requests are appended to it. */
  readonly baseUrl: string;
  /** The store's name for the governor, the same for all workers. */
  readonly store: string;
  readonly governor: QuotaGovernor;
  /** Adds the credentials; called for every attempt and hop, so that nonces and times are fresh. */
  readonly sign: (request: WireRequest) => WireRequest;
  /** Per attempt, from sending to the last byte. */
  readonly timeoutMs: number;
  /** Sockets kept to the store, and the default cap of requests in flight. */
  readonly concurrency: number;
  readonly network: Network;
  readonly userAgent?: string;
  readonly retry?: Partial<RetryOptions>;
  readonly readObservation?: (headers: ReplyHeaders, status: number) => QuotaObservation;
  readonly classify?: Classify;
  /** Reads refusals out of good JSON replies, for platforms that answer 200 with errors inside (GraphQL); null = a good reply. */
  readonly refusedInside?: Classify;
  /** Skip what plugins print before the JSON of a read (source-apis §1.7). Default false. */
  readonly skipNotices?: boolean;
  readonly onRequest?: (fact: RequestFact) => void;
}

export interface RequestSpec<T> {
  readonly method: Method;
  /** Appended to `baseUrl`; starts with a slash. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: RequestBody;
  /** Low-cardinality name for logs: `products/:id`. */
  readonly route: string;
  /** Checked against a JSON body; a mismatch is `unintelligible` (for a write `uncertain`). */
  readonly schema?: ZodType<T>;
  /** Whether a repeat could do harm: decides what is retried and what an unclear end means. */
  readonly write: boolean;
  /** A resource with a concurrency cap of its own; default `default` with the client's concurrency. */
  readonly resource?: string;
  readonly resourceSlots?: number;
  readonly signal: AbortSignal;
  /** performance.now() deadline: nothing is sent after it (P5). */
  readonly sendBefore?: number;
  readonly cause?: string;
  /** `json` (default): JSON, or null on 204. `empty`: the body is ignored. `bytes`: a Buffer. */
  readonly expect?: 'json' | 'empty' | 'bytes';
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface StoreReply<T> {
  readonly status: number;
  readonly data: T;
  /** Lower-case names. */
  readonly headers: ReplyHeaders;
}

export interface StoreClient {
  /**
   * Sends, and tries again what may be tried again: reads by the store's advice, writes only when it is certain that
   * nothing was done (429, 423, connection refused). Throws `StoreFailure`; an abort before sending, or of a read,
   * throws the signal's own reason.
   */
  request<T = unknown>(spec: RequestSpec<T>): Promise<StoreReply<T>>;
  /** Closes idle connections. */
  close(): void;
}

export function createStoreClient(options: StoreClientOptions): StoreClient {
  const retry: RetryOptions = { ...DEFAULT_RETRY, ...options.retry };
  const transport = createTransport(options);

  async function sendOnce<T>(spec: RequestSpec<T>, attemptNumber: number): Promise<StoreReply<T>> {
    const permit = await options.governor.acquire(quotaRequest(options, spec), spec.signal);
    const attempt: Attempt = { what: `${spec.method} ${spec.route}`, write: spec.write };
    const startedAt = performance.now();
    let endedAt: number | null = null;
    let reply: WireReply | null = null;
    let failure: StoreFailure | null = null;
    let sent = false;
    let isBack = false;
    // A slot that cannot be given back ends by itself; what the store answered must not be lost over it.
    const giveBack = async (answer: WireReply | null) => {
      if (isBack) return;
      isBack = true;
      await permit.release(answer === null ? {} : observe(answer, options)).catch(() => undefined);
    };
    try {
      assertInTime(spec, attempt);
      spec.signal.throwIfAborted();
      sent = true;
      reply = await sendFollowing(transport, wireRequest(options, spec), {
        sign: options.sign,
        write: spec.write,
        timeoutMs: spec.timeoutMs ?? options.timeoutMs,
        signal: spec.signal,
      });
      endedAt = performance.now();
      // Before the reply is looked into: the slot is free for the next, which goes out in this turn of the event loop, and
      // reading a large body takes time.
      await giveBack(reply);
      await nextTurn();
      return usable(attempt, spec, reply, options);
    } catch (error) {
      if (spec.signal.aborted && !(spec.write && sent)) throw spec.signal.reason;
      failure = failureOfTransport(attempt, error);
      throw failure;
    } finally {
      options.onRequest?.({
        method: spec.method,
        route: spec.route,
        status: reply?.status ?? null,
        ms: Math.round((endedAt ?? performance.now()) - startedAt),
        attempt: attemptNumber,
        cause: spec.cause ?? null,
        failure: failure?.kind ?? null,
      });
      await giveBack(reply);
    }
  }

  return {
    async request(spec) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await sendOnce(spec, attempt);
        } catch (error) {
          const waitMs = error instanceof StoreFailure ? waitBeforeRetry(error, attempt, spec, retry) : null;
          if (waitMs === null) throw error;
          await sleep(waitMs, undefined, { signal: spec.signal }).catch(() => spec.signal.throwIfAborted());
        }
      }
    },
    close: () => transport.close(),
  };
}

/** How long to wait before the next attempt; null = give up and let the caller decide. */
function waitBeforeRetry(
  failure: StoreFailure,
  attempt: number,
  spec: Pick<RequestSpec<unknown>, 'write' | 'sendBefore' | 'signal'>,
  retry: RetryOptions,
): number | null {
  const certainlyUndone = failure.kind === 'busy' || failure.kind === 'unreachable';
  // A page that is not JSON once may be a hiccup; twice it is how this address answers.
  const hiccup = failure.kind === 'unintelligible' && failure.body === undefined && attempt === 1;
  const mayRetry = certainlyUndone || (!spec.write && hiccup);
  const elsewhere = failure.status !== null && failure.status >= 300 && failure.status < 400;
  if (!mayRetry || elsewhere || attempt >= retry.tries || spec.signal.aborted) return null;
  const waitMs = failure.retryAfterMs ?? backoffMs(attempt, retry);
  if (waitMs > retry.maxWaitMs) return null;
  return spec.sendBefore !== undefined && performance.now() + waitMs >= spec.sendBefore ? null : waitMs;
}

function assertInTime(spec: Pick<RequestSpec<unknown>, 'sendBefore'>, attempt: Attempt): void {
  if (spec.sendBefore !== undefined && performance.now() >= spec.sendBefore) {
    throw new StoreFailure('unreachable', `${attempt.what}: not sent, what is left of the lease is too short`);
  }
}

function quotaRequest(options: StoreClientOptions, spec: Omit<RequestSpec<unknown>, 'schema'>): QuotaRequest {
  return {
    store: options.store,
    resource: spec.resource ?? 'default',
    resourceSlots: spec.resourceSlots ?? options.concurrency,
    timeoutMs: spec.timeoutMs ?? options.timeoutMs,
  };
}

function wireRequest(options: StoreClientOptions, spec: Omit<RequestSpec<unknown>, 'schema'>): WireRequest {
  const { body, contentType } = encodeBody(spec.body);
  const headers: Record<string, string> = {
    accept: spec.expect === 'bytes' ? '*/*' : 'application/json',
    'user-agent': options.userAgent ?? 'storeferry',
    ...(contentType === null ? {} : { 'content-type': contentType }),
    ...spec.headers,
  };
  const request = { method: spec.method, url: requestUrl(options.baseUrl, spec.path, spec.query), headers };
  return body === undefined ? request : { ...request, body };
}

function observe(reply: WireReply, options: StoreClientOptions): QuotaObservation {
  const seen = options.readObservation?.(reply.headers, reply.status) ?? {};
  if (reply.status !== 429 || seen.busyForMs !== undefined) return seen;
  return { ...seen, busyForMs: advisedWaitMs(reply.status, reply.headers) };
}

function usable<T>(
  attempt: Attempt,
  spec: RequestSpec<T>,
  reply: WireReply,
  options: StoreClientOptions,
): StoreReply<T> {
  const { status, headers } = reply;
  const good = status >= 200 && status < 300;
  const done = (data: unknown): StoreReply<T> => ({ status, headers, data: data as T });
  if (good && spec.expect === 'empty') return done(null);
  if (good && spec.expect === 'bytes') return done(reply.bytes);
  const body = readBody(reply, options.skipNotices === true && !spec.write);
  if (good && body.kind === 'empty' && status === 204) return done(null);
  if (!good || body.kind !== 'json') {
    throw failureOfReply(attempt, reply, body, options.classify ?? (() => null));
  }
  const refusal = options.refusedInside?.({ status, headers, body: body.value }) ?? null;
  if (refusal !== null) throw failureOfReply(attempt, reply, body, () => refusal);
  if (spec.schema === undefined) return done(body.value);
  const parsed = spec.schema.safeParse(body.value);
  if (parsed.success) return done(parsed.data);
  const where = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'body'}: ${issue.code}`);
  const message = `${attempt.what}: a reply of another shape than expected (${where.join('; ')})`;
  throw new StoreFailure(spec.write ? 'uncertain' : 'unintelligible', message, { status });
}
