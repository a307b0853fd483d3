import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { stringify } from 'yaml';
import { createApp } from '../../src/api/app.ts';
import type { Probe, Role, StoreInput } from '../../src/api/deps.ts';
import { keyHash } from '../../src/api/plugins/authentication.ts';
import { storeProbes } from '../../src/cli/store-probes.ts';
import { timingsOf } from '../../src/cli/timings.ts';
import { loadSettings } from '../../src/config/settings.ts';
import type { Settings } from '../../src/config/settings.ts';
import { openLedger } from '../../src/ledger/database.ts';
import { migrateLedger } from '../../src/ledger/migrate.ts';
import { bigCommerceCredentials } from '../../src/sandbox/bigcommerce/options.ts';
import { sandboxCredentials } from '../../src/sandbox/woocommerce/options.ts';
import { ownCommand } from '../../src/stack/own-command.ts';
import { saysReady } from '../../src/stack/part.ts';
import { sandboxParts, sandboxUrls } from '../../src/stack/sandbox-stores.ts';
import { openTemporalClient } from '../../src/temporal/client.ts';
import { Migrations } from '../../src/temporal/migrations.ts';
import { Schedules } from '../../src/temporal/schedules.ts';
import { loadConnectionProfile } from '../../src/temporal/profile.ts';
import { projectHooks } from '../../src/worker/project-hooks.ts';
import { HOOK_FORMATS } from '../../src/connectors/platforms.ts';
import { projectLooks } from '../../src/worker/project-looks.ts';
import { freePorts } from './free-port.ts';
import { startTestPostgres } from './postgres-server.ts';
import { startTestTemporal, TEST_NAMESPACE } from './temporal-server.ts';
import { startTestPart } from './test-process.ts';

export interface FuzzedApi {
  readonly url: string;
  readonly keys: Readonly<Record<Role, string>>;
  /** Makes the sandbox stores a project. */
  createProject(project: string): Promise<void>;
  /** Lines that the API logged at level error or above. */
  errors(): readonly string[];
  close(): Promise<void>;
}

/**
 * The real API over a real PostgreSQL, a real Temporal server with a real worker, and both sandbox stores. Requests to stores
 * stay on this machine whatever is asked for: only the sandbox stores are ever looked at.
 */
export async function startFuzzedApi(): Promise<FuzzedApi> {
  const folder = mkdtempSync(join(tmpdir(), 'storeferry-fuzz-'));
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const settings = await settingsIn(folder);
    const [postgres, temporal] = await Promise.all([startTestPostgres(), startTestTemporal()]);
    ends.push(
      () => postgres.stop(),
      () => temporal.stop(),
    );
    const sealingKey = randomBytes(32);
    const env = {
      DATABASE_URL: postgres.address,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: TEST_NAMESPACE,
      STOREFERRY_CONFIG: settings.file,
      STOREFERRY_DATA: folder,
      STOREFERRY_SEALING_KEY: sealingKey.toString('hex'),
    };
    const ledger = openLedger({ url: postgres.address, applicationName: 'fuzzed-api' });
    ends.push(() => ledger.close());
    await migrateLedger(ledger.db);
    const worker = { name: 'worker', ...ownCommand('worker'), env, ready: saysReady, ports: [], dependsOn: [] };
    for (const part of [...sandboxParts(settings), worker]) {
      const child = await startTestPart(part);
      ends.push(() => child.stop());
    }
    const client = openTemporalClient(loadConnectionProfile(env));
    ends.push(() => client.close());
    const lines: string[] = [];
    const keys = { viewer: newKey(), operator: newKey(), approver: newKey() };
    const stores = { network: { allowPrivate: true }, timeoutMs: settings.sync.requestTimeoutMs };
    const app = await createApp({
      db: ledger.db,
      sealingKey,
      migrations: new Migrations({
        client: client.client,
        queuePrefix: settings.worker.taskQueuePrefix,
        timings: timingsOf(settings),
      }),
      schedules: new Schedules({
        client: client.client,
        queuePrefix: settings.worker.taskQueuePrefix,
        timings: timingsOf(settings),
      }),
      keys: Object.entries(keys).map(([role, key]) => ({ name: role, hash: keyHash(key), role: role as Role })),
      ...sandboxProbes(settings),
      // What a fuzzer thinks up is no place to send anything to.
      addressProblem: async () => 'nothing is sent from here',
      looks: projectLooks(ledger.db, sealingKey, stores),
      hooks: { formats: HOOK_FORMATS, ...projectHooks(ledger.db, sealingKey, stores) },
      publicUrl: 'http://127.0.0.1:1',
      temporalProblem: () => client.problem(2_000),
      requestsPerMinute: 1_000_000,
      log: pino({ level: 'error' }, { write: (line) => void lines.push(line) }),
    });
    ends.push(() => app.close());
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const urls = sandboxUrls(settings.sandbox);
    return {
      url,
      keys,
      errors: () => lines,
      createProject: async (project) => {
        const source = { platform: 'woocommerce', url: urls.woocommerce, credentials: sandboxCredentials };
        const target = { platform: 'bigcommerce', url: urls.bigcommerce, credentials: bigCommerceCredentials };
        const answer = await fetch(`${url}/v1/projects`, {
          method: 'POST',
          headers: { authorization: `Bearer ${keys.approver}`, 'content-type': 'application/json' },
          body: JSON.stringify({ project, source, target }),
        });
        if (answer.status !== 201) throw new Error(`project ${project} was not made: ${await answer.text()}`);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const newKey = () => `fuzz_${randomBytes(20).toString('hex')}`;

async function settingsIn(folder: string): Promise<Settings> {
  const [woocommerce, bigcommerce] = (await freePorts(2)) as [number, number];
  const file = join(folder, 'settings.yml');
  const content = {
    dataFolder: folder,
    network: { allowPrivate: true },
    sandbox: { woocommerce: { port: woocommerce, products: 10 }, bigcommerce: { port: bigcommerce, quota: 100_000 } },
    sync: { timeBoxMs: 5_000 },
    log: { level: 'error' },
  };
  writeFileSync(file, stringify(content));
  const variables = { STOREFERRY_CONFIG: file };
  return loadSettings({ variables, workingFolder: folder, packageFolder: folder, searchFile: false });
}

/** A look at a store that a fuzzer made up would go out to wherever its address leads. */
function sandboxProbes(settings: Settings) {
  const { probeSource, probeTarget, storeSchemas } = storeProbes(settings);
  const ours = Object.values(sandboxUrls(settings.sandbox));
  const only =
    (probe: (store: StoreInput) => Promise<Probe>) =>
    async (store: StoreInput): Promise<Probe> =>
      ours.includes(store.url) ? probe(store) : { ok: false, code: 'unreachable', message: 'it cannot be reached' };
  return { storeSchemas, probeSource: only(probeSource), probeTarget: only(probeTarget) };
}
