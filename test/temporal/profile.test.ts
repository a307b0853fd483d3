import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConnectionProfile } from '../../src/temporal/profile.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'storeferry-profile-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function profileFile(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

it('reads address and namespace from the environment', () => {
  const profile = loadConnectionProfile({
    TEMPORAL_ADDRESS: '127.0.0.1:7999',
    TEMPORAL_NAMESPACE: 'shops',
    TEMPORAL_CONFIG_FILE: join(folder, 'none.toml'),
  });
  expect(profile).toMatchObject({ address: '127.0.0.1:7999', namespace: 'shops' });
  expect(profile.connectionOptions.address).toBe('127.0.0.1:7999');
});

it('falls back to the local default where nothing is set', () => {
  const profile = loadConnectionProfile({ TEMPORAL_CONFIG_FILE: join(folder, 'none.toml'), TEMPORAL_ADDRESS: '' });
  expect(profile).toMatchObject({ address: 'localhost:7233', namespace: 'default' });
});

it('takes the named profile of the file, and lets a variable win over it', () => {
  const file = profileFile(
    'two.toml',
    `[profile.default]\naddress = "a.example.test:7233"\n[profile.cloud]\naddress = "b.example.test:7233"\nnamespace = "shops.acct"\napi_key = "key"\n`,
  );
  const cloud = loadConnectionProfile({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'cloud' });
  expect(cloud).toMatchObject({ address: 'b.example.test:7233', namespace: 'shops.acct' });
  // An API key turns TLS on.
  expect(cloud.connectionOptions).toMatchObject({ apiKey: 'key', tls: true });
  const overridden = loadConnectionProfile({
    TEMPORAL_CONFIG_FILE: file,
    TEMPORAL_PROFILE: 'cloud',
    TEMPORAL_NAMESPACE: 'other',
  });
  expect(overridden.namespace).toBe('other');
});

it('names a profile that does not exist', () => {
  const file = profileFile('one.toml', `[profile.default]\naddress = "a.example.test:7233"\n`);
  expect(() => loadConnectionProfile({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'production' })).toThrow(
    /the Temporal profile production cannot be used/,
  );
});
