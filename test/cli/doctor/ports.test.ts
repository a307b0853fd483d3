import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkPorts } from '../../../src/cli/doctor/ports.ts';
import { type Settings, loadSettings } from '../../../src/config/settings.ts';
import { ProcessLedger } from '../../../src/stack/process-ledger.ts';
import { freePorts } from '../../support/free-port.ts';

let folder: string;
let port: number;
let server: Server | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'storeferry-test-'));
  [port] = (await freePorts(1)) as [number];
});
afterEach(async () => {
  await new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve)));
  server = undefined;
  rmSync(folder, { recursive: true });
});

const listen = () =>
  new Promise<void>((resolve) => {
    server = createServer().listen(port, '127.0.0.1', resolve);
  });
function settingsWith(variables: Record<string, string> = {}): Settings {
  const all = { STOREFERRY_API_PORT: String(port), ...variables };
  return loadSettings({ variables: all, workingFolder: folder, packageFolder: folder, searchFile: false });
}
const processes = () => new ProcessLedger(join(folder, 'processes.json'));
const apiPort = async (ledger = processes(), settings = settingsWith()) =>
  (await checkPorts(settings, ledger)).find(({ name }) => name === 'port-api');

it('finds a port that is free', async () => {
  expect(await apiPort()).toEqual({ name: 'port-api', state: 'ok', found: `${port} is free`, remedy: null });
});

it('finds a port that our own part holds', async () => {
  await listen();
  const ledger = processes();
  ledger.note('api', process.pid, 'SIGTERM');
  expect(await apiPort(ledger)).toMatchObject({
    state: 'ok',
    found: expect.stringContaining(`process ${process.pid}`),
  });
});

it('fails a port that something else holds, and names the setting', async () => {
  await listen();
  expect(await apiPort()).toMatchObject({ state: 'failed', remedy: expect.stringContaining('api.port') });
});

it('warns when a part runs and does not listen', async () => {
  const ledger = processes();
  ledger.note('api', process.pid, 'SIGTERM');
  expect(await apiPort(ledger)).toMatchObject({ state: 'warning', found: `${port} is free although api runs` });
});

it('fails an address that is not of this machine', async () => {
  const elsewhere = settingsWith({ STOREFERRY_API_HOST: '192.0.2.1' });
  expect(await apiPort(processes(), elsewhere)).toMatchObject({
    state: 'failed',
    remedy: 'set api.host to an address of this machine',
  });
});

it('wants no ports for servers of one own', async () => {
  const names = (await checkPorts(settingsWith(), processes())).map(({ name }) => name);
  expect(names).toEqual([
    'port-temporal',
    'port-temporal-ui',
    'port-postgres',
    'port-api',
    'port-sandbox-woocommerce',
    'port-sandbox-bigcommerce',
  ]);
  const watched = (await checkPorts(settingsWith({ STOREFERRY_WORKER_METRICS_PORT: '9464' }), processes())).map(
    ({ name }) => name,
  );
  expect(watched).toContain('port-worker-1-metrics');
  const own = settingsWith({ DATABASE_URL: 'postgres://db.example.test/x', TEMPORAL_ADDRESS: '127.0.0.1:1' });
  const left = (await checkPorts(own, processes())).map(({ name }) => name);
  expect(left).toEqual(['port-api', 'port-sandbox-woocommerce', 'port-sandbox-bigcommerce']);
});
