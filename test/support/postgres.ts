import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  /** Holds the password; its search_path names `schema` first. */
  readonly url: string;
  readonly schema: string;
  drop(): Promise<void>;
}

/**
 * A database with one empty schema, for one test file. A database of its own, not only a schema, because advisory
 * locks and NOTIFY channels are shared by all schemas of a database.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await execute(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  await execute(url.href, `CREATE SCHEMA ${name}`);
  url.searchParams.set('options', `-c search_path=${name}`);
  return {
    // A URL's `+` for a blank is not understood by libpq's rules.
    url: url.href.replaceAll('+', '%20'),
    schema: name,
    drop: () => execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
