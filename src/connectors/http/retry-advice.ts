/** How often and how long a request is tried again; all times in milliseconds. */
export interface RetryOptions {
  /** Attempts in all, the first included. Default 4. */
  readonly tries: number;
  /** First wait when the store gives no advice; doubles each time, with jitter. Default 500. */
  readonly baseMs: number;
  /** A longer wait than this is not slept but thrown as `busy`, so that the caller can free its worker. Default 30,000. */
  readonly maxWaitMs: number;
}

export const DEFAULT_RETRY: RetryOptions = { tries: 4, baseMs: 500, maxWaitMs: 30_000 };

/** Lower-case names. */
export type ReplyHeaders = Readonly<Record<string, string>>;

/**
 * How long the store asks to wait, the longest of what it says (bigcommerce-api §1.4): `Retry-After` in seconds or as a
 * date, `X-Retry-After` in seconds, `X-Rate-Limit-Time-Reset-Ms`; null when it says nothing.
 */
export function advisedWaitMs(status: number, headers: ReplyHeaders, now = Date.now()): number | null {
  const advice = [
    secondsOrDate(headers['retry-after'], now),
    secondsOrDate(headers['x-retry-after'], now),
    // On every reply of BigCommerce; it tells how long to wait only where the window is what the request was refused for.
    status === 429 && !hasRequestsLeft(headers) ? wholeNumber(headers['x-rate-limit-time-reset-ms']) : null,
  ].filter((wait) => wait !== null);
  return advice.length === 0 ? null : Math.max(...advice);
}

function hasRequestsLeft(headers: ReplyHeaders): boolean {
  return (wholeNumber(headers['x-rate-limit-requests-left']) ?? 0) > 0;
}

/** Exponential with jitter: between half and the whole of `baseMs · 2^(attempt − 1)`. */
export function backoffMs(attempt: number, options: RetryOptions): number {
  const whole = Math.min(options.baseMs * 2 ** (attempt - 1), options.maxWaitMs);
  return Math.round(whole * (0.5 + Math.random() / 2));
}

function secondsOrDate(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d+\s*$/.test(text) ? Number(text) : null;
}
