import { readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { postgresHome } from '../../src/stack/postgres-cluster.ts';
import { isAlive } from '../../src/stack/process-identity.ts';
import { createStackFolder } from '../support/storeferry-process.ts';
import type { StackFolder } from '../support/storeferry-process.ts';

/** Some start the whole service twice; on a busy machine that alone is most of a minute. */
vi.setConfig({ testTimeout: 180_000 });

let stack: StackFolder;
beforeEach(async () => {
  stack = await createStackFolder();
});
afterEach(() => stack.remove());

const UP = /approver key/;

async function query(statement: string): Promise<unknown[]> {
  const password = readFileSync(join(postgresHome(stack.dataFolder), 'password'), 'utf8');
  const client = new Client(`postgres://storeferry:${password}@127.0.0.1:${stack.ports.postgres}/storeferry`);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

const health = async () => (await fetch(`http://127.0.0.1:${stack.ports.api}/v1/health`)).status;
const pidOf = (name: string) => stack.processes().find((entry) => entry.name === name)?.pid ?? 0;

test('a start brings up every part, Ctrl-C stops them in reverse and a second start finds its data', async () => {
  const first = stack.run(['start']);
  await first.waitFor(UP);
  expect(await health()).toBe(200);
  const ui = await fetch(`http://127.0.0.1:${stack.ports.temporalUi}/`);
  expect(ui.status).toBe(200);
  await query('CREATE TABLE kept AS SELECT 7 AS seven');
  const processes = stack.processes();
  const names = processes.map(({ name }) => name).filter((name) => name !== 'supervisor');
  first.child.kill('SIGINT');
  expect(await first.exit).toBe(0);
  const stopped = [...first.output().matchAll(/^stopping (\S+)$/gm)].map(([, name]) => name);
  expect(stopped).toEqual(names.toReversed());
  expect(processes.filter((entry) => isAlive(entry))).toEqual([]);

  const second = stack.run(['start']);
  await second.waitFor(UP);
  expect(await query('SELECT seven FROM kept')).toEqual([{ seven: 7 }]);
  second.child.kill('SIGTERM');
  expect(await second.exit).toBe(0);
});

test('keys are written for their owner only, kept by later starts and never printed', async () => {
  const files = ['approver.key', 'sealing.key'].map((name) => join(stack.dataFolder, name));
  const first = stack.run(['start']);
  await first.waitFor(UP);
  const keys = files.map((file) => readFileSync(file, 'utf8').trim());
  expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  const password = readFileSync(join(postgresHome(stack.dataFolder), 'password'), 'utf8').trim();
  for (const secret of [...keys, password]) expect(first.output() + first.result()).not.toContain(secret);
  const second = stack.run(['start']);
  expect(await second.exit).toBe(1);
  expect(second.output()).toContain(`storeferry is already running with this data folder (pid ${first.child.pid})`);
  expect(files.map((file) => readFileSync(file, 'utf8').trim())).toEqual(keys);
  expect(await health()).toBe(200);
});

test('after a kill -9 of the supervisor the next start stops what it left and comes up', async () => {
  const first = stack.run(['start']);
  await first.waitFor(UP);
  await query('CREATE TABLE kept AS SELECT 7 AS seven');
  first.child.kill('SIGKILL');
  await first.exit;
  const leftovers = stack.processes().filter(({ name }) => name !== 'supervisor');
  expect(leftovers.filter((entry) => isAlive(entry))).toEqual(leftovers);
  const second = stack.run(['start']);
  await second.waitFor(UP);
  expect(second.output()).toMatch(/stopped what an earlier start had left running: worker-1, api,.* postgres/);
  expect(leftovers.filter((entry) => isAlive(entry))).toEqual([]);
  expect(await query('SELECT seven FROM kept')).toEqual([{ seven: 7 }]);
  expect(await health()).toBe(200);
});

test('a data folder that was deleted is made anew, and nothing of before is taken up', async () => {
  const first = stack.run(['start']);
  await first.waitFor(UP);
  await query('CREATE TABLE kept AS SELECT 7 AS seven');
  first.child.kill('SIGINT');
  await first.exit;
  rmSync(stack.dataFolder, { recursive: true });
  const second = stack.run(['start']);
  await second.waitFor(UP);
  await expect(query('SELECT seven FROM kept')).rejects.toThrow('does not exist');
  expect(await health()).toBe(200);
});

test('each part that is killed comes up again while the others stay, and the supervisor says so', async () => {
  const running = stack.run(['start']);
  await running.waitFor(UP);
  const supervisor = pidOf('supervisor');
  for (const name of ['api', 'worker-1', 'temporal', 'postgres']) {
    const pid = pidOf(name);
    process.kill(pid, 'SIGKILL');
    await running.waitFor(new RegExp(`^${name} ended with signal SIGKILL; starting it again`, 'm'));
    await running.waitFor(new RegExp(`^${name} is up again`, 'm'));
    expect(pidOf(name)).not.toBe(pid);
  }
  expect(pidOf('supervisor')).toBe(supervisor);
  expect(await query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await health()).toBe(200);
});

test('a taken port ends the start with one line that names the option, and leaves no process', async () => {
  const taken = createServer().listen(stack.ports.api, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const running = stack.run(['start']);
  expect(await running.exit).toBe(1);
  await new Promise((resolve) => taken.close(resolve));
  expect(running.output()).toContain(
    `storeferry: port ${stack.ports.api} is taken: api cannot listen on it. ` +
      'Stop what listens there, or set api.port in temporal-dev.yml to another port.',
  );
  expect(stack.processes()).toEqual([]);
});

test('Ctrl-C in the midst of a start stops what was started', async () => {
  const running = stack.run(['start']);
  await running.waitFor(/^postgres is up/m);
  const processes = stack.processes();
  running.child.kill('SIGINT');
  expect(await running.exit).toBe(0);
  expect(processes.filter((entry) => isAlive(entry))).toEqual([]);
  expect(stack.processes()).toEqual([]);
});

test('a wrong setting ends the start with one line, before anything is made', async () => {
  const running = stack.run(['start'], { api: { port: 'abc' } });
  expect(await running.exit).toBe(1);
  expect(running.output().trim()).toMatch(
    /^storeferry: settings\.yml:\d+: api\.port is "abc"; allowed: a whole number from 1 to 65535$/,
  );
  expect(stack.processes()).toEqual([]);
});
