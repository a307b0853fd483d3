import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Says of a line of output (stdout or stderr) that the process is now ready for use. */
  readonly ready: (line: string) => boolean;
  /** Default 60,000. */
  readonly readyTimeoutMs?: number;
  /** The signal that asks for an orderly end. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** After this long the whole process group is killed. Default 10,000. */
  readonly stopGraceMs?: number;
  readonly onLine?: (line: string) => void;
}

/** How a process ended: `code 1`, `signal SIGKILL`. */
export type Ending = string;

export interface RunningChild {
  readonly name: string;
  readonly pid: number;
  /** Rejects, with the last lines of output, when the process ends or its time is up before it is ready. */
  readonly ready: Promise<void>;
  /** Resolves, never rejects, once the process has ended. */
  readonly ended: Promise<Ending>;
  /** Asks for an orderly end, then kills what is left of its process group; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Kills the process group at once. */
  kill(): void;
}

const KEPT_LINES = 15;

/**
 * Launches a process in a process group of its own, so that a terminal's Ctrl-C reaches only the supervisor, which
 * then stops its parts in order. Rejects only when the program cannot be executed at all.
 */
export async function launchChild(options: ChildOptions): Promise<RunningChild> {
  const child = spawn(options.command, options.args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: options.env ?? process.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  const ended = endingOf(child);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.name} could not be started: ${await ended}`);
  const ready = readiness(child, ended, options);
  ready.catch(() => {}); // Whoever waits for readiness hears of it; a child that is stopped early has no such waiter.
  return {
    name: options.name,
    pid,
    ready,
    ended,
    stop: () => stopChild(pid, ended, options),
    kill: () => signalGroup(pid, 'SIGKILL'),
  };
}

/** Launches a process and waits until it is ready; one that does not get so far is stopped again. */
export async function startChild(options: ChildOptions): Promise<RunningChild> {
  const child = await launchChild(options);
  try {
    await child.ready;
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
}

function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `code ${code ?? 0}` : `signal ${signal}`));
  });
}

function readiness(child: ChildProcess, ended: Promise<Ending>, options: ChildOptions): Promise<void> {
  const lastLines: string[] = [];
  const limitMs = options.readyTimeoutMs ?? 60_000;
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new Error([`${options.name} ${what}`, ...lastLines].join('\n  ')));
    };
    const timer = setTimeout(() => fail(`was not ready after ${limitMs} ms`), limitMs);
    void ended.then((ending) => fail(`ended with ${ending} before it was ready`));
    const onLine = (line: string) => {
      lastLines.push(line);
      if (lastLines.length > KEPT_LINES) lastLines.shift();
      options.onLine?.(line);
      if (!options.ready(line)) return;
      clearTimeout(timer);
      resolve();
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', onLine);
    }
  });
}

async function stopChild(pid: number, ended: Promise<Ending>, options: ChildOptions): Promise<void> {
  const graceMs = options.stopGraceMs ?? 10_000;
  signalProcess(pid, options.stopSignal ?? 'SIGTERM');
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, graceMs);
  });
  await Promise.race([ended, patience]);
  clearTimeout(timer);
  // Also after an orderly end: a grandchild that outlived its parent must not be left behind.
  signalGroup(pid, 'SIGKILL');
  await ended;
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}

/** Signals a whole process group by its leader's pid; a group that is gone is no error. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  signalProcess(-leader, signal);
}
