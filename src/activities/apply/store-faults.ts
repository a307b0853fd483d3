import { StoreFailure } from '../../connectors/http/failures.ts';

/** How long an entity rests whose route the store has closed to us: somebody has to give the permission back. */
const CLOSED_REST_MS = 15_000;

/** A right that is missing on one route: that entity waits and says so, the rest goes on; null for any other fault. */
export function closedRoute(error: unknown): { readonly afterMs: number; readonly reason: string } | null {
  if (!(error instanceof StoreFailure && error.kind === 'permission-missing')) return null;
  return { afterMs: CLOSED_REST_MS, reason: `the store does not allow it any more: ${error.message}` };
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 60_000;

/**
 * How long a change rests after its store could not be asked: what the store said, else doubling with each attempt.
 * @throws what is not a store's fault, and what no waiting cures (rejected credentials)
 */
export function storeFaultDelay(error: unknown, attempts: number): number {
  if (!(error instanceof StoreFailure) || error.kind === 'credentials-rejected' || error.kind === 'address-refused')
    throw error;
  return error.retryAfterMs ?? Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempts, 10));
}
