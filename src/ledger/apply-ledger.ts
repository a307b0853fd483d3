import type { Arrival, Change } from '../domain/change.ts';
import type { Decided } from '../domain/conflict.ts';
import type { Entity, RecordRef } from '../domain/entity.ts';
import type { KeyAssignment, KeyClaim } from '../domain/identity.ts';
import type { Json } from '../domain/json.ts';
import type { Adjustment, Instant, Reference, ReportItem } from '../domain/record.ts';
import type { Place } from '../domain/redirect.ts';
import type { Rates } from '../domain/rates.ts';
import type { SourceVersion } from '../domain/source-version.ts';
import type { SentTwice } from './records/audits.ts';
import type { KnownAddress, Resident } from './records/addresses.ts';
import type { Referrers } from './records/deletes.ts';
import type { MovedAddress, OpenLink } from './records/links.ts';
import type { AssignedKeys } from '../domain/unique-key.ts';
import type { ChildPair, PresentState } from '../domain/target-state.ts';

/** A queue row held under a lease. `epoch` proves the claim, `change.generation` what was claimed (P4, P5). */
export interface Claim {
  readonly id: number;
  readonly ref: RecordRef;
  readonly change: Change;
  readonly epoch: number;
  /** An earlier lease of this row ended without a commit: an open intent may have been sent (P5). */
  readonly recheck: boolean;
  readonly attempts: number;
  readonly stateReason: string | null;
  /** What was decided of the conflict that it was held for (P8); absent: nothing. */
  readonly decided?: Decided | null;
}

export interface ClaimBatch {
  readonly entity: Entity;
  readonly claims: readonly Claim[];
  /** What was left of the lease by PostgreSQL's clock when the claim was made. */
  readonly leaseMs: number;
  /** As they are set for the project at this moment. */
  readonly rates: Rates;
}

/** The durable note of a write that has not been resolved (P2). */
export interface OpenIntent {
  readonly id: number;
  readonly part: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly targetId: string | null;
  readonly aim: IntentAim;
  readonly madeAt: Instant;
  /** Since the request can last have left; negative while it still may. */
  readonly sinceSentMs: number;
  readonly lookUps: number;
}
/** The desired form that was sent: of the part, and of those it bundled. */
export interface IntentAim {
  readonly desired: Json;
  readonly bundle: Readonly<Record<string, Json>>;
}
export interface NewIntent {
  readonly claimId: number;
  readonly epoch: number;
  readonly ref: RecordRef;
  readonly part: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly targetId: string | null;
  readonly aim: IntentAim;
  readonly aimHash: string;
}

export interface LedgerPart {
  readonly part: string;
  readonly desired: Json;
  readonly desiredHash: string;
  readonly base: Json | null;
  readonly state: 'applied' | 'open';
  readonly reason: string | null;
}
export interface LedgerRecord {
  /** `left`: deleted at the target by someone else, and decided to stay so. */
  readonly state: 'live' | 'skipped' | 'tombstone' | 'left';
  readonly targetId: string | null;
  /** Of one that is not at the target: what it was there when we deleted it last, unless a record is paired with that by now. */
  readonly formerTargetId: string | null;
  readonly adopted: boolean;
  readonly version: SourceVersion;
  readonly targetModifiedAt: Instant | null;
  readonly foreignState: PresentState | null;
  /** A poll could not tell whose state it saw: the target is read before the next write (P8). */
  readonly unchecked: boolean;
  readonly appliedAt: Instant;
  readonly parts: ReadonlyMap<string, LedgerPart>;
  readonly children: readonly ChildPair[];
}

/**
 * How a referenced record stands (P9). `never`: gone or a dead letter; `skipped`: left out when it was last read; `pending`:
 * queued; `unknown`: none of these.
 */
export interface ReferenceStatus {
  readonly status: 'live' | 'never' | 'skipped' | 'pending' | 'unknown';
  /** End of the read that the ledger's word on it rests on; 0 when it was never read. */
  readonly readEnd: number;
  /** Also of a pending one that was only paired with what the store held before (P6). */
  readonly targetId: string | null;
  readonly children: readonly ChildPair[];
  /** Unique values that it has at the target, by slot. */
  readonly keys: AssignedKeys;
}

