import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkKeys } from '../../../src/cli/doctor/keys.ts';
import { loadSettings } from '../../../src/config/settings.ts';
import { sealingKeyId } from '../../../src/ledger/sealing.ts';
import { decodeSealingKey, ensureKeys, readKeyFile } from '../../../src/stack/keys.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const settingsWith = (variables: Record<string, string> = {}) =>
  loadSettings({
    variables: { STOREFERRY_DATA: folder, ...variables },
    workingFolder: folder,
    packageFolder: folder,
    searchFile: false,
  });
const look = (sealedWith: readonly string[] | null = [], variables: Record<string, string> = {}) => {
  const [sealing, approver] = checkKeys(settingsWith(variables), sealedWith);
  return { sealing, approver };
};

it('warns before the first start, when there are none yet', () => {
  const { sealing, approver } = look();
  expect(sealing).toMatchObject({ name: 'sealing-key', state: 'warning', remedy: 'storeferry start makes it' });
  expect(approver).toMatchObject({ name: 'approver-key', state: 'warning', remedy: 'storeferry start makes it' });
});

it('finds those that a start made, and shows neither', () => {
  ensureKeys(settingsWith().keys);
  const found = look();
  expect(found).toMatchObject({ sealing: { state: 'ok' }, approver: { state: 'ok' } });
  for (const file of ['sealing.key', 'approver.key'])
    expect(JSON.stringify(found)).not.toContain(readKeyFile(join(folder, file)));
});

it('fails a sealing key of another length', () => {
  writeFileSync(join(folder, 'sealing.key'), Buffer.alloc(16, 7).toString('base64'), { mode: 0o600 });
  expect(look().sealing).toMatchObject({ state: 'failed', found: expect.stringContaining('has 16 bytes') });
});

it('fails a sealing key that is gone, or another one, while credentials are sealed', () => {
  expect(look(['abc']).sealing).toMatchObject({ state: 'failed', remedy: expect.stringContaining('backup') });
  ensureKeys(settingsWith().keys);
  const id = sealingKeyId(decodeSealingKey(readKeyFile(join(folder, 'sealing.key')) ?? ''));
  expect(look([id]).sealing).toMatchObject({ state: 'ok' });
  expect(look([id, 'abc']).sealing).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('sealed with abc'),
  });
});

it('takes keys from the environment first', () => {
  const variables = { STOREFERRY_SEALING_KEY: 'ab'.repeat(32), STOREFERRY_API_KEY: 'approver-key-for-tests' };
  const { sealing, approver } = look(null, variables);
  expect(sealing).toMatchObject({ state: 'ok', found: expect.stringContaining('STOREFERRY_SEALING_KEY') });
  expect(approver).toMatchObject({ state: 'ok', found: 'STOREFERRY_API_KEY' });
});

it('warns of a file that others can read, and fails an approver key that can be guessed', () => {
  ensureKeys(settingsWith().keys);
  chmodSync(join(folder, 'sealing.key'), 0o644);
  expect(look().sealing).toMatchObject({ state: 'warning', remedy: `chmod 600 ${join(folder, 'sealing.key')}` });
  writeFileSync(join(folder, 'approver.key'), 'short');
  expect(look().approver).toMatchObject({ state: 'failed', found: expect.stringContaining('has 5 characters') });
});
