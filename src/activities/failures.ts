import { ApplicationFailure } from '@temporalio/common';
import { LostSealingKey } from '../ledger/sealing.ts';
import { StoreFailure } from '../connectors/http/failures.ts';

/** Ends the run before or between writes, with a reason for the merchant. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
}

/**
 * The one place where what happened becomes what Temporal understands (design §4): a busy store is waited for as long as it
 * said, rejected credentials and stop rules do not retry, everything else is tried again. Messages are short and hold no
 * secrets or personal data; detail is in the ledger.
 */
export function asFailure(error: unknown): unknown {
  if (error instanceof RunStopped || error instanceof LostSealingKey) {
    return ApplicationFailure.nonRetryable(error.message, 'RunStopped');
  }
  if (!(error instanceof StoreFailure)) return error;
  switch (error.kind) {
    case 'credentials-rejected':
      return ApplicationFailure.nonRetryable(error.message, 'CredentialsRejected');
    case 'address-refused':
      return ApplicationFailure.nonRetryable(error.message, 'RunStopped');
    case 'limit-reached':
      return ApplicationFailure.nonRetryable(error.message, 'RunStopped');
    default:
      return ApplicationFailure.create({
        message: error.message,
        type: 'StoreUnavailable',
        ...(error.retryAfterMs === null ? {} : { nextRetryDelay: error.retryAfterMs }),
      });
  }
}
