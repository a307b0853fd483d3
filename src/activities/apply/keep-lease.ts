import type { CallOptions } from '../../connectors/target.ts';
import type { ApplyLedger, ClaimBatch } from '../../ledger/apply-ledger.ts';

export interface LeaseOptions {
  /** Monotonic time before the claim was asked for, so that our lease ends before PostgreSQL's does. */
  readonly startedAt: number;
  readonly requestTimeoutMs: number;
  /** Once it is aborted the lease is left to end: the worker is about to stop. */
  readonly signal: AbortSignal;
  readonly now: () => number;
}

export interface KeptLease {
  /** Of every request for the batch; `sendBefore` moves on with the lease. */
  readonly call: CallOptions;
  end(): void;
}

/**
 * Renews the lease of a batch while it is worked on (P5). A product with hundreds of variants may need more requests to be
 * looked at than one lease has time for, and would be begun again for ever. A batch that is done within half of its time
 * costs nothing.
 */
export function keepLease(ledger: Pick<ApplyLedger, 'renew'>, batch: ClaimBatch, options: LeaseOptions): KeptLease {
  const sendingMs = batch.leaseMs - options.requestTimeoutMs;
  let sendBefore = options.startedAt + sendingMs;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;

  const renewInTime = () => {
    timer = setTimeout(() => void renew(), Math.max(1, sendBefore - options.now() - sendingMs / 2));
    timer.unref();
  };
  const renew = async () => {
    if (options.signal.aborted) return;
    const askedAt = options.now();
    // A ledger that cannot be reached renews nothing: what is left of the lease still holds.
    const renewed = await ledger.renew(batch.claims).catch(() => false);
    if (!renewed || ended) return;
    sendBefore = askedAt + sendingMs;
    renewInTime();
  };
  renewInTime();

  return {
    call: {
      signal: new AbortController().signal,
      get sendBefore() {
        return sendBefore;
      },
    },
    end() {
      ended = true;
      clearTimeout(timer);
    },
  };
}
