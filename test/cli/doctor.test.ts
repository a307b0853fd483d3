import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { createTestDatabase } from '../support/postgres.ts';
import { createStackFolder } from '../support/storeferry-process.ts';
import type { StackFolder } from '../support/storeferry-process.ts';

interface Report {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly state: string; readonly found: string }[];
}

let stack: StackFolder;
beforeEach(async () => {
  stack = await createStackFolder();
});
afterEach(() => stack.remove());

async function look(changes: Record<string, object> = {}, variables: Record<string, string> = {}) {
  const running = stack.run(['doctor', '--json'], changes, variables);
  const code = await running.exit;
  const report = JSON.parse(running.result()) as Report;
  expect(running.output()).toBe('');
  return { code, ok: report.ok, ...byState(report) };
}
function byState({ checks }: Report) {
  const names = (state: string) => checks.filter((check) => check.state === state).map(({ name }) => name);
  return { warnings: names('warning'), failed: names('failed'), checks };
}

test('a stack that runs has nothing to complain about', async () => {
  const service = stack.run(['start']);
  await service.waitFor(/worker-1 is up/);
  const { code, ok, warnings, failed, checks } = await look();
  expect({ code, ok, warnings, failed }).toEqual({ code: 0, ok: true, warnings: [], failed: [] });
  expect(checks.find(({ name }) => name === 'port-api')?.found).toContain('held by our own api');
  const forPeople = stack.run(['doctor']);
  expect(await forPeople.exit).toBe(0);
  expect(forPeople.result()).toMatch(/^ok {7}temporal {20}1\.\d+\.\d+ at /m);
});

test('before the first start it warns, fails nothing, and makes nothing', async () => {
  const { code, warnings, failed } = await look();
  expect({ code, failed }).toEqual({ code: 0, failed: [] });
  expect(warnings).toEqual(expect.arrayContaining(['sealing-key', 'approver-key', 'postgres', 'temporal']));
  expect(stack.processes()).toEqual([]);
});

test('with servers of one own it looks at those, and a failed check is exit code 1', async () => {
  const database = await createTestDatabase();
  try {
    const variables = {
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_NAMESPACE: 'nowhere',
    };
    const { code, ok, failed, checks } = await look({}, variables);
    expect({ code, ok, failed }).toEqual({ code: 1, ok: false, failed: ['temporal-namespace'] });
    expect(checks.find(({ name }) => name === 'postgres')).toMatchObject({ state: 'ok' });
    expect(JSON.stringify(checks)).not.toContain(new URL(database.url).password);
  } finally {
    await database.drop();
  }
});

test('settings that cannot be used are a finding too', async () => {
  const { code, failed, checks } = await look({ api: { port: 0 } });
  expect({ code, failed }).toEqual({ code: 1, failed: ['settings'] });
  expect(checks.find(({ name }) => name === 'settings')?.found).toContain('api.port is 0');
});
