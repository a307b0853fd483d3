import { advisedWaitMs, type ReplyHeaders } from '../http/retry-advice.ts';
import type { QuotaObservation } from '../http/quota.ts';

/** A 429 without rate headers is load protection: start at a few seconds (bigcommerce-api §1.4). */
const LOAD_PROTECTION_MS = 3_000;

/**
 * What the four rate headers say of the store's window; other clients share it, so every reply counts. A 429
 * that names a window with requests left in it is about something else, and how long is for the governor to find out.
 */
export function readQuota(headers: ReplyHeaders, status: number): QuotaObservation {
  const limit = whole(headers['x-rate-limit-requests-quota']);
  const left = whole(headers['x-rate-limit-requests-left']);
  const windowMs = whole(headers['x-rate-limit-time-window-ms']);
  const resetsInMs = whole(headers['x-rate-limit-time-reset-ms']);
  return {
    ...(limit === null ? {} : { limit }),
    ...(left === null ? {} : { left }),
    ...(windowMs === null ? {} : { windowMs }),
    ...(resetsInMs === null ? {} : { resetsInMs }),
    ...(status === 429
      ? { busyForMs: advisedWaitMs(status, headers) ?? (limit === null ? LOAD_PROTECTION_MS : null) }
      : {}),
  };
}

function whole(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d+\s*$/.test(text) ? Number(text) : null;
}
