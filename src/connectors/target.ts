import type { RecordRef } from '../domain/entity.ts';
import type { Json } from '../domain/json.ts';
import type { Mapping } from '../domain/mapping.ts';
import type { OwnablePlaces } from '../domain/ownership.ts';
import type { Adjustment, Canonical, Instant, MovedEntity, ReportItem } from '../domain/record.ts';
import type { ChildPair, PresentState } from '../domain/target-state.ts';
import type { AssignedKeys, WantedKey } from '../domain/unique-key.ts';
import type { ScannedKeys, SourceProfile } from './source.ts';

/** Facts about the target store, read at the start of each run. */
export interface TargetProfile {
  readonly platform: string;
  /** Same text for all workers and projects: `bigcommerce:<store hash>`. */
  readonly storeRef: string;
  readonly name: string;
  readonly url: string;
  readonly currency: string;
  readonly weightUnit: 'kg' | 'g' | 'lb' | 'oz';
  readonly lengthUnit: 'm' | 'cm' | 'mm' | 'in' | 'yd';
  readonly timeZone: string;
  readonly pricesIncludeTax: boolean;
  readonly taxClasses: readonly { readonly id: string; readonly name: string }[];
  /** Root category tree, default location, default site, channel: ids that writes need. */
  readonly ids: Readonly<Record<string, string>>;
  readonly clockSkewMs: number;
}

/** Everything that decides a target form besides the record itself: mapping is a pure function of both. */
export interface MapContext {
  readonly mapping: Mapping;
  readonly source: SourceProfile;
  readonly target: TargetProfile;
  /** `<sourceStoreKey>`; external ids are `<sourceStoreKey>:<id>`. */
  readonly sourceKey: string;
  /** Target id of a referenced record; null when the reference can never be met (P9): degrade and say so. */
  targetIdOf(ref: RecordRef): string | null;
  /** Children of a record already at the target (variants, for stock and orders). */
  childrenOf(ref: RecordRef): readonly ChildPair[];
  /** Unique values of a referenced record (its name, its path), by slot; none while it is not at the target. */
  keysOf(ref: RecordRef): AssignedKeys;
  /** Path at the target of what was seen at this path of the source (form N11); null: nobody's, or not there yet. */
  addressOf(path: string): string | null;
  /** Keys reserved for this record; every slot of `wantedKeys` is there. */
  readonly keys: AssignedKeys;
}

/** One part's desired form. The engine hashes `desired`; equal hash means nothing to write. */
export interface MappedPart {
  readonly part: string;
  readonly desired: Json;
}

export type Mapped =
  | {
      readonly outcome: 'write';
      /** In the order of `TargetEntity.parts`; the first is the core. A part with nothing to hold is left out. */
      readonly parts: readonly MappedPart[];
      readonly adjustments: readonly Adjustment[];
      readonly reports: readonly ReportItem[];
    }
  | {
      readonly outcome: 'skip';
      readonly reason: string;
      readonly adjustments: readonly Adjustment[];
      readonly reports?: readonly ReportItem[];
    }
  | { readonly outcome: 'refuse'; readonly reason: string; readonly remedy: string };

export interface PartSpec {
  readonly part: string;
  /** Most items per write request; the engine hands over at most this many at once. */
  readonly createBatch: number;
  readonly updateBatch: number;
  readonly deleteBatch: number;
  /** Parts of the same record that a create of this part carries along in the same request. */
  readonly bundles: readonly string[];
  /** One write of it may take several requests: a lost reply can leave it half done. */
  readonly stepwise?: true;
  /** Requests of this part in flight at once per store; absent = the client's default. */
  readonly concurrency?: number;
}

/** One thing to do at the target. `id` is the engine's own and comes back in the outcome. */
export interface WriteItem {
  readonly id: string;
  readonly ref: RecordRef;
  readonly action: 'create' | 'update' | 'delete';
  /** null only for `create` of the core. */
  readonly targetId: string | null;
  /** Of a create: what the record was at the target before it was deleted there; only where `restores`. */
  readonly formerTargetId?: string | null;
  readonly desired: Json;
  /** Desired form of the bundled parts (create of a core only). */
  readonly bundle: Readonly<Record<string, Json>>;
  /** What we last meant (its difference to `desired` is what is sent) and what the target returned then; null if never. */
  readonly lastDesired: Json | null;
  readonly base: Json | null;
  readonly children: readonly ChildPair[];
}

