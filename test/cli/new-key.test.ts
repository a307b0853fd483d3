import { afterEach, expect, it, vi } from 'vitest';
import { keyHash } from '../../src/api/plugins/authentication.ts';
import { newKey, printNewKey } from '../../src/cli/new-key.ts';
import { parseSettings } from '../../src/config/settings-file.ts';

afterEach(() => vi.restoreAllMocks());

it('makes a key that the settings take as it is printed', () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const made = newKey('night-shift', 'operator');
  printNewKey(made, false);
  printNewKey(made, true);
  const [words = '', json = ''] = written;
  expect(words).toContain(made.key);
  const yaml = words.slice(words.indexOf('api:'));
  expect(yaml).not.toContain(made.key);
  expect(parseSettings(yaml, 'printed').api.keys).toEqual([
    { name: 'night-shift', role: 'operator', sha256: keyHash(made.key) },
  ]);
  expect(JSON.parse(json)).toEqual(made);
  expect(newKey('night-shift', 'operator').key).not.toBe(made.key);
});

it.each([
  ['[{ name: approver, role: viewer, sha256: A }]', 'not approver'],
  ['[{ name: ops, role: king, sha256: A }]', 'viewer'],
  ['[{ name: ops, role: viewer, sha256: short }]', '64 hexadecimal digits'],
  ['[{ name: ops, role: viewer, sha256: A }, { name: ops, role: viewer, sha256: A }]', 'each name once'],
])('refuses %s in the settings', (keys, allowed) => {
  const yaml = `api: { keys: ${keys.replaceAll('sha256: A', `sha256: ${'a'.repeat(64)}`)} }`;
  expect(() => parseSettings(yaml, 'settings')).toThrow(allowed);
});
