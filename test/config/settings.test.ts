import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSettings } from '../../src/config/settings.ts';
import type { Settings } from '../../src/config/settings.ts';

let workingFolder: string;
let packageFolder: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'));
  workingFolder = join(folder, 'working');
  packageFolder = join(folder, 'package');
  for (const place of [workingFolder, packageFolder]) mkdirSync(place);
  writeFileSync(join(packageFolder, 'temporal-dev.yml'), 'api: {port: 1001}\nnetwork: {allowPrivate: true}\n');
});
afterEach(() => rmSync(join(workingFolder, '..'), { recursive: true }));

function load(variables: NodeJS.ProcessEnv = {}, searchFile = true): Settings {
  return loadSettings({ variables, workingFolder, packageFolder, searchFile });
}

test("the working folder's file comes before storeferry's own, and STOREFERRY_CONFIG before both", () => {
  expect(load().api.port).toBe(1001);
  writeFileSync(join(workingFolder, 'temporal-dev.yml'), 'api: {port: 1002}\n');
  expect(load().api.port).toBe(1002);
  writeFileSync(join(workingFolder, 'other.yml'), 'api: {port: 1003}\n');
  expect(load({ STOREFERRY_CONFIG: 'other.yml' }).api.port).toBe(1003);
});

test('a service on its own reads no file that nobody named, so private networks stay closed to it', () => {
  const alone = load({}, false);
  expect(alone.file).toBeUndefined();
  expect(alone.network.allowPrivate).toBe(false);
  const named = load({ STOREFERRY_CONFIG: join(packageFolder, 'temporal-dev.yml') }, false);
  expect(named.network.allowPrivate).toBe(true);
});

test('a worker offers its metrics only where a port is named, and on this machine unless told otherwise', () => {
  expect(load().worker).toMatchObject({ metricsPort: undefined, metricsHost: '127.0.0.1' });
  expect(load({ STOREFERRY_WORKER_METRICS_PORT: '9464' }).worker.metricsPort).toBe(9464);
  expect(() => load({ STOREFERRY_WORKER_METRICS_PORT: '0' })).toThrow('STOREFERRY_WORKER_METRICS_PORT is');
});

test('the environment wins over the file', () => {
  const settings = load({
    STOREFERRY_DATA: 'data here',
    STOREFERRY_API_HOST: '0.0.0.0',
    STOREFERRY_API_PORT: '9000',
    STOREFERRY_LOG_LEVEL: 'debug',
    TEMPORAL_NAMESPACE: 'shop',
    DATABASE_URL: 'postgres://user:pass@db.example.test/shop',
  });
  expect(settings.dataFolder).toBe(join(workingFolder, 'data here'));
  expect(settings.api).toMatchObject({ host: '0.0.0.0', port: 9000, url: 'http://0.0.0.0:9000' });
  expect(settings.log.level).toBe('debug');
  expect(settings.temporal.namespace).toBe('shop');
  expect(settings.databaseUrl).toBe('postgres://user:pass@db.example.test/shop');
});

test('an empty variable counts as absent', () => {
  expect(load({ DATABASE_URL: '', TEMPORAL_ADDRESS: '' })).toMatchObject({
    databaseUrl: undefined,
    temporal: { external: false },
  });
});

test.each([
  ['TEMPORAL_ADDRESS', 'cluster.example.test:7233'],
  ['TEMPORAL_PROFILE', 'production'],
  ['TEMPORAL_CONFIG_FILE', '/etc/temporal.toml'],
])('%s takes the place of the embedded Temporal server', (name, value) => {
  expect(load({ [name]: value }).temporal.external).toBe(true);
});

test('files of the stack lie in the data folder, as absolute paths', () => {
  const { dataFolder, temporal, keys } = load();
  expect(dataFolder).toBe(join(workingFolder, '.storeferry'));
  expect(temporal.databaseFile).toBe(join(dataFolder, 'temporal.db'));
  expect(keys).toMatchObject({
    sealingFile: join(dataFolder, 'sealing.key'),
    approverFile: join(dataFolder, 'approver.key'),
  });
});

test('the API is known by its public URL where one is set', () => {
  writeFileSync(join(workingFolder, 'temporal-dev.yml'), 'api: {publicUrl: "https://ferry.example.test"}\n');
  expect(load().api.url).toBe('https://ferry.example.test');
  expect(load({ STOREFERRY_API_URL: 'http://elsewhere.example.test' }).api.url).toBe('http://elsewhere.example.test');
});

test.each([
  ['TEMPORAL_ADDRESS', 'cluster', 'is "cluster"; allowed: a host and a port, such as 127.0.0.1:7233'],
  ['STOREFERRY_API_PORT', 'http', 'is "http"; allowed: a whole number from 1 to 65535'],
  ['STOREFERRY_API_URL', 'ftp://x', 'is "ftp://x"; allowed: a URL that starts with http:// or https://'],
  [
    'DATABASE_URL',
    'mysql://root:hunter2@db',
    'has a value that cannot be used; allowed: a URL that starts with postgres',
  ],
  ['STOREFERRY_SEALING_KEY', 'hunter2', 'has a value that cannot be used; allowed: 32 bytes as 64 hexadecimal digits'],
  ['STOREFERRY_API_KEY', 'hunter2', 'has a value that cannot be used; allowed: at least 20 characters'],
])('a wrong %s is named with what is allowed, and a secret is never shown', (name, value, expected) => {
  const loading = () => load({ [name]: value });
  expect(loading).toThrow(`environment: ${name} ${expected}`);
  expect(loading).not.toThrow(/hunter2/);
});

test('the settings cannot be changed after they are resolved', () => {
  const settings = load();
  expect(() => Object.assign(settings.worker.slots, { apply: 1 })).toThrow(TypeError);
  expect(() => Object.assign(settings.temporal.searchAttributes, { More: 'Int' })).toThrow(TypeError);
});
