import type { CallOptions, LookUpHit, WriteItem } from '../../connectors/target.ts';
import { stableJson } from '../../canonical/stable-json.ts';
import type { Json } from '../../domain/json.ts';
import { UNREAD_VERSION } from '../../domain/source-version.ts';
import type { PresentState } from '../../domain/target-state.ts';
import { nextLookUpInMs, resolveIntent, type Sighting } from '../../domain/uncertainty.ts';
import type { LedgerPart, LedgerRecord, OpenIntent } from '../../ledger/apply-ledger.ts';
import { forgetFormer } from './decided.ts';
import { desiredHash } from './map-records.ts';
import { settle } from './settle.ts';
import { unwritten } from './write-outcomes.ts';
import { type ApplyDeps, type BatchTarget, formerTargetOf, type Work } from './work.ts';

/**
 * Resolves what earlier writes left open (P2, P5): a process died, or a reply was lost. The target is read, one request for
 * the batch: what happened is committed without writing, what certainly did not is written again, what cannot be told yet is
 * parked and holds up nobody.
 */
export async function resolveOpenIntents(
  deps: ApplyDeps,
  target: BatchTarget,
  works: readonly Work[],
  call: CallOptions,
): Promise<void> {
  const unsure = works.filter((work) => work.intents.length > 0);
  if (unsure.length === 0) return;
  const hits = await lookUpCreates(deps, target, unsure, call);
  const states = await readOthers(target, unsure, call);
  for (const work of unsure) {
    for (const intent of work.intents) {
      const seen =
        intent.action === 'create'
          ? sightCreate(deps, work, intent, hits.get(itemId(work, intent)))
          : sightOther(target, work, intent, states.get(targetIdOf(work, intent)));
      if (!conclude(deps, target, work, intent, seen)) break;
    }
  }
  // What was found to have happened is resolved with the record's progress; what came to nothing may be noted anew at once.
  const dropped = unsure.flatMap((work) => work.dropped);
  if (dropped.length > 0) await deps.ledger.dropIntents(dropped);
}

interface Seen {
  readonly sighting: Sighting;
  readonly state: PresentState | null;
}

const itemId = (work: Work, intent: OpenIntent) => `${work.claim.id}#${intent.id}`;
const targetIdOf = (work: Work, intent: OpenIntent) => intent.targetId ?? work.record?.targetId ?? '';

/** Hits by item; one that is paired with a record already is that record, and nobody else's (P6). */
async function lookUpCreates(
  deps: ApplyDeps,
  target: BatchTarget,
  works: readonly Work[],
  call: CallOptions,
): Promise<Map<string, LookUpHit>> {
  const { entity } = target;
  const asked = works.flatMap((work) =>
    work.intents
      .filter((intent) => intent.action === 'create')
      .map((intent) => ({ work, item: createItem(target, work, intent) })),
  );
  const items = asked.map(({ item }) => item);
  if (items.length === 0) return new Map();
  const hits = await entity.lookUp(items, call);
  const paired = await deps.ledger.pairedAmong(
    entity.entity,
    hits.map((hit) => hit.state.targetId),
  );
  // What somebody else deleted is paired still, with itself, while it is brought back.
  const own = new Map(asked.map(({ work, item }) => [item.id, work.record?.targetId]));
  const isIts = ({ id, state }: LookUpHit) =>
    !paired.has(state.targetId) || (entity.restores === true && own.get(id) === state.targetId);
  return new Map(hits.filter(isIts).map((hit) => [hit.id, hit]));
}

function createItem(target: BatchTarget, work: Work, intent: OpenIntent): WriteItem {
  return {
    id: itemId(work, intent),
    ref: work.claim.ref,
    action: 'create',
    targetId: null,
    formerTargetId: formerTargetOf(target, work),
    desired: intent.aim.desired,
    bundle: intent.aim.bundle,
    lastDesired: null,
    base: null,
    children: [],
  };
}

