import { setTimeout as pause } from 'node:timers/promises';
import { bigCommerceCredentials } from '../src/sandbox/bigcommerce/options.ts';
import { sandboxCredentials } from '../src/sandbox/woocommerce/options.ts';
import type { BenchStack } from './bench-stack.ts';
import { historyEvents } from './history-events.ts';
import { forgetRequests, type Journal, readJournal, setLatency } from './sandbox-admin.ts';

/** As a person's page would look; how long the run took is what the ledger says. */
const LOOK_MS = 1_000;
/** The same plan at every size: a trial, a pass of eight times its size, full speed; nobody is asked. */
export const RUN = { kind: 'full', autoApprove: true, passes: [50, 400] } as const;

export interface ProductRun {
  readonly seconds: number;
  /** Entity → records that are at the target by it. */
  readonly written: Readonly<Record<string, number>>;
  readonly failed: number;
  readonly historyEvents: number;
  readonly workerRssMiB: number;
  readonly shop: Journal;
  readonly store: Journal;
}

/** One full run into an empty target, measured from its start to its end. */
export async function runProduct(stack: BenchStack, latencyMs: number): Promise<ProductRun> {
  const project = await prepareProject(stack, latencyMs);
  const askedAt = Date.now();
  const { run } = await stack.api.startRun(project, RUN);
  const status = await completed(stack, run);
  const seconds = (endOf(status) - askedAt) / 1_000;
  // Into an empty target everything is created once; what is updated too (stock, by orders) counts no further.
  const entities = status.entities.map(({ entity, created }) => [entity, created]);
  return {
    seconds,
    written: Object.fromEntries(entities) as Record<string, number>,
    failed: status.entities.reduce((sum, { failed }) => sum + failed, 0),
    // Of all workflows that the run had, those that were continued as new included.
    historyEvents: await historyEvents(stack.temporal, `StoreferryProject = '${stack.project}'`),
    workerRssMiB: stack.peakWorkerRssMiB(),
    shop: await readJournal(stack.shopUrl),
    store: await readJournal(stack.storeUrl),
  };
}

/** A project between the two stores, whose journals begin here. */
export async function prepareProject(stack: BenchStack, latencyMs: number): Promise<string> {
  await stack.api.createProject({
    project: stack.project,
    source: { platform: 'woocommerce', url: stack.shopUrl, credentials: sandboxCredentials },
    target: { platform: 'bigcommerce', url: stack.storeUrl, credentials: bigCommerceCredentials },
  });
  await stack.api.confirmBackup(stack.project, { by: 'bench', at: new Date().toISOString() });
  for (const url of [stack.shopUrl, stack.storeUrl]) {
    await setLatency(url, latencyMs);
    await forgetRequests(url);
  }
  return stack.project;
}

/** Waits for a run's end. @throws Error when it asks for a person */
async function ended({ api, project }: BenchStack, run: string) {
  for (;;) {
    const { run: latest, attention } = await api.status(project);
    if (attention !== null)
      throw new Error(`expected run ${run} to go on by itself, but it asks for a person: ${attention}`);
    if (latest?.run === run && latest.state !== 'running') return latest;
    await pause(LOOK_MS);
  }
}

/** Waits for a run's end and returns how it stands then. @throws Error when it ends otherwise, or asks for a person */
export async function completed(stack: BenchStack, run: string) {
  const status = await ended(stack, run);
  const { state, endedReason } = status;
  if (state !== 'completed') throw new Error(`expected ${run} to complete, got ${state}: ${endedReason}`);
  return status;
}

/** When a run ended, milliseconds since 1970: as the ledger says, for we look seldom. */
function endOf({ endedAt }: { readonly endedAt: string | null }): number {
  return Date.parse(endedAt ?? '');
}

/** A recent run from start to end; returns when it ended, milliseconds since 1970. */
export async function runRecent(
  stack: BenchStack,
  project: string,
  options: { sweep?: boolean } = {},
): Promise<number> {
  const { run } = await stack.api.startRun(project, { kind: 'recent', ...options });
  return endOf(await completed(stack, run));
}
