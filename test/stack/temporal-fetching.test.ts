import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { buildWithGo } from '../../src/stack/temporal-build.ts';
import { downloadWithSdk } from '../../src/stack/temporal-download.ts';

let cacheFolder: string;
let said: string[];
const say = (line: string) => said.push(line);

beforeEach(() => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'storeferry-test-'));
  said = [];
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cacheFolder, { recursive: true });
});

/** A process that stands for the SDK's download; `folder` is the variable that holds where it should put the file. */
const fetcher = (script: string) => (folder: string) => ({
  command: process.execPath,
  args: ['-e', `const folder = process.argv[1]; const fs = require('node:fs');${script}`, folder],
});

test('a download becomes an executable in the cache and leaves nothing else there', async () => {
  const script = `fs.writeFileSync(folder + '/temporal-sdk-typescript-1.24.0', 'the server')`;
  const found = await downloadWithSdk(cacheFolder, say, { fetcher: fetcher(script) });
  const path = join(cacheFolder, 'temporal-downloaded');
  expect(found).toEqual({ path });
  expect(readFileSync(path, 'utf8')).toBe('the server');
  expect(statSync(path).mode & 0o111).not.toBe(0);
  expect(readdirSync(cacheFolder)).toEqual(['temporal-downloaded']);
});

test('a download that fails says why in few words, and its half file is gone', async () => {
  const script = `fs.writeFileSync(folder + '/temporal-x.downloading', '');
    console.error('Error: failed: sending request for url (https://x): dns error: no such host'); process.exit(1)`;
  const found = await downloadWithSdk(cacheFolder, say, { fetcher: fetcher(script) });
  expect(found).toEqual({ missing: 'sending request for url (https://x): dns error: no such host' });
  expect(said.at(-1)).toMatch(/^the Temporal server cannot be fetched: .* no such host$/);
  expect(readdirSync(cacheFolder)).toEqual([]);
});

test('a download that brings nothing more is given up and its process killed', async () => {
  const script = `fs.writeFileSync(folder + '/temporal-x.downloading', 'x'.repeat(2_000_000));
    fs.writeFileSync(${JSON.stringify(cacheFolder)} + '/pid', String(process.pid));
    setInterval(() => {}, 1_000)`;
  const options = { fetcher: fetcher(script), stalledMs: 1_500, checkEveryMs: 50 };
  expect(await downloadWithSdk(cacheFolder, say, options)).toEqual({ missing: 'nothing arrived for 1.5 s' });
  expect(said).toContain('fetching the Temporal server: 2 MB');
  const pid = Number(readFileSync(join(cacheFolder, 'pid'), 'utf8'));
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
});

function stubGo(script: string): void {
  const bin = join(cacheFolder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'go'), `#!/bin/sh\n[ "$1" = version ] && exit 0\n${script}\n`);
  chmodSync(join(bin, 'go'), 0o755);
  vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`);
}

test('a build with Go becomes an executable in the cache, with a line that says that it takes a while', async () => {
  stubGo(`echo "$@" > "$GOBIN/temporal"`);
  const path = join(cacheFolder, 'temporal-built');
  expect(await buildWithGo(cacheFolder, say)).toEqual({ path });
  expect(readFileSync(path, 'utf8')).toBe('install github.com/temporalio/cli/cmd/temporal@v1.5.1\n');
  expect(said[0]).toBe('building the Temporal server with Go (once, about two to three minutes): 0 s');
  expect(readdirSync(cacheFolder).toSorted()).toEqual(['bin', 'temporal-built']);
});

test("a build that fails repeats the end of Go's own words", async () => {
  stubGo(`echo 'go: module lookup disabled by GOPROXY=off' >&2; exit 1`);
  expect(await buildWithGo(cacheFolder, say)).toEqual({ missing: 'go: module lookup disabled by GOPROXY=off' });
  expect(readdirSync(cacheFolder)).toEqual(['bin']);
});

test('without Go there is nothing to build with', async () => {
  vi.stubEnv('PATH', cacheFolder);
  expect(await buildWithGo(cacheFolder, say)).toEqual({ missing: 'Go is not installed' });
});
