import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ownCommand } from './own-command.ts';
import type { OwnCommand } from './own-command.ts';
import type { Found } from './temporal-executable.ts';

export interface DownloadOptions {
  /** The process that downloads into a folder. Default: `storeferry fetch-temporal`. */
  readonly fetcher?: (folder: string) => OwnCommand;
  /** A download that brings no byte for this long is given up. Default 20,000. */
  readonly stalledMs?: number;
  /** Default 1,000. */
  readonly checkEveryMs?: number;
}

/**
 * Lets Temporal's SDK fetch its dev server into the cache. It runs in a process of its own, because the SDK's
 * download can be neither cancelled nor given a time limit.
 */
export async function downloadWithSdk(
  cacheFolder: string,
  say: (line: string) => void,
  options: DownloadOptions = {},
): Promise<Found> {
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, 'download-'));
  say('fetching the Temporal server (once; it is kept in the cache)');
  try {
    const complaint = await fetchInto(folder, say, options);
    const fetched = readdirSync(folder).find((name) => name.startsWith('temporal-') && !name.endsWith('.downloading'));
    if (complaint !== undefined || fetched === undefined) {
      const missing = complaint ?? 'the download ended without a file';
      say(`the Temporal server cannot be fetched: ${missing}`);
      return { missing };
    }
    const path = join(cacheFolder, 'temporal-downloaded');
    chmodSync(join(folder, fetched), 0o755);
    renameSync(join(folder, fetched), path);
    return { path };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resolves to why the fetch failed, or to undefined. */
async function fetchInto(
  folder: string,
  say: (line: string) => void,
  { fetcher = (into) => ownCommand('fetch-temporal', into), stalledMs = 20_000, checkEveryMs = 1_000 }: DownloadOptions,
): Promise<string | undefined> {
  const { command, args } = fetcher(folder);
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  let bytes = 0;
  let movedAt = Date.now();
  const timer = setInterval(() => {
    const now = folderBytes(folder);
    if (now !== bytes) {
      movedAt = Date.now();
      say(`fetching the Temporal server: ${Math.round(now / 1_000_000)} MB`);
    }
    bytes = now;
    if (Date.now() - movedAt <= stalledMs) return;
    complaint = `nothing arrived for ${stalledMs / 1_000} s`;
    kill();
  }, checkEveryMs);
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve).once('error', () => resolve(1));
  });
  clearInterval(timer);
  process.removeListener('exit', kill);
  return code === 0 ? undefined : innermostCause(complaint);
}

function folderBytes(folder: string): number {
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The innermost causes of a chain like `a: b: c: d`, which is how the SDK words them. */
const SHOWN_CAUSES = 3;

function innermostCause(text: string): string {
  const line = text.trim().split('\n').at(-1) ?? '';
  return line === '' ? 'it ended without a word' : line.split(': ').slice(-SHOWN_CAUSES).join(': ');
}
