import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/activity-types.ts';
import { ACTIVITY_QUEUES, FAILURE_TYPES, taskQueueName } from './contract.ts';
import type { Timings } from './contract.ts';

/** However many lanes are open, one box is not longer than this. */
export const LONGEST_BOX_MS = 600_000;

/** A box may overrun by a batch that waits for the store's quota. */
const OVERRUN_MS = 300_000;

/** Scans of a large store under a small quota take hours; the heartbeat notices a dead worker long before. */
const LONGEST_STAGE = '24 hours';

/** Waits out a restart of the ledger or a bad spell of a store; then, after about ten minutes, a person is asked. */
const PATIENT = {
  initialInterval: '1 second',
  maximumInterval: '30 seconds',
  maximumAttempts: 24,
  nonRetryableErrorTypes: Object.values(FAILURE_TYPES),
} as const;

/** What the project's workflow asks while somebody waits for the answer: few tries, then it says that it could not. */
export function deskActivities(queuePrefix: string) {
  return proxyActivities<Pick<Activities, 'admitCommand' | 'recordPhase' | 'inspectRun'>>({
    taskQueue: taskQueueName(queuePrefix, ACTIVITY_QUEUES.admitCommand),
    startToCloseTimeout: '5 seconds',
    scheduleToCloseTimeout: '15 seconds',
    retry: { initialInterval: '500 milliseconds', maximumAttempts: 5 },
  });
}
export type DeskActivities = ReturnType<typeof deskActivities>;

/** What a firing of a schedule asks: nobody waits for it, so that it waits out a restart of whatever is away. */
export function schedulingActivities(queuePrefix: string) {
  const retry = { initialInterval: '1 second', maximumInterval: '30 seconds' } as const;
  const { requestRun } = proxyActivities<Pick<Activities, 'requestRun'>>({
    taskQueue: taskQueueName(queuePrefix, ACTIVITY_QUEUES.requestRun),
    startToCloseTimeout: '1 minute',
    retry,
  });
  const { inspectRun, noteSkippedFirings } = proxyActivities<Pick<Activities, 'inspectRun' | 'noteSkippedFirings'>>({
    taskQueue: taskQueueName(queuePrefix, ACTIVITY_QUEUES.inspectRun),
    startToCloseTimeout: '30 seconds',
    retry,
  });
  return { requestRun, inspectRun, noteSkippedFirings };
}

/** A run's end must reach the ledger, however long the ledger is away. */
export function closingActivities(queuePrefix: string) {
  return proxyActivities<Pick<Activities, 'closeRun'>>({
    taskQueue: taskQueueName(queuePrefix, ACTIVITY_QUEUES.closeRun),
    startToCloseTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
  });
}

export function preparingActivities(queuePrefix: string, timings: Timings) {
  return proxyActivities<Pick<Activities, 'assess' | 'matchTarget' | 'planSlices' | 'captureChanges'>>({
    taskQueue: taskQueueName(queuePrefix, ACTIVITY_QUEUES.assess),
    startToCloseTimeout: LONGEST_STAGE,
    heartbeatTimeout: timings.heartbeatMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: PATIENT,
  });
}

export function verifyingActivities(queuePrefix: string, timings: Timings) {
  return proxyActivities<Pick<Activities, 'reviewPass'>>({
    taskQueue: taskQueueName(queuePrefix, ACTIVITY_QUEUES.reviewPass),
    startToCloseTimeout: LONGEST_STAGE,
    heartbeatTimeout: timings.heartbeatMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: PATIENT,
  });
}

/** Repeated time boxes. A cancelled run is closed only when its last box has really stopped: nothing is written after. */
export function boxActivities(queuePrefix: string, timings: Timings) {
  const options = {
    startToCloseTimeout: LONGEST_BOX_MS + OVERRUN_MS,
    heartbeatTimeout: timings.heartbeatMs,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: PATIENT,
  };
  const { readSlices } = proxyActivities<Pick<Activities, 'readSlices'>>({
    ...options,
    taskQueue: taskQueueName(queuePrefix, ACTIVITY_QUEUES.readSlices),
  });
  const { followSource } = proxyActivities<Pick<Activities, 'followSource'>>({
    ...options,
    taskQueue: taskQueueName(queuePrefix, ACTIVITY_QUEUES.followSource),
  });
  const { applyChanges } = proxyActivities<Pick<Activities, 'applyChanges'>>({
    ...options,
    taskQueue: taskQueueName(queuePrefix, ACTIVITY_QUEUES.applyChanges),
  });
  return { readSlices, followSource, applyChanges };
}
