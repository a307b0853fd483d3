import { brokenRules, DEFAULT_STOP_LIMITS, type RunFacts, type StopRule } from './stop-rules.ts';

/** What a project tells a person of by itself. */
export const ALERT_KINDS = [
  'no-progress',
  'retries-jumping',
  'queue-growing',
  'source-slowing',
  'lag-above-limit',
  'points-nearly-used',
  'credentials-rejected',
  'hook-disabled',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** When an alert is opened: earlier than a stop rule would end the work. Shares are of 1. */
export interface AlertLimits {
  /** The oldest change that capture found, or a hint told, waits for longer while a run is open. */
  readonly lagSeconds: number;
  /** Nothing was settled for this long although there was work. */
  readonly noProgressMinutes: number;
  /** The queue has been growing for this long. */
  readonly queueGrowingMinutes: number;
  /** Requests that had to be repeated, of all. */
  readonly retryRate: number;
  /** A request to the source takes so many times as long as at the beginning. */
  readonly sourceSlowdown: number;
  /** Of the entity points that one run may move. */
  readonly pointsShare: number;
}

export const DEFAULT_ALERT_LIMITS: AlertLimits = {
  lagSeconds: 900,
  noProgressMinutes: 5,
  queueGrowingMinutes: 5,
  retryRate: 0.25,
  sourceSlowdown: 3,
  pointsShare: 0.9,
};

/** What alerts are judged by. */
export interface AlertFacts {
  /** Of the open run; null: none is. */
  readonly run: {
    readonly facts: RunFacts;
    readonly paused: boolean;
    /** Age of the oldest captured change or untaken hint; 0: none waits. */
    readonly lagSeconds: number;
    readonly points: number;
    /** null: no limit. */
    readonly pointsLimit: number | null;
  } | null;
  readonly rejected: readonly ('source' | 'target')[];
  /** Topics of webhooks that the source has switched off. */
  readonly disabledHooks: readonly string[];
}

export interface RaisedAlert {
  readonly kind: AlertKind;
  /** What of the kind; empty where there is only one. */
  readonly subject: string;
  readonly message: string;
  /** The figures that it rests on. */
  readonly evidence: Readonly<Record<string, number>>;
}
export interface Judged {
  readonly raised: readonly RaisedAlert[];
  /** Kinds that cannot be judged now: what is open of them stays as it is. */
  readonly unjudged: readonly AlertKind[];
}

/** Rules that are about work under way, by the alert that comes before the stop. */
const OF_RULES: Readonly<Partial<Record<StopRule, AlertKind>>> = {
  'no-progress': 'no-progress',
  'retry-rate': 'retries-jumping',
  'queue-growing': 'queue-growing',
  'source-slowing': 'source-slowing',
};
const OF_WORK = Object.values(OF_RULES);

/** While a project is paused nothing moves, on purpose: what was open of the work then stays open. */
export function judgeAlerts({ run, rejected, disabledHooks }: AlertFacts, limits: AlertLimits): Judged {
  const raised: RaisedAlert[] = rejected.map((side) => ({
    kind: 'credentials-rejected',
    subject: side,
    message: `the ${side} store turned its credentials away: give new ones`,
    evidence: {},
  }));
  for (const topic of disabledHooks) {
    const message = `the source does not send its webhook ${topic} any more: polling covers for it`;
    raised.push({ kind: 'hook-disabled', subject: topic, message, evidence: {} });
  }
  if (run === null) return { raised, unjudged: [] };
  if (run.lagSeconds > limits.lagSeconds) {
    const seconds = Math.round(run.lagSeconds);
    const message = `the oldest change waits for ${seconds} s (limit ${limits.lagSeconds} s)`;
    raised.push({
      kind: 'lag-above-limit',
      subject: '',
      message,
      evidence: { lagSeconds: seconds, limit: limits.lagSeconds },
    });
  }
  const { points, pointsLimit } = run;
  if (pointsLimit !== null && points >= pointsLimit * limits.pointsShare) {
    const message = `${points} of ${pointsLimit} entity points of this run are used`;
    raised.push({ kind: 'points-nearly-used', subject: '', message, evidence: { points, limit: pointsLimit } });
  }
  if (run.paused) return { raised, unjudged: OF_WORK };
  return { raised: [...raised, ...ofWork(run.facts, limits)], unjudged: [] };
}

function ofWork(facts: RunFacts, limits: AlertLimits): RaisedAlert[] {
  const broken = brokenRules(facts, {
    ...DEFAULT_STOP_LIMITS,
    noProgressMs: limits.noProgressMinutes * 60_000,
    queueGrowingMs: limits.queueGrowingMinutes * 60_000,
    retryRate: limits.retryRate,
    sourceSlowdown: limits.sourceSlowdown,
  });
  return broken.flatMap(({ rule, message }) => {
    const kind = OF_RULES[rule];
    return kind === undefined ? [] : [{ kind, subject: '', message, evidence: evidenceOf(kind, facts) }];
  });
}

function evidenceOf(kind: AlertKind, facts: RunFacts): Readonly<Record<string, number>> {
  const { ready, requests, retried, queue, sourceMs } = facts;
  if (kind === 'retries-jumping') return { requests, retried };
  if (kind === 'queue-growing') return { from: queue[0]?.value ?? 0, to: queue.at(-1)?.value ?? 0 };
  if (kind === 'source-slowing')
    return { firstMs: Math.round(sourceMs?.first ?? 0), latelyMs: Math.round(sourceMs?.lately ?? 0) };
  return { ready };
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 3_600_000;
/** After so long nobody is told any more by this way: the row stays. */
export const DELIVERY_LIVES_MS = 24 * 3_600_000;

/** Until an alert is sent again. @param attempts made so far, from 1 */
export function deliveryRetryMs(attempts: number): number {
  return retryMs(attempts, LONGEST_RETRY_MS);
}

const LONGEST_TELL_RETRY_MS = 60_000;

/** Until a project's workflow is told of its alerts again: one that is not there is looked for ever more seldom. */
export function tellRetryMs(attempts: number, why: 'no-workflow' | 'failed'): number {
  return retryMs(attempts, why === 'failed' ? LONGEST_TELL_RETRY_MS : LONGEST_RETRY_MS);
}

function retryMs(attempts: number, longestMs: number): number {
  return Math.min(longestMs, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 30));
}
