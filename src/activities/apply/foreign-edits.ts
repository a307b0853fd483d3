import { stableJson } from '../../canonical/stable-json.ts';
import type { CallOptions } from '../../connectors/target.ts';
import {
  type ConflictDecision,
  decideConflict,
  type EditedParts,
  holdsFor,
  isAbout,
  keptFieldwise,
} from '../../domain/conflict.ts';
import type { Json } from '../../domain/json.ts';
import { refKey } from '../../domain/entity.ts';
import { conflictPolicy } from '../../domain/mapping.ts';
import { ownsPart, withoutOwned } from '../../domain/ownership.ts';
import type { Instant } from '../../domain/record.ts';
import type { PresentState } from '../../domain/target-state.ts';
import type { LedgerPart } from '../../ledger/apply-ledger.ts';
import { leaveDeleted, makeAnew, noteDecision } from './decided.ts';
import { desiredHash } from './map-records.ts';
import { settle } from './settle.ts';
import { type ApplyDeps, type BatchTarget, versionOf, type Work } from './work.ts';

/**
 * Before anything at the target is overwritten: has someone else changed it since our last write (P8)? Asked once for the
 * batch: the target's own list of changes when the news is older than allowed, and one read by id for records that were last
 * written before that chain of lists began.
 */
export async function heedForeignEdits(
  deps: ApplyDeps,
  target: BatchTarget,
  works: readonly Work[],
  call: CallOptions,
): Promise<void> {
  if (!deps.guards.baseCompare || target.entity.foreignEdits === 'none') return;
  const overwriting = works.filter((work) => overwrites(work));
  if (overwriting.length === 0) return;
  const seen = await news(deps, target, overwriting, call);
  for (const work of overwriting) {
    const edit = editOf(work, seen);
    if (edit !== undefined) meet(deps, work, edit);
    // What was seen differs in the target's own fields only, and is not held against what we write now.
    else if (work.owned.length > 0 && presentOf(work, seen) != null) work.learnt.clearsForeignState = true;
  }
}

/** A delete, or an update of a part that has a base. A part written for the first time overwrites nothing. */
function overwrites(work: Work): boolean {
  if (work.record?.targetId == null) return false;
  if (work.claim.change.kind === 'delete' || work.claim.change.looksAtTarget) return true;
  return (work.mapped?.parts ?? []).some((part) => {
    const known = work.record?.parts.get(part.part);
    return known !== undefined && known.base !== null && known.desiredHash !== desiredHash(part.desired);
  });
}

/** Target id → what is there; null: it is gone. Absent: nothing new since our last write. */
type News = ReadonlyMap<string, PresentState | null>;

async function news(
  deps: ApplyDeps,
  { entity }: BatchTarget,
  works: readonly Work[],
  call: CallOptions,
): Promise<News> {
  const seenAt = await deps.ledger.clock();
  const chain = await deps.ledger.foreignEdits.chain(entity.entity);
  const found = new Map<string, PresentState | null>();
  if (chain !== null) await takeNoted(deps, works);
  if (chain !== null && chain.ageMs > deps.options.foreignEditsMaxAgeMs) {
    const states = await entity.changedSince(earlier(chain.polledAt, deps.options.skewMs), call);
    await deps.ledger.foreignEdits.note(entity.entity, seenAt, states, true);
    for (const state of states) found.set(state.targetId, state);
  }
  const unlisted = works.filter(
    (work) => isUnlisted(work, chain?.from ?? null) && !found.has(work.record?.targetId ?? ''),
  );
  if (unlisted.length > 0) {
    const ids = unlisted.map((work) => work.record?.targetId ?? '');
    const states = new Map((await entity.read(ids, call)).map((state) => [state.targetId, state]));
    for (const id of ids) found.set(id, states.get(id) ?? null);
    // What was seen is not forgotten when this work ends otherwise. The chain of lists begins with the first look: what is written
    // from now on is covered by it.
    await deps.ledger.foreignEdits.note(entity.entity, seenAt, [...states.values()], chain === null);
  }
  return found;
}

/** Another worker may have looked after these records were loaded: the chain speaks of what it noted, not of what we know. */
async function takeNoted({ ledger }: ApplyDeps, works: readonly Work[]): Promise<void> {
  const noted = await ledger.foreignEdits.noted(works.map(({ claim }) => claim.ref));
  for (const work of works) {
    const now = noted.get(refKey(work.claim.ref));
    if (work.record !== null && now !== undefined) work.record = { ...work.record, ...now };
  }
}

/** Nobody asked about this record since it was last written, or a person wants it looked at. */
function isUnlisted(work: Work, chainFrom: Instant | null): boolean {
  return (
    work.record?.unchecked === true ||
    work.claim.change.looksAtTarget ||
    chainFrom === null ||
    (work.record?.appliedAt ?? '') <= chainFrom
  );
}

