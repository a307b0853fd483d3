import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest';
import { createTestDatabase } from '../support/postgres.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { freePorts } from '../support/free-port.ts';
import { runStoreferry } from '../support/storeferry-process.ts';
import type { StoreferryProcess } from '../support/storeferry-process.ts';

const SEALING_KEY = 'ab'.repeat(32);

let database: TestDatabase;
let folder: string;
const started: StoreferryProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'))));
afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.splice(0).map(({ exit }) => exit));
  rmSync(folder, { recursive: true });
});

function run(command: string, variables: Record<string, string> = {}): StoreferryProcess {
  const running = runStoreferry([command], folder, {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_NAMESPACE: inject('temporalNamespace'),
    STOREFERRY_SEALING_KEY: SEALING_KEY,
    STOREFERRY_API_KEY: 'approver-key-for-tests',
    ...variables,
  });
  started.push(running);
  return running;
}

test('api and any number of workers run as separate processes against servers of their own, and end in order', async () => {
  const [port] = (await freePorts(1)) as [number];
  const api = run('api', { STOREFERRY_API_PORT: String(port) });
  await api.waitForResult(/^\{"ready":true,"service":"api"/m);
  const workers = [run('worker'), run('worker')];
  for (const worker of workers) await worker.waitForResult(/^\{"ready":true,"service":"worker"/m);
  const reply = await fetch(`http://127.0.0.1:${port}/v1/health`);
  expect(reply.status).toBe(200);
  for (const running of [...workers, api]) {
    running.child.kill('SIGTERM');
    expect(await running.exit).toBe(0);
  }
  for (const running of [...workers, api]) {
    expect(running.result() + running.output()).not.toContain(SEALING_KEY);
    expect(running.result() + running.output()).not.toContain(new URL(database.url).password);
  }
});

test.each([
  ['api', 'DATABASE_URL', 'storeferry: DATABASE_URL is missing; allowed: the postgres:// URL of the ledger'],
  ['worker', 'DATABASE_URL', 'storeferry: DATABASE_URL is missing; allowed: the postgres:// URL of the ledger'],
  ['api', 'STOREFERRY_SEALING_KEY', 'storeferry: no sealing key: set STOREFERRY_SEALING_KEY, or STOREFERRY_DATA'],
  ['worker', 'STOREFERRY_SEALING_KEY', 'storeferry: no sealing key: set STOREFERRY_SEALING_KEY, or STOREFERRY_DATA'],
])('storeferry %s without %s ends with one line that says so', async (command, name, expected) => {
  const running = run(command, { [name]: '' });
  expect(await running.exit).toBe(1);
  expect(running.output().trim().split('\n')).toHaveLength(1);
  expect(running.output()).toContain(expected);
});

test('a worker in a namespace without our search attributes prints the command that adds them', async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const namespace = 'without-attributes';
  const workflowExecutionRetentionPeriod = msToTs('1 day');
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  await connection.close();
  // The server's own parts learn of a new namespace a little later.
  const words = await vi.waitFor(async () => {
    const running = run('worker', { TEMPORAL_NAMESPACE: namespace });
    expect(await running.exit).toBe(1);
    expect(running.output()).not.toContain('is not there');
    return running.output();
  }, 60_000);
  expect(words).toContain(
    `temporal operator search-attribute create --address ${inject('temporalAddress')} --namespace ${namespace} ` +
      '--name StoreferryProject --type Keyword --name StoreferryPhase --type Keyword',
  );
});

test('a worker in a namespace that is not there prints the command that creates it', async () => {
  const running = run('worker', { TEMPORAL_NAMESPACE: 'nowhere' });
  expect(await running.exit).toBe(1);
  expect(running.output()).toContain(
    `storeferry: the Temporal namespace nowhere is not there. Create it with:
  temporal operator namespace create --address ${inject('temporalAddress')} --namespace nowhere`,
  );
});

test('a database of a newer version is refused in words', async () => {
  const newer = await createTestDatabase();
  const [port] = (await freePorts(1)) as [number];
  const first = run('api', { DATABASE_URL: newer.url, STOREFERRY_API_PORT: String(port) });
  await first.waitForResult(/"ready":true/);
  first.child.kill('SIGTERM');
  await first.exit;
  const client = new Client(newer.url);
  await client.connect();
  await client.query(`INSERT INTO schema_migrations (name, checksum) VALUES ('9999_future.sql', 'x')`);
  await client.end();
  const second = run('api', { DATABASE_URL: newer.url, STOREFERRY_API_PORT: String(port) });
  expect(await second.exit).toBe(1);
  expect(second.output()).toMatch(/^storeferry: the database has migration 9999_future\.sql, which this version/);
  await newer.drop();
});

test("a worker offers the SDK's own metrics where it is told to", async () => {
  const [port] = (await freePorts(1)) as [number];
  // The ledger's schema is the API's business.
  const worker = run('worker', { STOREFERRY_WORKER_METRICS_PORT: String(port) });
  await worker.waitForResult(/^\{"ready":true,"service":"worker"/m);
  const text = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await vi.waitFor(async () => expect(await text()).toMatch(/^temporal_worker_task_slots_available\{/m), 30_000);
  expect(await text()).toMatch(/^temporal_request_latency_seconds_bucket\{/m);
});
