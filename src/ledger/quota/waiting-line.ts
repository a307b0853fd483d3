/**
 * Who waits for the same thing in this process stands in line, so that however many wait only the first asks the ledger, and
 * each has its turn.
 */
export class WaitingLines {
  private readonly lines = new Map<string, { last: Promise<void>; length: number }>();

  /** Does the work when all who came before have done or given up theirs; an abort leaves the line at once. */
  async inTurn<T>(name: string, signal: AbortSignal, work: (inLine: () => number) => Promise<T>): Promise<T> {
    const line = this.lines.get(name) ?? { last: Promise.resolve(), length: 0 };
    this.lines.set(name, line);
    line.length++;
    const ahead = line.last;
    const { promise: left, resolve: leave } = withResolvers();
    line.last = ahead.then(() => left);
    try {
      await unlessAborted(ahead, signal);
      return await work(() => line.length);
    } finally {
      leave();
      if (--line.length === 0) this.lines.delete(name);
    }
  }
}

/** Waits that end early when something they wait for was given back in this process. */
export class Naps {
  private readonly asleep = new Map<string, Set<() => void>>();

  /** Resolves after `ms`, or when woken; rejects with the signal's reason when it aborts. */
  async nap(name: string, ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = withResolvers();
    const sleepers = this.asleep.get(name) ?? new Set();
    this.asleep.set(name, sleepers.add(resolve));
    const timer = setTimeout(resolve, ms);
    try {
      await unlessAborted(promise, signal);
    } finally {
      clearTimeout(timer);
      sleepers.delete(resolve);
      if (sleepers.size === 0) this.asleep.delete(name);
    }
  }

  wake(name: string): void {
    for (const resolve of this.asleep.get(name) ?? []) resolve();
  }
}

async function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = withResolvers();
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** `Promise.withResolvers` needs a newer Node than our floor. */
function withResolvers() {
  let resolve!: () => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<void>((onDone, onFailed) => {
    resolve = onDone;
    reject = onFailed;
  });
  return { promise, resolve, reject };
}
