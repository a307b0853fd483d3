import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { identifyProcess } from '../../src/stack/process-identity.ts';
import { ProcessLedger } from '../../src/stack/process-ledger.ts';
import { inOrder, Supervisor } from '../../src/stack/supervisor.ts';
import { fakePart, scripts } from './fake-part.ts';

let folder: string;
let file: string;
let said: string[];
let lines: string[];
let supervisor: Supervisor;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'));
  file = join(folder, 'processes.json');
  said = [];
  lines = [];
  supervisor = newSupervisor();
});

afterEach(async () => {
  await supervisor.stop();
  rmSync(folder, { recursive: true });
});

function newSupervisor(): Supervisor {
  return new Supervisor({
    ledger: new ProcessLedger(file),
    say: (line) => said.push(line),
    onLine: (part, line) => lines.push(`${part}: ${line}`),
    backOff: { firstMs: 10, longestMs: 40, healthyMs: 60_000 },
  });
}

function pidOf(name: string): number {
  const entries = JSON.parse(readFileSync(file, 'utf8')) as { name: string; pid: number }[];
  return entries.find((entry) => entry.name === name)?.pid ?? 0;
}

const isRunning = (pid: number) => identifyProcess(pid) !== undefined;

test('parts are started after those they depend on and stopped in the reverse order', async () => {
  const parts = [
    fakePart('worker', { dependsOn: ['api'] }),
    fakePart('api', { dependsOn: ['database'] }),
    fakePart('database'),
  ];
  await supervisor.start(parts);
  const pids = ['database', 'api', 'worker'].map(pidOf);
  expect(pids.map(isRunning)).toEqual([true, true, true]);
  await supervisor.stop();
  expect(said.slice(0, 3)).toEqual(['database is up', 'api is up', 'worker is up']);
  expect(said.slice(3)).toEqual(['stopping worker', 'stopping api', 'stopping database']);
  expect(pids.map(isRunning)).toEqual([false, false, false]);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([]);
});

test('the next part waits until the work after the readiness of the one before is done', async () => {
  const order: string[] = [];
  const database = fakePart('database', {
    afterReady: async () => {
      await Promise.resolve();
      order.push('database prepared');
    },
  });
  const api = fakePart('api', { dependsOn: ['database'], ready: () => order.push('api ready') > 0 });
  await supervisor.start([database, api]);
  expect(order).toEqual(['database prepared', 'api ready']);
});

test('a part that is killed is started again, and the supervisor says so', async () => {
  await supervisor.start([fakePart('worker')]);
  const pid = pidOf('worker');
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(said.some((line) => line.startsWith('worker is up again'))).toBe(true), 20_000);
  expect(said[1]).toMatch(/^worker ended with signal SIGKILL; starting it again in \d+ ms$/);
  expect(pidOf('worker')).not.toBe(pid);
  expect(isRunning(pidOf('worker'))).toBe(true);
});

test('a part that keeps failing is started again after ever longer pauses', async () => {
  const marker = join(folder, 'started');
  // Ready and healthy at the first start only; each later start fails.
  const script = `const fs = require('node:fs');
    if (fs.existsSync(${JSON.stringify(marker)})) process.exit(1);
    fs.writeFileSync(${JSON.stringify(marker)}, '');
    console.log('{"ready":true}'); setInterval(() => {}, 1_000);`;
  await supervisor.start([fakePart('worker', {}, script)]);
  process.kill(pidOf('worker'), 'SIGKILL');
  const pauses = () => said.flatMap((line) => /again in (\d+) ms/.exec(line)?.[1] ?? []);
  await vi.waitFor(() => expect(pauses().length).toBeGreaterThanOrEqual(4), 20_000);
  expect(pauses().slice(0, 4)).toEqual(['10', '20', '40', '40']);
  expect(said.find((line) => line.includes('before it was ready'))).toMatch(/^worker ended with code 1/);
});

test('a part that ends in its first start stops the others and its last words are in the error', async () => {
  const parts = [fakePart('database'), fakePart('api', { dependsOn: ['database'] }, scripts.endsBeforeReady)];
  await expect(supervisor.start(parts)).rejects.toThrow(/^api ended with code 3 before it was ready\n {2}no disk$/);
  expect(said).toContain('stopping database');
  expect(pidOf('database')).toBe(0);
});

test('a part that is never ready is given up after its time and leaves no process', async () => {
  const part = fakePart('api', { readyTimeoutMs: 1_000 }, scripts.neverReady);
  let pid = 0;
  const watching = vi.waitFor(() => {
    pid = pidOf('api');
    expect(pid).toBeGreaterThan(0);
  });
  await expect(supervisor.start([part])).rejects.toThrow(/^api was not ready after 1000 ms/);
  await watching;
  expect(isRunning(pid)).toBe(false);
});

test('a stop in the midst of a start ends the part that was about to come up', async () => {
  const starting = supervisor.start([fakePart('api', {}, scripts.neverReady)]);
  const stopping = vi
    .waitFor(() => expect(lines).toContain('api: still thinking'), 20_000)
    .then(() => pidOf('api'))
    .then(async (pid) => {
      await supervisor.stop();
      return pid;
    });
  await expect(starting).rejects.toThrow(/^api ended with/);
  expect(isRunning(await stopping)).toBe(false);
});

test('a part that ignores the signal is killed with all its children after its grace', async () => {
  await supervisor.start([
    fakePart('deaf', { stopGraceMs: 50 }, scripts.ignoresSignals),
    fakePart('parent', {}, scripts.hasChild),
  ]);
  const pids = [pidOf('deaf'), pidOf('parent'), Number(/"child":(\d+)/.exec(lines.join('\n'))?.[1])];
  expect(pids.map(isRunning)).toEqual([true, true, true]);
  await supervisor.stop();
  await vi.waitFor(() => expect(pids.map(isRunning)).toEqual([false, false, false]));
});

test('a second stop signal kills every part at once', async () => {
  await supervisor.start([fakePart('deaf', { stopGraceMs: 600_000 }, scripts.ignoresSignals)]);
  const pid = pidOf('deaf');
  const stopping = supervisor.stop();
  supervisor.kill();
  await stopping;
  expect(isRunning(pid)).toBe(false);
});

test('a taken port is named together with the option that changes it, before anything is started', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  const parts = [fakePart('database'), fakePart('api', { ports: [{ host: '127.0.0.1', port, option: 'api.port' }] })];
  await expect(supervisor.start(parts)).rejects.toThrow(
    `port ${port} is taken: api cannot listen on it. Stop what listens there, or set api.port in temporal-dev.yml to another port.`,
  );
  await new Promise((resolve) => taken.close(resolve));
  expect(said).toEqual([]);
});

test('parts that wait for each other, or for a part that is not there, are refused', () => {
  const circle = [fakePart('a', { dependsOn: ['b'] }), fakePart('b', { dependsOn: ['a'] })];
  expect(() => inOrder(circle)).toThrow('these parts wait for parts that never start: a, b');
  expect(() => inOrder([fakePart('a', { dependsOn: ['missing'] })])).toThrow('never start: a');
});
