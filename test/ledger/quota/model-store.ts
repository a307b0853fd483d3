import { setTimeout as passing } from 'node:timers/promises';

export interface ModelStoreOptions {
  readonly limit: number;
  readonly windowMs: number;
  /** Longest way of a request to the store, and of its reply back. */
  readonly latencyMs?: number;
}

/** What a reply says, in the words of the governor. */
export interface ModelReply {
  readonly limit: number;
  readonly left: number;
  readonly windowMs: number;
  readonly resetsInMs: number;
  readonly busyForMs?: number;
}

/** A store with fixed rate windows that keeps count of what reached it; requests and replies take their time. */
export class ModelStore {
  limit: number;
  /** Requests of ours that arrived, per window. */
  readonly arrived = new Map<number, number>();
  /** Requests that a merchant's own programs made, per window. */
  readonly foreign = new Map<number, number>();
  mostInFlight = 0;
  /** Requests of anybody over the limit. */
  refused = 0;
  private inFlight = 0;
  private readonly options: Required<ModelStoreOptions>;

  constructor(options: ModelStoreOptions) {
    this.options = { latencyMs: 12, ...options };
    this.limit = options.limit;
  }

  async request(): Promise<ModelReply> {
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await this.way();
    const reply = this.answer(this.arrived);
    await this.way();
    this.inFlight--;
    return reply;
  }

  /** A request by someone who does not ask our governor. */
  foreignRequest(): void {
    this.answer(this.foreign);
  }

  foreignInWindow(): number {
    return this.foreign.get(this.window().number) ?? 0;
  }

  /** The most requests of ours that any window took. */
  get fullestWindow(): number {
    return Math.max(0, ...this.arrived.values());
  }

  get total(): number {
    return [...this.arrived.values()].reduce((sum, count) => sum + count, 0);
  }

  private answer(counts: Map<number, number>): ModelReply {
    const { windowMs } = this.options;
    const { number: window, resetsInMs } = this.window();
    counts.set(window, (counts.get(window) ?? 0) + 1);
    const used = (this.arrived.get(window) ?? 0) + (this.foreign.get(window) ?? 0);
    const state = { limit: this.limit, left: Math.max(0, this.limit - used), windowMs, resetsInMs };
    if (used <= this.limit) return state;
    this.refused++;
    return { ...state, busyForMs: resetsInMs };
  }

  private window(): { number: number; resetsInMs: number } {
    const now = performance.timeOrigin + performance.now();
    const number = Math.floor(now / this.options.windowMs);
    return { number, resetsInMs: (number + 1) * this.options.windowMs - now };
  }

  private way(): Promise<void> {
    return passing(Math.random() * this.options.latencyMs);
  }
}