export interface ApplyContext {
  /** By `refKey`. */
  readonly records: ReadonlyMap<string, LedgerRecord>;
  readonly intents: ReadonlyMap<string, readonly OpenIntent[]>;
  readonly references: ReadonlyMap<string, ReferenceStatus>;
  /** Words for fields that were announced to belong to the target, by `refKey`. */
  readonly announced: ReadonlyMap<string, readonly string[]>;
  /** Claimed records whose hard references to their own kind lead back to themselves: every one of such a cycle is cut (P9). */
  readonly cyclic: ReadonlySet<string>;
}

/** A path under which a record was seen; `key`: the form in which addresses are compared. */
export interface SeenAddress {
  readonly path: string;
  readonly key: string;
}

/** What a write taught about a record; absent fields stay as they are. */
export interface RecordProgress {
  readonly state: 'live' | 'skipped' | 'tombstone' | 'left';
  readonly targetId: string | null;
  /** What it was paired with until now and is no more. */
  readonly formerTargetId: string | null;
  readonly adopted: boolean;
  readonly version: SourceVersion;
  readonly targetModifiedAt: Instant | null;
  readonly parts: readonly LedgerPart[];
  /** targetId '' removes the pair. */
  readonly children: readonly ChildPair[];
  /** null: leave as they are (a step on the way); lists replace. */
  readonly adjustments: readonly Adjustment[] | null;
  readonly reports: readonly ReportItem[] | null;
  readonly references: readonly Reference[] | null;
  readonly urls: readonly SeenAddress[];
  readonly openLinks: readonly OpenLink[] | null;
  /** Hard references that it was mapped without, as they were not at the target. */
  readonly unmet: readonly RecordRef[];
  /** History: what happened and what was seen. */
  readonly event: string;
  readonly detail: Json;
  /** The values someone else had made have been dealt with. */
  readonly clearsForeignState: boolean;
  /** Someone edited the record before we knew it was there: read the target before the next write. */
  readonly unchecked: boolean;
  /** Keys that the record no longer wants are free now. */
  readonly releasesKeys: boolean;
}

/** Where the queue row goes. */
export type Disposition =
  | { readonly to: 'done' }
  | { readonly to: 'parked'; readonly afterMs: number; readonly reason: string }
  | { readonly to: 'waiting'; readonly on: readonly RecordRef[]; readonly reason: string }
  | { readonly to: 'held'; readonly reason: string; readonly evidence: Json }
  | { readonly to: 'dead'; readonly reason: string; readonly remedy: string };

export interface Settlement {
  readonly claim: Claim;
  readonly progress: RecordProgress | null;
  readonly resolved: readonly { readonly intentId: number; readonly outcome: string }[];
  /** Open intents whose reply is known to be lost: the settle time counts from now. */
  readonly uncertain: readonly number[];
  readonly disposition: Disposition;
  /** A word for the run's account: created, restored, updated, unchanged, deleted, archived, released, stale, ignored, merged. */
  readonly account: string | null;
  readonly arrivals: readonly Arrival[];
}

export interface Outstanding {
  readonly ready: number;
  readonly leased: number;
  readonly parked: number;
  readonly waiting: number;
  readonly held: number;
  /** Until the next parked row or lapsed lease is due; null when there is none. */
  readonly nextDueMs: number | null;
}

