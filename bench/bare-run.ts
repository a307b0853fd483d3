import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bigCommerceCredentials } from '../src/sandbox/bigcommerce/options.ts';
import { sandboxCredentials } from '../src/sandbox/woocommerce/options.ts';
import { type Extent, shopArguments } from './extents.ts';
import { readJournal } from './sandbox-admin.ts';

export interface BareRun {
  readonly seconds: number;
  readonly written: Readonly<Record<string, number>>;
  readonly refused: readonly string[];
  /** Requests that the target got. */
  readonly requests: number;
}

export interface BareWish {
  readonly extent: Extent;
  readonly seed: number;
  readonly latencyMs: number;
  readonly inFlight: number;
}

/** The bare script between a pair of stores of its own: the same shop, an empty target, the same latency. */
export async function runBare({ extent, seed, latencyMs, inFlight }: BareWish): Promise<BareRun> {
  const started: ChildProcess[] = [];
  try {
    const latency = ['--latency-ms', String(latencyMs)];
    const shop = await startStore(
      'woocommerce',
      [...shopArguments(extent), '--seed', String(seed), ...latency],
      started,
    );
    const store = await startStore('bigcommerce', latency, started);
    const { consumerKey: key, consumerSecret: secret, applicationUser, applicationPassword } = sandboxCredentials;
    const { storeHash, accessToken } = bigCommerceCredentials;
    const options = {
      shop: { url: shop, key, secret, wordpress: `${applicationUser}:${applicationPassword}` },
      store: { url: store, key: storeHash, secret: accessToken },
      inFlight,
    };
    const said = await output(script('bare/main.ts', [JSON.stringify(options)], started));
    const { total } = await readJournal(store);
    return { ...(JSON.parse(said) as Omit<BareRun, 'requests'>), requests: total };
  } finally {
    await Promise.all(started.map((child) => ended(child)));
  }
}

function script(path: string, options: readonly string[], started: ChildProcess[]): ChildProcess {
  const file = fileURLToPath(new URL(path, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  return child;
}

function startStore(platform: string, options: readonly string[], started: ChildProcess[]): Promise<string> {
  const child = script(`../src/sandbox/${platform}/main.ts`, options, started);
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (line: Buffer) => resolve((JSON.parse(line.toString()) as { url: string }).url));
    child.once('close', (code) => reject(new Error(`the ${platform} sandbox ended with ${code} before it was up`)));
  });
}

function output(child: ChildProcess): Promise<string> {
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve(said);
      else reject(new Error(`the bare script ended with ${code}`));
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await closed;
}
