import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeSealingKey, ensureKeys, readKeyFile } from '../../src/stack/keys.ts';

let folder: string;
let files: { sealingFile: string; approverFile: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'));
  files = { sealingFile: join(folder, 'data', 'sealing.key'), approverFile: join(folder, 'data', 'approver.key') };
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (file: string) => statSync(file).mode & 0o777;

test('the first start writes both keys for their owner only, and later starts keep them', () => {
  ensureKeys(files);
  const first = [files.sealingFile, files.approverFile].map((file) => readFileSync(file, 'utf8'));
  ensureKeys(files);
  expect([files.sealingFile, files.approverFile].map((file) => readFileSync(file, 'utf8'))).toEqual(first);
  expect([modeOf(files.sealingFile), modeOf(files.approverFile)]).toEqual([0o600, 0o600]);
  expect(decodeSealingKey(readKeyFile(files.sealingFile) ?? '')).toHaveLength(32);
  expect(readKeyFile(files.approverFile)).toMatch(/^sf_[\w-]{43}$/);
});

test('a key file that others could read is closed again', () => {
  ensureKeys(files);
  chmodSync(files.sealingFile, 0o644);
  ensureKeys(files);
  expect(modeOf(files.sealingFile)).toBe(0o600);
});

test('a sealing key may be hexadecimal or base64; one of another length is refused without being shown', () => {
  const bytes = Buffer.alloc(32, 7);
  expect(decodeSealingKey(bytes.toString('hex'))).toEqual(bytes);
  expect(decodeSealingKey(bytes.toString('base64'))).toEqual(bytes);
  const short = Buffer.alloc(16, 7).toString('base64');
  expect(() => decodeSealingKey(short)).toThrow('the sealing key has 16 bytes; allowed: 32 bytes');
  expect(() => decodeSealingKey(short)).not.toThrow(short);
});

test('a key file that is not there is no key', () => {
  expect(readKeyFile(join(folder, 'nothing.key'))).toBeUndefined();
});
