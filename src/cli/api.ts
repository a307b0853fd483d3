import { createApp } from '../api/app.ts';
import { keyHash } from '../api/plugins/authentication.ts';
import { migrateLedger } from '../ledger/migrate.ts';
import { openLedger } from '../ledger/database.ts';
import { openTemporalClient } from '../temporal/client.ts';
import { Migrations } from '../temporal/migrations.ts';
import { Schedules } from '../temporal/schedules.ts';
import { loadConnectionProfile } from '../temporal/profile.ts';
import { approverKeyOf, databaseUrlOf, runService, sealingKeyOf } from './service.ts';
import type { OpenService } from './service.ts';
import { projectLooks } from '../worker/project-looks.ts';
import { projectHooks } from '../worker/project-hooks.ts';
import { HOOK_FORMATS } from '../connectors/platforms.ts';
import { storeProbes } from './store-probes.ts';
import { timingsOf } from './timings.ts';

const TEMPORAL_ANSWER_MS = 2_000;

/** `storeferry api`: composition root of the API process. */
export function runApi(): Promise<void> {
  return runService('api', openApi);
}

const openApi: OpenService = async (settings, log) => {
  const sealingKey = sealingKeyOf(settings);
  const approver = approverKeyOf(settings);
  if (approver === undefined)
    throw new Error(`no API key: set STOREFERRY_API_KEY (${settings.keys.approverFile} is not there)`);
  const ledger = openLedger({ url: databaseUrlOf(settings), applicationName: 'storeferry-api' });
  // The API brings the schema up to date; workers wait for it (src/stack/stack.ts starts them after it).
  const applied = await migrateLedger(ledger.db);
  if (applied.length > 0) log.info({ applied }, 'ledger schema brought up to date');
  const temporal = openTemporalClient(loadConnectionProfile());
  const stores = {
    network: { allowPrivate: settings.network.allowPrivate },
    timeoutMs: settings.sync.requestTimeoutMs,
  };
  const app = await createApp({
    db: ledger.db,
    sealingKey,
    migrations: new Migrations({
      client: temporal.client,
      queuePrefix: settings.worker.taskQueuePrefix,
      timings: timingsOf(settings),
    }),
    schedules: new Schedules({
      client: temporal.client,
      queuePrefix: settings.worker.taskQueuePrefix,
      timings: timingsOf(settings),
    }),
    keys: [
      { name: 'approver', hash: keyHash(approver), role: 'approver' },
      ...settings.api.keys.map(({ name, role, sha256 }) => ({ name, role, hash: sha256 })),
    ],
    ...storeProbes(settings),
    looks: projectLooks(ledger.db, sealingKey, stores),
    hooks: { formats: HOOK_FORMATS, ...projectHooks(ledger.db, sealingKey, stores) },
    // Without a word of it the address is that of this machine, which only stores on it can reach.
    publicUrl: settings.network.allowPrivate ? settings.api.url : (settings.api.publicUrl ?? null),
    temporalProblem: () => temporal.problem(TEMPORAL_ANSWER_MS),
    openMetrics: settings.api.openMetrics,
    log,
  });
  await app.listen({ host: settings.api.host, port: settings.api.port });
  return {
    facts: { url: settings.api.url },
    close: async () => {
      await app.close();
      await temporal.close();
      await ledger.close();
    },
  };
};
