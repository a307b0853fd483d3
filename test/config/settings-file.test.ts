import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SettingsError } from '../../src/config/settings-error.ts';
import { parseSettings, readSettingsFile } from '../../src/config/settings-file.ts';

function messageOf(text: string): string {
  try {
    parseSettings(text, 'temporal-dev.yml');
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error('the settings were accepted');
}

test('the file that comes with storeferry holds every default, but allows private networks', () => {
  const shipped = readFileSync(new URL('../../temporal-dev.yml', import.meta.url), 'utf8');
  const defaults = parseSettings('', 'defaults');
  expect(defaults.network.allowPrivate).toBe(false);
  expect(parseSettings(shipped, 'temporal-dev.yml')).toEqual({ ...defaults, network: { allowPrivate: true } });
});

test.each([
  ['a text for a number', 'api:\n  port: abc', '2: api.port is "abc"; allowed: a whole number from 1 to 65535'],
  ['a number out of range', 'api: {port: 70000}', '1: api.port is 70000; allowed: a whole number from 1 to 65535'],
  ['a fraction', 'sync: {leaseMs: 1.5}', '1: sync.leaseMs is 1.5; allowed: a whole number from 1000'],
  ['an unknown word', 'log:\n  level: loud', '2: log.level is "loud"; allowed: one of fatal, error, warn, info'],
  ['a text for a switch', 'network: {allowPrivate: "yes"}', '1: network.allowPrivate is "yes"; allowed: true or false'],
  ['an unknown key', 'api:\n  port: 1\n  prot: 2', '3: api.prot is not a setting; allowed: host, port, publicUrl'],
  ['an unknown section', '\napis: {}', '2: apis is not a setting; allowed: dataFolder, temporal, postgres'],
  ['an unknown key deep down', 'worker: {slots: {bulk: 1}}', 'worker.slots.bulk is not a setting; allowed: control,'],
  ['a value for a section', 'api: 8080', '1: api is 8080; allowed: a section with the keys host, port, publicUrl'],
  ['a list for the whole', '- api', ': the text is ["api"]; allowed: a section with the keys dataFolder'],
  ['an empty section', 'api:', '1: api is null; allowed: a section with the keys host, port, publicUrl'],
  [
    'a search attribute of an unknown type',
    'temporal:\n  searchAttributes:\n    Mine: Keywort',
    '3: temporal.searchAttributes.Mine is "Keywort"; allowed: one of Bool, Datetime',
  ],
  [
    'a search attribute with a wrong name',
    'temporal:\n  searchAttributes:\n    mine: Keyword',
    '3: temporal.searchAttributes.mine is "Keyword"; allowed: a PascalCase name',
  ],
  ['a lease within the timeout', 'sync: {leaseMs: 30000}', 'allowed: more than sync.requestTimeoutMs (30000)'],
  ['a settle time below the timeout', 'sync: {settleMs: 29000}', 'allowed: at least sync.requestTimeoutMs (30000)'],
  ['too slow a heartbeat', 'sync: {heartbeatMs: 30000}', 'sync.heartbeatTimeoutMs is 30000; allowed: more than'],
])('%s is one line that names key, value and what is allowed', (_what, text, expected) => {
  const message = messageOf(text);
  expect(message.split('\n')).toHaveLength(1);
  expect(message).toContain(expected);
  expect(message).toMatch(/^temporal-dev\.yml(:\d+)?: /);
});

test('every wrong value is reported at once, one line each', () => {
  const lines = messageOf('api:\n  port: 0\nlog:\n  level: 3\nmore: 1').split('\n');
  expect(lines.map((line) => line.split(' ')[1])).toEqual(['api.port', 'log.level', 'more']);
});

test.each([
  ['a list that is never closed', 'api: [1\nlog: 2'],
  ['a key given twice', 'log: {level: info}\nlog: {level: warn}'],
  ['a tab where blanks belong', 'api:\n\tport: 1'],
])('malformed YAML names its line: %s', (_what, text) => {
  expect(messageOf(text)).toMatch(/^temporal-dev\.yml:[12]: the text is malformed \(.+\); allowed: well-formed YAML/);
});

test('a long value is cut so that the problem stays one line', () => {
  const message = messageOf(`log: {level: "${'x'.repeat(5_000)}"}`);
  expect(message.length).toBeLessThan(250);
});

test('a file that is not there is named', () => {
  expect(() => readSettingsFile('/nowhere/temporal-dev.yml')).toThrow(
    '/nowhere/temporal-dev.yml: the file is ENOENT; allowed: a readable YAML file',
  );
});
