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

interface Sleeper<Ask, Told> {
  readonly ask: () => Ask;
  readonly rise: (told: Told | null) => void;
  /** Something is on its way to this one: it waits for that, whatever its time says. */
  isServed: boolean;
}

/** What is given back may be brought to somebody who naps: what that one asks for, and the way to bring it. */
export interface NextInLine<Ask, Told> {
  readonly ask: Ask;
  /** Brings what is fetched; to `late` when the sleeper has given up meanwhile. */
  hand(fetch: () => Promise<Told>): Promise<void>;
}

/** Waits that end early when something they wait for was given back in this process, or is brought to them. */
export class Naps<Ask, Told> {
  private readonly asleep = new Map<string, Set<Sleeper<Ask, Told>>>();
  /** What came when its sleeper had given up. */
  private readonly late: (told: Told) => Promise<void>;

  constructor(late: (told: Told) => Promise<void>) {
    this.late = late;
  }

  /** What was brought; null after `ms`, or when woken. Rejects with the signal's reason when it aborts. */
  async nap(name: string, ms: number, signal: AbortSignal, ask: () => Ask): Promise<Told | null> {
    const sleepers = this.asleep.get(name) ?? new Set();
    this.asleep.set(name, sleepers);
    let told: Told | null = null;
    const { promise, resolve } = withResolvers();
    const sleeper: Sleeper<Ask, Told> = {
      ask,
      isServed: false,
      rise: (brought) => {
        told = brought;
        resolve();
      },
    };
    sleepers.add(sleeper);
    const timer = setTimeout(() => {
      if (!sleeper.isServed) resolve();
    }, ms);
    try {
      await unlessAborted(promise, signal);
      return told;
    } finally {
      clearTimeout(timer);
      sleepers.delete(sleeper);
    }
  }

  /** Who has napped longest, of those whom it suits; null: nobody does. */
  next(name: string, suits: (ask: Ask) => boolean = () => true): NextInLine<Ask, Told> | null {
    const sleepers = this.asleep.get(name) ?? new Set();
    const sleeper = [...sleepers].find(({ isServed, ask }) => !isServed && suits(ask()));
    if (sleeper === undefined) return null;
    sleeper.isServed = true;
    return {
      ask: sleeper.ask(),
      hand: async (fetch) => {
        let told: Told | null = null;
        try {
          told = await fetch();
        } finally {
          if (told !== null && !sleepers.has(sleeper)) await this.late(told);
          else sleeper.rise(told);
        }
      },
    };
  }

  /** Lets all look for themselves who are not being served. */
  wake(name: string): void {
    for (const { isServed, rise } of this.asleep.get(name) ?? []) if (!isServed) rise(null);
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
