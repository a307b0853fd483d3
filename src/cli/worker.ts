import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { createActivities } from '../activities/index.ts';
import { createStoreOpener } from '../activities/stores.ts';
import type { Settings } from '../config/settings.ts';
import { createChangeListener } from '../ledger/change-listener.ts';
import { type LedgerConnection, openLedger } from '../ledger/database.ts';
import { createQuotaGovernor } from '../ledger/quota/quota-governor.ts';
import { assertSearchAttributes } from '../stack/temporal-namespace.ts';
import { openTemporalClient } from '../temporal/client.ts';
import { loadConnectionProfile } from '../temporal/profile.ts';
import { connectWorker, installTemporalRuntime } from '../worker/connection.ts';
import { startWorker, type WorkflowCode } from '../worker/start-worker.ts';
import { runWorkflowId } from '../workflows/contract.ts';
import { packageFolder } from '../stack/own-command.ts';
import { databaseUrlOf, runService, sealingKeyOf } from './service.ts';
import type { OpenService } from './service.ts';

/** Requests in flight at once per store (bigcommerce-api §1.4: 3 to 4 are safe). */
const STORE_CONCURRENCY = 4;

/** `storeferry worker`: composition root of one worker process. */
export function runWorker(): Promise<void> {
  return runService('worker', openWorker);
}

const openWorker: OpenService = async (settings, log) => {
  const sealingKey = sealingKeyOf(settings);
  installTemporalRuntime(log);
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
    activities: activitiesOf({ settings, ledger, sealingKey, identity, client: temporal.client, listener }),
    logger: log,
    workflows: workflowCode(),
    identity,
  });
  worker.run().catch((error: unknown) => giveUp(log, error));
  return {
    facts: { namespace: profile.namespace },
    close: async () => {
      await worker.shutdown();
      await listener.close();
      await connection.close();
      await temporal.close();
      await ledger.close();
    },
  };
};

interface WorkerParts {
  readonly settings: Settings;
  readonly ledger: LedgerConnection;
  readonly sealingKey: Buffer;
  readonly identity: string;
  readonly client: Client;
  readonly listener: ReturnType<typeof createChangeListener>;
}

function activitiesOf({ settings, ledger, sealingKey, identity, client, listener }: WorkerParts) {
  const { sync, network } = settings;
  return createActivities({
    db: ledger.db,
    openStores: createStoreOpener(ledger.db, sealingKey, {
      network: { allowPrivate: network.allowPrivate },
      governor: createQuotaGovernor({ db: ledger.db, concurrency: STORE_CONCURRENCY }),
      timeoutMs: sync.requestTimeoutMs,
      concurrency: STORE_CONCURRENCY,
    }),
    settings: {
      leaseMs: sync.leaseMs,
      requestTimeoutMs: sync.requestTimeoutMs,
      settleMs: sync.settleMs,
      foreignEditsMaxAgeMs: sync.pollForeignEditsMs,
      concurrency: STORE_CONCURRENCY,
    },
    owner: identity,
    heartbeatMs: sync.heartbeatMs,
    waitForChanges: (projectId, ms, signal) => listener.wait(projectId, Math.min(ms, sync.pollChangesMs), signal),
    isRunOpen: ({ project, run }) => isOpen(client, runWorkflowId(project, run)),
  });
}

async function isOpen(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING' || status.name === 'PAUSED';
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return false;
    throw error;
  }
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
