import { setTimeout as pause } from 'node:timers/promises';
import type { KnownFailure } from './demo-check.ts';
import type { EntityCount } from './entity-bars.ts';

/** What the demo asks of the API; the API client has it. */
export interface DemoApi {
  listProjects(): Promise<{ readonly projects: readonly { readonly project: string }[] }>;
  createProject(body: DemoProject): Promise<unknown>;
  confirmBackup(project: string, backup: { readonly by: string; readonly at: string }): Promise<unknown>;
  startRun(
    project: string,
    body: { readonly kind: 'full'; readonly autoApprove: true },
  ): Promise<{ readonly run: string }>;
  status(project: string): Promise<DemoStatus>;
  failures(project: string): Promise<{ readonly failures: readonly KnownFailure[] }>;
}

export interface DemoProject {
  readonly project: string;
  /** What stop-keys of the assessment ask for, decided on. */
  readonly mapping?: Readonly<Record<string, unknown>>;
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
    readonly run: string;
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

/** What became of the demo's run. */
export interface DemoResult {
  readonly project: string;
  readonly run: string;
  /** `completed`, or what became of the run instead. */
  readonly outcome: string;
  /** From the start of the run to its end. */
  readonly seconds: number;
}

/** Names of the demo's own projects begin so. */
export const DEMO_PREFIX = 'demo-';

const POLL_MS = 500;

/**
 * Creates a project between two stores, or goes on with the demo project that is there, and follows a full run to the end,
 * whatever that is.
 */
export async function migrateStores(
  api: DemoApi,
  stores: DemoProject,
  onProgress: (counts: readonly EntityCount[]) => void,
  pollMs = POLL_MS,
): Promise<DemoResult> {
  const project = await demoProject(api, stores);
  // An empty sandbox store is its own backup.
  await api.confirmBackup(project, { by: 'demo', at: new Date().toISOString() });
  const startedMs = performance.now();
  const { run } = await api.startRun(project, { kind: 'full', autoApprove: true });
  for (;;) {
    const { run: running } = await api.status(project);
    if (running?.run === run) {
      onProgress(running.entities.map(countOf));
      if (running.state !== 'running')
        return { project, run, outcome: running.state, seconds: secondsSince(startedMs) };
    }
    await pause(pollMs);
  }
}

/** Two projects may not move the same records into one store, so a second demo goes on where the first one ended. */
async function demoProject(api: DemoApi, stores: DemoProject): Promise<string> {
  const { projects } = await api.listProjects();
  const known = projects.findLast(({ project }) => project.startsWith(DEMO_PREFIX));
  if (known !== undefined) return known.project;
  await api.createProject(stores);
  return stores.project;
}

function countOf({ entity, planned, created, updated, unchanged, ignored, deleted, failed }: DemoEntity): EntityCount {
  const done = created + updated + unchanged + ignored + deleted + failed;
  return { entity, done, total: Math.max(planned, done) };
}

function secondsSince(startedMs: number): number {
  return Math.round((performance.now() - startedMs) / 100) / 10;
}
