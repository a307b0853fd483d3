import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { POSTGRES_DATABASE, POSTGRES_USER, postgresHome } from './postgres-cluster.ts';
import type { PostgresCluster } from './postgres-cluster.ts';
import type { Part } from './part.ts';

const HOST = '127.0.0.1';

export interface PostgresOptions {
  readonly port: number;
  readonly maxConnections: number;
  /** False gives up safety against a crash of the machine, not of the process. Default true. */
  readonly fsync?: boolean;
}

/** The embedded server as a part of the stack, and the URL under which it will answer. */
export function postgresPart(cluster: PostgresCluster, options: PostgresOptions): Part {
  return {
    name: 'postgres',
    command: cluster.program,
    args: ['-D', cluster.data, '-p', String(options.port), ...flags(options)],
    env: { LC_ALL: 'C' },
    cwd: cluster.home,
    ...cluster.owner,
    ready: (line) => line.includes('database system is ready to accept connections'),
    // SIGINT is PostgreSQL's fast shutdown: it ends the sessions instead of waiting for them.
    stopSignal: 'SIGINT',
    stopGraceMs: 30_000,
    ports: [{ host: HOST, port: options.port, option: 'postgres.port' }],
    dependsOn: [],
  };
}

function flags(options: PostgresOptions): string[] {
  const values = {
    listen_addresses: HOST,
    // Only TCP: a socket file would need a folder that both users may enter.
    unix_socket_directories: '',
    max_connections: options.maxConnections,
    timezone: 'UTC',
    ...(options.fsync === false ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  return Object.entries(values).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

/** Holds the password: for child processes and drivers, never for logs. */
export function postgresUrl(cluster: Pick<PostgresCluster, 'password'>, port: number): string {
  return `postgres://${POSTGRES_USER}:${cluster.password}@${HOST}:${port}/${POSTGRES_DATABASE}`;
}

/** The URL of a cluster that is there already, whoever runs its server. Holds the password. */
export function embeddedUrl(home: string, port: number): string {
  return postgresUrl({ password: readFileSync(join(home, 'password'), 'utf8').trim() }, port);
}

/** The folder of the embedded cluster under these settings. */
export function clusterHome(settings: Settings): string {
  return settings.postgres.dataFolder ?? postgresHome(settings.dataFolder);
}
