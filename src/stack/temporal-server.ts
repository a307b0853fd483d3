import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import type { Part } from './part.ts';
import { prepareNamespace } from './temporal-namespace.ts';

/** As in the settings; without a database file the server forgets everything when it ends. */
export type TemporalServerOptions = Omit<Settings['temporal'], 'external' | 'databaseFile'> & {
  readonly databaseFile?: string;
};

/** The dev server under these settings as a part of the stack. */
export function temporalPart(executable: string, temporal: TemporalServerOptions): Part {
  const { host, port, uiPort } = temporal;
  return {
    name: 'temporal',
    command: executable,
    args: serverArguments(temporal),
    env: {},
    ready: (line) => /^(Temporal )?Server:\s/.test(line),
    stopSignal: 'SIGINT',
    stopGraceMs: 15_000,
    ports: [
      { host, port, option: 'temporal.port' },
      { host, port: uiPort, option: 'temporal.uiPort' },
    ],
    dependsOn: [],
    afterReady: () => prepareNamespace(`${host}:${port}`, temporal),
  };
}

function serverArguments(temporal: TemporalServerOptions): string[] {
  const flags: [string, string][] = [
    ['--ip', temporal.host],
    ['--port', String(temporal.port)],
    ['--ui-ip', temporal.host],
    ['--ui-port', String(temporal.uiPort)],
    ['--namespace', temporal.namespace],
    ['--log-level', temporal.logLevel],
    ...(temporal.databaseFile === undefined ? [] : [['--db-filename', temporal.databaseFile] as [string, string]]),
    ...Object.entries(temporal.searchAttributes).map(([name, type]): [string, string] => [
      '--search-attribute',
      `${name}=${type}`,
    ]),
    ...Object.entries(temporal.dynamicConfig).map(([name, value]): [string, string] => [
      '--dynamic-config-value',
      `${name}=${JSON.stringify(value)}`,
    ]),
  ];
  return ['server', 'start-dev', ...flags.flat()];
}

/** The variables that point a child process at the embedded server and at nothing else. */
export function temporalEnvironment(
  settings: Settings,
  variables: NodeJS.ProcessEnv = process.env,
): Record<string, string | undefined> {
  if (settings.temporal.external) return {};
  const { host, port, namespace } = settings.temporal;
  // A TLS setting or an API key that is meant for some cluster would keep a client from our plain local server,
  // and so would a profile in the user's home.
  const foreign = Object.keys(variables).filter((name) => name.startsWith('TEMPORAL_'));
  return {
    ...Object.fromEntries(foreign.map((name) => [name, undefined])),
    TEMPORAL_ADDRESS: `${host}:${port}`,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_CONFIG_FILE: join(settings.dataFolder, 'no-temporal-profile.toml'),
  };
}
