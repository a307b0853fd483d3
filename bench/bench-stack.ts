import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { type ApiClient, createApiClient } from '../src/cli/client/api-client.ts';
import { freePorts } from '../src/stack/free-port.ts';
import { postgresHome } from '../src/stack/postgres-cluster.ts';
import type { ProcessEntry } from '../src/stack/process-ledger.ts';
import type { Extent } from './extents.ts';
import { peakRssMiB } from './processes.ts';
import { ask } from './sandbox-admin.ts';

const PROGRAM = fileURLToPath(new URL('../bin/storeferry', import.meta.url));
const NAMESPACE = 'storeferry';

/** The whole service as its users start it, on free ports in a folder of its own, with an empty target. */
export interface BenchStack {
  readonly api: ApiClient;
  readonly apiUrl: string;
  readonly shopUrl: string;
  readonly storeUrl: string;
  /** Name of the project that is measured. */
  readonly project: string;
  /** Ready for another run without another start: the project is deleted, the next has another name, the target is empty. */
  renew(): Promise<void>;
  readonly temporal: { readonly address: string; readonly namespace: string };
  /** Highest memory that any worker process has had, MiB. */
  peakWorkerRssMiB(): number;
  /** The service's own processes at present: `postgres`, `temporal`, `api`, `worker-1`. */
  parts(): readonly Pick<ProcessEntry, 'name' | 'pid'>[];
  stop(): Promise<void>;
}

export interface StackWish {
  readonly extent: Extent;
  readonly seed: number;
  readonly workers?: number;
}

async function startStack({ extent, seed, workers = 1 }: StackWish): Promise<BenchStack> {
  const folder = mkdtempSync(join(tmpdir(), 'storeferry-bench-'));
  const dataFolder = join(folder, 'data');
  const [temporal, uiPort, postgres, api, shop, store] = (await freePorts(6)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const settings = {
    temporal: { port: temporal, uiPort, logLevel: 'error', namespace: NAMESPACE },
    postgres: { port: postgres },
    api: { port: api },
    worker: { count: workers },
    // No quota, unless a figure asks for one.
    sandbox: { woocommerce: { port: shop, seed, ...extent.shop }, bigcommerce: { port: store, quota: 1_000_000 } },
    network: { allowPrivate: true },
    log: { level: 'warn' },
  };
  const file = join(folder, 'settings.yml');
  writeFileSync(file, stringify(settings));
  const variables = { STOREFERRY_CONFIG: file, STOREFERRY_DATA: dataFolder };
  const service = spawn(process.execPath, [PROGRAM, 'start'], {
    cwd: folder,
    env: { ...withoutOurs(process.env), ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = async () => {
    await ended(service);
    for (const made of [postgresHome(dataFolder), folder]) rmSync(made, { recursive: true, force: true });
  };
  try {
    await says(service, new RegExp(`worker-${workers} is up`));
  } catch (error) {
    await stop();
    throw error;
  }
  const key = readFileSync(join(dataFolder, 'approver.key'), 'utf8').trim();
  const client = createApiClient({ url: `http://127.0.0.1:${api}`, key });
  const storeUrl = `http://127.0.0.1:${store}`;
  let number = 1;
  const project = () => `bench-${number}`;
  return {
    api: client,
    apiUrl: `http://127.0.0.1:${api}`,
    shopUrl: `http://127.0.0.1:${shop}`,
    storeUrl,
    get project() {
      return project();
    },
    async renew() {
      await client.deleteProject(project(), true);
      await ask(storeUrl, 'reset', 'POST');
      number += 1;
    },
    temporal: { address: `127.0.0.1:${temporal}`, namespace: NAMESPACE },
    peakWorkerRssMiB: () => {
      const processes = partsOf(dataFolder).filter(({ name }) => name.startsWith('worker-'));
      return Math.max(...processes.map(({ pid }) => peakRssMiB(pid)));
    },
    // The stores are nobody's service, and the supervisor does nothing but wait.
    parts: () => partsOf(dataFolder).filter(({ name }) => !/^(sandbox-|supervisor$)/.test(name)),
    stop,
  };
}

/** Does the work on a stack of its own, which is stopped whatever comes of it. */
export async function onStack<T>(wish: StackWish, work: (stack: BenchStack) => Promise<T>): Promise<T> {
  const stack = await startStack(wish);
  try {
    return await work(stack);
  } finally {
    await stack.stop();
  }
}

/** A bench is not to be led elsewhere by what the shell has set for storeferry, but for the way to an executable. */
function withoutOurs(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = /^(TEMPORAL_(?!CLI_PATH)|STOREFERRY_|DATABASE_URL$)/;
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !foreign.test(name)));
}

function says(service: ChildProcess, what: RegExp): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    service.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-4_000);
      if (what.test(said)) resolve();
    });
    service.once('close', (code) => reject(new Error(`the service ended with ${code} before it was up:\n${said}`)));
  });
}

async function ended(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null || service.signalCode !== null) return;
  const closed = new Promise((resolve) => service.once('close', resolve));
  service.kill('SIGINT');
  await closed;
}

function partsOf(dataFolder: string): ProcessEntry[] {
  return JSON.parse(readFileSync(join(dataFolder, 'processes.json'), 'utf8')) as ProcessEntry[];
}
