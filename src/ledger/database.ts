import { Kysely, PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import type { LedgerTables } from './tables.ts';

export interface LedgerConnection {
  readonly db: Kysely<LedgerTables>;
  readonly pool: Pool;
  close(): Promise<void>;
}
export interface LedgerOptions {
  /** `postgres://...` */
  readonly url: string;
  /** Schema that holds the tables; `public` by default. Tests use one per file. */
  readonly schema?: string;
  readonly maxConnections?: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
}

const STATEMENT_TIMEOUT_MS = 60_000;
/**
 * A process that is stopped inside a transaction loses it, and its locks, after this long: sooner than those who wait for the
 * locks give up.
 */
const IDLE_TRANSACTION_MS = 30_000;

/** Opens a pool on the ledger's database; nothing is sent until the first query. */
export function openLedger(options: LedgerOptions): LedgerConnection {
  const schema = options.schema ?? 'public';
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw new Error(`"${schema}" is no schema name: small letters, digits and _ are allowed`);
  const pool = new Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    application_name: options.applicationName ?? 'storeferry',
    options: [
      `-c search_path=${schema}`,
      `-c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
      `-c idle_in_transaction_session_timeout=${IDLE_TRANSACTION_MS}`,
    ].join(' '),
    types: { getTypeParser },
  });
  // A connection that PostgreSQL closes is replaced at the next query, and a query under way fails by itself; without these
  // listeners it would end the process. The pool listens to idle connections only, so each one is listened to as well.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<LedgerTables>({ dialect: new PostgresDialect({ pool }) });
  return { db, pool, close: () => db.destroy() };
}

const INT8 = 20;
const TIMESTAMPTZ = 1184;

function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === INT8) return Number;
  if (oid === TIMESTAMPTZ) return (value) => new Date(value).toISOString();
  return types.getTypeParser(oid, format ?? 'text') as (value: string) => unknown;
}