async function readOthers(
  { entity }: BatchTarget,
  works: readonly Work[],
  call: CallOptions,
): Promise<Map<string, PresentState>> {
  const ids = works.flatMap((work) =>
    work.intents.filter((intent) => intent.action !== 'create').map((intent) => targetIdOf(work, intent)),
  );
  if (ids.length === 0) return new Map();
  return new Map((await entity.read([...new Set(ids)], call)).map((state) => [state.targetId, state]));
}

/** Ours only if it was made after the intent, looks like what we sent, and carries no one else's marker (P6). */
function sightCreate(deps: ApplyDeps, work: Work, intent: OpenIntent, hit: LookUpHit | undefined): Seen {
  if (hit === undefined) return { sighting: 'absent', state: null };
  const marker = `${deps.source.storeKey}:${work.claim.ref.sourceId}`;
  if (hit.marker !== null) return { sighting: hit.marker === marker ? 'as-intended' : 'other', state: hit.state };
  const earliest = new Date(Date.parse(intent.madeAt) - deps.options.skewMs).toISOString();
  const tooOld = hit.state.createdAt !== null && hit.state.createdAt < earliest;
  return { sighting: hit.agrees && !tooOld ? 'as-intended' : 'other', state: hit.state };
}

function sightOther({ entity }: BatchTarget, work: Work, intent: OpenIntent, state: PresentState | undefined): Seen {
  if (state === undefined) return { sighting: 'absent', state: null };
  const present = state.parts[intent.part] ?? null;
  const isStepwise = entity.parts.some((spec) => spec.part === intent.part && spec.stepwise === true);
  // Which children it made along the way only the writing of it can tell: it goes over it once more.
  if (intent.action === 'update' && entity.agrees(intent.part, intent.aim.desired, present))
    return { sighting: isStepwise ? 'half-done' : 'as-intended', state };
  const base = work.record?.parts.get(intent.part)?.base ?? null;
  const untouched = base === null || stableJson(base) === stableJson(present);
  if (untouched) return { sighting: 'as-before', state };
  return { sighting: intent.action === 'update' && isStepwise ? 'half-done' : 'other', state };
}

/** Returns whether the work may go on. */
function conclude(
  deps: ApplyDeps,
  target: BatchTarget,
  work: Work,
  intent: OpenIntent,
  { sighting, state }: Seen,
): boolean {
  const settled = intent.sinceSentMs >= deps.options.settleMs;
  switch (resolveIntent(intent.action, sighting, settled, deps.guards)) {
    case 'commit':
      work.learnt.resolved.push({ intentId: intent.id, outcome: 'found at the target' });
      remember(target, work, intent, state);
      return true;
    case 'write':
      if (sighting === 'half-done') {
        startOver(work, intent, state);
        return false;
      }
      work.dropped.push({ intentId: intent.id, outcome: 'never happened' });
      return true;
    case 'park': {
      work.learnt.uncertain.push(intent.id);
      const afterMs =
        nextLookUpInMs(Math.max(0, intent.sinceSentMs), deps.options.settleMs) + Math.max(0, -intent.sinceSentMs);
      settle(
        work,
        { to: 'parked', afterMs: Math.max(50, afterMs), reason: 'the outcome of a write is not known yet' },
        null,
      );
      return false;
    }
    case 'conflict':
      // Not what we wrote and not what was there: the edit by someone else is found again below, with its policy (P8). A
      // create whose key someone else holds is a collision and meets its own policy there.
      work.dropped.push({ intentId: intent.id, outcome: 'overtaken at the target' });
      return true;
  }
}

/**
 * Some requests of the write arrived. What is there now is what the rest is measured against, at once but in a claim of its
 * own, so that the base and the end of the intent are one commit. What it replaced stays in the record's history, since an
 * edit by someone else in that moment cannot be told from ours (P8).
 */
