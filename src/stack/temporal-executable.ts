import { execFile } from 'node:child_process';
import { constants, accessSync, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { buildWithGo, GO_MODULE } from './temporal-build.ts';
import { downloadWithSdk } from './temporal-download.ts';

/** Updates, schedules and start delays as the workflows use them are measured on this line of servers. */
export const OLDEST_SERVER = [1, 29] as const;

/** One way to come by the executable: its path, or why this way led nowhere. */
export type Found = { readonly path: string } | { readonly missing: string };

export interface ExecutableSearch {
  readonly variables: NodeJS.ProcessEnv;
  readonly cacheFolder: string;
  /** Told what takes long. */
  readonly say: (line: string) => void;
  readonly download: (folder: string, say: (line: string) => void) => Promise<Found>;
  readonly build: (folder: string, say: (line: string) => void) => Promise<Found>;
}

/** Where fetched and built programs are kept between runs and clones. */
export function defaultCacheFolder(variables: NodeJS.ProcessEnv): string {
  const base = variables['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'storeferry');
}

/**
 * Finds the Temporal CLI, whose dev server is a real Temporal server, in the order of design.md §8: TEMPORAL_CLI_PATH,
 * PATH, our cache, the SDK's own download, a build with Go. Throws with the whole list when every way fails.
 */
export async function findTemporalExecutable(search: Partial<ExecutableSearch> = {}): Promise<string> {
  const variables = search.variables ?? process.env;
  const cacheFolder = search.cacheFolder ?? defaultCacheFolder(variables);
  const say = search.say ?? (() => {});
  const named = variables['TEMPORAL_CLI_PATH'];
  if (named !== undefined && named !== '') return usableOrThrow(named);
  const ways: [string, () => Promise<Found>][] = [
    ['temporal on PATH', () => usable(onPath(variables['PATH'] ?? ''))],
    ['the cache', () => usable(cached(cacheFolder))],
    ["the SDK's download", () => (search.download ?? downloadWithSdk)(cacheFolder, say).then(checked)],
    [`go install ${GO_MODULE}`, () => (search.build ?? buildWithGo)(cacheFolder, say).then(checked)],
  ];
  const failures: string[] = [];
  for (const [name, way] of ways) {
    const found = await way();
    if ('path' in found) return found.path;
    failures.push(`${name}: ${found.missing}`);
  }
  throw new Error(
    ['no Temporal server could be had:', ...failures].join('\n  ') +
      '\nInstall the Temporal CLI, name it in TEMPORAL_CLI_PATH, or set TEMPORAL_ADDRESS to a running cluster.',
  );
}

async function usableOrThrow(path: string): Promise<string> {
  const found = await usable(path);
  if ('path' in found) return found.path;
  throw new Error(`TEMPORAL_CLI_PATH is ${path}: ${found.missing}; allowed: a Temporal CLI that can be executed`);
}

function onPath(path: string): string | undefined {
  const name = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((candidate) => isExecutable(candidate));
}

/** Names under which the cache holds an executable, the download's before the build's. */
function cached(folder: string): string | undefined {
  return [join(folder, 'temporal-downloaded'), join(folder, 'temporal-built')].find((path) => existsSync(path));
}

const checked = async (found: Found): Promise<Found> => ('path' in found ? usable(found.path) : found);

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function usable(path: string | undefined): Promise<Found> {
  if (path === undefined) return { missing: 'not there' };
  if (!isExecutable(path)) return { missing: 'no executable file' };
  const server = await serverVersion(path);
  if (server === undefined) return { missing: 'its --version names no Temporal server' };
  const [major, minor] = server;
  const old = major < OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor < OLDEST_SERVER[1]);
  return old ? { missing: `its server is ${major}.${minor}, at least ${OLDEST_SERVER.join('.')} is needed` } : { path };
}

/** Reads the Server part only: a CLI built by Go calls itself 0.0.0-DEV. */
function serverVersion(path: string): Promise<[number, number] | undefined> {
  return new Promise((resolve) => {
    execFile(path, ['--version'], { timeout: 20_000 }, (error, stdout) => {
      const match = /Server (\d+)\.(\d+)/.exec(error === null ? stdout : '');
      resolve(match === null ? undefined : [Number(match[1]), Number(match[2])]);
    });
  });
}