export type WriteOutcome =
  | {
      readonly id: string;
      readonly outcome: 'written';
      readonly targetId: string;
      readonly modifiedAt: Instant | null;
      /** Base per part that this write settled: the part itself and, for a create, those it bundled. */
      readonly bases: Readonly<Record<string, Json>>;
      /** Children made, changed or (targetId '') removed. */
      readonly children: readonly ChildPair[];
      /**
       * Parts (or images) that the target saved the record without; they stay open: 207, unreachable image. A reason that
       * begins with a key of the rulebook and a colon is told under that key as long as the part is open: reported where the key
       * is one of the REPORTED list, else an adjustment from what was meant to `bases`.
       */
      readonly unsettled: readonly { readonly part: string; readonly reason: string }[];
      /** Parts written later whose content went with children that this write made anew: to be written again, whatever was meant. */
      readonly emptied?: readonly string[];
    }
  /** The record will not be taken as it is: dead letter. Merchant's words. */
  | { readonly id: string; readonly outcome: 'rejected'; readonly reason: string; readonly remedy: string }
  /** A unique key is taken at the target; `kind` is a WantedKey kind when the answer named one. */
  | { readonly id: string; readonly outcome: 'duplicate'; readonly kind: string | null; readonly message: string }
  /** A whole batch was refused and this item may be innocent: look up, then send again. */
  | { readonly id: string; readonly outcome: 'batch-failed'; readonly message: string }
  /** The target has no such record any more. */
  | { readonly id: string; readonly outcome: 'missing' }
  /** Sent, outcome unknown. */
  | { readonly id: string; readonly outcome: 'uncertain'; readonly message: string }
  /** Certainly not done: busy, unreachable before sending, lease too short. Comes back later. */
  | { readonly id: string; readonly outcome: 'not-sent'; readonly retryAfterMs: number; readonly message: string };

/** A record found at the target by natural key. */
export interface LookUpHit {
  readonly id: string;
  readonly state: PresentState;
  /** `<sourceStoreKey>:<id>` when the record carries our marker; null when it carries none or the look-up cannot see it. */
  readonly marker: string | null;
  /** Whether its unique fields are those that `item.desired` would have sent. */
  readonly agrees: boolean;
}

/** A record of a target that is not empty, read before the first write (P6). */
export interface ExistingRecord {
  readonly entity: MovedEntity;
  readonly targetId: string;
  readonly marker: string | null;
  readonly keys: readonly { readonly kind: string; readonly scope: string; readonly value: string }[];
  readonly children: readonly ChildPair[];
}

export interface CallOptions {
  readonly signal: AbortSignal;
  /** Monotonic deadline (performance.now()) after which no request may be sent: the lease less the timeout (P5). */
  readonly sendBefore?: number;
}

/** A record with what it was meant to hold in parts that `read` does not show. */
export interface ApartRecord {
  readonly targetId: string;
  /** By part; parts that are open are left out. */
  readonly desired: Readonly<Record<string, Json>>;
  readonly children: readonly ChildPair[];
}
/** How far a look at such parts may go. */
export interface ApartReach {
  /** What was written since then is looked for in lists over all records, by so many pages of them. */
  readonly since: Instant | null;
  readonly pages: number;
  /** So many lists of single records, for those that were not found whole. */
  readonly alone: number;
}
/** One value as it was meant (null: it should be gone) and as it was found (null: it is not there). */
export interface ApartField {
  readonly field: string;
  readonly meant: string | null;
  readonly found: string | null;
}

export interface TargetEntity<E extends MovedEntity = MovedEntity> {
  readonly entity: E;
  /** Core first. */
  readonly parts: readonly PartSpec[];
  /** Whether the platform can list what changed since a time; else full lists of a small entity are read (P8). */
  readonly foreignEdits: 'modified-since' | 'full-list' | 'none';
  /** Stock is only ever set, on children of another record: its target id is derived, nothing is created or deleted. */
  readonly derivedFrom: MovedEntity | null;

  /** Kinds of children whose target ids records of other entities are mapped with (a variant's, for its stock). */
  readonly referredChildren?: Readonly<Record<string, readonly MovedEntity[]>>;

