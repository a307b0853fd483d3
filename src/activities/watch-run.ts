import { brokenRules, type Broken } from '../domain/stop-rules.ts';
import { appendDecision } from '../ledger/decisions.ts';
import { type Metric, sampleMetrics } from '../ledger/metrics.ts';
import { projectOptions, setStoreRates, storeConcurrency } from '../ledger/project-options.ts';
import { storeNames } from '../ledger/project-stores.ts';
import { captureLagSeconds, runFacts } from '../ledger/run-facts.ts';
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
  const broken = brokenRules(await runFacts(scope.db, scope.projectId, scope.runId), stopRules);
  const slowing = broken.find(({ rule }) => rule === 'source-slowing');
  if (slowing === undefined) return inWords(broken);
  const others = broken.filter((one) => one !== slowing);
  return inWords((await giveRest(scope, slowing)) ? others : broken);
}

/** True: the source has been given rest, now or a moment ago. */
async function giveRest(scope: RunScope, slowing: Broken): Promise<boolean> {
  const { source } = await storeNames(scope.db, scope.projectId);
  const { concurrency, setMsAgo } = await storeConcurrency(scope.db, source);
  const now = concurrency ?? scope.settings.concurrency;
  if (setMsAgo !== null && setMsAgo < REST_MS) return true;
  if (now <= 1) return false;
  const fewer = Math.floor(now / 2);
  await setStoreRates(scope.db, source, { concurrency: fewer });
  await appendDecision(scope.db, scope.projectId, 'rule', 'source concurrency lowered', {
    from: now,
    to: fewer,
    why: slowing.message,
  });
  return true;
}

function inWords(broken: readonly Broken[]): string | null {
  const [first] = broken;
  return first === undefined ? null : `${first.rule}: ${first.message}`;
}
