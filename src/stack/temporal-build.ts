import { execFile, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Found } from './temporal-executable.ts';

/** The newest CLI that `go install` accepts: from 1.6 its go.mod holds a replace directive (temporal-notes §11). */
export const GO_MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';

const PROGRESS_EVERY_MS = 10_000;

/** Builds the CLI into the cache: minutes when Go's own cache is cold, so it says that it is alive. */
export async function buildWithGo(cacheFolder: string, say: (line: string) => void): Promise<Found> {
  if (!(await hasGo())) return { missing: 'Go is not installed' };
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, 'build-'));
  const startedAt = Date.now();
  const progress = () => {
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    say(`building the Temporal server with Go (once, about two to three minutes): ${seconds} s`);
  };
  progress();
  const timer = setInterval(progress, PROGRESS_EVERY_MS);
  try {
    const complaint = await goInstall(folder);
    if (complaint !== undefined) return { missing: complaint };
    const path = join(cacheFolder, 'temporal-built');
    chmodSync(join(folder, 'temporal'), 0o755);
    renameSync(join(folder, 'temporal'), path);
    return { path };
  } finally {
    clearInterval(timer);
    rmSync(folder, { recursive: true, force: true });
  }
}

function hasGo(): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('go', ['version'], (error) => resolve(error === null));
  });
}

/** Resolves to the last lines of Go's complaint, or undefined when the build succeeded. */
function goInstall(folder: string): Promise<string | undefined> {
  // GOFLAGS may carry -mod=vendor or the like of another project; an install by version needs none of it.
  const env = { ...process.env, GOBIN: folder, GOFLAGS: '' };
  const child = spawn('go', ['install', GO_MODULE], { stdio: ['ignore', 'ignore', 'pipe'], env, cwd: folder });
  const killWithUs = () => child.kill();
  process.once('exit', killWithUs);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-2_000)));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => {
      process.removeListener('exit', killWithUs);
      resolve(code === 0 ? undefined : complaint.trim().split('\n').slice(-3).join('; ') || `go ended with ${code}`);
    });
  });
}
