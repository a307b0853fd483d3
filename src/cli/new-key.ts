import { randomBytes } from 'node:crypto';
import { keyHash } from '../api/plugins/authentication.ts';

export interface NewKey {
  readonly name: string;
  readonly role: string;
  /** To be given to whoever shall use it; nothing keeps it. */
  readonly key: string;
  readonly sha256: string;
}

/** A key for the API; the service knows it as soon as its hash is in the settings. */
export function newKey(name: string, role: string): NewKey {
  const key = `sf_${randomBytes(32).toString('base64url')}`;
  return { name, role, key, sha256: keyHash(key) };
}

/** @param json one JSON object instead of the lines for a person */
export function printNewKey(made: NewKey, json: boolean): void {
  const { name, role, key, sha256 } = made;
  const lines = [
    `key for ${name}, shown once: ${key}`,
    'in the settings, then start the API again:',
    'api:',
    '  keys:',
    `    - { name: ${name}, role: ${role}, sha256: ${sha256} }`,
  ];
  process.stdout.write(json ? `${JSON.stringify(made)}\n` : `${lines.join('\n')}\n`);
}
