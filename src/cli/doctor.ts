import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { SettingsError } from '../config/settings-error.ts';
import { packageFolder } from '../stack/own-command.ts';
import { clusterHome, embeddedUrl } from '../stack/postgres-server.ts';
import { ProcessLedger } from '../stack/process-ledger.ts';
import { processLedgerFile } from '../stack/stack.ts';
import { temporalEnvironment } from '../stack/temporal-server.ts';
import { loadConnectionProfile } from '../temporal/profile.ts';
import { EXIT } from './client/exit-codes.ts';
import { failed, ok, reasonOf, warning } from './doctor/check.ts';
import type { Check } from './doctor/check.ts';
import { checkKeys } from './doctor/keys.ts';
import { checkPorts } from './doctor/ports.ts';
import { checkDatabase, type DatabaseFindings, unreached } from './doctor/postgres.ts';
import { checkTemporal, notThere } from './doctor/temporal.ts';
import { checkVersions } from './doctor/versions.ts';
import { developmentSettings } from './own-settings.ts';

const NOT_RUNNING = 'storeferry start brings it up';

/**
 * `storeferry doctor`: looks at everything that the service needs and changes nothing. Ends with `EXIT.done`, or with `EXIT.failed`
 * when a check failed; warnings do not count.
 */
export async function doctor({ json }: { readonly json?: true }): Promise<void> {
  const checks = await examine();
  const healthy = checks.every(({ state }) => state !== 'failed');
  process.stdout.write(json === true ? `${JSON.stringify({ ok: healthy, checks })}\n` : `${report(checks)}\n`);
  if (!healthy) process.exitCode = EXIT.failed;
}

async function examine(): Promise<readonly Check[]> {
  const versions = checkVersions(packageFolder());
  let settings: Settings;
  try {
    settings = developmentSettings();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return [...versions, failed('settings', error.message.replaceAll('\n', '; '), 'correct them, then look again')];
  }
  const processes = new ProcessLedger(processLedgerFile(settings));
  const [ports, database, temporal] = await Promise.all([
    checkPorts(settings, processes),
    lookAtDatabase(settings, processes),
    lookAtTemporal(settings, processes),
  ]);
  const read = ok('settings', settings.file ?? 'defaults');
  const keys = checkKeys(settings, database.sealingKeyIds);
  return [...versions, read, ...keys, ...ports, ...database.checks, ...temporal];
}

async function lookAtDatabase(settings: Settings, processes: ProcessLedger): Promise<DatabaseFindings> {
  const { databaseUrl, postgres } = settings;
  if (databaseUrl !== undefined) return checkDatabase(databaseUrl, shown(databaseUrl));
  const home = clusterHome(settings);
  if (processes.running('postgres') === undefined || !existsSync(join(home, 'password'))) {
    return unreached(warning('postgres', 'the embedded PostgreSQL does not run', NOT_RUNNING));
  }
  return checkDatabase(embeddedUrl(home, postgres.port), `the embedded server, port ${postgres.port}`);
}

async function lookAtTemporal(settings: Settings, processes: ProcessLedger): Promise<readonly Check[]> {
  const { external, searchAttributes } = settings.temporal;
  if (!external && processes.running('temporal') === undefined) {
    return notThere(warning('temporal', 'the embedded Temporal server does not run', NOT_RUNNING));
  }
  try {
    return await checkTemporal(
      loadConnectionProfile({ ...process.env, ...temporalEnvironment(settings) }),
      searchAttributes,
    );
  } catch (error) {
    return notThere(failed('temporal', reasonOf(error), 'see TEMPORAL_ADDRESS, TEMPORAL_PROFILE and what they name'));
  }
}

/** A database's address without user, password and parameters. */
function shown(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || 5432}${pathname}`;
}

const WIDTH = 28;

function report(checks: readonly Check[]): string {
  return checks
    .map(({ name, state, found, remedy }) => {
      const line = `${state.padEnd('warning'.length)}  ${name.padEnd(WIDTH)}${found}`;
      return remedy === null ? line : `${line}\n${' '.repeat('warning'.length + 2 + WIDTH)}→ ${remedy}`;
    })
    .join('\n');
}
