import { Worker } from '@temporalio/worker';
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Activities } from '../activities/activity-types.ts';
import { ACTIVITY_QUEUES, TASK_QUEUES, taskQueueName } from '../workflows/contract.ts';
import type { TaskQueue } from '../workflows/contract.ts';

/** The `worker` section of the settings. */
export interface WorkerSettings {
  readonly taskQueuePrefix: string;
  /** Activities at once, per task queue. */
  readonly slots: Readonly<Record<TaskQueue, number>>;
  readonly maxCachedWorkflows: number;
  /** How long a workflow task waits for the worker that knows its workflow, before any worker may take it. */
  readonly stickyQueueScheduleToStartMs: number;
  /** How long running activities may go on after a shutdown has begun, before they are told to stop. */
  readonly shutdownGraceMs: number;
}

/** A bundle made by the build, or the sources, which are bundled at the start. */
export type WorkflowCode =
  { readonly workflowBundle: { readonly codePath: string } } | { readonly workflowsPath: string };

export interface WorkerDeps {
  readonly settings: WorkerSettings;
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly activities: Activities;
  readonly logger: Logger;
  readonly workflows: WorkflowCode;
  /** Shown in Temporal UI beside what this process did; default: process id and host name. */
  readonly identity?: string;
}

export interface RunningWorker {
  /** Resolves when everything has ended in order after a shutdown; rejects when a worker breaks, after the others ended. */
  run(): Promise<void>;
  /** Ends in order; resolves when the end is reached, however it went. */
  shutdown(): Promise<void>;
}

/** Activities that ignore being told to stop are left behind after this long, so that the process certainly ends. */
const FORCE_AFTER_MS = 5_000;

/**
 * Heartbeats are sent on to the server at most this often, and only their answer tells an activity that it is cancelled;
 * the SDK's own interval follows the heartbeat timeout and is five times as long.
 */
const STOP_NOTICED_MS = 5_000;

/** One worker per task queue, over one connection; the one for control also runs the workflows. All poll at once. */
export async function startWorker(deps: WorkerDeps): Promise<RunningWorker> {
  const workers = await Promise.all(TASK_QUEUES.flatMap((queue) => createWorker(deps, queue) ?? []));
  const stop = () => {
    // One that has ended, or is ending, refuses to be shut down.
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const ended = runAll(workers, stop);
  // Whoever calls run() gets the error; without a caller it must not end the process as an unhandled one.
  ended.catch(() => undefined);
  return {
    run: () => ended,
    shutdown: async () => {
      stop();
      await ended.catch(() => undefined);
    },
  };
}

/** When one of them breaks the process must not go on with half of its queues. */
async function runAll(workers: readonly Worker[], stop: () => void): Promise<void> {
  const runs = workers.map((worker) => worker.run());
  for (const one of runs) void one.then(stop, stop);
  const failed = (await Promise.allSettled(runs)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function createWorker(deps: WorkerDeps, queue: TaskQueue): Promise<Worker> | undefined {
  const { settings, connection, namespace } = deps;
  const activities = activitiesOf(deps.activities, queue);
  // A queue that nothing is scheduled on yet needs no poller.
  if (queue !== 'control' && Object.keys(activities).length === 0) return undefined;
  return Worker.create({
    connection,
    namespace,
    taskQueue: taskQueueName(settings.taskQueuePrefix, queue),
    activities,
    maxConcurrentActivityTaskExecutions: settings.slots[queue],
    maxHeartbeatThrottleInterval: STOP_NOTICED_MS,
    shutdownGraceTime: settings.shutdownGraceMs,
    shutdownForceTime: settings.shutdownGraceMs + FORCE_AFTER_MS,
    ...(deps.identity === undefined ? {} : { identity: deps.identity }),
    ...(queue === 'control' ? workflowOptions(deps) : {}),
  });
}

function activitiesOf(activities: Activities, queue: TaskQueue): Partial<Activities> {
  const names = Object.keys(ACTIVITY_QUEUES) as (keyof Activities)[];
  return Object.fromEntries(
    names.filter((name) => ACTIVITY_QUEUES[name] === queue).map((name) => [name, activities[name].bind(activities)]),
  );
}

function workflowOptions({ settings, workflows }: WorkerDeps): Partial<WorkerOptions> {
  return {
    ...workflows,
    maxCachedWorkflows: settings.maxCachedWorkflows,
    stickyQueueScheduleToStartTimeout: settings.stickyQueueScheduleToStartMs,
  };
}