function earlier(instant: Instant, byMs: number): Instant {
  return new Date(Date.parse(instant) - byMs - 1_000).toISOString();
}

/** What someone else made of the record: its state, null for deleted, undefined for nothing. */
function editOf(work: Work, seen: News): PresentState | null | undefined {
  const present = presentOf(work, seen);
  if (present == null) return present;
  return differingParts(work, present).length > 0 ? present : undefined;
}

/** null: it is gone; undefined: nothing new was seen. */
function presentOf({ record }: Work, seen: News): PresentState | null | undefined {
  const state = seen.get(record?.targetId ?? '');
  return state === undefined ? (record?.foreignState ?? undefined) : state;
}

function differingParts(work: Work, present: PresentState): readonly string[] {
  return [...(work.record?.parts.values() ?? [])]
    .filter((part) => part.base !== null && part.part in present.parts)
    .filter(({ part, base }) => !ownsPart(work.owned, part) && !same(work, part, base, present.parts[part] ?? null))
    .map((part) => part.part);
}

/** What belongs to the target is nobody's edit. */
function same(work: Work, part: string, base: Json, there: Json): boolean {
  return stableJson(shown(work, part, base)) === stableJson(shown(work, part, there));
}

function meet(deps: ApplyDeps, work: Work, present: PresentState | null): void {
  if (present === null) {
    // Already gone where it was to go: nothing to overwrite. Else a conflict of its own, never re-created silently (P7).
    if (work.claim.change.kind === 'delete') return;
    const targetId = work.record?.targetId ?? null;
    const { decided } = work.claim;
    if (!isAbout(decided, 'target_deleted', targetId))
      return settle(work, { to: 'held', reason: 'target_deleted', evidence: { targetId } }, null);
    return decided?.decision === 'source' ? makeAnew(work) : leaveDeleted(work);
  }
  const evidence = showConflict(work, present);
  const decided = decidedOf(work, evidence);
  const policy = conflictPolicy(deps.mapping, work.claim.ref.entity);
  switch (decided ?? decideConflict(policy, versionOf(work).modifiedAt, present.modifiedAt)) {
    case 'overwrite':
      work.overwrites = true;
      work.learnt.clearsForeignState = true;
      work.learnt.detail = { ...work.learnt.detail, overwrote: evidence };
      return;
    case 'keep-target':
      work.learnt.clearsForeignState = true;
      work.learnt.detail = { ...work.learnt.detail, kept: evidence };
      return keepTarget(work, present, decided !== null);
    case 'review':
      settle(work, { to: 'held', reason: 'conflict', evidence }, null);
  }
}

/** What was decided of just this conflict; null: nothing, or the target or what we mean is another by now. */
function decidedOf(work: Work, evidence: EditedParts): ConflictDecision | null {
  const { decided } = work.claim;
  if (decided == null || !holdsFor(decided, evidence)) return null;
  noteDecision(work, 'edited');
  return decided.decision === 'source' ? 'overwrite' : 'keep-target';
}

/**
 * What someone else made of these parts is the base from now on, and this version of the source is settled for them: by a policy
 * for the whole part, by a decision for the fields that were shown, where fields can be told apart.
 */
function keepTarget(work: Work, present: PresentState, isDecided: boolean): void {
  if (work.record === null) return;
  const desired = new Map((work.mapped?.parts ?? []).map((part) => [part.part, part.desired]));
  const parts = new Map(work.record.parts);
  for (const name of differingParts(work, present)) {
    const known = parts.get(name);
    if (known === undefined) continue;
    const meant = desired.get(name) ?? known.desired;
    const base = present.parts[name] ?? null;
    const fieldwise = isDecided && known.state === 'applied';
    const settled =
      (fieldwise
        ? keptFieldwise(known.desired, meant, shown(work, name, known.base), shown(work, name, base))
        : null) ?? meant;
    const hash = desiredHash(settled);
    const kept: LedgerPart = { ...known, desired: settled, desiredHash: hash, base, state: 'applied', reason: null };
    parts.set(name, kept);
    work.learnt.parts.set(name, kept);
  }
  work.record = { ...work.record, parts };
  work.learnt.event ??= 'target kept';
  if (work.claim.change.kind === 'delete' && !isDecided)
    settle(work, { to: 'held', reason: 'conflict', evidence: showConflict(work, present) }, null);
}

function shown({ owned }: Work, part: string, value: Json): Json {
  return withoutOwned(owned, part, value);
}

/** Base, source and target of each part that differs, for the conflict desk. */
function showConflict(work: Work, present: PresentState): EditedParts & Json {
  const desired = new Map((work.mapped?.parts ?? []).map((part) => [part.part, part.desired]));
  return Object.fromEntries(
    differingParts(work, present).map((part) => [
      part,
      {
        base: shown(work, part, work.record?.parts.get(part)?.base ?? null),
        source: desired.get(part) ?? null,
        target: shown(work, part, present.parts[part] ?? null),
      },
    ]),
  );
}
