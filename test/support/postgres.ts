import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  /** Holds the password. */
  readonly url: string;
  /** Empty, and the one in which a connection without further options works. */
  readonly schema: string;
  drop(): Promise<void>;
}

/**
 * An empty database for one test file. A database of its own, not only a schema, because advisory locks and NOTIFY
 * channels are shared by all schemas of a database, and so that a child process needs nothing but the URL.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await execute(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const drop = () => execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  return { url: url.href, schema: 'public', drop };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
