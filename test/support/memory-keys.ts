import type { RecordRef } from '../../src/domain/entity.ts';
import { refKey } from '../../src/domain/entity.ts';
import { assignKeys, type KeyClaim, type Reservation, UNNAMED_SLOT } from '../../src/domain/identity.ts';
import { normaliseKey } from '../../src/domain/unique-key.ts';
import type { ForeignKey } from '../../src/ledger/apply-ledger.ts';

interface Place {
  readonly kind: string;
  readonly scope: string;
  readonly key: string;
}

/** The reservations of one target store in memory, for project 1. */
export class MemoryKeys {
  private reservations: Reservation[] = [];
  private readonly settled = new Set<string>();

  reserve(claims: readonly KeyClaim[]) {
    const plan = assignKeys(1, claims, this.reservations);
    const released = new Set(plan.release);
    this.reservations = this.reservations.map((r) => (released.has(r) ? { ...r, releasing: true } : r));
    for (const reservation of plan.reserve) this.put(reservation);
    return plan.assignments;
  }

  /** The record's write is committed: what it no longer wants is free, what it has is settled. Returns who wanted what is freed. */
  commit(ref: RecordRef, live: boolean): readonly RecordRef[] {
    const own = (r: Reservation) => r.holder !== null && refKey(r.holder) === refKey(ref);
    const freed = this.reservations.filter((r) => own(r) && (r.releasing || !live));
    this.reservations = this.reservations.filter((r) => !freed.includes(r));
    for (const r of freed) this.settled.delete(placeOf(r));
    for (const r of this.reservations.filter(own)) this.settled.add(placeOf(r));
    const wishes = new Set(freed.map(placeOf));
    return this.reservations.flatMap((r) =>
      r.holder !== null && r.key !== r.wanted && wishes.has(placeOf({ ...r, key: r.wanted })) ? [r.holder] : [],
    );
  }

  noteForeign(keys: readonly ForeignKey[]): void {
    for (const key of keys) {
      const place = { kind: key.kind, scope: key.scope, key: normaliseKey(key.value) };
      if (this.settled.has(placeOf(place))) continue;
      const foreign = { value: key.value, holder: null, wanted: place.key, foreignTargetId: key.targetId };
      this.put({ ...place, ...foreign, releasing: false });
    }
  }

  takeOver(ref: RecordRef, targetId: string): void {
    for (const r of this.reservations.filter((one) => one.foreignTargetId === targetId)) {
      const holder = { ...ref, projectId: 1, slot: UNNAMED_SLOT };
      this.put({ ...r, holder, wanted: '', foreignTargetId: null });
    }
  }

  private put(reservation: Reservation): void {
    this.reservations = this.reservations.filter((r) => placeOf(r) !== placeOf(reservation));
    this.reservations.push(reservation);
  }
}

function placeOf({ kind, scope, key }: Place): string {
  return `${kind} ${scope} ${key}`;
}
