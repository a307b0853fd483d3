/** When a run stops by itself (design §5). Rates are shares of 1; times are milliseconds. */
export interface StopLimits {
  /** Records that failed, of those that were settled. */
  readonly errorRate: number;
  /** Requests that had to be repeated, of all. */
  readonly retryRate: number;
  /** Records that the target holds otherwise than they were meant, of those read back. */
  readonly mismatchRate: number;
  /** Nothing was settled for this long although there was work. */
  readonly noProgressMs: number;
  /** The queue has been growing for this long. */
  readonly queueGrowingMs: number;
  /** The oldest change that capture found waits for longer than this, and ever longer. */
  readonly lagClimbingMs: number;
  /** A request to the source takes so many times as long as at the beginning. */
  readonly sourceSlowdown: number;
}

export const DEFAULT_STOP_LIMITS: StopLimits = {
  errorRate: 0.05,
  retryRate: 0.5,
  mismatchRate: 0.01,
  noProgressMs: 600_000,
  queueGrowingMs: 600_000,
  lagClimbingMs: 600_000,
  sourceSlowdown: 5,
};

export type StopRule =
  | 'error-rate'
  | 'retry-rate'
  | 'mismatch-rate'
  | 'no-progress'
  | 'queue-growing'
  | 'lag-climbing'
  | 'recent-edits-not-appearing'
  | 'source-slowing';

/** A broken rule, with the figures in an operator's words. */
export interface Broken {
  readonly rule: StopRule;
  readonly message: string;
}

/** One figure over time, oldest first. */
export interface Sample {
  /** Milliseconds on one clock for all samples. */
  readonly atMs: number;
  readonly value: number;
}

/** What was seen of a run since it began, was resumed, or half an hour ago, whichever is latest. */
export interface RunFacts {
  readonly nowMs: number;
  /** When the window began. */
  readonly sinceMs: number;
  readonly settled: readonly Sample[];
  readonly failed: number;
  readonly requests: number;
  readonly retried: number;
  /** Changes in the queue at the end of each time box. */
  readonly queue: readonly Sample[];
  /** Seconds that the oldest captured change waits. */
  readonly lag: readonly Sample[];
  /** Nothing is copied: all that is in the queue was captured. */
  readonly onlyChanges: boolean;
  /** Changes that could be written now. */
  readonly ready: number;
  /** The stores themselves hold the work up: a used-up window, a busy store. */
  readonly heldUpByStores: boolean;
  /** Mean milliseconds of a request to the source at the beginning of the run, and lately. */
  readonly sourceMs: { readonly first: number; readonly lately: number } | null;
}

/** A few of many may fail by chance: fewer than this never break a rate. */
const FEW = 5;
/** A queue that stays below this is no danger. */
const QUEUE_FLOOR = 1_000;
/** A source that answers within this is not slow, whatever it was before. */
const FAST_ENOUGH_MS = 1_000;

/** The rules that are judged while a run is under way, the gravest first. */
export function brokenRules(facts: RunFacts, limits: StopLimits): readonly Broken[] {
  const found = [errorRate(facts, limits), retryRate(facts, limits), noProgress(facts, limits)];
  found.push(queueGrowing(facts, limits), lagClimbing(facts, limits), sourceSlowing(facts, limits));
  return found.filter((one) => one !== null);
}

function errorRate({ settled, failed }: RunFacts, { errorRate: limit }: StopLimits): Broken | null {
  const all = sum(settled);
  if (failed <= FEW || failed <= all * limit) return null;
  return { rule: 'error-rate', message: `${failed} of ${all} records failed (limit ${percent(limit)}): see failures` };
}

function retryRate(facts: RunFacts, { retryRate: limit }: StopLimits): Broken | null {
  const { requests, retried, heldUpByStores } = facts;
  // A store that asked us to wait is waited for; that is no fault of the run.
  if (heldUpByStores || retried <= FEW * 4 || retried <= requests * limit) return null;
  return {
    rule: 'retry-rate',
    message: `${retried} of ${requests} requests had to be repeated (limit ${percent(limit)}): look after the stores`,
  };
}

function noProgress(facts: RunFacts, { noProgressMs }: StopLimits): Broken | null {
  const { nowMs, sinceMs, settled, queue, ready, heldUpByStores } = facts;
  if (ready === 0 || heldUpByStores || nowMs - sinceMs < noProgressMs) return null;
  if (settled.some(({ atMs, value }) => value > 0 && atMs > nowMs - noProgressMs)) return null;
  // A run that follows a quiet shop had nothing to do until a moment ago.
  if (queue.some(({ atMs, value }) => value === 0 && atMs > nowMs - noProgressMs)) return null;
  return { rule: 'no-progress', message: `nothing was settled for ${span(noProgressMs)} while ${ready} changes wait` };
}

