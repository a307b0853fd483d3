import { withPlainLinks } from '../../canonical/shop-links.ts';
import type { CallOptions } from '../../connectors/target.ts';
import { isAbout } from '../../domain/conflict.ts';
import { type RecordRef, refKey } from '../../domain/entity.ts';
import type { KeyAssignment, KeyClaim } from '../../domain/identity.ts';
import type { Json } from '../../domain/json.ts';
import { type CollisionPolicy, collisionPolicy } from '../../domain/mapping.ts';
import type { AssignedKeys, WantedKey } from '../../domain/unique-key.ts';
import { WAITS_FOR_KEY } from '../../ledger/queue/waits.ts';
import { adopt } from './adoption.ts';
import { noteDecision } from './decided.ts';
import { settle } from './settle.ts';
import { type ApplyDeps, type BatchTarget, payloadOf, type Work } from './work.ts';

/** Reserves the unique keys of every record before anything of it is sent, and meets collisions by policy (P6). */
export async function assignKeys(
  deps: ApplyDeps,
  target: BatchTarget,
  works: readonly Work[],
  call: CallOptions,
): Promise<void> {
  const claims = works.map((work) => ({
    work,
    ref: work.claim.ref,
    wanted: target.entity.wantedKeys(work.claim.ref.sourceId, payloadOf(work).canonical, target.mapContext(work)),
  }));
  if (!deps.guards.reservation) {
    for (const claim of claims) claim.work.keys = firstWishes(claim.wanted);
    return;
  }
  const assignments = await deps.ledger.reserve(claims.filter((claim) => claim.wanted.length > 0));
  const byRef = new Map(assignments.map((assignment) => [refKey(assignment.ref), assignment]));
  const holders = assignments.flatMap(rivalsOf);
  const pending =
    holders.length === 0 ? new Map<string, readonly RecordRef[]>() : await deps.ledger.pendingAmong(holders);
  const batch = new Set(works.map((work) => refKey(work.claim.ref)));
  for (const claim of claims) {
    const { work } = claim;
    const assignment = byRef.get(refKey(work.claim.ref));
    if (assignment === undefined) continue;
    work.keys = assignment.keys;
    const [first] = assignment.collisions;
    if (first !== undefined && work.record?.targetId == null) await collide(deps, target, claim, first, call);
    work.rivals = rivalsOf(assignment).map((ref) => ({ ref, isPending: pending.has(refKey(ref)) }));
    if (work.settlement === null) contest(work, assignment, pending, batch);
  }
}

function rivalsOf({ contested, outdoneBy }: KeyAssignment): readonly RecordRef[] {
  return [...contested.map(({ holder }) => holder), ...outdoneBy];
}

function firstWishes(wanted: readonly WantedKey[]): AssignedKeys {
  return Object.fromEntries(wanted.map((key) => [key.slot, key.alternatives[0] ?? '']));
}

async function collide(
  deps: ApplyDeps,
  target: BatchTarget,
  claim: KeyClaim & { readonly work: Work },
  first: KeyAssignment['collisions'][number],
  call: CallOptions,
): Promise<void> {
  const { work } = claim;
  switch (decidedOf(work, first.foreignTargetId) ?? collisionPolicy(deps.mapping, work.claim.ref.entity)) {
    case 'adjust':
      return;
    case 'adopt':
      return takeOver(deps, target, claim, first.foreignTargetId, call);
    case 'review':
      if (await isSame(target, claim, first.foreignTargetId, call))
        return takeOver(deps, target, claim, first.foreignTargetId, call);
      settle(
        work,
        {
          to: 'held',
          reason: 'collision',
          evidence: { kind: first.kind, value: first.value, targetId: first.foreignTargetId },
        },
        null,
      );
  }
}

/** `target`: the record there is this one; `source`: ours takes another key. Null: nothing was decided of this collision. */
function decidedOf(work: Work, targetId: string): CollisionPolicy | null {
  const { decided } = work.claim;
  if (!isAbout(decided, 'collision', targetId)) return null;
  noteDecision(work, 'collision');
  return decided?.decision === 'target' ? 'adopt' : 'adjust';
}

/** The record at the target is this one: it is paired with it, and its keys are ours. */
async function takeOver(
  deps: ApplyDeps,
  target: BatchTarget,
  claim: KeyClaim & { readonly work: Work },
  targetId: string,
  call: CallOptions,
): Promise<void> {
  const { work } = claim;
  await adopt(target, work, targetId, call);
  // Also when that one is gone by now: nobody else has the key then, and the next attempt makes a record with it.
  await deps.ledger.takeOverKeys(work.claim.ref, targetId);
  if (work.settlement !== null) return;
  const [again] = await deps.ledger.reserve([{ ref: claim.ref, wanted: claim.wanted }]);
  work.keys = again?.keys ?? work.keys;
}

/**
 * Whether what holds the key is to the last field what we would write: then there is nothing to review. So it is when the ledger
 * was lost and the target cannot hold a mark of ours (coupons, pages).
 */
async function isSame(
  { entity, mapContext }: BatchTarget,
  { work, wanted }: KeyClaim & { readonly work: Work },
  targetId: string,
  call: CallOptions,
): Promise<boolean> {
  // As it would be in a store that holds nothing else.
  const context = { ...mapContext(work), keys: firstWishes(wanted) };
  const mapped = entity.map(work.claim.ref.sourceId, payloadOf(work).canonical, context);
  const core = mapped.outcome === 'write' ? mapped.parts[0] : undefined;
  if (core === undefined) return false;
  const [state] = await entity.read([targetId], call);
  // What its texts lead to may have been at the target when it was written, and not be there yet.
  const plain = (part: Json) => withPlainLinks(part, context.source.url);
  return state !== undefined && entity.agrees(core.part, plain(core.desired), plain(state.parts[core.part] ?? null));
}

/**
 * The first wish is another record's, and that one is about to change: it may be giving the key up. So wait for it; if it
 * waits for us in turn, take the next key now. Who gives the first up calls us back once it is free (two steps, P6).
 */
function contest(
  work: Work,
  assignment: KeyAssignment,
  pending: ReadonlyMap<string, readonly RecordRef[]>,
  batch: ReadonlySet<string>,
): void {
  const rivals = assignment.contested.map((c) => c.holder).filter((holder) => pending.has(refKey(holder)));
  // A first copy settles names by source id alone; only a record that is at the target can be swapping.
  if (rivals.length === 0 || work.record?.targetId == null) return;
  const me = refKey(work.claim.ref);
  const mutual = rivals.some(
    (holder) => batch.has(refKey(holder)) || (pending.get(refKey(holder)) ?? []).some((on) => refKey(on) === me),
  );
  if (mutual) return;
  settle(
    work,
    { to: 'waiting', on: rivals.map((r) => ({ entity: r.entity, sourceId: r.sourceId })), reason: WAITS_FOR_KEY },
    null,
  );
}
