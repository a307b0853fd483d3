import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startChild } from '../../src/stack/child-process.ts';
import type { RunningChild } from '../../src/stack/child-process.ts';
import { identifyProcess } from '../../src/stack/process-identity.ts';
import { ProcessLedger } from '../../src/stack/process-ledger.ts';
import type { ProcessEntry } from '../../src/stack/process-ledger.ts';
import { Supervisor } from '../../src/stack/supervisor.ts';
import { fakePart, scripts } from './fake-part.ts';

let folder: string;
let file: string;
const children: RunningChild[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'));
  file = join(folder, 'data', 'processes.json');
});

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
  rmSync(folder, { recursive: true });
});

/** Starts a process and notes it, as a supervisor does that is then killed without a word. */
async function leaveBehind(name: string, script?: string): Promise<RunningChild> {
  const { env: _env, ...options } = fakePart(name, {}, script);
  const child = await startChild(options);
  children.push(child);
  new ProcessLedger(file).note(name, child.pid, 'SIGTERM');
  return child;
}

const isRunning = ({ pid }: RunningChild) => identifyProcess(pid) !== undefined;
const entries = () => JSON.parse(readFileSync(file, 'utf8')) as ProcessEntry[];
const claim = () => new Supervisor({ ...quiet, ledger: new ProcessLedger(file) }).claim();
const quiet = { say: () => {}, onLine: () => {} };

test('the next start stops what a killed supervisor left running, the last started first', async () => {
  const database = await leaveBehind('database');
  const worker = await leaveBehind('worker');
  const said: string[] = [];
  const supervisor = new Supervisor({ ...quiet, ledger: new ProcessLedger(file), say: (line) => said.push(line) });
  await supervisor.claim();
  expect(said).toEqual(['stopped what an earlier start had left running: worker, database']);
  expect([database, worker].map(isRunning)).toEqual([false, false]);
  await supervisor.stop();
  expect(entries()).toEqual([]);
});

test('a leftover that ignores its signal is killed after the grace', async () => {
  const deaf = await leaveBehind('deaf', scripts.ignoresSignals);
  expect(await new ProcessLedger(file).stopLeftovers(50)).toEqual(['deaf']);
  expect(isRunning(deaf)).toBe(false);
});

test.each([
  ['start', { started: 'another boot/123' }],
  ['command line', { command: 'someone elses program' }],
])('a process with a noted pid but another %s is not ours and is left alone', async (_what, difference) => {
  const stranger = await leaveBehind('worker');
  writeFileSync(file, JSON.stringify(entries().map((entry) => ({ ...entry, ...difference }))));
  expect(await new ProcessLedger(file).stopLeftovers(50)).toEqual([]);
  expect(isRunning(stranger)).toBe(true);
  expect(entries()).toEqual([]);
});

test('a list that is no JSON proves nothing, so nothing is stopped', async () => {
  const child = await leaveBehind('worker');
  writeFileSync(file, '{"half a li');
  expect(await new ProcessLedger(file).stopLeftovers(50)).toEqual([]);
  expect(isRunning(child)).toBe(true);
});

test('a second supervisor with the same data folder is refused while the first lives', async () => {
  const first = await leaveBehind('supervisor');
  await expect(claim()).rejects.toThrow(`storeferry is already running with this data folder (pid ${first.pid})`);
  expect(isRunning(first)).toBe(true);
  await first.stop();
  await expect(claim()).resolves.toBeUndefined();
});

test('of several that start at the same instant one becomes the supervisor', async () => {
  const racer = `
    const { ProcessLedger } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, '../../src/stack/process-ledger.ts')))});
    const other = await new ProcessLedger(${JSON.stringify(file)}).supervise();
    console.log(JSON.stringify({ ready: true, won: other === undefined }));
    setInterval(() => {}, 1_000);`;
  const lines: string[] = [];
  const hear = (line: string) => lines.push(line);
  const start = async (name: string) => {
    const { env: _env, ...part } = fakePart(name, { args: ['--import', 'tsx', '--input-type=module', '-e', racer] });
    children.push(await startChild({ ...part, onLine: hear }));
  };
  await Promise.all(['a', 'b', 'c', 'd'].map(start));
  expect(lines.filter((line) => line.includes('"won":true'))).toHaveLength(1);
  expect(lines).toHaveLength(4);
  expect(entries().map(({ name }) => name)).toEqual(['supervisor']);
  expect(readdirSync(`${file}.claims`)).toEqual([]);
});

test('a claim of a process that was killed in its start is in nobody’s way', async () => {
  const child = await leaveBehind('worker');
  mkdirSync(`${file}.claims`);
  writeFileSync(join(`${file}.claims`, String(child.pid)), JSON.stringify(identifyProcess(child.pid)));
  await child.stop();
  await expect(new ProcessLedger(file).supervise()).resolves.toBeUndefined();
});

test('the identity of a process survives a restart of ours and ends with the process', async () => {
  const child = await leaveBehind('worker');
  const identity = identifyProcess(child.pid);
  expect(identity).toEqual(identifyProcess(child.pid));
  expect(identity?.command).toContain('setInterval');
  await child.stop();
  expect(identifyProcess(child.pid)).toBeUndefined();
});
