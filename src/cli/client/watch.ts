import { setTimeout as pause } from 'node:timers/promises';
import { entityBars } from '../entity-bars.ts';
import type { ApiClient, ProjectStatus } from './api-client.ts';
import { EXIT } from './exit-codes.ts';

const POLL_MS = 500;

/**
 * Follows the latest run with a bar per entity, its rate, what is left, its lag and what holds it up, until it ends; on
 * anything but a terminal it only waits. A run that did not complete ends the command with 1.
 */
export async function watchRun(api: ApiClient, project: string, quiet: boolean): Promise<ProjectStatus> {
  const bars = quiet || !process.stderr.isTTY ? null : entityBars(process.stderr);
  try {
    for (;;) {
      const status = await api.status(project);
      const { run } = status;
      if (run === null) return status;
      bars?.show(
        run.entities.map((entity) => ({ entity: entity.entity, ...progressOf(entity) })),
        summaryOf(run),
      );
      if (run.state !== 'running') {
        if (run.state !== 'completed') process.exitCode = EXIT.failed;
        return status;
      }
      await pause(POLL_MS);
    }
  } finally {
    bars?.stop();
  }
}

type Run = NonNullable<ProjectStatus['run']>;

/** `trial: 1,240 a minute, 3 min left, 12 changes wait (oldest 4 s), as many requests ... are allowed`. */
export function summaryOf({ step, pass, recordsPerMinute, netPerMinute, etaSeconds, lag, throttle }: Run): string {
  const oldest = lag.oldestChangeSeconds === null ? '' : ` (oldest ${Math.round(lag.oldestChangeSeconds)} s)`;
  const net = netPerMinute === null ? '' : ` (net ${netPerMinute.toLocaleString('en')})`;
  return [
    `${pass === null ? step : `${pass.name}, ${step}`}: ${recordsPerMinute.toLocaleString('en')} a minute${net}`,
    ...(etaSeconds === null ? [] : [`${spanOf(etaSeconds)} left`]),
    `${lag.changes} changes wait${oldest}`,
    ...(lag.sweepSeconds === null ? [] : [`last swept ${spanOf(Math.round(lag.sweepSeconds))} ago`]),
    ...(throttle === null ? [] : [throttle]),
  ].join(', ');
}

function spanOf(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}

function progressOf(entity: Run['entities'][number]) {
  const { created, updated, unchanged, ignored, deleted, failed, planned } = entity;
  const done = created + updated + unchanged + ignored + deleted + failed;
  return { done, total: Math.max(planned, done) };
}
