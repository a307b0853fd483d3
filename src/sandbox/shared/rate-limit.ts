/** What one request learned about the window it fell into. */
interface RateVerdict {
  allowed: boolean;
  quota: number;
  left: number;
  windowMs: number;
  /** Milliseconds until the window ends and the full quota is back. */
  resetMs: number;
}

/** A fixed window of `quota` requests per `windowMs`; tokens die with their window. */
export interface RateWindow {
  take(cost?: number): RateVerdict;
  look(): RateVerdict;
  /** Changes the quota or the width from the next window on; the present one keeps what is left, capped. */
  configure(change: { quota?: number; windowMs?: number }): void;
}

export function createRateWindow(options: { quota: number; windowMs: number; now: () => number }): RateWindow {
  let { quota, windowMs } = options;
  let start = options.now();
  let used = 0;
  const roll = (): void => {
    const elapsed = options.now() - start;
    if (elapsed < 0 || elapsed >= windowMs) {
      start = options.now();
      used = 0;
    }
  };
  const verdict = (allowed: boolean): RateVerdict => ({
    allowed,
    quota,
    left: Math.max(0, quota - used),
    windowMs,
    resetMs: Math.max(0, start + windowMs - options.now()),
  });
  return {
    take: (cost = 1) => {
      roll();
      if (used + cost > quota) return verdict(false);
      used += cost;
      return verdict(true);
    },
    look: () => {
      roll();
      return verdict(used < quota);
    },
    configure: (change) => {
      quota = change.quota ?? quota;
      windowMs = change.windowMs ?? windowMs;
    },
  };
}

/** Counts requests in flight. `enter` gives a release function that may be called twice, or null when full. */
export interface ConcurrencyCap {
  enter(): (() => void) | null;
  inFlight(): number;
  highest(): number;
  configure(max: number): void;
}

export function createConcurrencyCap(max: number): ConcurrencyCap {
  let cap = max;
  let busy = 0;
  let peak = 0;
  return {
    enter: () => {
      if (busy >= cap) return null;
      busy += 1;
      peak = Math.max(peak, busy);
      let held = true;
      return () => {
        if (held) busy -= 1;
        held = false;
      };
    },
    inFlight: () => busy,
    highest: () => peak,
    configure: (next) => {
      cap = next;
    },
  };
}
