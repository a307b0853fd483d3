/** Lets so many events happen and says how many did; fewer than asked for ends the walk. */
export type Step = (count: number) => number;

/** Lets events happen at a rate. */
export interface Pace {
  /** Resolves with how many events happened: when all have, when no more can, or when the pace is closed. Rejects with what `step` throws. */
  walk(perSecond: number, events: number, step: Step): Promise<number>;
  /** Events per second from now on, until it is set again; 0 is a standstill. What `step` throws ends the process. */
  keep(perSecond: number, step: Step): void;
  /** What `keep` was told. */
  rate(): number;
  /** Ends every walk, and those that would still begin; who waits for one is told. */
  close(): void;
}

const TICK_MS = 50;
/** A machine that slept makes up for so much and no more. */
const MOST_BEHIND_SECONDS = 2;

export function createPace(nowMs: () => number = () => performance.now()): Pace {
  const walks = new Set<() => void>();
  let stopKept: (() => void) | undefined;
  let kept = 0;
  let closed = false;
  const start = (perSecond: number, step: Step, mind: { left: () => number; ended: () => void }): (() => void) => {
    let owed = 0;
    let lastMs = nowMs();
    const stop = (): void => {
      if (!walks.delete(stop)) return;
      clearInterval(timer);
      mind.ended();
    };
    const tick = (): void => {
      const now = nowMs();
      owed += Math.min((now - lastMs) / 1_000, MOST_BEHIND_SECONDS) * perSecond;
      lastMs = now;
      const due = Math.min(Math.floor(owed), mind.left());
      owed -= due;
      if (due > 0 && step(due) < due) stop();
      if (mind.left() <= 0) stop();
    };
    const timer = setInterval(tick, TICK_MS).unref();
    walks.add(stop);
    if (closed) stop();
    return stop;
  };
  return {
    walk: (perSecond, events, step) =>
      new Promise((resolve, reject) => {
        let done = 0;
        const counted: Step = (count) => {
          try {
            const made = step(count);
            done += made;
            return made;
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
            return 0;
          }
        };
        start(perSecond, counted, { left: () => events - done, ended: () => resolve(done) });
      }),
    keep: (perSecond, step) => {
      stopKept?.();
      kept = perSecond;
      const mind = { left: () => Infinity, ended: () => undefined };
      stopKept = perSecond > 0 ? start(perSecond, step, mind) : undefined;
    },
    rate: () => kept,
    close: () => {
      closed = true;
      kept = 0;
      for (const stop of walks) stop();
    },
  };
}
