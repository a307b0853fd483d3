import { Connection } from '@temporalio/client';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { createTestDatabase } from '../support/postgres.ts';

test('each test file has a database of its own whose search path starts at its own schema', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const client = new pg.Client(one.url);
  await client.connect();
  const { rows } = await client.query<{ schema: string; database: string }>(
    'SELECT current_schema() AS schema, current_database() AS database',
  );
  await client.end();
  await Promise.all([one.drop(), other.drop()]);
  expect(rows).toEqual([{ schema: one.schema, database: one.schema }]);
  expect(other.schema).not.toBe(one.schema);
});

test('the shared Temporal server keeps closed workflows for 90 days', async () => {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  const { config } = await connection.workflowService.describeNamespace({ namespace: inject('temporalNamespace') });
  await connection.close();
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(90 * 86_400);
});
