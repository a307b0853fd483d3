import type { Random } from '../../shared/random.ts';
import { createRandom } from '../../shared/random.ts';

export interface WebhookRow {
  id: number;
  name: string;
  status: string;
  topic: string;
  deliveryUrl: string;
  secret: string;
  createdGmt: number;
  /** Null until the first change (recording "webhook create"). */
  modifiedGmt: number | null;
  /** Deliveries that failed one after another. */
  failures: number;
}

/** A delivery that waits for the shop's next cron run. The body is made then, not now (source-apis §1.8). */
export interface WaitingDelivery {
  webhookId: number;
  topic: string;
  resourceId: number;
  /** When the first of the events that collapsed into it happened, by the shop's clock. */
  sinceMs: number;
  /** Earliest time of its delivery, by the shop's clock. */
  dueMs: number;
}

/** How reliable the shop's webhooks are. Rates are from 0 to 1; the defaults are what was measured (source-apis §1.8). */
export interface HookOdds {
  /** How long a delivery is held back at least before a cron run takes it; drawn for each. */
  lateMs: { from: number; to: number };
  /** Never sent, and nobody is told. */
  lostRate: number;
  /** What is new is announced as updated too. It happens; how often was not counted. */
  updatedTooRate: number;
  /** A product in the trash is announced as a deleted coupon, by its own id. Seen each time. */
  wrongTopicRate: number;
  /** Sent twice in one run: proxies and hosts do that, the shop itself was not seen to. */
  doubledRate: number;
  /** A run sends in any order, instead of the order of the events. */
  shuffled: boolean;
  /** Cron runs by itself that often, by the machine's clock. 0: only when asked, as in a shop without visitors. */
  cronEveryMs: number;
}

const measuredOdds: HookOdds = {
  lateMs: { from: 0, to: 0 },
  lostRate: 0,
  updatedTooRate: 0,
  wrongTopicRate: 1,
  doubledRate: 0,
  shuffled: false,
  cronEveryMs: 0,
};

/** What became of announcements so far. `collapsed` joined one that waited; `delay` is from event to delivery. */
export interface HookCounts {
  queued: number;
  collapsed: number;
  lost: number;
  delivered: number;
  failed: number;
  delay: { sumMs: number; mostMs: number };
}

/** One delivery that left; epoch milliseconds of the machine's clock, whatever the shop's says. */
export interface Sent {
  topic: string;
  resourceId: number;
  atMs: number;
}

/** The webhooks' odds and counts: gone with the process, as the odds of faults are. */
export interface HookState {
  odds: HookOdds;
  chance: Random;
  counts: HookCounts;
  /** The latest, oldest first. */
  sent: Sent[];
}

export function createHookState(seed: number): HookState {
  const counts = { queued: 0, collapsed: 0, lost: 0, delivered: 0, failed: 0, delay: { sumMs: 0, mostMs: 0 } };
  return { odds: structuredClone(measuredOdds), chance: createRandom(seed), counts, sent: [] };
}
