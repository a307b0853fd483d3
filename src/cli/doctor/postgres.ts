import type { LedgerConnection } from '../../ledger/database.ts';
import { openLedger } from '../../ledger/database.ts';
import { inspectServer, sealingKeysInUse } from '../../ledger/inspection.ts';
import { ledgerSchema, LedgerSchemaError } from '../../ledger/migrate.ts';
import { failed, notLookedAt, ok, reasonOf, warning } from './check.ts';
import type { Check } from './check.ts';
import { clockCheck } from './clock.ts';

/** The oldest line of servers that its makers still mend. */
const OLDEST = 14;

/** What other checks go on with. */
export interface DatabaseFindings {
  readonly checks: readonly Check[];
  /** Ids of the keys that stored credentials are sealed with; null when nobody could look. */
  readonly sealingKeyIds: readonly string[] | null;
}

/** @param where as it may be shown: no password */
export async function checkDatabase(url: string, where: string): Promise<DatabaseFindings> {
  const ledger = openLedger({ url, applicationName: 'storeferry-doctor', maxConnections: 1 });
  try {
    return await look(ledger, where);
  } catch (error) {
    const remedy =
      'see that PostgreSQL runs there, and that the user, the password and the database of DATABASE_URL are right';
    return unreached(failed('postgres', `${where} does not answer: ${reasonOf(error)}`, remedy));
  } finally {
    await ledger.close();
  }
}

/** Findings where there is no database to look at. */
export function unreached(postgres: Check): DatabaseFindings {
  const others = ['ledger-schema', 'clock-postgres'].map((name) => notLookedAt(name, postgres.name));
  return { checks: [postgres, ...others], sealingKeyIds: null };
}

async function look({ db }: LedgerConnection, where: string): Promise<DatabaseFindings> {
  // The first question also pays for the connection, which would look like a slow clock.
  const server = await inspectServer(db);
  const sentMs = Date.now();
  const { nowMs } = await inspectServer(db);
  const clock = clockCheck('clock-postgres', 'PostgreSQL', { sentMs, theirsMs: nowMs, answeredMs: Date.now() });
  const found = `${server.version} at ${where}`;
  const postgres =
    server.versionNumber >= OLDEST * 10_000
      ? ok('postgres', found)
      : failed('postgres', found, `use PostgreSQL ${OLDEST} or newer`);
  return { checks: [postgres, await checkSchema(db), clock], sealingKeyIds: await sealingKeysInUse(db) };
}

async function checkSchema(db: LedgerConnection['db']): Promise<Check> {
  try {
    const { applied, pending } = await ledgerSchema(db);
    const next = 'the next start of the API brings it up to date (storeferry start, storeferry api)';
    if (applied.length === 0) return warning('ledger-schema', 'empty: no migration was applied yet', next);
    const found = `at ${applied.at(-1)}`;
    if (pending.length === 0) return ok('ledger-schema', found);
    return warning('ledger-schema', `${found}; ${pending.length} to come: ${pending.join(', ')}`, next);
  } catch (error) {
    if (!(error instanceof LedgerSchemaError)) throw error;
    return failed('ledger-schema', error.message, 'run the version that made it, or point DATABASE_URL elsewhere');
  }
}
