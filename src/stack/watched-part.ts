import { launchChild, signalGroup } from './child-process.ts';
import type { RunningChild } from './child-process.ts';
import type { Part } from './part.ts';

export interface PartEvents {
  /** What the supervisor has to say about a part. */
  readonly say: (line: string) => void;
  readonly onLine: (part: string, line: string) => void;
  readonly onStarted: (part: Part, pid: number) => void;
  readonly onEnded: (part: Part) => void;
}

export interface BackOff {
  /** Default 500. Doubled after each failed start or early end. */
  readonly firstMs: number;
  /** Default 30,000. */
  readonly longestMs: number;
  /** A part that lived this long starts again from `firstMs`. Default 60,000. */
  readonly healthyMs: number;
}

export const DEFAULT_BACK_OFF: BackOff = { firstMs: 500, longestMs: 30_000, healthyMs: 60_000 };

/** One part of the stack that is started again, with back-off, whenever it ends unasked. */
export class WatchedPart {
  readonly part: Part;
  readonly #events: PartEvents;
  readonly #backOff: BackOff;
  #child: RunningChild | undefined;
  #stopping = false;
  #failures = 0;
  #wake: (() => void) | undefined;
  #watching: Promise<void> = Promise.resolve();

  constructor(part: Part, events: PartEvents, backOff: BackOff) {
    this.part = part;
    this.#events = events;
    this.#backOff = backOff;
  }

  /** Resolves when the part is ready for the first time; rejects if that first start fails. */
  async start(): Promise<void> {
    const child = await this.#startOnce();
    this.#watching = this.#watch(child);
  }

  /** Ends the part and its watch. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#child?.stop();
    await this.#watching;
    this.#events.onEnded(this.part);
  }

  kill(): void {
    this.#stopping = true;
    this.#child?.kill();
  }

  async #startOnce(): Promise<RunningChild> {
    const { part } = this;
    const options = {
      ...part,
      env: { ...process.env, ...part.env },
      onLine: (line: string) => {
        // While a server shuts down, its parts complain about each other.
        if (!this.#stopping) this.#events.onLine(part.name, line);
      },
    };
    const child = await launchChild(options);
    this.#child = child;
    this.#events.onStarted(part, child.pid);
    try {
      if (this.#stopping) throw new Error(`${part.name} was stopped in its start`);
      await child.ready;
      await part.afterReady?.();
    } catch (error) {
      await child.stop();
      throw error;
    }
    return child;
  }

  async #watch(first: RunningChild): Promise<void> {
    let child: RunningChild | undefined = first;
    while (!this.#stopping) {
      if (child !== undefined) {
        const startedAt = Date.now();
        const ending = await child.ended;
        if (this.#stopping) return;
        signalGroup(child.pid, 'SIGKILL'); // Whatever the dead process left of its group would hold its port.
        if (Date.now() - startedAt >= this.#backOff.healthyMs) this.#failures = 0;
        this.#events.say(`${this.part.name} ended with ${ending}; starting it again in ${this.#delayMs()} ms`);
      }
      await this.#pause(this.#delayMs());
      this.#failures++;
      child = await this.#tryAgain();
    }
  }

  async #tryAgain(): Promise<RunningChild | undefined> {
    if (this.#stopping) return undefined;
    try {
      const child = await this.#startOnce();
      this.#events.say(`${this.part.name} is up again (pid ${child.pid})`);
      return child;
    } catch (error) {
      if (this.#stopping) return undefined;
      this.#events.say(`${(error as Error).message}\nstarting ${this.part.name} again in ${this.#delayMs()} ms`);
      return undefined;
    }
  }

  #delayMs(): number {
    return Math.min(this.#backOff.longestMs, this.#backOff.firstMs * 2 ** this.#failures);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
