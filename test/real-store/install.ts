import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Where the real store's own package lies. */
export const STORE_FOLDER = fileURLToPath(new URL('.', import.meta.url));

const run = promisify(execFile);
/** Inside node_modules: the lock file that it was installed from. */
const MARK = '.installed-from';

/**
 * Installs the real store's packages from its lock file, if they are missing or of another lock file. Two at once do no harm:
 * each installs in a folder of its own, which takes its place in one step; the second finds the place taken and throws its own away.
 * An install that was cut off is a folder that nobody looks at.
 */
export async function installStore(folder = STORE_FOLDER, say: (line: string) => void = () => {}): Promise<void> {
  const place = join(folder, 'node_modules');
  const wanted = await readFile(join(folder, 'package-lock.json'), 'utf8');
  if ((await installedFrom(place)) === wanted) return;
  say('installing a real Vendure for the tests (once)');
  await mkdir(join(folder, '.storeferry'), { recursive: true });
  const own = await mkdtemp(join(folder, '.storeferry', 'install-'));
  try {
    for (const file of ['package.json', 'package-lock.json']) await copyFile(join(folder, file), join(own, file));
    // The prefix is said, since a test may itself run below another npm.
    await run('npm', ['ci', '--prefix', own, '--no-audit', '--no-fund'], { cwd: own, maxBuffer: 50_000_000 });
    // A package without dependencies gets no folder.
    await mkdir(join(own, 'node_modules'), { recursive: true });
    await writeFile(join(own, 'node_modules', MARK), wanted);
    await takePlace(join(own, 'node_modules'), place, join(own, 'old'), wanted);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function installedFrom(place: string): Promise<string | undefined> {
  const mark = join(place, MARK);
  return existsSync(mark) ? readFile(mark, 'utf8') : undefined;
}

async function takePlace(made: string, place: string, aside: string, wanted: string): Promise<void> {
  // Of another lock file, or made by hand; one that another process has just put there is as good as ours.
  if (existsSync(place) && (await installedFrom(place)) !== wanted) await rename(place, aside);
  try {
    await rename(made, place);
  } catch (error) {
    if ((await installedFrom(place)) !== wanted) throw error;
  }
}
