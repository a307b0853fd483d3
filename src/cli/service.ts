import { setMaxListeners } from 'node:events';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import type { Logger } from 'pino';
import type { Settings } from '../config/settings.ts';
import { decodeSealingKey, readKeyFile } from '../stack/keys.ts';
import { serviceSettings } from './own-settings.ts';

/** A long-running service once it is open. */
export interface Service {
  /** Told to the supervisor, or to whoever reads the output, together with `ready: true`. */
  readonly facts: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export type OpenService = (settings: Settings, log: Logger) => Promise<Service>;

const MOST_LISTENERS = 200;

/** How much longer than a worker's own grace the whole orderly end may take. */
const MARGIN_MS = 5_000;

/** Opens a service, says that it is ready, and closes it in order on a signal or an uncaught error. */
export async function runService(name: string, open: OpenService): Promise<void> {
  // All requests of an activity, dozens at a time, listen to its one signal: no leak that would be worth a warning.
  setMaxListeners(MOST_LISTENERS);
  const settings = serviceSettings();
  const log = pino({ name, level: settings.log.level });
  const service = await open(settings, log);
  closeWithGrace({ delay: settings.worker.shutdownGraceMs + MARGIN_MS, logger: false }, async ({ err }) => {
    if (err !== undefined) log.fatal({ err }, 'an error that nobody caught ends this process');
    await service.close();
  });
  process.stdout.write(`${JSON.stringify({ ready: true, service: name, ...service.facts })}\n`);
}

/** The ledger's address. Throws when none was given: a service on its own starts no database. */
export function databaseUrlOf(settings: Settings): string {
  if (settings.databaseUrl !== undefined) return settings.databaseUrl;
  throw new Error(
    'DATABASE_URL is missing; allowed: the postgres:// URL of the ledger (storeferry start brings its own)',
  );
}

/** The key that opens the stored credentials. Throws when there is none, without touching the data folder. */
export function sealingKeyOf({ keys }: Settings): Buffer {
  const key = keys.sealing ?? readKeyFile(keys.sealingFile);
  if (key !== undefined) return decodeSealingKey(key);
  throw new Error(
    `no sealing key: set STOREFERRY_SEALING_KEY, or STOREFERRY_DATA to the folder that holds it (${keys.sealingFile} is not there)`,
  );
}

/** The approver's API key, from the environment or the data folder; undefined when neither holds one. */
export function approverKeyOf({ keys }: Settings): string | undefined {
  return keys.approver ?? readKeyFile(keys.approverFile);
}
