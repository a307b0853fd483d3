import type { Client } from '@temporalio/client';
import type { Kysely } from 'kysely';
import type { Activities } from '../activities/activity-types.ts';
import { createActivities } from '../activities/index.ts';
import { createRequestMeter } from '../activities/request-meter.ts';
import { createStoreOpener } from '../activities/stores.ts';
import { RATE_LIMITS } from '../domain/rates.ts';
import type { createChangeListener } from '../ledger/change-listener.ts';
import { createQuotaGovernor } from '../ledger/quota/quota-governor.ts';
import type { LedgerTables } from '../ledger/tables.ts';
import { Migrations } from '../temporal/migrations.ts';
import { Schedules } from '../temporal/schedules.ts';
import type { Timings } from '../workflows/contract.ts';
import { runWorkflowId } from '../workflows/contract.ts';

/** Requests in flight at once per store, unless an operator sets others (bigcommerce-api §1.4: 3 to 4 are safe). */
const STORE_CONCURRENCY = 4;
/** Sockets that a worker may need when an operator sets as many. */
const MOST_SOCKETS = RATE_LIMITS.concurrency.most;

/** Milliseconds; the `sync` section of the settings. */
interface SyncTimes {
  readonly leaseMs: number;
  readonly requestTimeoutMs: number;
  readonly settleMs: number;
  readonly pollForeignEditsMs: number;
  readonly longestWaitMs: number;
  readonly heartbeatMs: number;
  readonly pollChangesMs: number;
}

export interface WorkerParts {
  readonly sync: SyncTimes;
  /** Whether stores may lie inside private networks. */
  readonly allowPrivate: boolean;
  readonly db: Kysely<LedgerTables>;
  readonly sealingKey: Buffer;
  /** Names this worker in leases. */
  readonly identity: string;
  readonly client: Client;
  /** Of the workflows that this process starts: as the API's. */
  readonly queuePrefix: string;
  readonly timings: Timings;
  readonly listener: ReturnType<typeof createChangeListener>;
}

/** The activities over the real ledger and real stores; the governor that connectors ask is the ledger's (P12). */
export function workerActivities({
  sync,
  allowPrivate,
  db,
  sealingKey,
  identity,
  client,
  queuePrefix,
  timings,
  listener,
}: WorkerParts): Activities {
  const meter = createRequestMeter();
  const migrations = new Migrations({ client, queuePrefix, timings });
  const schedules = new Schedules({ client, queuePrefix, timings });
  const stores = {
    network: { allowPrivate },
    governor: createQuotaGovernor({ db, concurrency: STORE_CONCURRENCY }),
    timeoutMs: sync.requestTimeoutMs,
    concurrency: MOST_SOCKETS,
  };
  return createActivities({
    db,
    meter,
    openStores: createStoreOpener(db, sealingKey, stores, meter),
    settings: {
      leaseMs: sync.leaseMs,
      requestTimeoutMs: sync.requestTimeoutMs,
      settleMs: sync.settleMs,
      foreignEditsMaxAgeMs: sync.pollForeignEditsMs,
      longestWaitMs: sync.longestWaitMs,
      concurrency: STORE_CONCURRENCY,
    },
    owner: identity,
    heartbeatMs: sync.heartbeatMs,
    waitForChanges: (projectId, ms, signal) => listener.wait(projectId, Math.min(ms, sync.pollChangesMs), signal),
    scheduling: {
      startRun: (known, command, commandId) => migrations.command(known, 'startRun', command, commandId),
      drop: (project, schedule) => schedules.remove(project, schedule),
      overlaps: async (project, schedule) => (await schedules.look(project, schedule))?.overlapped ?? null,
    },
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
