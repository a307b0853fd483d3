import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const SEALING_KEY_BYTES = 32;
export const READABLE_BY_OTHERS = 0o077;

/** Writes the sealing key (32 bytes, base64) and the approver's API key, each only if it is not there yet. */
export function ensureKeys(files: { readonly sealingFile: string; readonly approverFile: string }): void {
  ensureKey(files.sealingFile, () => randomBytes(SEALING_KEY_BYTES).toString('base64'));
  ensureKey(files.approverFile, () => `sf_${randomBytes(32).toString('base64url')}`);
}

function ensureKey(file: string, make: () => string): void {
  if (existsSync(file)) {
    if (process.platform !== 'win32' && (statSync(file).mode & READABLE_BY_OTHERS) !== 0) chmodSync(file, 0o600);
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${make()}\n`, { mode: 0o600, flag: 'wx' });
}

/** The key of a key file; undefined when there is none. */
export function readKeyFile(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** The 32 bytes of a sealing key written as hexadecimal digits or base64. Throws without repeating the key. */
export function decodeSealingKey(text: string): Buffer {
  const bytes = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (bytes.length !== SEALING_KEY_BYTES) {
    throw new Error(
      `the sealing key has ${bytes.length} bytes; allowed: ${SEALING_KEY_BYTES} bytes, hexadecimal or base64`,
    );
  }
  return bytes;
}
