import type { Answer, QuotaObservation, QuotaRequest, Returned } from './quota-statements.ts';

/**
 * A slot that this process holds, with the tokens that were drawn for it: requests of one resource go on it one after the
 * other, until its tokens or its time are used up or a reply says something new of the quota.
 */
export class HeldSlot {
  readonly store: string;
  readonly resource: string;
  private readonly id: number;
  private readonly limit: number | null;
  private readonly askedAt: number;
  private readonly answeredAt = performance.now();
  private readonly endsAt: number;
  private tokens: number;
  private seen: QuotaObservation = {};
  private sentAt = this.answeredAt;
  private seenAt = this.answeredAt;
  private isSpent = false;

  /** @param askedAt performance.now() before the ledger was asked: its time cannot end later than the ledger thinks */
  constructor(request: QuotaRequest, answer: Answer & { readonly slot_id: number }, askedAt: number) {
    this.store = request.store;
    this.resource = request.resource;
    this.id = answer.slot_id;
    this.limit = answer.request_limit;
    this.tokens = answer.tokens;
    this.askedAt = askedAt;
    this.endsAt = askedAt + answer.keep_ms;
  }

  /** A request goes out on it now. */
  use(): void {
    this.tokens -= 1;
    this.sentAt = performance.now();
  }

  /** Its reply came. */
  take(observation: QuotaObservation): void {
    this.seen = observation;
    this.seenAt = performance.now();
    const { limit, left, busyForMs } = observation;
    const isNews = busyForMs !== undefined || (limit !== undefined && limit !== this.limit);
    // Others than we use the window too: what is left goes by the ledger.
    if (isNews || (left !== undefined && left <= this.tokens)) this.isSpent = true;
  }

  /** Nothing more goes out on it. */
  spend(): void {
    this.isSpent = true;
  }

  /** Milliseconds for which another request may be sent on it; 0: it goes back. */
  get staysMs(): number {
    return this.isSpent || this.tokens === 0 ? 0 : Math.max(0, this.endsAt - performance.now());
  }

  returned(): Returned {
    return {
      id: this.id,
      store: this.store,
      unused: this.tokens,
      seen: this.seen,
      sentMs: this.sentAt - this.answeredAt,
      seenMs: this.seenAt - this.askedAt,
      ageMs: performance.now() - this.seenAt,
    };
  }
}
