import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { stringify } from 'yaml';
import { signalGroup } from '../../src/stack/child-process.ts';
import { postgresHome } from '../../src/stack/postgres-cluster.ts';
import { isAlive } from '../../src/stack/process-identity.ts';
import type { ProcessEntry } from '../../src/stack/process-ledger.ts';
import { freePorts } from './free-port.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/storeferry', import.meta.url));
const PATIENCE_MS = 90_000;

export interface StackPorts {
  readonly temporal: number;
  readonly temporalUi: number;
  readonly postgres: number;
  readonly api: number;
  readonly woocommerce: number;
  readonly bigcommerce: number;
}

/** A folder with settings on free ports, for as many starts of the stack as a test wants. */
export interface StackFolder {
  readonly dataFolder: string;
  readonly ports: StackPorts;
  /** Runs the program as a person would; `changes` are merged into its settings file, section by section. */
  run(command: string[], changes?: Record<string, object>, variables?: Record<string, string>): StoreferryProcess;
  /** The processes noted at present, the supervisor's among them. */
  processes(): ProcessEntry[];
  /** Ends whatever is still running, last resort and normal end alike, and removes the files. */
  remove(): Promise<void>;
}

export interface StoreferryProcess {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  /** All of its stderr so far. */
  output(): string;
  /** All of its stdout so far. */
  result(): string;
  /** Waits for something on stderr, where the program talks to people. */
  waitFor(what: RegExp): Promise<void>;
  /** Waits for something on stdout, where results and the services' log lines go. */
  waitForResult(what: RegExp): Promise<void>;
}

export async function createStackFolder(): Promise<StackFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'));
  const dataFolder = join(folder, 'data');
  const [temporal, temporalUi, postgres, api, woocommerce, bigcommerce] = (await freePorts(6)) as SixPorts;
  const ports = { temporal, temporalUi, postgres, api, woocommerce, bigcommerce };
  const started: StoreferryProcess[] = [];
  const processes = () => readProcesses(join(dataFolder, 'processes.json'));
  return {
    dataFolder,
    ports,
    processes,
    run: (command, changes = {}, variables = {}) => {
      const file = join(folder, 'settings.yml');
      writeFileSync(file, stringify(merge(baseSettings(ports), changes)));
      const running = runStoreferry(command, folder, {
        STOREFERRY_CONFIG: file,
        STOREFERRY_DATA: dataFolder,
        ...variables,
      });
      started.push(running);
      return running;
    },
    remove: async () => {
      for (const { child } of started) child.kill('SIGKILL');
      await Promise.all(started.map(({ exit }) => exit));
      for (const entry of processes()) if (isAlive(entry)) signalGroup(entry.pid, 'SIGKILL');
      await vi.waitFor(() => {
        if (processes().some((entry) => isAlive(entry))) throw new Error('a process of the stack is still there');
      }, PATIENCE_MS);
      rmSync(postgresHome(dataFolder), { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type SixPorts = [number, number, number, number, number, number];

function baseSettings(ports: StackPorts): Record<string, object> {
  return {
    temporal: { port: ports.temporal, uiPort: ports.temporalUi, logLevel: 'error' },
    postgres: { port: ports.postgres },
    api: { port: ports.api },
    sandbox: {
      woocommerce: { port: ports.woocommerce, products: 10 },
      bigcommerce: { port: ports.bigcommerce, enabled: existsSync(BIGCOMMERCE) },
    },
    network: { allowPrivate: true },
  };
}

const BIGCOMMERCE = fileURLToPath(new URL('../../src/sandbox/bigcommerce/main.ts', import.meta.url));

function merge(base: Record<string, object>, changes: Record<string, object>): Record<string, object> {
  const sections = Object.entries(changes).map(([name, values]) => [name, { ...base[name], ...values }]);
  return { ...base, ...Object.fromEntries(sections) };
}

function readProcesses(file: string): ProcessEntry[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ProcessEntry[]) : [];
}

/** Runs the program in a folder; nothing of the shell's own settings reaches it but the way to a Temporal executable. */
export function runStoreferry(command: string[], cwd: string, variables: Record<string, string>): StoreferryProcess {
  const child = spawn(process.execPath, [PROGRAM, ...command], {
    cwd,
    env: { ...ownVariables(), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let result = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => (result += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const wait = (text: () => string, what: RegExp) =>
    vi.waitFor(() => {
      if (!what.test(text())) throw new Error(`${what} does not appear in:\n${output}\n${result}`);
    }, PATIENCE_MS);
  return {
    child,
    exit,
    output: () => output,
    result: () => result,
    waitFor: (what) => wait(() => output, what),
    waitForResult: (what) => wait(() => result, what),
  };
}

function ownVariables(): NodeJS.ProcessEnv {
  const foreign = /^(TEMPORAL_(?!CLI_PATH)|STOREFERRY_|DATABASE_URL$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
