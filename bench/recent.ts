import { type BenchStack, onStack } from './bench-stack.ts';
import type { Wrong } from './following.ts';
import { lagAt } from './lag.ts';
import { followLong, type LongFigure } from './long.ts';
import { completed, prepareProject, RUN, runRecent } from './product-run.ts';
import type { RecentFlags } from './recent-flags.ts';
import { type CostFigure, type DeliveryDelay, inWords, type LagFigure, type RecentReport } from './recent-report.ts';
import { rounded } from './report.ts';
import { forgetRequests, readJournal } from './sandbox-admin.ts';
import { liveOn } from './shop-life.ts';

const SEED = 5;
const CHANGES = 100;

type Say = (line: string) => void;
type Follow = (stack: BenchStack, project: string) => Promise<Wrong>;

/** What was found, of what was asked for. */
interface Found {
  readonly cost: Record<string, CostFigure>;
  readonly lagSeconds: Record<string, LagFigure>;
  readonly hookedLagSeconds: Record<string, LagFigure>;
  readonly arrivalLagSeconds: Record<string, LagFigure>;
  readonly delivery: Record<string, DeliveryDelay>;
  long?: LongFigure;
}

/** What changes cost on baselines of several sizes, how long each takes to arrive while the shop lives on, and what that takes of the machine. */
export async function benchRecent(flags: RecentFlags, say: Say): Promise<RecentReport> {
  const { extents, followed } = flags;
  const found: Found = { cost: {}, lagSeconds: {}, hookedLagSeconds: {}, arrivalLagSeconds: {}, delivery: {} };
  const wrong: Wrong[] = [];
  const follows = followsOf(flags, found, say);
  for (const extent of extents) {
    await onStack({ extent, seed: SEED }, async (stack) => {
      const project = await baseline(stack);
      const figure = await costOfChanges(stack, project);
      say(`${CHANGES} changes on ${extent.name}: ${figure.requests} requests, ${figure.seconds} s`);
      found.cost[extent.name] = figure;
      // One start less: the shop that is followed first is the one whose changes were just counted.
      const first = extent.name === followed.name ? follows.shift() : undefined;
      if (first !== undefined) wrong.push(await first(stack, project));
    });
  }
  for (const follow of follows)
    wrong.push(await onStack({ extent: followed, seed: SEED }, async (stack) => follow(stack, await baseline(stack))));
  const terms = { changes: CHANGES, seed: SEED, followed: followed.name, lagForSeconds: flags.lagSeconds };
  return { ...measured(found), ...(wrong.length === 0 ? {} : together(wrong)), terms };
}

/** Each on a stack of its own, in turn. */
function followsOf({ lags, lagSeconds, long }: RecentFlags, found: Found, say: Say): Follow[] {
  const follows = lags.map(({ rate, way }): Follow => async (stack, project) => {
    const { lag, arrival, delivery, ...wrong } = await lagAt(stack, project, {
      rate,
      way,
      forSeconds: lagSeconds,
      seed: SEED,
    });
    say(`${rate} changes/s for ${lagSeconds} s, ${way}: ${inWords(lag)}`);
    found[way === 'webhooks' ? 'hookedLagSeconds' : 'lagSeconds'][rate] = lag;
    if (arrival !== undefined) found.arrivalLagSeconds[rate] = arrival;
    if (delivery !== undefined) found.delivery[rate] = delivery;
    return wrong;
  });
  if (long === undefined) return follows;
  return [
    ...follows,
    async (stack, project) => {
      const { long: figure, wrong } = await followLong(stack, project, { ...long, seed: SEED }, say);
      found.long = figure;
      return wrong;
    },
  ];
}

/** What holds nothing was not measured: it is left out. */
function measured(found: Found): Partial<Found> {
  return Object.fromEntries(Object.entries(found).filter(([, figures]) => Object.keys(figures).length > 0));
}

function together(wrong: readonly Wrong[]): Wrong {
  const sum = (key: keyof Wrong) => wrong.reduce((all, one) => all + one[key], 0);
  return { duplicates: sum('duplicates'), lost: sum('lost') };
}

async function baseline(stack: BenchStack): Promise<string> {
  const project = await prepareProject(stack, 0);
  const { run } = await stack.api.startRun(project, RUN);
  await completed(stack, run);
  return project;
}

async function costOfChanges(stack: BenchStack, project: string): Promise<CostFigure> {
  await liveOn(stack.shopUrl, { events: CHANGES, seed: SEED });
  const stores = [stack.shopUrl, stack.storeUrl];
  for (const url of stores) await forgetRequests(url);
  const askedAt = Date.now();
  const seconds = rounded(((await runRecent(stack, project)) - askedAt) / 1_000, 1);
  const journals = await Promise.all(stores.map(readJournal));
  return { requests: journals.reduce((sum, { total }) => sum + total, 0), seconds };
}
