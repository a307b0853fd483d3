import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Settings } from '../config/settings.ts';
import { createAlertPoster } from '../connectors/http/alert-post.ts';
import { createChangeListener } from '../ledger/change-listener.ts';
import { openLedger } from '../ledger/database.ts';
import { assertSearchAttributes } from '../stack/temporal-namespace.ts';
import { Migrations } from '../temporal/migrations.ts';
import { openTemporalClient } from '../temporal/client.ts';
import { loadConnectionProfile } from '../temporal/profile.ts';
import { connectWorker, installTemporalRuntime } from '../worker/connection.ts';
import { startAlertWatch } from '../worker/alert-watch.ts';
import { startWorker, type WorkflowCode } from '../worker/start-worker.ts';
import { wakeParked } from '../worker/wake-parked.ts';
import { workerActivities } from '../worker/worker-activities.ts';
import { runWorkflowId, wakeSignal } from '../workflows/contract.ts';
import { packageFolder } from '../stack/own-command.ts';
import { databaseUrlOf, runService, sealingKeyOf } from './service.ts';
import type { OpenService } from './service.ts';
import { timingsOf } from './timings.ts';

/** How long a receiver of alerts is waited for. */
const ALERT_TIMEOUT_MS = 10_000;

/** `storeferry worker`: composition root of one worker process. */
export function runWorker(): Promise<void> {
  return runService('worker', openWorker);
}

const openWorker: OpenService = async (settings, log) => {
  const sealingKey = sealingKeyOf(settings);
  installTemporalRuntime(log, metricsAddress(settings.worker));
  const profile = loadConnectionProfile();
  await assertSearchAttributes(profile.connectionOptions, {
    namespace: profile.namespace,
    searchAttributes: settings.temporal.searchAttributes,
  });
  const ledger = openLedger({ url: databaseUrlOf(settings), applicationName: 'storeferry-worker', maxConnections: 20 });
  const temporal = openTemporalClient(profile);
  const connection = await connectWorker(profile);
  const identity = `${process.pid}@${hostname()}`;
  const listener = createChangeListener(ledger.pool);
  const worker = await startWorker({
    settings: settings.worker,
    connection,
    namespace: profile.namespace,
    activities: workerActivities({
      sync: settings.sync,
      allowPrivate: settings.network.allowPrivate,
      db: ledger.db,
      sealingKey,
      identity,
      client: temporal.client,
      queuePrefix: settings.worker.taskQueuePrefix,
      timings: timingsOf(settings),
      listener,
    }),
    logger: log,
    workflows: workflowCode(),
    identity,
  });
  wakeParked({
    db: ledger.db,
    listener,
    wake: ({ project, run }) => temporal.client.workflow.getHandle(runWorkflowId(project, run)).signal(wakeSignal),
    warn: (said, err) => log.warn({ err }, said),
  });
  const migrations = new Migrations({
    client: temporal.client,
    queuePrefix: settings.worker.taskQueuePrefix,
    timings: timingsOf(settings),
  });
  const alerts = startAlertWatch({
    db: ledger.db,
    tell: (project, open) => migrations.tellAlerts(project, open),
    sealingKey,
    poster: createAlertPoster({ allowPrivate: settings.network.allowPrivate }, ALERT_TIMEOUT_MS),
    log,
  });
  worker.run().catch((error: unknown) => giveUp(log, error));
  return {
    facts: { namespace: profile.namespace },
    close: async () => {
      await worker.shutdown();
      await alerts.close();
      await listener.close();
      await connection.close();
      await temporal.close();
      await ledger.close();
    },
  };
};

function metricsAddress({ metricsHost, metricsPort }: Settings['worker']): string | undefined {
  if (metricsPort === undefined) return undefined;
  return metricsHost.includes(':') ? `[${metricsHost}]:${metricsPort}` : `${metricsHost}:${metricsPort}`;
}

/** From the build the bundle that it made; from the sources they are bundled at the start. */
function workflowCode(): WorkflowCode {
  const bundle = join(packageFolder(), 'dist', 'workflow-bundle.js');
  const sources = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
  return existsSync(sources) ? { workflowsPath: sources } : { workflowBundle: { codePath: bundle } };
}

/** A worker without its pollers must not look alive: the supervisor, or whoever runs it, starts it again. */
function giveUp(log: Logger, error: unknown): void {
  log.fatal({ err: error }, 'the worker broke');
  process.kill(process.pid, 'SIGTERM');
}
