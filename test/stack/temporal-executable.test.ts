import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultCacheFolder, findTemporalExecutable } from '../../src/stack/temporal-executable.ts';
import type { Found } from '../../src/stack/temporal-executable.ts';

let folder: string;
let cacheFolder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'));
  cacheFolder = join(folder, 'cache');
  mkdirSync(cacheFolder);
});
afterEach(() => rmSync(folder, { recursive: true }));

function fakeCli(path: string, version = 'temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)'): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${version}'\n`);
  chmodSync(path, 0o755);
  return path;
}

const nothing = async (): Promise<Found> => ({ missing: 'unreachable' });
const notAsked = () => Promise.reject(new Error('a later way was tried'));

function find(
  variables: NodeJS.ProcessEnv,
  ways: { download?: () => Promise<Found>; build?: () => Promise<Found> } = {},
) {
  return findTemporalExecutable({ variables, cacheFolder, download: notAsked, build: notAsked, ...ways });
}

test('TEMPORAL_CLI_PATH comes before PATH and the cache', async () => {
  const named = fakeCli(join(folder, 'named', 'my-temporal'));
  fakeCli(join(folder, 'bin', 'temporal'));
  expect(await find({ TEMPORAL_CLI_PATH: named, PATH: join(folder, 'bin') })).toBe(named);
});

test('an executable on PATH comes before the cache, and the cache before anything that takes time', async () => {
  const cached = fakeCli(join(cacheFolder, 'temporal-built'));
  expect(await find({ PATH: join(folder, 'bin') })).toBe(cached);
  const onPath = fakeCli(join(folder, 'bin', 'temporal'));
  expect(await find({ PATH: `${join(folder, 'empty')}:${join(folder, 'bin')}` })).toBe(onPath);
});

test('the download is tried before the build, and the build only when the download fails', async () => {
  const path = fakeCli(join(folder, 'fetched'));
  const fetched = async (): Promise<Found> => ({ path });
  expect(await find({ PATH: '' }, { download: fetched })).toBe(path);
  expect(await find({ PATH: '' }, { download: nothing, build: fetched })).toBe(path);
});

test('a CLI whose server is too old, or that names none, is passed over', async () => {
  const cached = fakeCli(join(cacheFolder, 'temporal-downloaded'));
  fakeCli(join(folder, 'bin', 'temporal'), 'temporal version 1.1.0 (Server 1.25.0, UI 2.30.0)');
  expect(await find({ PATH: join(folder, 'bin') })).toBe(cached);
  fakeCli(join(folder, 'bin', 'temporal'), 'tctl version 1.18');
  expect(await find({ PATH: join(folder, 'bin') })).toBe(cached);
});

test('a wrong TEMPORAL_CLI_PATH is an error of its own: no other executable takes its place', async () => {
  fakeCli(join(folder, 'bin', 'temporal'));
  const find404 = find({ TEMPORAL_CLI_PATH: '/does/not/exist', PATH: join(folder, 'bin') });
  await expect(find404).rejects.toThrow(
    'TEMPORAL_CLI_PATH is /does/not/exist: no executable file; allowed: a Temporal CLI that can be executed',
  );
});

test('when every way fails the error lists each with its reason and what to do', async () => {
  const failing = find({ PATH: '' }, { download: nothing, build: async () => ({ missing: 'Go is not installed' }) });
  await expect(failing).rejects.toThrow(
    [
      'no Temporal server could be had:',
      '  temporal on PATH: not there',
      '  the cache: not there',
      "  the SDK's download: unreachable",
      '  go install github.com/temporalio/cli/cmd/temporal@v1.5.1: Go is not installed',
      'Install the Temporal CLI, name it in TEMPORAL_CLI_PATH, or set TEMPORAL_ADDRESS to a running cluster.',
    ].join('\n'),
  );
});

test("the cache lies in the user's cache folder, shared by all clones", () => {
  expect(defaultCacheFolder({ XDG_CACHE_HOME: '/somewhere/cache' })).toBe('/somewhere/cache/storeferry');
  expect(defaultCacheFolder({})).toMatch(/\/\.cache\/storeferry$/);
});
