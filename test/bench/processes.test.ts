import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { peakRssMiB, sampleProcess, statIn, withChildren } from '../../bench/processes.ts';

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.stdin?.end()));

const ENDS_WITH_ITS_INPUT = 'process.stdin.on("end", () => process.exit()).resume();';

/** A process that has written to its stdout, and ends when the test has. */
async function running(program: string): Promise<number> {
  const child = spawn(process.execPath, ['-e', program + ENDS_WITH_ITS_INPUT], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

test('a line of /proc is read from behind the command, whatever its name', () => {
  const line = '42 (a) b) c) S 7 42 42 0 -1 4194304 900 0 0 0 150 50 30 20 20 0 11 0 5531 1 2';
  expect(statIn(line)).toEqual({ pid: 42, parent: 7, ticks: 250 });
});

test('what a process has below it is its own too', () => {
  const parents = [
    [1, 0],
    [5, 1],
    [6, 5],
    [7, 1],
    [8, 2],
  ] as const;
  const all = parents.map(([pid, parent]) => ({ pid, parent, ticks: 1 }));
  expect(withChildren({ pid: 1, parent: 0, ticks: 1 }, all).map(({ pid }) => pid)).toEqual([1, 5, 6, 7]);
});

test('CPU seconds and memory are those of the process', async () => {
  const pid = await running('while (process.cpuUsage().user < 200_000); console.log("ready");');
  const { cpuSeconds, rssMiB } = sampleProcess(pid);
  expect(cpuSeconds).toBeGreaterThan(0.1);
  expect(rssMiB).toBeGreaterThan(10);
  expect(peakRssMiB(pid)).toBeGreaterThanOrEqual(Math.floor(rssMiB));
});

test('the memory of a child counts, what they share only once', async () => {
  const child = `globalThis.kept = Buffer.alloc(60e6, 1); console.log('ready'); ${ENDS_WITH_ITS_INPUT}`;
  const pid = await running(`
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: ['pipe', 'inherit', 'inherit'] });
    process.on('exit', () => child.stdin.end());`);
  const { rssMiB } = sampleProcess(pid);
  expect(rssMiB).toBeGreaterThan(60);
  expect(rssMiB).toBeGreaterThan(peakRssMiB(pid));
});

test('a process that is gone is said to be gone', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  expect(() => sampleProcess(child.pid ?? 0)).toThrow('it is gone');
});