/** The part of the ledger that the single writer path stands on. One project, one target store. */
export interface ApplyLedger {
  /** @param limits rows per claim; its keys are in copy order */
  claim(owner: string, limits: Readonly<Partial<Record<Entity, number>>>): Promise<ClaimBatch | 'paused' | null>;
  /** A whole lease more for all of these, or for none: whether they are still held and the project is not paused (P5). */
  renew(claims: readonly Claim[]): Promise<boolean>;
  load(claims: readonly Claim[]): Promise<ApplyContext>;
  reserve(claims: readonly KeyClaim[]): Promise<readonly KeyAssignment[]>;
  /** Of these target ids, those that are paired with a record of ours, in whatever project, and with which. */
  pairedAmong(entity: Entity, targetIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Which of these have a change in the queue, and on whom that change waits. */
  pendingAmong(refs: readonly RecordRef[]): Promise<ReadonlyMap<string, readonly RecordRef[]>>;
  /** Notes what is about to be sent; leaves out what is no longer held under its epoch and lease. Returns ids by part. */
  intend(intents: readonly NewIntent[]): Promise<ReadonlyMap<string, number>>;
  /** Resolves intents that certainly came to nothing, so that the write can be noted anew in the same batch. */
  dropIntents(dropped: readonly { readonly intentId: number; readonly outcome: string }[]): Promise<void>;
  commit(settlements: readonly Settlement[]): Promise<{ readonly refused: readonly RecordRef[] }>;
  enqueue(arrivals: readonly Arrival[]): Promise<void>;
  /** The next number of the read clock (P3). */
  readNumber(): Promise<number>;
  /** The ledger's clock: stamps of polls are held against those of its rows. */
  clock(): Promise<Instant>;
  outstanding(): Promise<Outstanding>;
  /** Makes waiters whose reference can never be met ready to degrade (P9): nothing else is left that could meet it. */
  giveUpWaiting(reason: string): Promise<number>;
  /** The same for those that have waited for longer than `longestMs`, whatever else is left. */
  giveUpOverdue(reason: string, longestMs: number): Promise<number>;
  /** Foreign records that hold keys, found late (a duplicate answer). */
  noteForeignKeys(keys: readonly ForeignKey[]): Promise<void>;
  /** The record is about to be paired with that foreign one: what it holds is ours from now on, until a look says otherwise. */
  takeOverKeys(ref: RecordRef, targetId: string): Promise<void>;
  /** Stock of these products that is set at the target by now (P10). */
  stockOf(products: readonly string[]): Promise<readonly { readonly ref: RecordRef; readonly product: string }[]>;
  foreignEdits: ForeignEditLedger;
  deletes: DeleteLedger;
  addresses: AddressLedger;
  audits: AuditLedger;
}

export interface ForeignKey {
  readonly entity: Entity;
  readonly targetId: string;
  readonly kind: string;
  readonly scope: string;
  readonly value: string;
}

/** What is known of edits by others at the target (P8). */
export interface ForeignEditLedger {
  /** When the chain of polls began and got to; null before the first. */
  chain(entity: Entity): Promise<{ readonly from: Instant; readonly polledAt: Instant; readonly ageMs: number } | null>;
  /** Notes states seen at the target at `seenAt`; those that differ from the base of a record of ours are marked. */
  note(entity: Entity, seenAt: Instant, states: readonly PresentState[], extendsChain: boolean): Promise<void>;
  /** What stands noted of these records now, by their keys. */
  noted(refs: readonly RecordRef[]): Promise<ReadonlyMap<string, NotedEdit>>;
}

/** As in the ledger's record. */
export type NotedEdit = Pick<LedgerRecord, 'foreignState' | 'unchecked'>;

/** Every address under which a record was ever seen (P11). */
export interface AddressLedger {
  of(seen: readonly { readonly ref: RecordRef; readonly paths: readonly string[] }[]): Promise<readonly KnownAddress[]>;
  /** Who was seen at these paths; none for a path that something at the target has. */
  residents(paths: readonly { readonly path: string; readonly key: string }[]): Promise<readonly Resident[]>;
  /** Where these lead to at the target, by the form in which addresses are compared. */
  movedTo(keys: readonly string[]): Promise<readonly MovedAddress[]>;
  /** Those of them that are nobody's record, with the page of any store that does the same. */
  places(paths: readonly { readonly path: string; readonly key: string }[]): Promise<readonly Place[]>;
}

/** What was sent more than once, where the target allows doubles (P2). */
export interface AuditLedger {
  sentTwice(entities: readonly Entity[]): Promise<readonly SentTwice[]>;
  note(ref: RecordRef, removed: readonly string[]): Promise<void>;
}

/** The brake on deletes (P7). */
export interface DeleteLedger {
  /** Deletes done and queued in this run against the entity's live records. */
  budget(entity: Entity): Promise<{ readonly deletes: number; readonly live: number }>;
  openGate(entity: Entity, evidence: Json): Promise<void>;
  /** Records that refer to this one and were not read after that number. */
  unreadReferrers(ref: RecordRef, readUntil: number, which: Referrers): Promise<readonly RecordRef[]>;
  /** Those of these records whose change waits for a person. */
  heldAmong(refs: readonly RecordRef[]): Promise<readonly RecordRef[]>;
}
