import { setTimeout as pause } from 'node:timers/promises';
import { entityBars } from '../entity-bars.ts';
import type { ApiClient, ProjectStatus } from './api-client.ts';
import { EXIT } from './exit-codes.ts';

const POLL_MS = 500;

/** Follows the latest run with a bar per entity until it ends; a run that did not complete ends the command with 1. */
export async function watchRun(api: ApiClient, project: string, quiet: boolean): Promise<ProjectStatus> {
  const bars = quiet ? null : entityBars(process.stderr);
  try {
    for (;;) {
      const status = await api.status(project);
      if (status.run === null) return status;
      bars?.show(status.run.entities.map((entity) => ({ entity: entity.entity, ...progressOf(entity) })));
      if (status.run.state !== 'running') {
        if (status.run.state !== 'completed') process.exitCode = EXIT.failed;
        return status;
      }
      await pause(POLL_MS);
    }
  } finally {
    bars?.stop();
  }
}

function progressOf(entity: NonNullable<ProjectStatus['run']>['entities'][number]) {
  const { created, updated, unchanged, ignored, deleted, failed, planned } = entity;
  const done = created + updated + unchanged + ignored + deleted + failed;
  return { done, total: Math.max(planned, done) };
}
