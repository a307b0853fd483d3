import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { signalGroup } from './child-process.ts';
import { exclusively } from './exclusive.ts';
import { identifyProcess, isAlive } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

const entrySchema = z.object({
  name: z.string(),
  pid: z.int().positive(),
  started: z.string(),
  command: z.string(),
  stopSignal: z.enum(['SIGTERM', 'SIGINT']),
});

const SUPERVISOR = 'supervisor';
const POLL_MS = 50;

export type ProcessEntry = z.output<typeof entrySchema>;

/**
 * The processes of one stack, kept in a file of its data folder. A process that is still the one noted (same pid,
 * same start, same command line) is provably ours, also after the supervisor was killed; nothing else is touched.
 */
export class ProcessLedger {
  readonly #file: string;
  #entries: Map<string, ProcessEntry>;

  constructor(file: string) {
    this.#file = file;
    this.#entries = readEntries(file);
  }

  /** The supervisor that runs this stack at present, unless it is this very process. */
  runningSupervisor(): ProcessIdentity | undefined {
    const entry = this.#entries.get(SUPERVISOR);
    return entry !== undefined && entry.pid !== process.pid && isAlive(entry) ? entry : undefined;
  }

  /**
   * Makes this process the supervisor of the stack, or resolves to the one that is it at present. Two that start at
   * the same instant cannot both become it.
   */
  supervise(): Promise<ProcessIdentity | undefined> {
    return exclusively(`${this.#file}.claims`, () => {
      this.#entries = readEntries(this.#file);
      const other = this.runningSupervisor();
      if (other === undefined) this.note(SUPERVISOR, process.pid, 'SIGTERM');
      return other;
    });
  }

  /** A part that is alive at present, by its name in the table of parts. */
  running(name: string): ProcessIdentity | undefined {
    const entry = this.#entries.get(name);
    return entry !== undefined && isAlive(entry) ? entry : undefined;
  }

  note(name: string, pid: number, stopSignal: ProcessEntry['stopSignal']): void {
    const identity = identifyProcess(pid);
    if (identity === undefined) return; // Ended already: nothing will have to be found again.
    this.#entries.set(name, { name, ...identity, stopSignal });
    this.#write();
  }

  forget(name: string): void {
    if (this.#entries.delete(name)) this.#write();
  }

  forgetSupervisor(): void {
    this.forget(SUPERVISOR);
  }

  /**
   * Stops what an earlier supervisor left running, last started first, and forgets all of it.
   * Resolves to the names of the parts that were still alive.
   */
  async stopLeftovers(graceMs: number): Promise<string[]> {
    const leftovers = [...this.#entries.values()].toReversed().filter(({ name }) => name !== SUPERVISOR);
    const stopped: string[] = [];
    for (const entry of leftovers) {
      if (isAlive(entry)) {
        await stopLeftover(entry, graceMs);
        stopped.push(entry.name);
      }
      this.forget(entry.name);
    }
    return stopped;
  }

  #write(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    const half = `${this.#file}.part`;
    writeFileSync(half, `${JSON.stringify([...this.#entries.values()], null, 2)}\n`);
    renameSync(half, this.#file);
  }
}

function readEntries(file: string): Map<string, ProcessEntry> {
  if (!existsSync(file)) return new Map();
  try {
    const entries = z.array(entrySchema).parse(JSON.parse(readFileSync(file, 'utf8')));
    return new Map(entries.map((entry) => [entry.name, entry]));
  } catch {
    // A list that cannot be read proves nothing about any process, so none is touched.
    return new Map();
  }
}

async function stopLeftover(entry: ProcessEntry, graceMs: number): Promise<void> {
  process.kill(entry.pid, entry.stopSignal);
  const deadline = Date.now() + graceMs;
  while (isAlive(entry) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  if (isAlive(entry)) signalGroup(entry.pid, 'SIGKILL');
  while (isAlive(entry)) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
