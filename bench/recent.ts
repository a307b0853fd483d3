import { checkStores } from '../src/sandbox/checker/check-stores.ts';
import { fetchState } from '../src/sandbox/shared/state-lines.ts';
import { atMost } from './bare/client.ts';
import { type BenchStack, onStack } from './bench-stack.ts';
import { extentOf } from './extents.ts';
import type { RecentFlags } from './flags.ts';
import { ended, prepareProject, RUN } from './product-run.ts';
import { type CostFigure, lagFigure, type LagFigure, type RecentReport, spread } from './recent-report.ts';
import { rounded } from './report.ts';
import { forgetRequests, readJournal } from './sandbox-admin.ts';
import { type Happened, liveOn } from './shop-life.ts';

const SEED = 5;
const CHANGES = 100;
/** The shop that lives on while it is followed. */
const LAG_EXTENT = extentOf('S');
const LAG_FOR_SECONDS = 60;
/** Records whose history is asked for, evenly over the time: the API answers 1,200 requests a minute (docs/errors.md). */
const SAMPLE = 600;
/** Requests for histories at once, when all is over. */
const AT_ONCE = 20;

type Say = (line: string) => void;

/** What changes cost on baselines of several sizes, and how long each takes to arrive while the shop lives on. */
export async function benchRecent(flags: RecentFlags, say: Say): Promise<RecentReport> {
  const cost: Record<string, CostFigure> = {};
  for (const extent of flags.extents) {
    const figure = await onStack({ extent, seed: SEED }, (stack) => costOfChanges(stack));
    say(`${CHANGES} changes on ${extent.name}: ${figure.requests} requests, ${figure.seconds} s`);
    cost[extent.name] = figure;
  }
  const lagSeconds: Record<string, LagFigure> = {};
  const wrong = { duplicates: 0, lost: 0 };
  for (const rate of flags.rates) {
    const { lag, duplicates, lost } = await onStack({ extent: LAG_EXTENT, seed: SEED }, (stack) => lagAt(stack, rate));
    say(`${rate} changes/s for ${LAG_FOR_SECONDS} s: p50 ${lag.p50} s, p95 ${lag.p95} s, max ${lag.max} s`);
    lagSeconds[String(rate)] = lag;
    wrong.duplicates += duplicates;
    wrong.lost += lost;
  }
  const terms = { changes: CHANGES, seed: SEED, lagSize: LAG_EXTENT.name, lagForSeconds: LAG_FOR_SECONDS };
  return { cost, lagSeconds, ...wrong, terms };
}

async function baseline(stack: BenchStack): Promise<string> {
  const project = await prepareProject(stack, 0);
  const { run } = await stack.api.startRun(project, RUN);
  const { state, endedReason } = await ended(stack, run);
  if (state !== 'completed') throw new Error(`expected the baseline to complete, got ${state}: ${endedReason}`);
  return project;
}

async function recent(stack: BenchStack, project: string): Promise<void> {
  const { run } = await stack.api.startRun(project, { kind: 'recent' });
  const { state, endedReason } = await ended(stack, run);
  if (state !== 'completed') throw new Error(`expected ${run} to complete, got ${state}: ${endedReason}`);
}

async function costOfChanges(stack: BenchStack): Promise<CostFigure> {
  const project = await baseline(stack);
  await liveOn(stack.shopUrl, { events: CHANGES, seed: SEED });
  const stores = [stack.shopUrl, stack.storeUrl];
  for (const url of stores) await forgetRequests(url);
  const startedMs = performance.now();
  await recent(stack, project);
  const seconds = rounded((performance.now() - startedMs) / 1_000, 1);
  const journals = await Promise.all(stores.map(readJournal));
  return { requests: journals.reduce((sum, { total }) => sum + total, 0), seconds };
}

/** One recent run after the other while the shop lives on, and one when it is quiet. */
async function lagAt(stack: BenchStack, rate: number) {
  const project = await baseline(stack);
  const over = new AbortController();
  const life = liveOn(stack.shopUrl, { events: rate * LAG_FOR_SECONDS, seed: SEED, perSecond: rate }).finally(() =>
    over.abort(),
  );
  while (!over.signal.aborted) await recent(stack, project);
  const made = await life;
  await recent(stack, project);
  const lag = lagFigure(await lagsOf(stack, project, spread(made, SAMPLE)));
  const [source, target] = await Promise.all([fetchState(stack.shopUrl), fetchState(stack.storeUrl)]);
  const { doubled, lost } = checkStores({ source, target });
  return { lag, duplicates: doubled.length, lost: lost.length };
}

interface History {
  readonly history: readonly { readonly at: string; readonly event: string }[];
}

/** Seconds from the shop's commit to the ledger's of the create, which follows the target's reply. */
function lagsOf({ api }: BenchStack, project: string, made: readonly Happened[]): Promise<number[]> {
  const inTurn = atMost(AT_ONCE);
  return Promise.all(
    made.map(async ({ ref, atMs }) => {
      const { history } = (await inTurn(() => api.record(project, ref.entity, ref.sourceId))) as History;
      const created = history.find(({ event }) => event === 'created');
      if (created === undefined)
        throw new Error(`expected ${ref.entity} ${ref.sourceId} at the target when all is quiet`);
      return (Date.parse(created.at) - atMs) / 1_000;
    }),
  );
}
