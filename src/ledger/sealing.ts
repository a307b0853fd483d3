import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** The stored credentials cannot be opened with the sealing key at hand; they have to be entered again. */
export class LostSealingKey extends Error {
  override readonly name = 'LostSealingKey';
}

/** Short name of a key, stored beside what it sealed; says nothing about the key itself. */
export function sealingKeyId(key: Buffer): string {
  return createHash('sha256').update('storeferry sealing key').update(key).digest('hex').slice(0, 12);
}

/**
 * Seals secrets with AES-256-GCM: nonce, tag, ciphertext. `owner` (`<project>/<side>`) is bound in, so that sealed
 * credentials cannot be moved to another project.
 */
export function seal(key: Buffer, owner: string, secrets: object): Buffer {
  if (key.length !== KEY_BYTES) throw new Error(`the sealing key has ${key.length} bytes; ${KEY_BYTES} are needed`);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** @throws LostSealingKey when the key is another one, or the bytes were changed */
export function openSealed(key: Buffer, owner: string, sealed: Buffer): Record<string, string> {
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(owner)).setAuthTag(tag);
    const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8')) as Record<string, string>;
  } catch {
    const [project, side] = owner.split('/');
    throw new LostSealingKey(
      `cannot open the credentials of ${owner}; enter them again: PUT /v1/projects/${project}/${side === 'alerts' ? 'alerts/target' : `connections/${side}`}`,
    );
  }
}
