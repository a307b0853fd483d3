import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ClientConnectConfig } from '@temporalio/envconfig';

/** How to reach a Temporal cluster; may hold an API key or a client certificate, so it is never logged. */
export interface ConnectionProfile {
  /** Fits both kinds of connection: the client's and the worker's. */
  readonly connectionOptions: ClientConnectConfig['connectionOptions'];
  readonly namespace: string;
  /** What may be shown. */
  readonly address: string;
}

const DEFAULT_ADDRESS = 'localhost:7233';

/**
 * Reads TEMPORAL_* variables and, where there is one, the profile file (temporal-notes §12): a variable wins over the file.
 * `variables` replaces the process's own. Throws when a profile is named that does not exist.
 */
export function loadConnectionProfile(variables: NodeJS.ProcessEnv = process.env): ConnectionProfile {
  const present = Object.entries(variables).filter((entry): entry is [string, string] => Boolean(entry[1]));
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(present) });
    return {
      connectionOptions,
      namespace: namespace ?? 'default',
      address: connectionOptions.address ?? DEFAULT_ADDRESS,
    };
  } catch (error) {
    const profile = variables['TEMPORAL_PROFILE'] ?? 'default';
    throw new Error(`the Temporal profile ${profile} cannot be used: ${(error as Error).message}`, { cause: error });
  }
}
