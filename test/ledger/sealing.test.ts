import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { LostSealingKey, openSealed, seal, sealingKeyId } from '../../src/ledger/sealing.ts';

const key = randomBytes(32);
const secrets = { token: 'gärtner ☂' };

it('opens what it sealed, and nothing of it can be read', () => {
  const sealed = seal(key, 'shop/source', secrets);
  expect(openSealed(key, 'shop/source', sealed)).toEqual(secrets);
  expect(sealed.toString('utf8')).not.toContain('token');
  expect(seal(key, 'shop/source', secrets).equals(sealed)).toBe(false);
});

it('says what to do when the key is another one', () => {
  const sealed = seal(key, 'shop/source', secrets);
  expect(() => openSealed(randomBytes(32), 'shop/source', sealed)).toThrow(
    new LostSealingKey(
      'cannot open the credentials of shop/source; enter them again: PUT /v1/projects/shop/connections/source',
    ),
  );
});

it('opens nothing that was moved to another project or side, changed, or cut off', () => {
  const sealed = seal(key, 'shop/source', secrets);
  expect(() => openSealed(key, 'other/source', sealed)).toThrow(LostSealingKey);
  expect(() => openSealed(key, 'shop/target', sealed)).toThrow(LostSealingKey);
  for (const place of [0, 15, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[place] = (changed[place] ?? 0) ^ 1;
    expect(() => openSealed(key, 'shop/source', changed)).toThrow(LostSealingKey);
  }
  expect(() => openSealed(key, 'shop/source', sealed.subarray(0, 20))).toThrow(LostSealingKey);
});

it('takes keys of 32 bytes only, and names each by a digest', () => {
  expect(() => seal(randomBytes(16), 'shop/source', secrets)).toThrow('the sealing key has 16 bytes; 32 are needed');
  expect(sealingKeyId(key)).toMatch(/^[0-9a-f]{12}$/);
  expect(key.toString('hex')).not.toContain(sealingKeyId(key));
  expect(sealingKeyId(randomBytes(32))).not.toBe(sealingKeyId(key));
});
