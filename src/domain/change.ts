import { plainRef, type RecordRef } from './entity.ts';
import type { SourceRecord } from './record.ts';
import type { SourceVersion } from './source-version.ts';

/** Why a change is in the queue. The last four also look at the target's present state at an equal version (P3). */
export type ChangeReason =
  | 'copy'
  | 'poll'
  | 'hint'
  | 'sweep'
  | 'reference'
  | 'sale-date'
  | 'freed-key'
  | 'repair'
  | 'resync'
  | 'decision'
  | 'retry';

export function looksAtTarget(reason: ChangeReason): boolean {
  return reason === 'repair' || reason === 'resync' || reason === 'decision' || reason === 'retry';
}

/** What reaches the queue: a record as read, the confirmed end of a record, or a reason to read. */
export type Arrival =
  | {
      readonly kind: 'upsert';
      readonly ref: RecordRef;
      readonly reason: ChangeReason;
      readonly version: SourceVersion;
      readonly payload: SourceRecord;
    }
  | {
      readonly kind: 'delete';
      readonly ref: RecordRef;
      readonly reason: ChangeReason;
      /** Content hash `gone`; the interval is that of the read that confirmed it (P7). */
      readonly version: SourceVersion;
    }
  | {
      readonly kind: 'fetch';
      readonly ref: RecordRef;
      readonly reason: ChangeReason;
      /** Number drawn when the reason arose: only a read that started after it will do (P4). */
      readonly after: number;
    };

/** A reason to read a record, by a read that starts after `after`; 0: any will do. */
export function wantRead(ref: RecordRef, reason: ChangeReason, after = 0): Extract<Arrival, { kind: 'fetch' }> {
  return { kind: 'fetch', ref: plainRef(ref), reason, after };
}

export type ChangeState = 'ready' | 'leased' | 'parked' | 'waiting' | 'held';

/** A row of the change queue, as far as its rules go. */
export interface Change {
  readonly ref: RecordRef;
  readonly kind: 'upsert' | 'delete' | 'fetch';
  readonly reason: ChangeReason;
  readonly looksAtTarget: boolean;
  /** null for `fetch`. */
  readonly version: SourceVersion | null;
  readonly payload: SourceRecord | null;
  /** For `fetch`: a read must start after this. 0 otherwise. */
  readonly fetchAfter: number;
  /** For `fetch`: that read decides between two earlier ones (P3). */
  readonly fetchDecides: boolean;
  readonly generation: number;
  readonly state: ChangeState;
}
