import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Settings } from '../config/settings.ts';
import { ensureKeys } from './keys.ts';
import { ownCommand } from './own-command.ts';
import { saysReady } from './part.ts';
import type { Part } from './part.ts';
import { prepareCluster, setOrphanAside } from './postgres-cluster.ts';
import { clusterHome, postgresPart, postgresUrl } from './postgres-server.ts';
import { sandboxParts } from './sandbox-stores.ts';
import { findTemporalExecutable } from './temporal-executable.ts';
import { assertSearchAttributes } from './temporal-namespace.ts';
import { temporalEnvironment, temporalPart } from './temporal-server.ts';

/** The file of the data folder that lists the stack's processes. */
export function processLedgerFile(settings: Settings): string {
  return join(settings.dataFolder, 'processes.json');
}

/**
 * Makes everything that must exist before the first process starts (keys, database files, the Temporal executable)
 * and returns the table of parts. Rejects with a message fit for the terminal.
 */
export async function prepareStack(settings: Settings, say: (line: string) => void): Promise<Part[]> {
  const isFirst = isFirstStart(settings);
  mkdirSync(settings.dataFolder, { recursive: true });
  ensureKeys(settings.keys);
  if (isFirst && settings.databaseUrl === undefined) leaveOldDatabase(settings, say);
  const database = await databaseParts(settings);
  const temporal = await temporalParts(settings, say);
  const servers = [...database.parts, ...temporal, ...sandboxParts(settings)];
  return [
    ...servers,
    ...ownParts(
      settings,
      database.url,
      servers.map(({ name }) => name),
    ),
  ];
}

/** Nothing of an earlier start is in the data folder: neither a key nor Temporal's database. */
function isFirstStart({ keys, temporal }: Settings): boolean {
  return ![keys.sealingFile, keys.approverFile, temporal.databaseFile].some((file) => existsSync(file));
}

/** A database in a place of its own that the settings name is the user's business; one in our own place is of the folder that is gone. */
function leaveOldDatabase(settings: Settings, say: (line: string) => void): void {
  if (settings.postgres.dataFolder !== undefined) return;
  const aside = setOrphanAside(clusterHome(settings));
  if (aside !== null) say(`the data folder is new: the database of the one before it is kept in ${aside}`);
}

async function databaseParts(settings: Settings): Promise<{ parts: Part[]; url: string }> {
  if (settings.databaseUrl !== undefined) return { parts: [], url: settings.databaseUrl };
  const cluster = await prepareCluster(clusterHome(settings));
  return { parts: [postgresPart(cluster, settings.postgres)], url: postgresUrl(cluster, settings.postgres.port) };
}

async function temporalParts(settings: Settings, say: (line: string) => void): Promise<Part[]> {
  if (!settings.temporal.external) {
    const { external: _external, ...options } = settings.temporal;
    return [temporalPart(await findTemporalExecutable({ say }), options)];
  }
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const { searchAttributes } = settings.temporal;
  await assertSearchAttributes(connectionOptions, { namespace: namespace ?? 'default', searchAttributes });
  return [];
}

/** The API, then the workers: storeferry's own processes, pointed at the servers by their environment. */
function ownParts(settings: Settings, databaseUrl: string, servers: readonly string[]): Part[] {
  const env = {
    ...temporalEnvironment(settings),
    DATABASE_URL: databaseUrl,
    STOREFERRY_DATA: settings.dataFolder,
    STOREFERRY_CONFIG: settings.file,
  };
  const { host, port } = settings.api;
  const api: Part = {
    name: 'api',
    ...ownCommand('api'),
    env,
    ready: saysReady,
    ports: [{ host, port, option: 'api.port' }],
    dependsOn: servers,
  };
  const { metricsHost, metricsPort } = settings.worker;
  const workers = Array.from({ length: settings.worker.count }, (_, index) => ({
    name: `worker-${index + 1}`,
    ...ownCommand('worker'),
    // Two processes cannot listen on one port.
    env: metricsPort === undefined ? env : { ...env, STOREFERRY_WORKER_METRICS_PORT: String(metricsPort + index) },
    ready: saysReady,
    // Longer than the worker's own grace, so that it is never killed in the midst of an orderly end.
    stopGraceMs: settings.worker.shutdownGraceMs + 10_000,
    ports:
      metricsPort === undefined ? [] : [{ host: metricsHost, port: metricsPort + index, option: 'worker.metricsPort' }],
    // The API migrates the ledger's schema in its start; workers only check it.
    dependsOn: [...servers, 'api'],
  }));
  return [api, ...workers];
}
