import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { allows, checkVersions } from '../../../src/cli/doctor/versions.ts';
import { packageFolder } from '../../../src/stack/own-command.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, manifest: object): void {
  mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, path, 'package.json'), JSON.stringify(manifest));
}

it.each([
  ['1.24.0', '1.24.0', true],
  ['1.24.0', '1.24.1', false],
  ['^1.24.0', '1.30.2', true],
  ['^1.24.0', '1.23.9', false],
  ['^1.24.0', '2.0.0', false],
  ['^0.28.18', '0.28.20', true],
  ['^0.28.18', '0.29.0', false],
  ['^18.4.0-beta.17', '18.4.0-beta.17', true],
  ['>=20.19', '20.19.0', true],
  ['>=20.19', '24.1.0', true],
  ['>=20.19', '20.18.3', false],
])('%s allows %s: %s', (range, version, allowed) => {
  expect(allows(range, version)).toBe(allowed);
});

it('finds what this clone has installed as it should be', () => {
  expect(checkVersions(packageFolder()).map(({ name, state }) => [name, state])).toEqual([
    ['node', 'ok'],
    ['packages', 'ok'],
  ]);
});

it('names an old Node.js, and each package that is missing or of another version', () => {
  write('app', {
    version: '1.0.0',
    engines: { node: '>=99.1' },
    dependencies: { a: '1.0.0', b: '^2.0.0', c: '^1.0.0' },
  });
  write('app/node_modules/a', { version: '1.0.1' });
  write('node_modules/c', { version: '1.4.0' });
  expect(checkVersions(join(folder, 'app'), '20.19.0')).toEqual([
    { name: 'node', state: 'failed', found: 'Node.js 20.19.0', remedy: 'install Node.js >=99.1' },
    {
      name: 'packages',
      state: 'failed',
      found: 'a is 1.0.1, wanted is 1.0.0; b is not installed',
      remedy: 'install what package-lock.json says: npm ci',
    },
  ]);
});
