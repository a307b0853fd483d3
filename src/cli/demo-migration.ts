import { setTimeout as pause } from 'node:timers/promises';
import type { EntityCount } from './entity-bars.ts';

/** What the demo asks of the API; the API client has it. */
export interface DemoApi {
  createProject(body: DemoProject): Promise<unknown>;
  startRun(project: string, body: { readonly kind: 'full' }): Promise<{ readonly run: string }>;
  status(project: string): Promise<DemoStatus>;
}

export interface DemoProject {
  readonly project: string;
  readonly source: DemoStore;
  readonly target: DemoStore;
}

export interface DemoStore {
  readonly platform: string;
  readonly url: string;
  readonly credentials: Readonly<Record<string, string>>;
}

export interface DemoStatus {
  readonly phase: string;
  readonly run: {
    readonly state: string;
    readonly entities: readonly DemoEntity[];
  } | null;
}

/** Counts of records, as the status of a run gives them. */
export interface DemoEntity {
  readonly entity: string;
  readonly planned: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly ignored: number;
  readonly deleted: number;
  readonly failed: number;
}

/** What the demo reports at its end, on stdout with `--json`. */
export interface DemoResult {
  readonly project: string;
  readonly run: string;
  /** `completed`, or what became of the run instead. */
  readonly outcome: string;
  readonly entities: readonly DemoEntity[];
}

const POLL_MS = 500;

/** Creates a project between two stores and follows its full run to the end, whatever that is. */
export async function migrateStores(
  api: DemoApi,
  stores: DemoProject,
  onProgress: (counts: readonly EntityCount[]) => void,
  pollMs = POLL_MS,
): Promise<DemoResult> {
  const { project } = stores;
  await api.createProject(stores);
  const { run } = await api.startRun(project, { kind: 'full' });
  for (;;) {
    const { run: running } = await api.status(project);
    if (running !== null) {
      onProgress(running.entities.map(countOf));
      if (running.state !== 'running') return { project, run, outcome: running.state, entities: running.entities };
    }
    await pause(pollMs);
  }
}

function countOf({ entity, planned, created, updated, unchanged, ignored, deleted, failed }: DemoEntity): EntityCount {
  const done = created + updated + unchanged + ignored + deleted + failed;
  return { entity, done, total: Math.max(planned, done) };
}
