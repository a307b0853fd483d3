/** The store's own clock. Tests skew it, step it, or stop it; the machine's clock is never touched. */
export interface SandboxClock {
  /** Milliseconds since 1970, as the store believes. */
  now(): number;
  /** Lets the store's clock run `offsetMs` ahead of (or behind) the machine's. */
  skew(offsetMs: number): void;
  /** Moves the clock by `stepMs`, whether it runs or is stopped. */
  step(stepMs: number): void;
  /** Stops the clock at this instant; `null` lets it run again from there. */
  freeze(atMs: number | null): void;
  describe(): { now: string; offsetMs: number; frozen: boolean };
}

export function createClock(base: () => number = Date.now): SandboxClock {
  let offset = 0;
  let frozenAt: number | null = null;
  const now = (): number => frozenAt ?? base() + offset;
  return {
    now,
    skew: (offsetMs) => {
      offset = offsetMs;
    },
    step: (stepMs) => {
      if (frozenAt === null) offset += stepMs;
      else frozenAt += stepMs;
    },
    freeze: (atMs) => {
      if (atMs === null && frozenAt !== null) offset = frozenAt - base();
      frozenAt = atMs;
    },
    describe: () => ({ now: new Date(now()).toISOString(), offsetMs: offset, frozen: frozenAt !== null }),
  };
}
