import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const main = fileURLToPath(new URL('../../../src/sandbox/bigcommerce/main.ts', import.meta.url));

async function start(args: string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, url: (JSON.parse(line) as { url: string }).url };
}

async function stop(child: ChildProcess): Promise<number | null> {
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

// oxlint-disable-next-line typescript/no-explicit-any -- answers are looked at field by field
const read = async (url: string): Promise<any> => (await fetch(url)).json();

test('a merchant who works from the start on is found again after a restart, and stands still unless told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const kept = ['--state-file', join(folder, 'store.json')];
  const first = await start([...kept, '--merchant', '100', '--seed', '6']);
  const edits = `${first.url}/__admin/merchant/edits`;
  const there = async (): Promise<{ products: unknown[]; customers: unknown[] }> => read(`${first.url}/__admin/state`);
  const count = async () => {
    const { products, customers } = await there();
    return products.length + customers.length;
  };
  await expect.poll(count, { timeout: 10_000 }).toBeGreaterThan(4);
  const still = { method: 'POST', body: '{"perSecond":0}', headers: { 'content-type': 'application/json' } };
  expect(await (await fetch(edits, still)).json()).toMatchObject({ seed: 6, perSecond: 0 });
  const { products, customers } = await there();
  expect(products.length + customers.length).toBeGreaterThan(0);
  expect(await stop(first.child)).toBe(0);
  const second = await start(kept);
  expect(await read(`${second.url}/__admin/state`)).toMatchObject({ products, customers });
  expect(await read(`${second.url}/__admin/merchant/edits`)).toMatchObject({ events: 0, perSecond: 0 });
  expect(await stop(second.child)).toBe(0);
});
