import type { CallOptions, PartSpec, WriteItem, WriteOutcome } from '../../connectors/target.ts';
import { StoreFailure } from '../../connectors/http/failures.ts';
import type { Json } from '../../domain/json.ts';
import { intentKey } from '../../ledger/records/intents.ts';
import { SECOND_PASS } from '../../ledger/queue/waits.ts';
import { chunks } from '../../domain/chunks.ts';
import { inLanes } from './lanes.ts';
import { desiredHash } from './map-records.ts';
import { finished, settle } from './settle.ts';
import { type ApplyDeps, type BatchTarget, formerTargetOf, isSecondPass, open, type Work } from './work.ts';
import { nameHolders } from './key-holders.ts';
import { closedRoute } from './store-faults.ts';
import { takeOutcome } from './write-outcomes.ts';

/** How long changes rest after the target refused them for a reason that is not theirs. */
const REFUSED_REST_MS = 10_000;

/** Writes what differs from what we last meant, part by part, the core first; a record with nothing to write is unchanged. */
export async function writeRecords(
  deps: ApplyDeps,
  target: BatchTarget,
  works: readonly Work[],
  call: CallOptions,
): Promise<void> {
  for (const spec of target.entity.parts) {
    const creates = open(works).filter((work) => needsCreate(target, spec, work));
    const updates = open(works).filter((work) => needsUpdate(target, spec, work));
    await writePart(deps, target, spec, creates, 'create', call);
    await writePart(deps, target, spec, updates, 'update', call);
    await nameHolders(deps, target, [...creates, ...updates], call);
  }
  for (const work of open(works)) {
    finish(work, work.learnt.event ?? 'unchanged');
  }
}

/** Done, unless soft references are still to come: then the second pass waits for them (P9). */
function finish(work: Work, event: string): void {
  const progress = finished(work, event);
  const account = isSecondPass(work) ? null : event;
  if (work.softWaits.length === 0) return settle(work, { to: 'done' }, account, progress);
  settle(work, { to: 'waiting', on: work.softWaits, reason: SECOND_PASS }, account, progress);
}

const isCore = ({ entity }: BatchTarget, spec: PartSpec) => entity.parts[0]?.part === spec.part;

function needsCreate(target: BatchTarget, spec: PartSpec, work: Work): boolean {
  return isCore(target, spec) && target.entity.derivedFrom === null && work.record?.targetId == null;
}

function needsUpdate(target: BatchTarget, spec: PartSpec, work: Work): boolean {
  const desired = desiredOf(work, spec.part);
  if (desired === undefined || needsCreate(target, spec, work)) return false;
  if (work.record?.targetId == null && target.entity.derivedFrom === null) return false;
  const known = work.record?.parts.get(spec.part);
  if (known === undefined || work.overwrites || known.desiredHash !== desiredHash(desired)) return true;
  // Nobody's edit is looked for: what is asked for is set, whatever it is by now (stock, P10).
  if (work.claim.change.looksAtTarget && target.entity.foreignEdits === 'none') return true;
  // What could not be written (an image that cannot be fetched) is tried again when somebody asks for it.
  return known.state === 'open' && work.claim.change.looksAtTarget;
}

function desiredOf(work: Work, part: string): Json | undefined {
  return work.mapped?.parts.find((mapped) => mapped.part === part)?.desired;
}

async function writePart(
  deps: ApplyDeps,
  target: BatchTarget,
  spec: PartSpec,
  works: readonly Work[],
  action: 'create' | 'update',
  call: CallOptions,
): Promise<void> {
  const most = action === 'create' ? spec.createBatch : spec.updateBatch;
  const size = Math.min(most, deps.options.batchSize ?? most);
  const width = Math.min(spec.concurrency ?? deps.options.concurrency, deps.options.concurrency);
  await inLanes(
    chunks(action === 'create' ? alikeTogether(target, spec, works) : works, size),
    width,
    async (batch) => {
      const items = batch.map((work) => itemFor(target, spec, work, action));
      await send(deps, target, spec.part, batch, items, call, (work, outcome) => takeOutcome(work, spec.part, outcome));
    },
  );
}

/** In the order of the claim, but those that may share a request side by side. */
function alikeTogether({ entity }: BatchTarget, spec: PartSpec, works: readonly Work[]): readonly Work[] {
  if (entity.together === undefined) return works;
  const groups = new Map<string, Work[]>();
  for (const work of works) {
    const key = entity.together(desiredOf(work, spec.part) ?? null);
    groups.set(key, [...(groups.get(key) ?? []), work]);
  }
  return [...groups.values()].flat();
}

function itemFor(target: BatchTarget, spec: PartSpec, work: Work, action: 'create' | 'update'): WriteItem {
  const known = work.record?.parts.get(spec.part);
  const desired = desiredOf(work, spec.part) ?? null;
  const bundled = action === 'create' ? spec.bundles : [];
  return {
    id: String(work.claim.id),
    ref: work.claim.ref,
    action,
    targetId: action === 'create' ? null : (target.entity.derivedId?.(desired) ?? work.record?.targetId ?? null),
    formerTargetId: action === 'create' ? formerTargetOf(target, work) : null,
    desired,
    bundle: Object.fromEntries(bundled.flatMap((part) => pair(part, desiredOf(work, part)))),
    lastDesired: work.overwrites || known?.state === 'open' ? null : (known?.desired ?? null),
    base: known?.base ?? null,
    children: [...(work.record?.children ?? []), ...work.learnt.children],
  };
}

function pair(part: string, desired: Json | undefined): [string, Json][] {
  return desired === undefined ? [] : [[part, desired]];
}

