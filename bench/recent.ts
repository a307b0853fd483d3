import { type BenchStack, onStack } from './bench-stack.ts';
import { extentOf } from './extents.ts';
import type { RecentFlags } from './flags.ts';
import { ended, prepareProject, RUN } from './product-run.ts';
import { lagAt } from './lag.ts';
import { type CostFigure, type DeliveryDelay, inWords, type LagFigure, type RecentReport } from './recent-report.ts';
import { rounded } from './report.ts';
import { forgetRequests, readJournal } from './sandbox-admin.ts';
import { liveOn } from './shop-life.ts';

const SEED = 5;
const CHANGES = 100;
/** The shop that lives on while it is followed. */
const LAG_EXTENT = extentOf('S');
const LAG_FOR_SECONDS = 60;

type Say = (line: string) => void;
type Lags = Record<'lagSeconds' | 'hookedLagSeconds' | 'arrivalLagSeconds', Record<string, LagFigure>>;

/** What changes cost on baselines of several sizes, and how long each takes to arrive while the shop lives on. */
export async function benchRecent(flags: RecentFlags, say: Say): Promise<RecentReport> {
  const cost: Record<string, CostFigure> = {};
  const lags = { lagSeconds: {}, ...(flags.hooks ? { hookedLagSeconds: {}, arrivalLagSeconds: {} } : {}) } as Lags;
  const wrong = { duplicates: 0, lost: 0 };
  let delivery: DeliveryDelay | undefined;
  const follow = async (stack: BenchStack, project: string, { rate, hooked }: Follow): Promise<void> => {
    const found = await lagAt(stack, project, { rate, hooked, forSeconds: LAG_FOR_SECONDS, seed: SEED });
    say(`${rate} changes/s for ${LAG_FOR_SECONDS} s, ${hooked ? 'webhooks' : 'polls alone'}: ${inWords(found.lag)}`);
    lags[hooked ? 'hookedLagSeconds' : 'lagSeconds'][rate] = found.lag;
    if (found.arrival !== undefined) lags.arrivalLagSeconds[rate] = found.arrival;
    delivery = found.delivery ?? delivery;
    wrong.duplicates += found.duplicates;
    wrong.lost += found.lost;
  };
  const [first, ...others] = (flags.hooks ? [false, true] : [false]).flatMap((hooked) =>
    flags.rates.map((rate) => ({ rate, hooked })),
  );
  for (const extent of flags.extents) {
    await onStack({ extent, seed: SEED }, async (stack) => {
      const project = await baseline(stack);
      const figure = await costOfChanges(stack, project);
      say(`${CHANGES} changes on ${extent.name}: ${figure.requests} requests, ${figure.seconds} s`);
      cost[extent.name] = figure;
      // One start less: the shop that is followed first is the one whose changes were just counted.
      if (extent.name === LAG_EXTENT.name && first !== undefined) await follow(stack, project, first);
    });
  }
  for (const one of others)
    await onStack({ extent: LAG_EXTENT, seed: SEED }, async (stack) => follow(stack, await baseline(stack), one));
  const terms = { changes: CHANGES, seed: SEED, lagSize: LAG_EXTENT.name, lagForSeconds: LAG_FOR_SECONDS };
  return { cost, ...lags, ...(delivery === undefined ? {} : { delivery }), ...wrong, terms };
}

interface Follow {
  readonly rate: number;
  readonly hooked: boolean;
}

async function baseline(stack: BenchStack): Promise<string> {
  const project = await prepareProject(stack, 0);
  const { run } = await stack.api.startRun(project, RUN);
  const { state, endedReason } = await ended(stack, run);
  if (state !== 'completed') throw new Error(`expected the baseline to complete, got ${state}: ${endedReason}`);
  return project;
}

/** Returns when it ended, milliseconds since 1970. */
async function recent(stack: BenchStack, project: string): Promise<number> {
  const { run } = await stack.api.startRun(project, { kind: 'recent' });
  const { state, endedAt, endedReason } = await ended(stack, run);
  if (state !== 'completed') throw new Error(`expected ${run} to complete, got ${state}: ${endedReason}`);
  return Date.parse(endedAt ?? '');
}

async function costOfChanges(stack: BenchStack, project: string): Promise<CostFigure> {
  await liveOn(stack.shopUrl, { events: CHANGES, seed: SEED });
  const stores = [stack.shopUrl, stack.storeUrl];
  for (const url of stores) await forgetRequests(url);
  const askedAt = Date.now();
  const seconds = rounded(((await recent(stack, project)) - askedAt) / 1_000, 1);
  const journals = await Promise.all(stores.map(readJournal));
  return { requests: journals.reduce((sum, { total }) => sum + total, 0), seconds };
}