function startOver(work: Work, intent: OpenIntent, state: PresentState | null): void {
  if (work.record === null) throw new Error('an update is of a record that is at the target');
  const present = state?.parts[intent.part] ?? null;
  const known = work.record.parts.get(intent.part) ?? { ...NEVER_WRITTEN, part: intent.part };
  const part = unwritten({ ...known, base: present }, 'its last write arrived in part');
  work.record = { ...work.record, parts: new Map(work.record.parts).set(intent.part, part) };
  work.learnt.parts.set(intent.part, part);
  work.learnt.event = 'half done';
  work.learnt.detail = { ...work.learnt.detail, halfDone: { part: intent.part, before: known.base, found: present } };
  work.learnt.resolved.push({ intentId: intent.id, outcome: 'half done' });
  settle(work, { to: 'parked', afterMs: 1, reason: 'the rest of a write that arrived in part' }, null);
}

const EVENTS = { create: 'created', update: 'updated', delete: 'deleted' } as const;

/**
 * What happened without our hearing of it becomes part of the record, as if the reply had come. If someone has edited it
 * since, the base is what we sent: so the edit is seen as one (P8).
 */
function remember(target: BatchTarget, work: Work, intent: OpenIntent, state: PresentState | null): void {
  const { entity } = target;
  const isRestored = intent.action === 'create' && state !== null && state.targetId === formerTargetOf(target, work);
  work.learnt.event = isRestored ? 'restored' : EVENTS[intent.action];
  work.learnt.detail = { ...work.learnt.detail, reply: 'lost' };
  if (intent.action === 'delete' && work.claim.change.kind !== 'delete') goneMeanwhile(work);
  if (state === null) return;
  // What was deleted there and made anew: of the former nothing is left.
  if (intent.action === 'create' && work.record?.targetId != null) forgetFormer(work);
  if (isRestored) work.learnt.formerTargetId = null;
  // What a create brings along is not what came back: the other parts of that are looked at in turn.
  const bundle = isRestored ? {} : intent.aim.bundle;
  const aimed = { ...bundle, [intent.part]: intent.aim.desired };
  const baseOf = (part: string, desired: Json) => {
    const present = state.parts[part] ?? null;
    return present === null || entity.agrees(part, desired, present) ? present : desired;
  };
  const parts = Object.entries(aimed).map(([part, desired]): LedgerPart => {
    const present = state.parts[part] ?? null;
    if (part !== intent.part && present !== null && !entity.agrees(part, desired, present))
      return leftBehind(part, present);
    const hash = desiredHash(desired);
    return { part, desired, desiredHash: hash, base: baseOf(part, desired), state: 'applied', reason: null };
  });
  for (const part of parts) work.learnt.parts.set(part.part, part);
  work.learnt.unchecked ||= parts.some((part) => part.base === part.desired);
  if (intent.action === 'create') work.learnt.children.push(...state.children);
  work.record = withState(work, state, parts, intent);
}

/** The source may have it again by now: whoever looks next must find it away, not deleted by somebody else. */
function goneMeanwhile(work: Work): void {
  work.learnt.detail = { ...work.learnt.detail, targetId: work.record?.targetId ?? null };
  forgetFormer(work);
}

const NEVER_WRITTEN = { desired: null, desiredHash: '', base: null, state: 'open', reason: null } as const;

/** A create may have gone without what it bundled (a picture that was refused): that is still to be written. */
function leftBehind(part: string, present: Json): LedgerPart {
  return { ...NEVER_WRITTEN, part, base: present, reason: 'its create was found without it' };
}

function withState(work: Work, state: PresentState, parts: readonly LedgerPart[], intent: OpenIntent): LedgerRecord {
  const known = work.record;
  const merged = new Map(known?.parts ?? []);
  for (const part of parts) merged.set(part.part, part);
  return {
    state: 'live',
    targetId: state.targetId,
    formerTargetId: null,
    adopted: known?.adopted ?? false,
    // What the lost write carried is not known to be this change's content; the desired form decides below.
    version: known?.version ?? UNREAD_VERSION,
    targetModifiedAt: state.modifiedAt,
    foreignState: parts.some((part) => part.base === part.desired) ? state : (known?.foreignState ?? null),
    unchecked: known?.unchecked ?? false,
    appliedAt: intent.madeAt,
    parts: merged,
    children: intent.action === 'create' ? state.children : (known?.children ?? []),
  };
}
