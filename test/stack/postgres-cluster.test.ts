import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startChild } from '../../src/stack/child-process.ts';
import { postgresHome, prepareCluster, setOrphanAside } from '../../src/stack/postgres-cluster.ts';
import { postgresPart, postgresUrl } from '../../src/stack/postgres-server.ts';
import { freePorts } from '../support/free-port.ts';

let clone: string;
let dataFolder: string;
let home: string;

// A data folder inside a clone that nobody but its owner may enter, which is where `npm start` puts it.
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'storeferry-test-'));
  chmodSync(clone, 0o700);
  dataFolder = join(clone, '.storeferry');
  mkdirSync(dataFolder);
  home = postgresHome(dataFolder);
});
afterEach(() => {
  rmSync(clone, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
});

async function withServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const [port] = (await freePorts(1)) as [number];
  const cluster = await prepareCluster(home);
  const { env, ...part } = postgresPart(cluster, { port, maxConnections: 20, fsync: false });
  const server = await startChild({ ...part, env: { ...process.env, ...env } });
  const client = new Client(postgresUrl(cluster, port));
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
    await server.stop();
  }
}

test('PostgreSQL starts for a data folder below a 0700 folder, as root too, and finds its data again', async () => {
  await withServer((client) => client.query('CREATE TABLE kept AS SELECT 7 AS seven'));
  const { rows } = await withServer((client) => client.query('SELECT seven FROM kept'));
  expect(rows).toEqual([{ seven: 7 }]);
});

test('what a data folder that is gone has left behind is kept aside, and nobody takes it up', async () => {
  expect(setOrphanAside(home)).toBeNull();
  await withServer((client) => client.query('CREATE TABLE kept AS SELECT 7 AS seven'));
  const aside = setOrphanAside(home);
  expect(aside).toMatch(/data\.of-before-/);
  expect(existsSync(join(aside ?? '', 'PG_VERSION'))).toBe(true);
  await expect(withServer((client) => client.query('SELECT seven FROM kept'))).rejects.toThrow('does not exist');
});

test('its server speaks UTF-8 and UTC, listens on loopback only and asks for the password', async () => {
  const settings = await withServer(async (client) => {
    const { rows } = await client.query<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_settings
        WHERE name IN ('server_encoding', 'TimeZone', 'listen_addresses', 'unix_socket_directories') ORDER BY name`,
    );
    const wrong = new Client({ ...connectionOf(client), password: 'wrong' });
    await expect(wrong.connect()).rejects.toThrow(/password authentication failed/);
    return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  });
  expect(settings).toEqual({
    TimeZone: 'UTC',
    listen_addresses: '127.0.0.1',
    server_encoding: 'UTF8',
    unix_socket_directories: '',
  });
});

function connectionOf({ host, port, user, database }: Client) {
  return { host, port, ...(user && { user }), ...(database && { database }) };
}

test('the password file and the data are for their owners only', async () => {
  const cluster = await prepareCluster(home);
  expect(statSync(join(home, 'password')).mode & 0o777).toBe(0o600);
  expect(statSync(cluster.data).mode & 0o777).toBe(0o700);
  expect(statSync(cluster.data).uid).toBe(cluster.owner?.uid ?? process.getuid?.());
});

test('a preparation that was killed half-way is done again', async () => {
  mkdirSync(join(home, 'data.part', 'base'), { recursive: true });
  const { rows } = await withServer((client) => client.query('SELECT current_database() AS name'));
  expect(rows).toEqual([{ name: 'storeferry' }]);
});

test('only root keeps the database outside the data folder, in a folder told apart by its hash', () => {
  expect(postgresHome('some/data', false)).toBe(resolve('some/data/postgres'));
  const [one, other] = [postgresHome('/clone/one', true), postgresHome('/clone/other', true)];
  expect(one).toMatch(/^\/var\/lib\/storeferry-[0-9a-f]{12}$/);
  expect(other).not.toBe(one);
});