  /** What texts of records that refer to it in these fields show of it, from its mapped core. */
  readonly shown?: { readonly in: readonly string[]; of(core: Json): string };
  /** Where the fields are that may belong to the target for good, by the words of `OWNABLE`. */
  readonly ownable?: OwnablePlaces;
  /** What was referred to when it was made stays named when that goes: an order keeps what it was placed with. */
  readonly keepsReferences?: true;
  /**
   * What is deleted there is only put away. A create of a record that was there before may bring that one back: the outcome then has
   * the former target id, no base of what was not written, and all children that it has; so has a look-up of such an item, which
   * asks for the former one by its id. What is ours and there again is never made a second time.
   */
  readonly restores?: true;

  /** Unique values the record wants, in source order of precedence. Pure; `keys` and unmet refs are not read. */
  wantedKeys(sourceId: string, canonical: Canonical<E>, context: Omit<MapContext, 'keys'>): readonly WantedKey[];
  /** Those of them that can be told from a scan of the source alone, in the same slots, kinds and scopes (P6). Pure. */
  scannedKeys?(keys: ScannedKeys, context: Pick<MapContext, 'mapping' | 'sourceKey'>): readonly WantedKey[];
  /** Pure. */
  map(sourceId: string, canonical: Canonical<E>, context: MapContext): Mapped;
  /** Whether `present` (a projected part) is what `desired` would have made. Pure; used to resolve lost replies (P2). */
  agrees(part: string, desired: Json, present: Json): boolean;
  /** Records that are made are put into one request with those that have the same here; absent: with any. Pure. */
  together?(desired: Json): string;
  /** For `derivedFrom`: the target id of a record from its mapped core. */
  derivedId?(desired: Json): string;

  /** At most a batch of one part and one action. Never throws for an item; throws StoreFailure for what stops all. */
  write(part: string, items: readonly WriteItem[], options: CallOptions): Promise<readonly WriteOutcome[]>;
  /** One request for the batch where the platform allows it. Items without a hit are left out. */
  lookUp(items: readonly WriteItem[], options: CallOptions): Promise<readonly LookUpHit[]>;
  /** For entities without a unique key: target ids of all records that this form may have made (P2). */
  copies?(desired: Json, options: CallOptions): Promise<readonly string[]>;
  /** Present state by target id; ids that are gone are left out. */
  read(targetIds: readonly string[], options: CallOptions): Promise<readonly PresentState[]>;
  /** What parts hold that `read` does not show and nobody but us may write (metafields); records out of reach are left out. */
  readApart?(
    records: readonly ApartRecord[],
    reach: ApartReach,
    options: CallOptions,
  ): Promise<ReadonlyMap<string, readonly ApartField[]>>;
  /** States of all records changed at the target since `since` (all of them for `full-list`), in one or few requests. */
  changedSince(since: Instant, options: CallOptions): Promise<readonly PresentState[]>;
  /** Everything there, with markers and keys; <= 1 request per 250 records and entity. */
  scanExisting(
    cursor: string | null,
    options: CallOptions,
  ): Promise<{ records: readonly ExistingRecord[]; next: string | null }>;
}

/** What a look at the target tells before anything is written (assessment). */
export interface TargetSurvey {
  /** Records there, of those that hold any; a first page may not be all. */
  readonly existing: Partial<Record<MovedEntity, number>>;
  /** Entities that the credentials may not write. */
  readonly refused: readonly MovedEntity[];
  /** Groups of shoppers, by id. */
  readonly groups: readonly string[];
  /** Requests that the store gives in a window, and how many of them were left; null: it does not say. */
  readonly quota: { readonly limit: number; readonly left: number; readonly windowMs: number } | null;
  /** Mails about orders that would go out, by the platform's names for them. */
  readonly mails: readonly string[];
}

/** A word of the source that somebody has to decide on. */
export type SourceWord = 'order-status' | 'tax-class' | 'product-type';

/** A store that records are written to. */
export interface Target {
  readonly platform: string;
  readonly storeRef: string;
  check(signal: AbortSignal): Promise<TargetProfile>;
  survey(signal: AbortSignal): Promise<TargetSurvey>;
  /** Whether the rulebook or the mapping says what becomes of it; else a fallback would have to do. Pure. */
  understands(what: SourceWord, word: string, context: Pick<MapContext, 'mapping' | 'source' | 'target'>): boolean;
  entity<E extends MovedEntity>(entity: E): TargetEntity<E>;
  readonly entities: readonly MovedEntity[];
}
