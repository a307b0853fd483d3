/** What a request costs and where it goes; the governor decides when it may be sent (P12). */
export interface QuotaRequest {
  /** The store whose window and slots are drawn from, the same text for all workers: `bigcommerce:<hash>`. */
  readonly store: string;
  /** Names a resource with a concurrency cap of its own (`customers-write`), or `default`. */
  readonly resource: string;
  /** At most this many of `resource` in flight at once, over all workers. */
  readonly resourceSlots: number;
  /** Life of the slot's lease: the request's own timeout. */
  readonly timeoutMs: number;
}

/** What a reply said of the quota; absent fields leave the governor's picture as it is. */
export interface QuotaObservation {
  readonly limit?: number;
  readonly left?: number;
  readonly windowMs?: number;
  readonly resetsInMs?: number;
  /** The reply was a 429 (or load protection): how long the store asked to wait, null when it did not say. */
  readonly busyForMs?: number | null;
}

export interface QuotaPermit {
  release(observation: QuotaObservation): Promise<void>;
}

/** Implemented in the ledger, shared by all workers. Waits until a token and a slot are free or `signal` aborts. */
export interface QuotaGovernor {
  acquire(request: QuotaRequest, signal: AbortSignal): Promise<QuotaPermit>;
}
