import { equalJson, isObject, type Json } from './json.ts';
import type { ConflictPolicy } from './mapping.ts';
import type { Instant } from './record.ts';

/** What happens to a record that someone else changed at the target since our last write (P8). */
export type ConflictDecision = 'overwrite' | 'keep-target' | 'review';

/** `latest_wins` needs a time from both sides; without one a person decides. */
export function decideConflict(
  policy: ConflictPolicy,
  sourceAt: Instant | null,
  targetAt: Instant | null,
): ConflictDecision {
  switch (policy) {
    case 'source_wins':
      return 'overwrite';
    case 'target_wins':
      return 'keep-target';
    case 'review':
      return 'review';
    case 'latest_wins':
      if (sourceAt === null || targetAt === null) return 'review';
      return sourceAt >= targetAt ? 'overwrite' : 'keep-target';
  }
}

export const CONFLICT_KINDS = ['edited', 'target_deleted', 'collision'] as const;
export type ConflictKind = (typeof CONFLICT_KINDS)[number];

/** What a change in conflict is held for, in the queue. */
export const HELD_FOR: Readonly<Record<ConflictKind, string>> = {
  edited: 'conflict',
  target_deleted: 'target_deleted',
  collision: 'collision',
};

export function kindOfHeld(reason: string | null): ConflictKind | null {
  return CONFLICT_KINDS.find((kind) => HELD_FOR[kind] === reason) ?? null;
}

export const SIDES = ['source', 'target'] as const;
export type Side = (typeof SIDES)[number];

/** What was decided of a held change, and on what: a decision holds for what was shown, and for nothing that came later. */
export interface Decided {
  readonly kind: ConflictKind;
  readonly decision: Side;
  /** Name of a key or of a rule. */
  readonly by: string;
  /** The evidence: parts for `edited`, `{ targetId }` for the others. */
  readonly shown: Json;
}

/** One part with what our last write left there, what we mean, and what is there now. */
export interface EditedPart {
  readonly base: Json;
  readonly source: Json;
  readonly target: Json;
}
export type EditedParts = Readonly<Record<string, EditedPart>>;

/** A field that someone else changed: of the core by its name, of another part as `<part>.<field>`, a list as `<part>`. */
export interface EditedField extends EditedPart {
  readonly field: string;
}

/** The fields that differ between what we left and what is there. */
export function editedFields(parts: EditedParts): readonly EditedField[] {
  return Object.entries(parts).flatMap(([part, { base, source, target }]) => {
    if (!isObject(base) || !isObject(target)) return [{ field: part, base, source, target }];
    return editedNames(base, target).map((name) => ({
      field: part === 'core' ? name : `${part}.${name}`,
      base: base[name] ?? null,
      source: isObject(source) ? (source[name] ?? null) : null,
      target: target[name] ?? null,
    }));
  });
}

function editedNames(base: Readonly<Record<string, Json>>, target: Readonly<Record<string, Json>>): string[] {
  const names = [...new Set([...Object.keys(base), ...Object.keys(target)])].toSorted();
  return names.filter((name) => !equalJson(base[name] ?? null, target[name] ?? null));
}

/**
 * What is known by now of a record that was edited: the evidence with what the target was seen to hold since. Fields that the
 * evidence left out of a part belong to the target and are nobody's edit.
 */
export function editedNow(
  evidence: EditedParts,
  seen: Readonly<Record<string, Json>> | null,
  bases: Readonly<Record<string, Json>>,
): EditedParts {
  if (seen === null) return evidence;
  return Object.fromEntries(
    Object.entries(bases)
      .filter(([part]) => part in seen)
      .map(([part, whole]): [string, EditedPart] => {
        const { base: shown = null, source = null } = evidence[part] ?? {};
        return [part, { base: likeShown(whole, shown), source, target: likeShown(seen[part] ?? null, shown) }];
      })
      .filter(([, { base, target }]) => !equalJson(base, target)),
  );
}

/** The fields of a part that were shown of it; all where it was not, or has none. */
function likeShown(value: Json, shown: Json): Json {
  if (!isObject(value) || !isObject(shown)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name in shown));
}

/**
 * Whether a decision on an edited record holds for what is there now. `source` does for any fields that were shown with the
 * values that they have now; `target` only if we mean what we meant then, too: a later change at the source was not seen.
 */
export function holdsFor(decided: Decided, now: EditedParts): boolean {
  if (decided.kind !== 'edited' || !isObject(decided.shown)) return false;
  const shown = new Map(editedFields(decided.shown as unknown as EditedParts).map((one) => [one.field, one]));
  return editedFields(now).every(({ field, source, target }) => {
    const then = shown.get(field);
    if (then === undefined || !equalJson(then.target, target)) return false;
    return decided.decision === 'source' || equalJson(then.source, source);
  });
}

/** Whether a decision was about this record of the target: the one that was deleted, or the one that has our key. */
export function isAbout(decided: Decided | null | undefined, kind: ConflictKind, targetId: string | null): boolean {
  return decided?.kind === kind && isObject(decided.shown) && decided.shown['targetId'] === targetId;
}

/**
 * What our last meaning was once someone else's edits are kept: the edited fields count as settled at what we mean now, the
 * others are as they were, so that only these are sent when they changed. Null: it cannot be told field by field.
 */
export function keptFieldwise(last: Json, meant: Json, base: Json, present: Json): Json | null {
  if (!isObject(last) || !isObject(meant) || !isObject(base) || !isObject(present)) return null;
  const edited = editedNames(base, present);
  if (!edited.every((name) => name in meant && name in last)) return null;
  return { ...last, ...Object.fromEntries(edited.map((name) => [name, meant[name] ?? null])) };
}