function queueGrowing({ queue, nowMs }: RunFacts, { queueGrowingMs }: StopLimits): Broken | null {
  const grown = climbs(queue, nowMs, queueGrowingMs);
  if (grown === null || grown.to < QUEUE_FLOOR || grown.to < grown.from * 1.5) return null;
  return {
    rule: 'queue-growing',
    message: `the queue grew from ${grown.from} to ${grown.to} changes in ${span(queueGrowingMs)}: more comes in than can be written`,
  };
}

function lagClimbing(facts: RunFacts, { lagClimbingMs }: StopLimits): Broken | null {
  const { lag, nowMs, queue, onlyChanges } = facts;
  const grown = climbs(lag, nowMs, lagClimbingMs);
  if (grown === null || grown.to * 1_000 < lagClimbingMs) return null;
  // What was found all at once grows old together, however fast it is written; where things are copied they hold changes up.
  if (onlyChanges && hasFallen(queue, nowMs - lagClimbingMs)) return null;
  return {
    rule: 'lag-climbing',
    message: `the oldest change waits for ${Math.round(grown.to)} s, ${span(lagClimbingMs)} ago it was ${Math.round(grown.from)} s`,
  };
}

function sourceSlowing({ sourceMs }: RunFacts, { sourceSlowdown }: StopLimits): Broken | null {
  if (sourceMs === null || sourceMs.lately < FAST_ENOUGH_MS || sourceMs.lately < sourceMs.first * sourceSlowdown)
    return null;
  return {
    rule: 'source-slowing',
    message: `a request to the source takes ${Math.round(sourceMs.lately)} ms, at the beginning it was ${Math.round(sourceMs.first)} ms`,
  };
}

/** A request to the source takes less than half of what would be too long: it may be asked for more again. */
export function sourceRecovered({ sourceMs }: RunFacts, { sourceSlowdown }: StopLimits): boolean {
  if (sourceMs === null) return false;
  return sourceMs.lately * 2 < Math.max(FAST_ENOUGH_MS, sourceMs.first * sourceSlowdown);
}

/** A figure that never fell for `ms`; null: it did, or was not watched for so long. */
function climbs(samples: readonly Sample[], nowMs: number, ms: number): { from: number; to: number } | null {
  const [first] = samples;
  if (first === undefined || first.atMs > nowMs - ms) return null;
  const window = samples.filter(
    ({ atMs }, place) => (samples[place + 1]?.atMs ?? nowMs) > nowMs - ms || atMs > nowMs - ms,
  );
  const rises = window.every(({ value }, place) => place === 0 || value >= (window[place - 1]?.value ?? 0));
  const [from, to] = [window[0]?.value ?? 0, window.at(-1)?.value ?? 0];
  return rises && to > from ? { from, to } : null;
}

/** Whether a figure is lower now than it was at that time, or when it was first seen after it. */
function hasFallen(samples: readonly Sample[], atMs: number): boolean {
  const before = samples.findLast((sample) => sample.atMs <= atMs) ?? samples[0];
  const last = samples.at(-1);
  return before !== undefined && last !== undefined && last.value < before.value;
}

/** What the read-back of a pass found. */
export interface ReadBackFacts {
  readonly readBack: number;
  readonly mismatches: number;
  /** Of those read back, records that were edited at the source since capture began. */
  readonly recentlyEdited: number;
  readonly recentMismatches: number;
}

/** The rules that are judged when a pass has been read back. */
export function brokenByReadBack(facts: ReadBackFacts, { mismatchRate: limit }: StopLimits): readonly Broken[] {
  const { readBack, mismatches, recentlyEdited, recentMismatches } = facts;
  const broken: Broken[] = [];
  if (mismatches > readBack * limit) {
    broken.push({
      rule: 'mismatch-rate',
      message: `${mismatches} of ${readBack} records that were read back are not as they were meant (limit ${percent(limit)}): see the note of the pass`,
    });
  }
  if (recentMismatches > 0) {
    broken.push({
      rule: 'recent-edits-not-appearing',
      message: `${recentMismatches} of ${recentlyEdited} records that were edited at the source during the run do not show it at the target`,
    });
  }
  return broken;
}

function sum(samples: readonly Sample[]): number {
  return samples.reduce((total, { value }) => total + value, 0);
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

function span(ms: number): string {
  return ms >= 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 1_000)} s`;
}
