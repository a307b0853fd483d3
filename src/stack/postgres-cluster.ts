import { execFile, execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installPostgresBinaries } from './postgres-binaries.ts';

export const POSTGRES_USER = 'storeferry';
export const POSTGRES_DATABASE = 'storeferry';

/** A database cluster on disk, ready for its server to be started. */
export interface PostgresCluster {
  readonly home: string;
  readonly program: string;
  readonly data: string;
  readonly password: string;
  /** The user that must run the server: PostgreSQL refuses root. Undefined: the present user. */
  readonly owner: Owner | undefined;
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Where the cluster lives. Root must hand it to the user `postgres`, who may not be able to enter the data folder,
 * so root's lies in the system's place for variable data, told apart by the data folder's hash.
 */
export function postgresHome(dataFolder: string, isRoot = process.getuid?.() === 0): string {
  if (!isRoot) return join(resolve(dataFolder), 'postgres');
  const hash = createHash('sha256').update(resolve(dataFolder)).digest('hex').slice(0, 12);
  return `/var/lib/storeferry-${hash}`;
}

/**
 * Makes the cluster unless it is there: binaries, password file (0600), initdb, our database. The data folder gets
 * its name only when it is complete, so a start that was killed half-way is simply done again.
 */
export async function prepareCluster(home: string): Promise<PostgresCluster> {
  const owner = process.getuid?.() === 0 ? postgresOwner() : undefined;
  mkdirSync(home, { recursive: true });
  if (owner !== undefined) chmodSync(home, 0o755);
  const binaries = installPostgresBinaries(home);
  const password = readOrMakePassword(join(home, 'password'));
  const data = join(home, 'data');
  if (!existsSync(data)) await createData({ home, binaries, password, data, owner });
  return { home, program: join(binaries, 'bin', 'postgres'), data, password, owner };
}

/**
 * Root's cluster lies outside the data folder. When that folder is gone, a start makes everything anew: the old data is kept beside
 * the new, where nobody takes it up by mistake without its keys and its stores. Returns where it lies now; null when there was none.
 */
export function setOrphanAside(home: string, now = Date.now()): string | null {
  const data = join(home, 'data');
  if (!existsSync(data)) return null;
  const aside = `${data}.of-before-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`;
  renameSync(data, aside);
  return aside;
}

function readOrMakePassword(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

interface DataRequest {
  readonly home: string;
  readonly binaries: string;
  readonly password: string;
  readonly data: string;
  readonly owner: Owner | undefined;
}

async function createData({ home, binaries, password, data, owner }: DataRequest): Promise<void> {
  const half = join(home, 'data.part');
  const passwordFile = join(home, 'initdb-password');
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner !== undefined) for (const path of [half, passwordFile]) chownSync(path, owner.uid, owner.gid);
  try {
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const login = [`--username=${POSTGRES_USER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    await run(join(binaries, 'bin', 'initdb'), [`--pgdata=${half}`, ...login, ...locale], home, owner);
    const statement = `CREATE DATABASE ${POSTGRES_DATABASE}\n`;
    await run(join(binaries, 'bin', 'postgres'), ['--single', '-D', half, 'postgres'], home, owner, statement);
    renameSync(half, data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function run(program: string, args: string[], cwd: string, owner: Owner | undefined, input = ''): Promise<void> {
  return new Promise((done, reject) => {
    const options = { cwd, env: { ...process.env, LC_ALL: 'C' }, ...owner };
    const child = execFile(program, args, options, (error, _stdout, stderr) => {
      if (error === null) done();
      else reject(new Error(`PostgreSQL's files could not be made (${program}): ${stderr.trim() || error.message}`));
    });
    child.stdin?.on('error', () => {}); // initdb ends without reading; the exit code tells the story.
    child.stdin?.end(input);
  });
}

function postgresOwner(): Owner {
  try {
    return lookUpPostgresUser();
  } catch {
    createPostgresUser();
    return lookUpPostgresUser();
  }
}

function lookUpPostgresUser(): Owner {
  const [uid, gid] = ['-u', '-g'].map((option) =>
    Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8', stdio: 'pipe' })),
  );
  if (!uid || !gid) throw new Error('the user postgres has no ids of its own');
  return { uid, gid };
}

function createPostgresUser(): void {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'pipe' });
  } catch (error) {
    throw new Error(
      'PostgreSQL refuses to run as root, and the user postgres could not be created. ' +
        'Create it (useradd --system postgres), start storeferry as another user, or set DATABASE_URL.',
      { cause: error },
    );
  }
}
