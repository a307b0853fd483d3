import { compareSourceIds, type RecordRef, refKey } from './entity.ts';
import { type AssignedKeys, normaliseKey, type WantedKey } from './unique-key.ts';

/** A reserved key as the ledger holds it. `holder` null: a record at the target that is not ours. */
export interface Reservation {
  readonly kind: string;
  readonly scope: string;
  /** Normalised. */
  readonly key: string;
  readonly value: string;
  readonly holder: (RecordRef & { readonly projectId: number; readonly slot: string }) | null;
  /** Normalised first wish at the time it was reserved. */
  readonly wanted: string;
  readonly foreignTargetId: string | null;
  readonly releasing: boolean;
}

export interface KeyClaim {
  readonly ref: RecordRef;
  readonly wanted: readonly WantedKey[];
  /**
   * Only some of its keys are known, and nothing is to be written yet (a scan): whatever else it holds stays, and where
   * somebody else's record has the first wish nothing is reserved, because the collision policy decides that later.
   */
  readonly partial?: true;
}

export interface KeyAssignment {
  readonly ref: RecordRef;
  readonly keys: AssignedKeys;
  /** Identity keys whose first wish a foreign record holds: the collision policy decides (P6). */
  readonly collisions: readonly {
    readonly slot: string;
    readonly kind: string;
    readonly value: string;
    readonly foreignTargetId: string;
  }[];
  /** Slots whose first wish another record of ours holds: if that one is about to change, they may swap (P6). */
  readonly contested: readonly { readonly slot: string; readonly holder: RecordRef }[];
  /** Records of ours that hold a first wish for want of which this one has taken another key before: not fought for again. */
  readonly outdoneBy: readonly RecordRef[];
}

export interface KeyPlan {
  readonly assignments: readonly KeyAssignment[];
  readonly reserve: readonly Reservation[];
  /** Held by a claimant that now wants another key there: freed when its write is committed. */
  readonly release: readonly Reservation[];
}

/** Slot of a key that a record was found to have at the target, before it was mapped for the first time (P6). */
export const UNNAMED_SLOT = '';

const place = (kind: string, scope: string, key: string) => `${kind}\n${scope}\n${key}`;

/**
 * Gives every claimant its keys: what it holds for the same wish it keeps, an alternative only until its first wish is free;
 * otherwise the first alternative that nobody holds, in source-id order, so that the lowest id keeps a name and the outcome
 * depends on nothing else (P6).
 * @param held reservations of the claimants and of every alternative that they name
 */
export function assignKeys(projectId: number, claims: readonly KeyClaim[], held: readonly Reservation[]): KeyPlan {
  const taken = new Map(held.map((r) => [place(r.kind, r.scope, r.key), r]));
  const reserve: Reservation[] = [];
  const release: Reservation[] = [];
  const assignments = claims
    .toSorted((a, b) => compareSourceIds(a.ref.sourceId, b.ref.sourceId))
    .map((claim) => {
      const own = held.filter((r) => isHeldBy(r, projectId, claim.ref));
      const outcome = assignOne(projectId, claim, own, taken);
      for (const reservation of outcome.reserved) {
        taken.set(place(reservation.kind, reservation.scope, reservation.key), reservation);
      }
      reserve.push(...outcome.reserved);
      release.push(...outcome.released);
      return outcome.assignment;
    });
  return { assignments, reserve, release };
}

function isHeldBy(reservation: Reservation, projectId: number, ref: RecordRef): boolean {
  const holder = reservation.holder;
  return holder !== null && holder.projectId === projectId && refKey(holder) === refKey(ref);
}

