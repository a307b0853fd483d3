import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ownCommand } from './own-command.ts';
import type { Found } from './temporal-executable.ts';

/** A download that brings no byte for this long is given up. */
const STALLED_MS = 20_000;
const CHECK_EVERY_MS = 1_000;

/**
 * Lets Temporal's SDK fetch its dev server into the cache. It runs in a process of its own, because the SDK's
 * download can be neither cancelled nor given a time limit.
 */
export async function downloadWithSdk(cacheFolder: string, say: (line: string) => void): Promise<Found> {
  const folder = join(cacheFolder, 'download');
  mkdirSync(folder, { recursive: true });
  say('fetching the Temporal server (once; it is kept in the cache)');
  const { command, args } = ownCommand('fetch-temporal', folder);
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const watch = killWhenStalled(folder, () => child.kill('SIGKILL'), say);
  const code = await new Promise<number | null>((resolve) =>
    child.once('close', resolve).once('error', () => resolve(1)),
  );
  clearInterval(watch.timer);
  const fetched = readdirSync(folder).find((name) => name.startsWith('temporal-') && !name.endsWith('.downloading'));
  if (code !== 0 || fetched === undefined) {
    const missing = watch.stalled() ? `nothing arrived for ${STALLED_MS / 1_000} s` : innermostCause(complaint);
    say(`the Temporal server cannot be fetched: ${missing}`);
    rmSync(folder, { recursive: true, force: true });
    return { missing };
  }
  const path = join(cacheFolder, 'temporal-downloaded');
  renameSync(join(folder, fetched), path);
  chmodSync(path, 0o755);
  return { path };
}

function killWhenStalled(folder: string, kill: () => void, say: (line: string) => void) {
  let bytes = 0;
  let movedAt = Date.now();
  let stalled = false;
  const timer = setInterval(() => {
    const now = folderBytes(folder);
    if (now !== bytes) {
      movedAt = Date.now();
      say(`fetching the Temporal server: ${Math.round(now / 1_000_000)} MB`);
    }
    bytes = now;
    stalled = Date.now() - movedAt > STALLED_MS;
    if (stalled) kill();
  }, CHECK_EVERY_MS);
  return { timer, stalled: () => stalled };
}

function folderBytes(folder: string): number {
  return existsSync(folder)
    ? readdirSync(folder).reduce(
        (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
        0,
      )
    : 0;
}

/** The innermost causes of a chain like `a: b: c: d`, which is how the SDK words them. */
const SHOWN_CAUSES = 3;

function innermostCause(text: string): string {
  const line = text.trim().split('\n').at(-1) ?? '';
  return line === '' ? 'the download ended without a file' : line.split(': ').slice(-SHOWN_CAUSES).join(': ');
}
