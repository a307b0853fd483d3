import { randomUUID } from 'node:crypto';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { DEFAULT_LANES, migrationWorkflowId, runWorkflowId, taskQueueName } from '../../src/workflows/contract.ts';
import type {
  Command,
  CommandAnswer,
  CommandInputs,
  Lanes,
  MigrationInput,
  Timings,
} from '../../src/workflows/contract.ts';
import type { KnownProject } from '../../src/domain/known-project.ts';
import type { OpenAlerts } from '../../src/domain/open-alerts.ts';
import { Migrations } from '../../src/temporal/migrations.ts';
import { Schedules } from '../../src/temporal/schedules.ts';
import { startWorker } from '../../src/worker/start-worker.ts';
import type { RunningWorker } from '../../src/worker/start-worker.ts';
import { quietLogger } from '../support/quiet-logger.ts';
import { fakeActivities } from './fake-activities.ts';
import type { Call } from './fake-activities.ts';
import { FakeProject } from './fake-project.ts';

export const SHORT: Timings = { watchdogMs: 60_000, timeBoxMs: 2_000, heartbeatMs: 1_000, guardMs: 20 };

export interface BenchPlace {
  readonly address: string;
  readonly namespace: string;
  readonly bundlePath: string;
}

/** Test projects by name, as the activities of any worker reach them. */
export type Projects = Map<string, FakeProject>;

/** Workers, a client and projects in memory on the real server; queues of its own. */
export interface Bench {
  readonly place: BenchPlace;
  readonly client: Client;
  readonly prefix: string;
  readonly call: Call;
  /** A project of its own with a workflow that is not started yet. */
  project(options?: ProjectOptions): TestProject;
  startWorker(): Promise<RunningWorker>;
  stopWorker(): Promise<void>;
  close(): Promise<void>;
}

export interface ProjectOptions {
  readonly slug?: string;
  readonly timings?: Partial<Timings>;
  readonly lanes?: Lanes;
}

export interface TestProject {
  readonly slug: string;
  readonly facts: FakeProject;
  readonly schedules: Schedules;
  readonly parent: WorkflowHandle;
  run(name: string): WorkflowHandle;
  give<C extends Command>(command: C, given: CommandInputs[C], id?: string): Promise<CommandAnswer>;
  known(): KnownProject;
  /** As a worker tells of open alerts. */
  tell(open: OpenAlerts): Promise<boolean>;
  /** Starts the workflow with inputs that no client of ours uses. */
  start(input: Partial<MigrationInput>): Promise<void>;
}

export async function openBench(place: BenchPlace): Promise<Bench> {
  Runtime.install({ logger: quietLogger });
  const connection = await Connection.connect({ address: place.address });
  const native = await NativeConnection.connect({ address: place.address });
  const client = new Client({ connection, namespace: place.namespace, identity: 'test' });
  const prefix = `test-${randomUUID().slice(0, 8)}`;
  const projects: Projects = new Map();
  const call: Call = (name, input, signal) => {
    const facts = projects.get(input.project);
    if (facts === undefined) throw new Error(`no project ${input.project}`);
    return facts.call(name, input, signal);
  };
  let worker: RunningWorker | undefined;
  const stopWorker = async () => worker?.shutdown();
  return {
    place,
    client,
    prefix,
    call,
    project: (options = {}) => openProject({ client, prefix, projects }, options),
    startWorker: async () => (worker = await startTestWorker(place, native, prefix, call)),
    stopWorker,
    close: async () => {
      await stopWorker();
      await native.close();
      await connection.close();
    },
  };
}

export function startTestWorker(
  place: BenchPlace,
  connection: NativeConnection,
  taskQueuePrefix: string,
  call: Call,
): Promise<RunningWorker> {
  return startWorker({
    settings: {
      taskQueuePrefix,
      slots: { control: 20, read: 10, apply: 10, verify: 2 },
      maxCachedWorkflows: 50,
      stickyQueueScheduleToStartMs: 200,
      shutdownGraceMs: 0,
    },
    connection,
    namespace: place.namespace,
    activities: fakeActivities(call),
    logger: pino({ level: 'silent' }),
    workflows: { workflowBundle: { codePath: place.bundlePath } },
    identity: 'test',
  });
}

interface Around {
  readonly client: Client;
  readonly prefix: string;
  readonly projects: Projects;
}

function openProject({ client, prefix, projects }: Around, options: ProjectOptions): TestProject {
  const slug = options.slug ?? `p-${randomUUID().slice(0, 8)}`;
  const timings = { ...SHORT, ...options.timings };
  const lanes = options.lanes ?? DEFAULT_LANES;
  const run = (name: string) => client.workflow.getHandle(runWorkflowId(slug, name));
  const facts = new FakeProject((name) => isOpen(run(name)));
  projects.set(slug, facts);
  const migrations = new Migrations({ client, queuePrefix: prefix, timings, lanes, answerWithinMs: 30_000 });
  const known = (): KnownProject => ({
    slug,
    phase: facts.phase,
    paused: facts.paused,
    attention: facts.attention,
    alerts: facts.alerts,
    activeRun: activeRunOf(facts),
    hasBaseline: [...facts.runs.values()].some(({ state }) => state === 'completed'),
  });
  const schedules = new Schedules({ client, queuePrefix: prefix, timings });
  facts.give = (command, id) => migrations.command(known(), 'startRun', command, id);
  facts.overlaps = async (schedule) => (await schedules.look(slug, schedule))?.overlapped ?? 0;
  return {
    slug,
    facts,
    schedules,
    parent: client.workflow.getHandle(migrationWorkflowId(slug)),
    run,
    known,
    tell: (open) => migrations.tellAlerts(slug, open),
    give: (command, given, id) => migrations.command(known(), command, given, id),
    start: async (input) => {
      await client.workflow.start('migration', {
        workflowId: migrationWorkflowId(slug),
        taskQueue: taskQueueName(prefix, 'control'),
        args: [{ project: slug, queuePrefix: prefix, timings, lanes, ...input }],
      });
    },
  };
}

function activeRunOf({ runs }: FakeProject): KnownProject['activeRun'] {
  const active = [...runs].find(([, { state }]) => state === 'running');
  return active === undefined ? null : { name: active[0], kind: 'full' };
}

async function isOpen(handle: WorkflowHandle): Promise<boolean> {
  try {
    return (await handle.describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
