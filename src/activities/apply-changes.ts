import type { Entity } from '../domain/entity.ts';
import { ALL_GUARDS } from '../domain/guards.ts';
import { copyOrder } from '../domain/mapping.ts';
import { takeHints } from '../ledger/hints.ts';
import { sampleMetrics } from '../ledger/metrics.ts';
import { slicesLeft } from '../ledger/slices.ts';
import { createProjectLedger } from '../ledger/project-ledger.ts';
import type { ApplyLedger, Outstanding } from '../ledger/apply-ledger.ts';
import type { ApplyResult } from './activity-types.ts';
import { auditCreates } from './apply/audit-creates.ts';
import { applyBatch } from './apply/apply-batch.ts';
import { type ApplyDeps, GAVE_UP } from './apply/work.ts';
import type { RunScope } from './run-scope.ts';

/** Rows that one claim takes: what a lease can carry through at a slow store, in whole batches of the target's API. */
const CLAIM_LIMITS: Readonly<Record<Entity, number>> = {
  category: 200,
  brand: 80,
  product: 40,
  customer_group: 40,
  customer: 100,
  order: 60,
  coupon: 40,
  review: 40,
  redirect: 50,
  blog_post: 40,
  page: 40,
  stock: 500,
};

/**
 * The writer path as an activity: claims and applies until the time box ends, the project is paused, or the run has nothing
 * left. It waits inside its box for rows to come or to be due.
 */
export async function applyChanges(scope: RunScope, timeBoxMs: number): Promise<ApplyResult> {
  const ledger = createProjectLedger(scope.db, { ...scope, leaseMs: scope.settings.leaseMs });
  const deps = applyDeps(scope, ledger);
  const ends = scope.now() + timeBoxMs;
  const limits = Object.fromEntries(copyOrder(scope.mapping).map((entity) => [entity, CLAIM_LIMITS[entity]]));
  let settled = 0;
  await ledger.giveUpOverdue(GAVE_UP, scope.settings.longestWaitMs);
  while (scope.now() < ends && !scope.signal.aborted) {
    const leaseStarted = scope.now();
    await takeHints(scope.db, scope);
    const batch = await ledger.claim(scope.owner, limits);
    if (batch === 'paused') return endOfBox(scope, ledger, settled, true);
    if (batch !== null) {
      const result = await applyBatch(deps, batch, leaseStarted, new AbortController().signal);
      settled += result.settled;
      scope.heartbeat(`${settled} records settled, at ${batch.entity}`);
      continue;
    }
    if (await nothingLeft(scope, ledger)) {
      const { removed } = await auditCreates(deps, { signal: scope.signal });
      if (removed > 0) scope.heartbeat(`${removed} copies removed that lost replies had left`);
      break;
    }
    const { nextDueMs } = await ledger.outstanding();
    await scope.restForChanges(Math.min(nextDueMs ?? 1_000, 1_000, Math.max(1, ends - scope.now())));
    scope.heartbeat(`${settled} records settled, waiting`);
  }
  return endOfBox(scope, ledger, settled, false);
}

async function endOfBox(scope: RunScope, ledger: ApplyLedger, settled: number, paused: boolean): Promise<ApplyResult> {
  const left = rest(await ledger.outstanding());
  await sampleMetrics(scope.db, scope.projectId, {
    records_settled: settled,
    queue_outstanding: left.outstanding,
    queue_held: left.stuck,
  });
  return { settled, ...left, paused };
}

function rest(outstanding: Outstanding) {
  return {
    outstanding: outstanding.ready + outstanding.leased + outstanding.parked + outstanding.waiting,
    stuck: outstanding.held,
  };
}

/** Once all is read and only waiters remain, what they wait for can never be met: they go on without it (P9). */
async function nothingLeft(scope: RunScope, ledger: ApplyLedger): Promise<boolean> {
  if ((await slicesLeft(scope.db, scope.runId)) > 0) return false;
  const outstanding = await ledger.outstanding();
  if (outstanding.ready + outstanding.leased + outstanding.parked > 0) return false;
  if (outstanding.waiting === 0) return true;
  await ledger.giveUpWaiting(GAVE_UP);
  return false;
}

function applyDeps(scope: RunScope, ledger: ApplyLedger): ApplyDeps {
  return {
    ledger,
    source: scope.source,
    target: scope.target,
    sourceProfile: scope.sourceProfile,
    targetProfile: scope.targetProfile,
    mapping: scope.mapping,
    options: {
      settleMs: scope.settings.settleMs,
      requestTimeoutMs: scope.settings.requestTimeoutMs,
      foreignEditsMaxAgeMs: scope.settings.foreignEditsMaxAgeMs,
      concurrency: scope.settings.concurrency,
      skewMs: Math.abs(scope.targetProfile.clockSkewMs) + 2_000,
    },
    guards: ALL_GUARDS,
    now: scope.now,
  };
}
