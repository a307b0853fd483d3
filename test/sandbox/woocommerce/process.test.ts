import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import type { Row } from './shop.ts';
import { signed } from './shop.ts';

const main = fileURLToPath(new URL('../../../src/sandbox/woocommerce/main.ts', import.meta.url));
const keys = { key: 'ck_child', secret: 'cs_child' };

async function start(args: string[]): Promise<{ child: ChildProcess; url: string }> {
  const env = { ...process.env, SANDBOX_WC_KEY: keys.key, SANDBOX_WC_SECRET: keys.secret };
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const ready = JSON.parse(line) as { ready: boolean; url: string };
  expect(ready.ready).toBe(true);
  return { child, url: ready.url };
}

async function stop(child: ChildProcess): Promise<number | null> {
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** The raw state without what differs between two looks: the address, and related products, which are drawn anew. */
async function settledState(url: string): Promise<string> {
  const text = await (await fetch(`${url}/__admin/state`)).text();
  // Texts keep the address under which they were written.
  return text.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '').replaceAll(/"related_ids":\[[\d,]*\]/g, '"related_ids":[]');
}

test('a store that was stopped finds its data again, and is not seeded twice', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const args = ['--state-file', join(folder, 'shop.json'), '--products', '12', '--seed', '3'];
  const first = await start(args);
  const address = signed(`${first.url}/wp-json/wc/v3/products`, 'POST', keys);
  const made = await fetch(address, {
    method: 'POST',
    body: '{"name":"Kept"}',
    headers: { 'content-type': 'application/json' },
  });
  expect([made.status, await stop(first.child)]).toEqual([201, 0]);
  const second = await start(args);
  const list = `${second.url}/wp-json/wc/v3/products?search=Kept&_fields=id,name`;
  const found = (await (await fetch(signed(list, 'GET', keys))).json()) as Row[];
  expect(found).toEqual([{ id: ((await made.json()) as Row)['id'], name: 'Kept' }]);
  const state = (await (await fetch(`${second.url}/__admin/state`)).json()) as Row;
  expect((state['products'] as Row[]).length).toBe(13);
  expect(await stop(second.child)).toBe(0);
});

test('a store of a set size comes back from its file with its orders and buyers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const args = ['--state-file', join(folder, 'shop.json'), '--size', 'S'];
  const first = await start(args);
  const before = await settledState(first.url);
  expect((JSON.parse(before) as { orders: Row[] }).orders).toHaveLength(55);
  expect(await stop(first.child)).toBe(0);
  const second = await start(args);
  expect((await settledState(second.url)) === before).toBe(true);
  expect(await stop(second.child)).toBe(0);
});

test('a store lives from its start on when told so, and sends its webhooks by itself', async () => {
  const args = ['--products', '12', '--seed', '4', '--life', '50', '--cron-every-ms', '40'];
  const { child, url } = await start(args);
  const look = async (): Promise<Row> => (await (await fetch(`${url}/__admin/life`)).json()) as Row;
  await expect.poll(async () => Number((await look())['events']), { timeout: 10_000 }).toBeGreaterThan(5);
  expect(await look()).toMatchObject({ seed: 4, perSecond: 50 });
  const hooks = (await (await fetch(`${url}/__admin/webhooks`)).json()) as Row;
  expect(hooks['odds']).toMatchObject({ cronEveryMs: 40 });
  expect(await stop(child)).toBe(0);
});

test('a wrong option ends the process with an error', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--port', 'many'], { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).not.toBe(0);
  expect(said).toContain('port');
});
