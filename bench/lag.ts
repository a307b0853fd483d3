import { atMost } from './bare/client.ts';
import type { BenchStack } from './bench-stack.ts';
import { finishFollowing, hookUp, startFollowing, type Wrong, wrongAtTarget } from './following.ts';
import type { Way } from './recent-flags.ts';
import { type DeliveryDelay, lagFigure, type LagFigure, spread } from './recent-report.ts';
import { rounded } from './report.ts';
import { ask } from './sandbox-admin.ts';
import { ANNOUNCED, type Happened, liveOn } from './shop-life.ts';

/** Records whose history is asked for, evenly over the time: the API answers 1,200 requests a minute (docs/errors.md). */
const SAMPLE = 600;
/** Requests for histories at once, when all is over. */
const AT_ONCE = 20;
/** With webhooks polls are rare, so that it is they that are measured. */
const HOOKED_POLL_SECONDS = 60;

export interface LagWish {
  /** Changes per second. */
  readonly rate: number;
  readonly forSeconds: number;
  readonly seed: number;
  readonly way: Way;
}

export interface LagFound extends Wrong {
  readonly lag: LagFigure;
  /** From a delivery's arrival at our door, of those records that webhooks tell of. */
  readonly arrival?: LagFigure;
  readonly delivery?: DeliveryDelay;
}

/** A continuous sync follows the shop while it lives on, and is finished when it is quiet. */
export async function lagAt(stack: BenchStack, project: string, wish: LagWish): Promise<LagFound> {
  const { rate, forSeconds, seed } = wish;
  const hooked = wish.way === 'webhooks';
  if (hooked) {
    await stack.api.options(project, { pollSeconds: HOOKED_POLL_SECONDS });
    await hookUp(stack, project);
  }
  const run = await startFollowing(stack, project);
  const life = { events: rate * forSeconds, seed, perSecond: rate, ...(hooked ? { kinds: ANNOUNCED } : {}) };
  const made = await liveOn(stack.shopUrl, life);
  await finishFollowing(stack, project, run);
  const wrong = await wrongAtTarget(stack);
  const arrived = await arrivalsOf(stack, project, spread(made, SAMPLE));
  const lag = lagFigure(arrived.map(({ happened, atMs }) => (atMs - happened.atMs) / 1_000));
  return hooked ? { lag, ...(await fromOurDoor(stack, arrived)), ...wrong } : { lag, ...wrong };
}

interface Arrived {
  readonly happened: Happened;
  /** When the ledger had it at the target, epoch milliseconds: after the target's reply. */
  readonly atMs: number;
}
interface History {
  readonly history: readonly { readonly at: string; readonly event: string }[];
}

function arrivalsOf({ api }: BenchStack, project: string, made: readonly Happened[]): Promise<Arrived[]> {
  const inTurn = atMost(AT_ONCE);
  return Promise.all(
    made.map(async (happened) => {
      const { entity, sourceId } = happened.ref;
      const { history } = (await inTurn(() => api.record(project, entity, sourceId))) as History;
      const created = history.find(({ event }) => event === 'created');
      if (created === undefined) throw new Error(`expected ${entity} ${sourceId} at the target when all is quiet`);
      return { happened, atMs: Date.parse(created.at) };
    }),
  );
}

interface Sent {
  readonly topic: string;
  readonly resourceId: number;
  readonly atMs: number;
}

/** The first delivery that told of each record; one that a poll had found before is left out. */
async function fromOurDoor({ shopUrl }: BenchStack, arrived: readonly Arrived[]) {
  const { sent } = (await ask(shopUrl, 'webhooks/sent')) as { sent: readonly Sent[] };
  const first = new Map<string, number>();
  for (const { topic, resourceId, atMs } of sent) {
    const key = `${topic.split('.')[0]} ${resourceId}`;
    if (!first.has(key)) first.set(key, atMs);
  }
  const told = arrived.flatMap(({ happened: { ref, atMs: madeMs }, atMs }) => {
    const doorMs = first.get(`${ref.entity} ${ref.sourceId}`);
    return doorMs === undefined || doorMs > atMs
      ? []
      : [{ lag: (atMs - doorMs) / 1_000, delay: (doorMs - madeMs) / 1_000 }];
  });
  const delays = told.map(({ delay }) => delay);
  const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
  return {
    arrival: lagFigure(told.map(({ lag }) => lag)),
    delivery: { told: told.length, of: arrived.length, mean: rounded(mean, 2), max: rounded(Math.max(...delays), 2) },
  };
}
