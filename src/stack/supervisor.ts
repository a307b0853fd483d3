import { assertPortFree } from './free-port.ts';
import type { Part } from './part.ts';
import type { ProcessLedger } from './process-ledger.ts';
import { DEFAULT_BACK_OFF, WatchedPart } from './watched-part.ts';
import type { BackOff } from './watched-part.ts';

export interface SupervisorOptions {
  readonly ledger: ProcessLedger;
  readonly say: (line: string) => void;
  readonly onLine: (part: string, line: string) => void;
  readonly backOff?: BackOff;
}

/** How long a leftover of an earlier supervisor may take to end. */
const LEFTOVER_GRACE_MS = 20_000;

/** Starts the parts of a stack in the order of their dependencies, keeps them alive and stops them in reverse. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #started: WatchedPart[] = [];
  #stopped: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /**
   * Clears the way: refuses to run beside another supervisor of the same data folder, and stops what an earlier
   * one left behind. Before anything is started or any file of the parts is touched.
   */
  async claim(): Promise<void> {
    const { ledger, say } = this.#options;
    const other = await ledger.supervise();
    if (other !== undefined) throw new Error(`storeferry is already running with this data folder (pid ${other.pid})`);
    const names = await ledger.stopLeftovers(LEFTOVER_GRACE_MS);
    if (names.length > 0) say(`stopped what an earlier start had left running: ${names.join(', ')}`);
  }

  /** Resolves when every part is ready. If one fails, the others are stopped and the promise rejects. */
  async start(parts: readonly Part[]): Promise<void> {
    try {
      for (const part of inOrder(parts)) for (const port of part.ports) await assertPortFree(part.name, port);
      for (const part of inOrder(parts)) {
        if (this.#stopped !== undefined) return;
        await this.#startPart(part);
      }
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops every part in the reverse order of their start. Safe to call more than once. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stopAll());
  }

  /** Ends every part at once, without any order: for a second Ctrl-C. */
  kill(): void {
    for (const part of this.#started) part.kill();
  }

  async #startPart(part: Part): Promise<void> {
    const { ledger, say, onLine, backOff } = this.#options;
    const watched = new WatchedPart(
      part,
      {
        say,
        onLine,
        onStarted: (started, pid) =>
          ledger.note(started.name, pid, started.stopSignal === 'SIGINT' ? 'SIGINT' : 'SIGTERM'),
        onEnded: (ended) => ledger.forget(ended.name),
      },
      backOff ?? DEFAULT_BACK_OFF,
    );
    this.#started.push(watched);
    await watched.start();
    say(`${part.name} is up`);
  }

  async #stopAll(): Promise<void> {
    for (const watched of this.#started.toReversed()) {
      this.#options.say(`stopping ${watched.part.name}`);
      await watched.stop();
    }
    this.#options.ledger.forgetSupervisor();
  }
}

/** The parts, each after those it depends on; the table's own order otherwise. Throws on a circle or an unknown name. */
export function inOrder(parts: readonly Part[]): Part[] {
  const ordered: Part[] = [];
  let waiting = [...parts];
  while (waiting.length > 0) {
    const done = new Set(ordered.map(({ name }) => name));
    const next = waiting.filter((part) => part.dependsOn.every((name) => done.has(name)));
    if (next.length === 0) {
      throw new Error(`these parts wait for parts that never start: ${waiting.map(({ name }) => name).join(', ')}`);
    }
    ordered.push(...next);
    waiting = waiting.filter((part) => !next.includes(part));
  }
  return ordered;
}
