import { setTimeout as pause } from 'node:timers/promises';
import { runWorkflowId } from '../src/workflows/contract.ts';
import type { BenchStack } from './bench-stack.ts';
import { finishFollowing, hookUp, startFollowing, type Wrong, wrongAtTarget } from './following.ts';
import { historyEvents } from './history-events.ts';
import { type ProcessFigure, processFigure, steady } from './process-figures.ts';
import { type ProcessSample, sampleProcess } from './processes.ts';
import { runRecent } from './product-run.ts';
import { rounded } from './report.ts';
import { liveFor } from './shop-life.ts';

const SAMPLE_EVERY_MS = 5_000;

export interface LongWish {
  readonly minutes: number;
  /** Changes per second. */
  readonly rate: number;
  readonly seed: number;
}

/** What following a living shop for long takes. */
export interface LongFigure {
  readonly minutes: number;
  readonly changesPerSecond: number;
  /** Of the run's workflow, executions that it was continued as included. */
  readonly historyEventsPerHour: number;
  /** Records of the shop that came to the target with a sweep only: addresses of tags and archives, which no poll sees. */
  readonly untilSweep: number;
  readonly processes: Readonly<Record<string, ProcessFigure>>;
}

/** A continuous sync as it is run, with webhooks and polls, while the service's processes are watched. */
export async function followLong(
  stack: BenchStack,
  project: string,
  { minutes, rate, seed }: LongWish,
  say: (line: string) => void,
): Promise<{ readonly long: LongFigure; readonly wrong: Wrong }> {
  await hookUp(stack, project);
  const run = await startFollowing(stack, project);
  const events = () => historyEvents(stack.temporal, `WorkflowId = '${runWorkflowId(project, run)}'`);
  const [before, startedMs] = [await events(), performance.now()];
  const over = new AbortController();
  const living = liveFor(stack.shopUrl, { minutes, perSecond: rate, seed }, async (minute) => {
    await assertFollows(stack, project);
    say(`minute ${minute} of ${minutes}: ${inMemory(stack)}`);
  }).finally(() => over.abort());
  const [watched] = await Promise.all([watch(stack, over.signal), living]);
  const hours = (performance.now() - startedMs) / 3_600_000;
  const historyEventsPerHour = rounded(((await events()) - before) / hours, 1);
  const processes = Object.fromEntries(
    [...watched].map(([name, samples]) => [name, processFigure(steady(samples))] as const),
  );
  await finishFollowing(stack, project, run);
  const { lost: untilSweep } = await wrongAtTarget(stack);
  // What no poll can see is brought by a run that reads everything.
  await runRecent(stack, project, { sweep: true });
  const wrong = await wrongAtTarget(stack);
  return { long: { minutes, changesPerSecond: rate, historyEventsPerHour, untilSweep, processes }, wrong };
}

/** Process → its samples. One worker is `worker`; of several each has its number. */
async function watch(stack: BenchStack, over: AbortSignal): Promise<ReadonlyMap<string, readonly ProcessSample[]>> {
  const watched = new Map<string, ProcessSample[]>();
  while (!over.aborted) {
    for (const { name, pid } of stack.parts()) {
      const key = name === 'worker-1' ? 'worker' : name;
      watched.set(key, [...(watched.get(key) ?? []), sampleProcess(pid)]);
    }
    await pause(SAMPLE_EVERY_MS);
  }
  return watched;
}

/** Hours of a run that has stopped would be figures of nothing. */
async function assertFollows({ api }: BenchStack, project: string): Promise<void> {
  const { run, attention } = await api.status(project);
  if (run?.state !== 'running' || attention !== null) {
    throw new Error(`expected the sync to go on by itself, got ${run?.state}: ${attention ?? run?.endedReason}`);
  }
}

function inMemory(stack: BenchStack): string {
  return stack
    .parts()
    .map(({ name, pid }) => `${name} ${rounded(sampleProcess(pid).rssMiB, 1)} MiB`)
    .join(', ');
}
