import { type QueryExecutorProvider, sql } from 'kysely';

/** What a database server says of itself. */
export interface DatabaseServer {
  /** `18.4`. */
  readonly version: string;
  /** `180004`. */
  readonly versionNumber: number;
  /** Its clock, milliseconds since 1970. */
  readonly nowMs: number;
}

export async function inspectServer(db: QueryExecutorProvider): Promise<DatabaseServer> {
  const { rows } = await sql<DatabaseServer>`
    SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
      current_setting('server_version_num')::integer AS "versionNumber",
      (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"`.execute(db);
  const [server] = rows;
  if (server === undefined) throw new Error('PostgreSQL answered a question about itself with nothing');
  return server;
}

/** Short names of the keys that stored credentials are sealed with; none in a database that holds no ledger yet. */
export async function sealingKeysInUse(db: QueryExecutorProvider): Promise<readonly string[]> {
  const table = await sql<{ made: boolean }>`SELECT to_regclass('connections') IS NOT NULL AS made`.execute(db);
  if (table.rows[0]?.made !== true) return [];
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT sealing_key_id AS id FROM connections ORDER BY sealing_key_id`.execute(db);
  return rows.map(({ id }) => id);
}