/**
 * Notes the intents, sends one request, and hands each outcome over (P2). What the ledger gives no intent for is not ours
 * any more (its lease ended) and is not sent. A store that must be waited for, or a lost reply, settles the works it hit.
 */
export async function send(
  deps: ApplyDeps,
  target: BatchTarget,
  part: string,
  works: readonly Work[],
  items: readonly WriteItem[],
  call: CallOptions,
  take: (work: Work, outcome: WriteOutcome) => void,
): Promise<void> {
  const byId = new Map(works.map((work) => [String(work.claim.id), work]));
  // Until when an intent may be sent is noted with it: a lease that is renewed after that gives this request no more time.
  const noted = { ...call };
  const intents = await deps.ledger.intend(
    items.map((item) => {
      const work = workOf(byId, item.id);
      return {
        claimId: work.claim.id,
        epoch: work.claim.epoch,
        ref: item.ref,
        part,
        action: item.action,
        targetId: item.targetId,
        aim: { desired: item.desired, bundle: item.bundle },
        aimHash: desiredHash(item.desired),
      };
    }),
  );
  const sendable = items.filter((item) => intents.has(intentKey(item.ref, part)));
  for (const item of items)
    if (!sendable.includes(item))
      settle(
        workOf(byId, item.id),
        { to: 'parked', afterMs: 1_000, reason: 'the lease ended before it was sent' },
        null,
      );
  for (const outcome of await attemptOrFault(target, part, sendable, noted)) {
    const work = workOf(byId, outcome.id);
    const intentId = intents.get(intentKey(work.claim.ref, part));
    if (intentId === undefined) continue;
    if (outcome.outcome === 'uncertain') {
      work.learnt.uncertain.push(intentId);
      settle(
        work,
        {
          to: 'parked',
          afterMs: Math.max(50, deps.options.settleMs / 8),
          reason: 'the outcome of a write is not known yet',
        },
        null,
      );
      continue;
    }
    work.learnt.resolved.push({ intentId, outcome: outcome.outcome });
    take(work, outcome);
  }
}

function workOf(byId: ReadonlyMap<string, Work>, id: string): Work {
  const work = byId.get(id);
  if (work === undefined) throw new Error(`the target answered for ${id}, which was not asked`);
  return work;
}

/** A refusal that is about more than these records (credentials, permission, plan limit): nothing was done, nothing is lost. */
async function attemptOrFault(
  target: BatchTarget,
  part: string,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  try {
    return await attempt(target, part, items, call);
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    const closed = closedRoute(error);
    if (closed !== null) {
      const { afterMs: retryAfterMs, reason: message } = closed;
      return items.map(({ id }) => ({ id, outcome: 'not-sent', retryAfterMs, message }));
    }
    target.faults.push(error);
    return items.map(({ id }) => ({ id, outcome: 'not-sent', retryAfterMs: REFUSED_REST_MS, message: error.message }));
  }
}

/**
 * One write, then what a failed batch calls for (P2): all its keys are looked up in one request before anything is sent
 * again; what is there is taken; the rest goes again; after a second failure one by one.
 */
async function attempt(
  target: BatchTarget,
  part: string,
  items: readonly WriteItem[],
  call: CallOptions,
  round = 1,
): Promise<readonly WriteOutcome[]> {
  if (items.length === 0) return [];
  const outcomes = await write(target, part, items, call);
  const failed = outcomes.filter((outcome) => outcome.outcome === 'batch-failed').map((outcome) => outcome.id);
  if (failed.length === 0) return outcomes;
  const innocent = items.filter((item) => failed.includes(item.id));
  const found = innocent.some((item) => item.action === 'create') ? await foundAmong(target, part, innocent, call) : [];
  const rest = innocent.filter((item) => !found.some((outcome) => outcome.id === item.id));
  const groups = round >= 2 || rest.length === 1 ? chunks(rest, 1) : [rest];
  const again: WriteOutcome[] = [];
  for (const group of groups) {
    const result = await attempt(target, part, group, call, round + 1);
    again.push(...(group.length === 1 ? result.map(asRejection) : result));
  }
  return [...outcomes.filter((outcome) => outcome.outcome !== 'batch-failed'), ...found, ...again];
}

async function write(
  { entity }: BatchTarget,
  part: string,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  try {
    return await entity.write(part, items, call);
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    const { message } = error;
    if (error.kind === 'uncertain') return items.map(({ id }) => ({ id, outcome: 'uncertain', message }));
    if (error.kind === 'busy' || error.kind === 'unreachable') {
      return items.map(({ id }) => ({ id, outcome: 'not-sent', retryAfterMs: error.retryAfterMs ?? 1_000, message }));
    }
    throw error;
  }
}

/** Of a failed batch of creates, those that are there all the same: their keys are ours, so they were saved. */
async function foundAmong(
  { entity }: BatchTarget,
  part: string,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const hits = await entity.lookUp(items, call);
  return hits
    .filter((hit) => hit.agrees)
    .map((hit) => ({
      id: hit.id,
      outcome: 'written',
      targetId: hit.state.targetId,
      modifiedAt: hit.state.modifiedAt,
      bases: { ...hit.state.parts, ...(part in hit.state.parts ? {} : { [part]: null }) },
      children: hit.state.children,
      unsettled: [],
    }));
}

/** A batch of one that fails as a batch is its own offender. */
function asRejection(outcome: WriteOutcome): WriteOutcome {
  if (outcome.outcome !== 'batch-failed') return outcome;
  return {
    id: outcome.id,
    outcome: 'rejected',
    reason: `the store did not take it: ${outcome.message}`,
    remedy: 'correct the record at the source, then retry it',
  };
}
