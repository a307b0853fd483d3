import type { CallOptions, WriteItem, WriteOutcome } from '../../connectors/target.ts';
import { StoreFailure } from '../../connectors/http/failures.ts';
import { chunks } from '../../domain/chunks.ts';
import { intentKey } from '../../ledger/records/intents.ts';
import { inLanes } from './lanes.ts';
import { desiredHash } from './map-records.ts';
import { settle } from './settle.ts';
import { closedRoute } from './store-faults.ts';
import type { ApplyDeps, BatchTarget, Work } from './work.ts';

/** How long changes rest after the target refused them for a reason that is not theirs. */
const REFUSED_REST_MS = 10_000;

/** One request that writes, and the works that it is for, each with its item. */
export interface WriteRequest {
  readonly works: readonly Work[];
  readonly items: readonly WriteItem[];
}

/** A request whose intents are in the ledger. */
interface NotedRequest extends WriteRequest {
  readonly intents: ReadonlyMap<string, number>;
  /** As it was when they were noted: a lease that is renewed after that gives this request no more time. */
  readonly call: CallOptions;
}

/** Requests for one part, of which `width` are under way at once. */
export interface Sending {
  readonly part: string;
  readonly requests: readonly WriteRequest[];
  readonly width: number;
}

/**
 * Notes the intents, sends the requests, and hands each outcome over (P2). Intents are noted for twice `width` requests together,
 * and those of the next while these are under way, so that each is in the ledger before its request is sent and hardly any
 * request waits for its own. Those whose requests are not sent after all are resolved as such.
 */
export async function sendAll(
  deps: ApplyDeps,
  target: BatchTarget,
  { part, requests, width }: Sending,
  call: CallOptions,
  take: (work: Work, outcome: WriteOutcome) => void,
): Promise<void> {
  const blocks = chunks(requests, 2 * Math.max(1, width));
  const noted: Promise<NotedRequest[]>[] = [];
  const noteBlock = (at: number): void => {
    const block = blocks[at];
    if (block === undefined || noted[at] !== undefined) return;
    const noting = note(deps, part, block, call);
    // Who takes a request out of it hears of its fault; it may be that nobody comes to that.
    noting.catch(() => undefined);
    noted[at] = noting;
  };
  try {
    const places = blocks.flatMap((block, at) => block.map(() => at));
    await inLanes(places, width, async (at) => {
      noteBlock(at);
      noteBlock(at + 1);
      const request = (await noted[at])?.shift();
      if (request !== undefined) await sendNoted(deps, target, part, request, take);
    });
  } finally {
    for (const block of await Promise.allSettled(noted)) {
      if (block.status === 'fulfilled') for (const request of block.value) leaveUnsent(part, request);
    }
  }
}

/** What the ledger gives no intent for is not ours any more (its lease ended) and is not sent. */
async function note(
  { ledger }: ApplyDeps,
  part: string,
  requests: readonly WriteRequest[],
  call: CallOptions,
): Promise<NotedRequest[]> {
  const now = { ...call };
  const intents = await ledger.intend(
    requests.flatMap(({ works, items }) => {
      const byId = worksById(works);
      return items.map((item) => {
        const { claim } = workOf(byId, item.id);
        return {
          claimId: claim.id,
          epoch: claim.epoch,
          ref: item.ref,
          part,
          action: item.action,
          targetId: item.targetId,
          aim: { desired: item.desired, bundle: item.bundle },
          aimHash: desiredHash(item.desired),
        };
      });
    }),
  );
  return requests.map((request) => ({ ...request, intents, call: now }));
}

/** A store that must be waited for, or a lost reply, settles the works it hit. */
async function sendNoted(
  deps: ApplyDeps,
  target: BatchTarget,
  part: string,
  { works, items, intents, call }: NotedRequest,
  take: (work: Work, outcome: WriteOutcome) => void,
): Promise<void> {
  const byId = worksById(works);
  const sendable = items.filter((item) => intents.has(intentKey(item.ref, part)));
  for (const item of items)
    if (!sendable.includes(item))
      settle(
        workOf(byId, item.id),
        { to: 'parked', afterMs: 1_000, reason: 'the lease ended before it was sent' },
        null,
      );
  for (const outcome of await attemptOrFault(target, part, sendable, call)) {
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

/** Another request of the batch broke it off before this one had left: nobody needs to look for what it would have made. */
function leaveUnsent(part: string, { works, intents }: NotedRequest): void {
  for (const { claim, learnt } of works) {
    const intentId = intents.get(intentKey(claim.ref, part));
    if (intentId !== undefined) learnt.resolved.push({ intentId, outcome: 'not-sent' });
  }
}

function worksById(works: readonly Work[]): ReadonlyMap<string, Work> {
  return new Map(works.map((work) => [String(work.claim.id), work]));
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
