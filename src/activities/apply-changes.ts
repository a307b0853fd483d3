import type { Entity } from '../domain/entity.ts';
import type { Rates } from '../domain/rates.ts';
import { ALL_GUARDS } from '../domain/guards.ts';
import { copyOrder } from '../domain/mapping.ts';
import { decideOverdue } from '../ledger/conflicts.ts';
import { followingOf } from '../ledger/following.ts';
import { openGates } from '../ledger/gates.ts';
import { takeHints } from '../ledger/hints.ts';
import { lookBehindAgain } from '../ledger/queue/behind-held.ts';
import { slicesLeft } from '../ledger/slices.ts';
import { createProjectLedger } from '../ledger/project-ledger.ts';
import type { ApplyLedger, Outstanding } from '../ledger/apply-ledger.ts';
import type { ApplyResult, WaitingGate, WorkBox } from './activity-types.ts';
import { auditCreates } from './apply/audit-creates.ts';
import { applyBatch } from './apply/apply-batch.ts';
import { keepLease } from './apply/keep-lease.ts';
import { type ApplyDeps, GAVE_UP } from './apply/work.ts';
import { startOf } from './review-pass.ts';
import type { RunScope } from './run-scope.ts';
import { heedZoneAfterPause } from './source-zone.ts';
import { watchRun } from './watch-run.ts';

/** A time box of the copy, up to and with a pass. */
export type CopyBox = Pick<WorkBox, 'timeBoxMs' | 'pass' | 'last' | 'stays'>;

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

/** Nobody is told when another lane has settled the last of a pass: who has nothing to do looks again after this long. */
const REST_MS = 250;
/** What is due may be another's to wait for: nobody looks for it without a pause. */
const SHORTEST_REST_MS = 20;

/**
 * The writer path as an activity: claims and applies until the time box ends, the project is paused, or the run has nothing
 * left. It waits inside its box for rows to come or to be due.
 */
export async function applyChanges(scope: RunScope, box: CopyBox): Promise<ApplyResult> {
  // Before the first look: what was read ahead is outstanding from here on.
  await startOf(scope, box.pass);
  await heedZoneAfterPause(scope);
  const ledger = createProjectLedger(scope.db, { ...scope, leaseMs: scope.settings.leaseMs });
  const deps = applyDeps(scope, ledger);
  const ends = scope.now() + box.timeBoxMs;
  const limits = Object.fromEntries(copyOrder(scope.mapping).map((entity) => [entity, CLAIM_LIMITS[entity]]));
  const watch = watchRun(scope);
  // In this order: what is read after the look at the slices is outstanding, or settled.
  const queue = async () => {
    const allRead = (await slicesLeft(scope.db, scope.runId, box.pass)) === 0;
    return { allRead, ...outstandingOf(await ledger.outstanding(), box) };
  };
  let settled = 0;
  const endOfBox = async (paused: boolean, known: string | null = null): Promise<ApplyResult> => {
    const seen = await queue();
    const broken = known ?? (await watch.look(async () => seen, true));
    return { settled, ...seen, paused, broken, gate: await deleteGate(scope) };
  };
  await decideOverdue(scope.db, scope.projectId);
  await lookBehindAgain(scope.db, scope.projectId);
  await ledger.giveUpOverdue(GAVE_UP, scope.settings.longestWaitMs);
  while (scope.now() < ends && !scope.signal.aborted) {
    const leaseStarted = scope.now();
    await takeHints(scope.db, { ...scope, webhooksUntil: scope.run.kind === 'recent' ? scope.run.startedAt : null });
    const batch = await ledger.claim(scope.owner, limits);
    if (batch === 'paused') return endOfBox(true);
    if (batch !== null) {
      const lease = keepLease(ledger, batch, { ...scope, ...scope.settings, startedAt: leaseStarted });
      const result = await applyBatch(
        { ...deps, options: { ...deps.options, ...writeRates(batch.rates, scope.settings.concurrency) } },
        batch,
        lease.call,
      ).finally(() => lease.end());
      settled += result.settled;
      watch.did({ settled: result.settled, failed: result.failed });
      scope.heartbeat(`${settled} records settled, at ${batch.entity}`);
      const broken = await watch.look(queue);
      if (broken !== null) return endOfBox(false, broken);
      continue;
    }
    if ((await nothingLeft(scope, ledger, box)) && (await mayEnd(scope, box))) {
      const { removed } = await auditCreates(deps, { signal: scope.signal });
      if (removed > 0) scope.heartbeat(`${removed} copies removed that lost replies had left`);
      break;
    }
    const { nextDueMs } = await ledger.outstanding();
    const restMs = Math.max(SHORTEST_REST_MS, Math.min(nextDueMs ?? REST_MS, REST_MS));
    await scope.restForChanges(Math.min(restMs, Math.max(1, ends - scope.now())));
    scope.heartbeat(`${settled} records settled, waiting`);
    const broken = await watch.look(queue);
    if (broken !== null) return endOfBox(false, broken);
  }
  return endOfBox(false);
}

/** What the brake on deletes holds back does not keep the run open, but a person must hear of it (P7). */
async function deleteGate(scope: RunScope): Promise<WaitingGate | null> {
  const open = (await openGates(scope.db, scope.projectId)).find(({ holdsRun }) => !holdsRun);
  return open === undefined ? null : { gate: open.gate, since: open.since };
}

/** What waits for records of later passes does not keep a pass open. */
export function outstandingOf({ ready, leased, parked, waiting, held }: Outstanding, { last }: Pick<CopyBox, 'last'>) {
  return { outstanding: ready + leased + parked + (last ? waiting : 0), stuck: held };
}

/** Requests at once, and records in one of them, as an operator set them a moment ago. */
function writeRates({ concurrency, batchSize }: Rates, usual: number) {
  return { concurrency: concurrency ?? usual, ...(batchSize === undefined ? {} : { batchSize }) };
}

/** A run that follows its source waits for more, unless it is told to finish, or parked. */
async function mayEnd({ db, runId }: RunScope, { stays }: CopyBox): Promise<boolean> {
  if (stays !== true) return true;
  const { finishing, parked } = await followingOf(db, runId);
  return finishing || parked;
}

/** Once all is read and only waiters remain, what they wait for can never be met: they go on without it (P9). */
async function nothingLeft(scope: RunScope, ledger: ApplyLedger, { pass, last }: CopyBox): Promise<boolean> {
  if ((await slicesLeft(scope.db, scope.runId, pass)) > 0) return false;
  const outstanding = await ledger.outstanding();
  if (outstanding.ready + outstanding.leased + outstanding.parked > 0) return false;
  if (outstanding.waiting === 0 || !last) return true;
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
