import { StoreFailure } from '../../connectors/http/failures.ts';

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
