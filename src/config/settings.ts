import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readEnvironment } from './environment.ts';
import type { Environment } from './environment.ts';
import { parseSettings, readSettingsFile } from './settings-file.ts';
import type { FileSettings } from './schema.ts';

/**
 * Everything that can be set, resolved once from the file, the environment (which wins) and the defaults.
 * Paths are absolute, times are milliseconds unless the name says otherwise. Frozen through and through.
 */
export interface Settings extends Omit<FileSettings, 'api' | 'temporal'> {
  /** The settings file that was read; absent when only environment and defaults spoke. */
  readonly file: string | undefined;
  readonly temporal: FileSettings['temporal'] & {
    /** True when TEMPORAL_ADDRESS, TEMPORAL_PROFILE or TEMPORAL_CONFIG_FILE names a cluster of its own. */
    readonly external: boolean;
  };
  /** Absent: the embedded PostgreSQL. Holds a password: never logged. */
  readonly databaseUrl: string | undefined;
  readonly api: FileSettings['api'] & { readonly url: string };
  readonly keys: {
    readonly sealing: string | undefined;
    readonly approver: string | undefined;
    readonly sealingFile: string;
    readonly approverFile: string;
  };
}

const SETTINGS_FILE = 'temporal-dev.yml';

export interface SettingsRequest {
  readonly variables: NodeJS.ProcessEnv;
  readonly workingFolder: string;
  /**
   * `true`: use temporal-dev.yml of the working folder, or of storeferry itself, when STOREFERRY_CONFIG names none.
   * `false` (api and worker on their own): only STOREFERRY_CONFIG counts, so that the development file's
   * `network.allowPrivate: true` never reaches a production process by its working folder.
   */
  readonly searchFile: boolean;
  /** Where storeferry's own temporal-dev.yml lies. */
  readonly packageFolder: string;
}

/** Throws SettingsError, whose message has one line per wrong value. */
export function loadSettings(request: SettingsRequest): Settings {
  const environment = readEnvironment(request.variables);
  const file = findFile(environment, request);
  const values = file === undefined ? parseSettings('', 'defaults') : readSettingsFile(file);
  return freeze(resolveSettings(values, environment, file, request.workingFolder));
}

function findFile(environment: Environment, request: SettingsRequest): string | undefined {
  const named = environment.STOREFERRY_CONFIG;
  if (named !== undefined) return resolve(request.workingFolder, named);
  if (!request.searchFile) return undefined;
  return [request.workingFolder, request.packageFolder]
    .map((folder) => join(folder, SETTINGS_FILE))
    .find((candidate) => existsSync(candidate));
}

function resolveSettings(
  values: FileSettings,
  environment: Environment,
  file: string | undefined,
  workingFolder: string,
): Settings {
  const dataFolder = resolve(workingFolder, environment.STOREFERRY_DATA ?? values.dataFolder);
  const host = environment.STOREFERRY_API_HOST ?? values.api.host;
  const port = environment.STOREFERRY_API_PORT ?? values.api.port;
  return {
    ...values,
    file,
    dataFolder,
    temporal: {
      ...values.temporal,
      namespace: environment.TEMPORAL_NAMESPACE ?? values.temporal.namespace,
      databaseFile: resolve(dataFolder, values.temporal.databaseFile),
      external: isExternalTemporal(environment),
    },
    databaseUrl: environment.DATABASE_URL,
    postgres: {
      ...values.postgres,
      dataFolder:
        values.postgres.dataFolder === undefined ? undefined : resolve(workingFolder, values.postgres.dataFolder),
    },
    api: {
      ...values.api,
      host,
      port,
      url: environment.STOREFERRY_API_URL ?? values.api.publicUrl ?? `http://${host}:${port}`,
    },
    worker: { ...values.worker, metricsPort: environment.STOREFERRY_WORKER_METRICS_PORT ?? values.worker.metricsPort },
    keys: {
      sealing: environment.STOREFERRY_SEALING_KEY,
      approver: environment.STOREFERRY_API_KEY,
      sealingFile: join(dataFolder, 'sealing.key'),
      approverFile: join(dataFolder, 'approver.key'),
    },
    log: { level: environment.STOREFERRY_LOG_LEVEL ?? values.log.level },
  };
}

function isExternalTemporal(environment: Environment): boolean {
  const named = [environment.TEMPORAL_ADDRESS, environment.TEMPORAL_PROFILE, environment.TEMPORAL_CONFIG_FILE];
  return named.some((value) => value !== undefined);
}

function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) freeze(inner);
  return Object.freeze(value);
}
