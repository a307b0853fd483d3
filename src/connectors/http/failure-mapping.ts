import { StoreFailure } from './failures.ts';
import type { StoreFailureKind } from './failures.ts';
import { redactText } from './redaction.ts';
import { advisedWaitMs } from './retry-advice.ts';
import type { ReplyBody } from './reply-body.ts';
import type { ReplyHeaders } from './retry-advice.ts';
import { TimedOut } from './transport.ts';

/** What was being done, for messages: `GET products`. */
export interface Attempt {
  readonly what: string;
  readonly write: boolean;
}

export interface FailedReply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  /** The parsed body; undefined when there is none or it is not JSON. */
  readonly body: unknown;
}

/** A platform's own reading of a refused reply (its error codes); null = the general rule decides. */
export type Classify = (reply: FailedReply) => StoreFailureKind | null;

/** Errors of a connection that never carried the request. */
const NEVER_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS_|ERR_SSL_)/;

/** A status outside 2xx, or a body that cannot be used. */
export function failureOfReply(
  attempt: Attempt,
  reply: { readonly status: number; readonly headers: ReplyHeaders },
  body: ReplyBody,
  classify: Classify,
): StoreFailure {
  const { status, headers } = reply;
  const json = body.kind === 'json' ? body.value : undefined;
  const kind = classify({ status, headers, body: json }) ?? kindOfStatus(attempt, status, body);
  const said = kind === 'unintelligible' || body.kind === 'broken' ? ` (${wordFor(body)})` : '';
  return new StoreFailure(kind, `${attempt.what}: the store answered ${status}${said}`, {
    status,
    retryAfterMs: kind === 'busy' || kind === 'unreachable' ? advisedWaitMs(status, headers) : null,
    body: json,
  });
}

/**
 * bigcommerce-api §1.3 and source-apis §1.7. Refusals that a firewall or proxy may have made up (a 403 or 404 in HTML)
 * are no facts about the record or the key.
 */
function kindOfStatus(attempt: Attempt, status: number, body: ReplyBody): StoreFailureKind {
  const unusable: StoreFailureKind = attempt.write ? 'uncertain' : 'unintelligible';
  if (status === 401) return 'credentials-rejected';
  if (status === 429 || status === 423) return 'busy';
  if (status === 507) return 'limit-reached';
  if (status === 405 || status === 413 || status === 415) return 'rejected';
  if (status === 408 || status === 499) return attempt.write ? 'uncertain' : 'unreachable';
  if ((status === 501 || status === 505) && body.kind === 'json') return 'rejected';
  if (status >= 500) return attempt.write ? 'uncertain' : status === 503 || status === 508 ? 'busy' : 'unreachable';
  // A write is never redirected, and a store that redirects has not done it.
  if (status >= 300 && status < 400) return attempt.write ? 'unreachable' : 'unintelligible';
  if (status < 300 || body.kind !== 'json') return unusable;
  if (status === 402 || status === 403) return 'permission-missing';
  return status === 404 || status === 410 ? 'missing' : 'rejected';
}

/** No reply at all, or one that broke off. The error itself is not kept as a cause: it holds the signed headers. */
export function failureOfTransport(attempt: Attempt, error: unknown): StoreFailure {
  const own = storeFailureIn(error);
  if (own !== null) return own;
  const { code, syscall } = errnoOf(error);
  const why = redactText(error instanceof Error ? error.message : String(error));
  if (NEVER_SENT.test(code) || syscall === 'connect') {
    return new StoreFailure('unreachable', `${attempt.what}: the store cannot be reached (${code})`);
  }
  if (attempt.write) {
    return new StoreFailure('uncertain', `${attempt.what}: sent, but no whole reply came (${why})`);
  }
  const brokeOff =
    !(error instanceof TimedOut) && /maxContentLength|aborted|decompress|ERR_BAD_RESPONSE/.test(`${why} ${code}`);
  const kind: StoreFailureKind = brokeOff ? 'unintelligible' : 'unreachable';
  return new StoreFailure(kind, `${attempt.what}: no whole reply came (${why})`);
}

function storeFailureIn(error: unknown): StoreFailure | null {
  for (let link: unknown = error, depth = 0; link instanceof Error && depth < 5; link = link.cause, depth++) {
    if (link instanceof StoreFailure) return link;
  }
  return null;
}

function errnoOf(error: unknown): { code: string; syscall: string } {
  const cause = error instanceof Error ? error.cause : undefined;
  return {
    code: textField(error, 'code') || textField(cause, 'code'),
    syscall: textField(error, 'syscall') || textField(cause, 'syscall'),
  };
}

function textField(holder: unknown, field: 'code' | 'syscall'): string {
  const value = holder instanceof Error ? (holder as unknown as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' ? value : '';
}

function wordFor(body: ReplyBody): string {
  if (body.kind === 'broken') return `${body.looksLike} instead of JSON`;
  return body.kind === 'empty' ? 'an empty body' : 'a body of another shape';
}
