import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { createTestDatabase } from '../support/postgres.ts';
import type { TestDatabase } from '../support/postgres.ts';
import { createStackFolder } from '../support/storeferry-process.ts';
import type { StackFolder } from '../support/storeferry-process.ts';

let database: TestDatabase;
let stack: StackFolder;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  stack = await createStackFolder();
});
afterEach(() => stack.remove());

test('DATABASE_URL and TEMPORAL_ADDRESS take the place of the embedded servers', async () => {
  const running = stack.run(
    ['start'],
    {},
    {
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_NAMESPACE: inject('temporalNamespace'),
    },
  );
  await running.waitFor(/approver key/);
  const names = stack.processes().map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['supervisor', 'api', 'worker-1']));
  expect(names).not.toContain('postgres');
  expect(names).not.toContain('temporal');
  expect(running.output()).not.toContain('Temporal UI');
  running.child.kill('SIGINT');
  expect(await running.exit).toBe(0);
});

test('a namespace that does not fit ends the start before any process is started', async () => {
  const running = stack.run(
    ['start'],
    {},
    {
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_NAMESPACE: 'nowhere',
    },
  );
  expect(await running.exit).toBe(1);
  expect(running.output()).toContain('temporal operator namespace create');
  expect(running.output()).not.toContain('is up');
  expect(stack.processes()).toEqual([]);
});
