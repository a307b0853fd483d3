import { Connection } from '@temporalio/client';
import { Client } from 'pg';
import { expect, inject, test } from 'vitest';
import { createTestDatabase } from '../support/postgres.ts';

test('each test file has an empty database of its own, which is gone after its drop', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const client = new Client(one.url);
  await client.connect();
  await client.query('CREATE TABLE mine (id int)');
  const { rows } = await client.query<{ schema: string }>('SELECT current_schema() AS schema');
  await client.end();
  expect(rows).toEqual([{ schema: one.schema }]);
  await other.drop();
  await one.drop();
  await expect(new Client(one.url).connect()).rejects.toThrow(/does not exist/);
});

test('the shared Temporal server keeps closed workflows for 90 days', async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const { config } = await connection.workflowService.describeNamespace({ namespace: inject('temporalNamespace') });
  await connection.close();
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(90 * 86_400);
});