function assignOne(
  projectId: number,
  claim: KeyClaim,
  own: readonly Reservation[],
  taken: ReadonlyMap<string, Reservation>,
) {
  const keys: Record<string, string> = {};
  const reserved: Reservation[] = [];
  const keeping = new Set<Reservation>();
  const collisions: KeyAssignment['collisions'][number][] = [];
  const contested: KeyAssignment['contested'][number][] = [];
  const outdoneBy: RecordRef[] = [];
  const local = new Map(taken);
  for (const wanted of claim.wanted) {
    const first = normaliseKey(wanted.alternatives[0] ?? '');
    const kept = own.find(
      (r) => r.kind === wanted.kind && r.scope === wanted.scope && r.holder?.slot === wanted.slot && r.wanted === first,
    );
    const holder = local.get(place(wanted.kind, wanted.scope, first));
    if (kept !== undefined && (kept.key === first || !mayTake(projectId, claim.ref, wanted, holder))) {
      keeping.add(kept);
      // It took another while nobody had decided: whose the first wish is stays a question until it is at the target (P6).
      if (kept.key !== first) collisions.push(...collisionWith(wanted, holder));
      if (isRivals(projectId, claim.ref, holder)) outdoneBy.push(holder.holder);
      // The same key may be wished for in other letters now (a rename from `acme` to `Acme`).
      keys[wanted.slot] = wanted.alternatives.find((value) => normaliseKey(value) === kept.key) ?? kept.value;
      continue;
    }
    const found = own.find((r) => isFoundAt(r, wanted));
    if (found !== undefined) {
      const value = wanted.alternatives.find((alternative) => normaliseKey(alternative) === found.key) ?? found.value;
      keys[wanted.slot] = value;
      reserved.push({ ...found, value, wanted: first, holder: { ...claim.ref, projectId, slot: wanted.slot } });
      continue;
    }
    if (claim.partial === true && holder !== undefined && holder.holder === null) continue;
    collisions.push(...collisionWith(wanted, holder));
    if (isRivals(projectId, claim.ref, holder)) contested.push({ slot: wanted.slot, holder: holder.holder });
    const reservation = firstFree(projectId, claim.ref, wanted, first, local);
    keys[wanted.slot] = reservation.value;
    local.set(place(reservation.kind, reservation.scope, reservation.key), reservation);
    reserved.push(reservation);
  }
  if (claim.partial === true)
    return { assignment: { ref: claim.ref, keys, collisions, contested, outdoneBy }, reserved, released: [] };
  const released = own.filter(
    (r) => !keeping.has(r) && !reserved.some((n) => n.key === r.key && n.kind === r.kind && n.scope === r.scope),
  );
  return { assignment: { ref: claim.ref, keys, collisions, contested, outdoneBy }, reserved, released };
}

function isRivals(
  projectId: number,
  ref: RecordRef,
  held: Reservation | undefined,
): held is Reservation & { readonly holder: NonNullable<Reservation['holder']> } {
  return held?.holder != null && !isHeldBy(held, projectId, ref);
}

function collisionWith(wanted: WantedKey, holder: Reservation | undefined): KeyAssignment['collisions'] {
  if (holder?.foreignTargetId == null || wanted.role !== 'identity') return [];
  const { slot, kind, alternatives } = wanted;
  return [{ slot, kind, value: alternatives[0] ?? '', foreignTargetId: holder.foreignTargetId }];
}

/** The record had this key at the target when it was paired; which of its values it is, and for which wish, shows only now. */
function isFoundAt(reservation: Reservation, wanted: WantedKey): boolean {
  const isSame = reservation.kind === wanted.kind && reservation.scope === wanted.scope;
  return (
    isSame && isUnnamed(reservation) && wanted.alternatives.some((value) => normaliseKey(value) === reservation.key)
  );
}

function isUnnamed(reservation: Reservation): boolean {
  return reservation.holder?.slot === UNNAMED_SLOT;
}

/** A key that the record holds for something else of itself (its own SKU, for a variant's) is taken too. */
function mayTake(projectId: number, ref: RecordRef, wanted: WantedKey, held: Reservation | undefined): boolean {
  if (held === undefined) return true;
  return isHeldBy(held, projectId, ref) && (held.holder?.slot === wanted.slot || isUnnamed(held));
}

function firstFree(
  projectId: number,
  ref: RecordRef,
  wanted: WantedKey,
  first: string,
  taken: ReadonlyMap<string, Reservation>,
): Reservation {
  const free = wanted.alternatives.find((value) =>
    mayTake(projectId, ref, wanted, taken.get(place(wanted.kind, wanted.scope, normaliseKey(value)))),
  );
  if (free === undefined) {
    throw new Error(`no free ${wanted.kind} for ${refKey(ref)}: the last alternative must hold the source id`);
  }
  return {
    kind: wanted.kind,
    scope: wanted.scope,
    key: normaliseKey(free),
    value: free,
    holder: { ...ref, projectId, slot: wanted.slot },
    wanted: first,
    foreignTargetId: null,
    releasing: false,
  };
}
