import { brokenRules, type Broken, sourceRecovered } from '../domain/stop-rules.ts';
import { appendDecision } from '../ledger/decisions.ts';
import { type Metric, sampleMetrics } from '../ledger/metrics.ts';
import { projectOptions } from '../ledger/project-options.ts';
import { storeNames } from '../ledger/project-stores.ts';
import { captureLagSeconds, runFacts } from '../ledger/run-facts.ts';
import { lowerForRest, raiseAfterRest, storeConcurrency, type StoreConcurrency } from '../ledger/store-rates.ts';
import type { RunScope } from './run-scope.ts';

/** How often what is under way is written down, milliseconds. */
const EVERY_MS = 10_000;
/** A source that was given rest needs some time to show it. */
const REST_MS = 60_000;

interface Done {
  readonly read?: number;
  readonly settled?: number;
  readonly failed?: number;
}

/** What one activity did, sampled for operators and for the stop rules while it works, and at its end. */
export interface RunWatch {
  did(done: Done): void;
  /** Samples when it is time to, or when it has to; returns why the run must stop, null when it need not. */
  look(queue: () => Promise<{ outstanding: number; stuck: number }>, atEnd?: boolean): Promise<string | null>;
}

export function watchRun(scope: RunScope): RunWatch {
  let done = { read: 0, settled: 0, failed: 0 };
  let lookedAt = scope.now();
  return {
    did: ({ read = 0, settled = 0, failed = 0 }) => {
      done = { read: done.read + read, settled: done.settled + settled, failed: done.failed + failed };
    },
    look: async (queue, atEnd = false) => {
      if (!atEnd && scope.now() - lookedAt < EVERY_MS) return null;
      lookedAt = scope.now();
      const { outstanding, stuck } = await queue();
      const sampled = samplesOf(scope, done, outstanding, stuck, await captureLagSeconds(scope.db, scope.projectId));
      done = { read: 0, settled: 0, failed: 0 };
      await sampleMetrics(scope.db, scope.projectId, sampled);
      return judge(scope);
    },
  };
}

function samplesOf(
  scope: RunScope,
  done: Required<Done>,
  outstanding: number,
  stuck: number,
  lagSeconds: number,
): Partial<Record<Metric, number>> {
  const tally = scope.takeTally();
  return {
    records_read: done.read,
    records_settled: done.settled,
    records_failed: done.failed,
    queue_outstanding: outstanding,
    queue_held: stuck,
    lag_seconds: lagSeconds,
    source_requests: tally.sourceRequests,
    source_ms: tally.sourceMs,
    target_requests: tally.targetRequests,
    target_ms: tally.targetMs,
    requests_retried: tally.retried,
    requests_refused: tally.refused,
  };
}

/** A source that slows is given rest first: fewer requests at once, down to one. Only then the run stops. */
async function judge(scope: RunScope): Promise<string | null> {
  const { stopRules } = await projectOptions(scope.db, scope.projectId);
  const facts = await runFacts(scope.db, scope.projectId, scope.runId);
  const broken = brokenRules(facts, stopRules);
  const slowing = broken.find(({ rule }) => rule === 'source-slowing');
  if (slowing === undefined) {
    if (sourceRecovered(facts, stopRules)) await endRestStepwise(scope);
    return inWords(broken);
  }
  const others = broken.filter((one) => one !== slowing);
  return inWords((await giveRest(scope, slowing)) ? others : broken);
}

/** True: the source has been given rest, now or a moment ago. */
async function giveRest(scope: RunScope, slowing: Broken): Promise<boolean> {
  const { source } = await storeNames(scope.db, scope.projectId);
  const seen = await storeConcurrency(scope.db, source);
  const now = seen.concurrency ?? scope.settings.concurrency;
  if (isFresh(seen)) return true;
  if (now <= 1) return false;
  const fewer = Math.floor(now / 2);
  if (await lowerForRest(scope.db, source, { seen, to: fewer })) {
    const detail = { from: now, to: fewer, why: slowing.message };
    await appendDecision(scope.db, scope.projectId, 'rule', 'source concurrency lowered', detail);
  }
  return true;
}

/** Twice as many requests at once each minute, up to what was set before the rest: at once it might slow down again. */
async function endRestStepwise(scope: RunScope): Promise<void> {
  const { source } = await storeNames(scope.db, scope.projectId);
  const seen = await storeConcurrency(scope.db, source);
  if (!seen.resting || isFresh(seen)) return;
  const now = seen.concurrency ?? scope.settings.concurrency;
  const before = seen.restedFrom ?? scope.settings.concurrency;
  const more = now * 2 < before ? now * 2 : null;
  if (await raiseAfterRest(scope.db, source, { seen, to: more })) {
    const detail = { from: now, to: more ?? before, why: 'the source has recovered' };
    await appendDecision(scope.db, scope.projectId, 'rule', 'source concurrency raised', detail);
  }
}

function isFresh({ setMsAgo }: StoreConcurrency): boolean {
  return setMsAgo !== null && setMsAgo < REST_MS;
}

function inWords(broken: readonly Broken[]): string | null {
  const [first] = broken;
  return first === undefined ? null : `${first.rule}: ${first.message}`;
}
