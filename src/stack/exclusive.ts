import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { identifyProcess } from './process-identity.ts';

/** The longest random pause of one that drew back, in ms. */
const PAUSE_MS = 40;

/**
 * Runs `work` while no other process runs its own for the same folder. Every claimant puts down a file of its own
 * before it looks at the others', so that of two that come at the same instant at least one sees the other; who sees
 * a live one draws back and tries again after a random pause. Nobody ever removes a claim of a live process, and the
 * claim of one that was killed counts for nothing: there is no stale lock to break, and no race in breaking it.
 */
export async function exclusively<T>(folder: string, work: () => T): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const own = String(process.pid);
  for (;;) {
    writeFileSync(join(folder, own), JSON.stringify(identifyProcess(process.pid)));
    try {
      if (!otherClaims(folder, own)) return work();
    } finally {
      rmSync(join(folder, own), { force: true });
    }
    await pause(Math.random() * PAUSE_MS);
  }
}

function otherClaims(folder: string, own: string): boolean {
  return readdirSync(folder).some((name) => name !== own && isLive(folder, name));
}

/** A claim whose process lives; one that is half written belongs to a process that is just writing it. */
function isLive(folder: string, name: string): boolean {
  const identity = identifyProcess(Number(name));
  if (identity === undefined) return false;
  try {
    const noted = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { readonly started?: string };
    return noted.started === identity.started;
  } catch {
    return true;
  }
}
