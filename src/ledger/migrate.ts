import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import type { LedgerTables } from './tables.ts';

const MIGRATIONS = new URL('./migrations/', import.meta.url);
/** One migrator at a time, over all processes. */
const MIGRATION_LOCK = 0x57f3;

interface Migration {
  readonly name: string;
  readonly statement: string;
  readonly checksum: string;
}

/** The database is not what this version of Storeferry can work with. */
export class LedgerSchemaError extends Error {
  override readonly name = 'LedgerSchemaError';
}

/**
 * Brings the ledger's schema up to date: numbered SQL files, each in a transaction, each once.
 * @throws LedgerSchemaError when the schema is newer than this version, or was changed by hand
 */
export async function migrateLedger(db: Kysely<LedgerTables>, schema = 'public'): Promise<readonly string[]> {
  const migrations = await readMigrations();
  const done: string[] = [];
  await db.transaction().execute(async (transaction) => {
    await sql`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK}::integer, hashtext(${schema}))`.execute(transaction);
    await sql`CREATE SCHEMA IF NOT EXISTS ${sql.id(schema)}`.execute(transaction);
    await sql`CREATE TABLE IF NOT EXISTS schema_migrations (
      name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`.execute(
      transaction,
    );
    const applied = await appliedMigrations(transaction);
    refuseUnknown(migrations, applied);
    for (const migration of migrations) {
      if (applied.has(migration.name)) continue;
      await sql.raw(migration.statement).execute(transaction);
      await sql`INSERT INTO schema_migrations (name, checksum) VALUES (${migration.name}, ${migration.checksum})`.execute(
        transaction,
      );
      done.push(migration.name);
    }
  });
  return done;
}

/** How the database stands to this version, without changing anything. */
export interface SchemaState {
  readonly applied: readonly string[];
  /** What the next start of the API applies. */
  readonly pending: readonly string[];
}

/** @throws LedgerSchemaError when the schema is newer than this version, or was changed by hand */
export async function ledgerSchema(db: Kysely<LedgerTables>): Promise<SchemaState> {
  const { rows } = await sql<{ made: boolean }>`SELECT to_regclass('schema_migrations') IS NOT NULL AS made`.execute(
    db,
  );
  const migrations = await readMigrations();
  const applied = rows[0]?.made === true ? await appliedMigrations(db) : new Map<string, string>();
  refuseUnknown(migrations, applied);
  const names = migrations.map(({ name }) => name);
  return { applied: names.filter((name) => applied.has(name)), pending: names.filter((name) => !applied.has(name)) };
}

async function readMigrations(): Promise<readonly Migration[]> {
  const names = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const statement = await readFile(new URL(name, MIGRATIONS), 'utf8');
      return { name, statement, checksum: createHash('sha256').update(statement).digest('hex') };
    }),
  );
}

async function appliedMigrations(db: QueryExecutorProvider): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ name: string; checksum: string }>`SELECT name, checksum FROM schema_migrations`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.name, row.checksum]));
}

function refuseUnknown(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  for (const [name, checksum] of applied) {
    if (!known.has(name)) {
      throw new LedgerSchemaError(
        `the database has migration ${name}, which this version of Storeferry does not know: it was used by a newer version. Start that version, or point DATABASE_URL at another database`,
      );
    }
    if (known.get(name) !== checksum) {
      throw new LedgerSchemaError(
        `migration ${name} in the database is not the one of this version: expected checksum ${known.get(name)?.slice(0, 12)}, found ${checksum.slice(0, 12)}. Restore the version that made the database, or start with an empty one`,
      );
    }
  }
}
