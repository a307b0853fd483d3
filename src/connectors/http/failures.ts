/**
 * What a request to a store can come to, when it is not a reply to use. One file (`failure-mapping.ts`) turns transport
 * outcomes into these; activities turn them into what Temporal understands. Messages hold neither secrets nor people's
 * data.
 */
export type StoreFailureKind =
  /** 401, or 403 on every route: the project pauses and says so. */
  | 'credentials-rejected'
  /** 403 on this route only. */
  | 'permission-missing'
  /** 429, 503 with advice, 423: wait `retryAfterMs`, nothing was done. */
  | 'busy'
  /** The request never left, or the store certainly did nothing (connection refused, 502 from a proxy on a read). */
  | 'unreachable'
  /** A write whose outcome is unknown: reply lost, timeout, 5xx after sending. */
  | 'uncertain'
  /** The record itself is refused: 400, 409, 413, 422. */
  | 'rejected'
  /** 404/410 in the platform's own words for this record. */
  | 'missing'
  /** HTML, truncated JSON, an unknown shape: a fault, never a fact about a record (P7). */
  | 'unintelligible'
  /** 403/507: the store's plan or platform limit is reached. */
  | 'limit-reached'
  /** The address is not allowed (private network) or not http(s). */
  | 'address-refused';

export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
  readonly kind: StoreFailureKind;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  /** The store's own error body, parsed, for connectors only; never logged. */
  readonly body: unknown;

  constructor(
    kind: StoreFailureKind,
    message: string,
    details: { status?: number | null; retryAfterMs?: number | null; body?: unknown; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.status = details.status ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.body = details.body;
  }
}

/** These credentials may not see what was asked for; they may be good for everything else. */
export function mayNotRead(error: unknown): error is StoreFailure {
  return (
    error instanceof StoreFailure && (error.kind === 'permission-missing' || error.kind === 'credentials-rejected')
  );
}
